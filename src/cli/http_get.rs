//! One HTTP GET, for the certificates of issuers: plain `http://`, as certificates name them (RFC 5280 section
//! 4.2.2.1), within a few seconds and up to a limit.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// No certificate is nearly as large.
const SIZE_LIMIT: u64 = 1 << 20;
const REDIRECTS: usize = 3;

/// The body at `url`, or why there is none.
pub(super) fn get(url: &str, timeout: Duration) -> Result<Vec<u8>, String> {
    let deadline = Instant::now() + timeout;
    let mut url = url.to_owned();
    for _ in 0..=REDIRECTS {
        match ask(&url, deadline)? {
            Answer::Body(body) => return Ok(body),
            Answer::Elsewhere(other) => url = other,
        }
    }
    Err("too many redirections".to_owned())
}

enum Answer {
    Body(Vec<u8>),
    Elsewhere(String),
}

fn ask(url: &str, deadline: Instant) -> Result<Answer, String> {
    let (authority, path) = split(url)?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().map_err(|_| format!("{port:?} is not a port"))?)
        }
        _ => (authority, 80u16),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let text = |error: io::Error| error.to_string();
    let addresses = (host, port).to_socket_addrs().map_err(text)?;
    let mut stream = Err("the host has no address".to_owned());
    for address in addresses {
        stream = left(deadline).and_then(|left| TcpStream::connect_timeout(&address, left)).map_err(text);
        if stream.is_ok() {
            break;
        }
    }
    let mut stream = stream?;
    stream.set_write_timeout(Some(left(deadline).map_err(text)?)).map_err(text)?;
    // HTTP/1.0 asks for a body in one piece, ended by the end of the connection.
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {authority}\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(text)?;
    let mut response = Vec::new();
    let mut piece = [0; 8192];
    loop {
        stream.set_read_timeout(Some(left(deadline).map_err(text)?)).map_err(text)?;
        let count = match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(text(error)),
        };
        response.extend_from_slice(piece.get(..count).unwrap_or_default());
        if response.len() as u64 > SIZE_LIMIT {
            return Err("the answer is larger than 1 MiB".to_owned());
        }
        if is_whole(&response) {
            break;
        }
    }
    read(&response)
}

/// The authority and the path of an `http://` URL.
fn split(url: &str) -> Result<(&str, String), String> {
    let prefix = url.get(..7).filter(|prefix| prefix.eq_ignore_ascii_case("http://"));
    let rest = prefix.and_then(|_| url.get(7..)).ok_or("it is not an http:// URL")?;
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // A control character or a blank would end the line, and begin one of somebody else's.
    if authority.is_empty()
        || authority.contains('@')
        || rest.bytes().any(|byte| byte <= b' ' || byte == 0x7f)
    {
        return Err("it is not a URL that can be asked".to_owned());
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok((authority, format!("{slash}{path}")))
}

/// Headers and body, once the headers are there.
fn parts(response: &[u8]) -> Option<(&str, &[u8])> {
    let end = response.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (headers, body) = response.split_at_checked(end)?;
    Some((std::str::from_utf8(headers).ok()?, body.get(4..)?))
}

fn header<'h>(headers: &'h str, name: &str) -> Option<&'h str> {
    let fields = headers.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.filter(|field| field.0.trim().eq_ignore_ascii_case(name)).map(|field| field.1.trim()).next()
}

fn body_length(headers: &str) -> Option<usize> {
    header(headers, "content-length")?.parse().ok()
}

/// True where as much is there as was announced: a server may leave the connection open.
fn is_whole(response: &[u8]) -> bool {
    parts(response)
        .is_some_and(|(headers, body)| body_length(headers).is_some_and(|length| body.len() >= length))
}

fn read(response: &[u8]) -> Result<Answer, String> {
    let (headers, body) = parts(response).ok_or("the answer is not HTTP")?;
    let mut status = headers.lines().next().unwrap_or_default().split_whitespace();
    let code = status.next().filter(|version| version.starts_with("HTTP/")).and(status.next());
    match code.ok_or("the answer is not HTTP")? {
        "200" => match body_length(headers) {
            Some(length) => match body.get(..length) {
                Some(body) => Ok(Answer::Body(body.to_vec())),
                None => Err("the answer breaks off".to_owned()),
            },
            None => Ok(Answer::Body(body.to_vec())),
        },
        "301" | "302" | "303" | "307" | "308" => match header(headers, "location") {
            Some(url) => Ok(Answer::Elsewhere(url.to_owned())),
            None => Err("a redirection to nowhere".to_owned()),
        },
        code => Err(format!("the server answers with status {code}")),
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use std::net::TcpListener;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn served(answers: Vec<Vec<u8>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(&answer);
            }
        });
        format!("http://{address}/ca.crt")
    }

    #[test]
    fn reads_a_body_of_known_and_of_unknown_length() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcjunk".to_vec();
        assert_eq!(get(&served(vec![answer]), PATIENCE).unwrap(), b"abc");
        let answer = b"HTTP/1.0 200 OK\r\n\r\nabc".to_vec();
        assert_eq!(get(&served(vec![answer]), PATIENCE).unwrap(), b"abc");
    }

    #[test]
    fn follows_a_few_redirections() {
        let there = served(vec![b"HTTP/1.0 200 OK\r\n\r\nabc".to_vec()]);
        let here = served(vec![format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\n\r\n").into_bytes()]);
        assert_eq!(get(&here, PATIENCE).unwrap(), b"abc");
    }

    #[test]
    fn says_why_there_is_no_body() {
        let cases: [(&[u8], &str); 5] = [
            (b"HTTP/1.1 404 Not Found\r\n\r\n", "status 404"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "breaks off"),
            (b"SSH-2.0-x\r\n\r\n", "not HTTP"),
            (b"", "not HTTP"),
            (b"HTTP/1.1 302 Found\r\n\r\n", "to nowhere"),
        ];
        for (answer, reason) in cases {
            let found = get(&served(vec![answer.to_vec()]), PATIENCE).unwrap_err();
            assert!(found.contains(reason), "{found}");
        }
        for url in
            ["https://127.0.0.1/", "ldap://x", "http://", "http://a@b/", "http://a/\r\nx", "é", "http://a:b/"]
        {
            assert!(get(url, PATIENCE).is_err(), "{url}");
        }
        let endless = served(vec![[b"HTTP/1.0 200 OK\r\n\r\n".to_vec(), vec![0; 2 << 20]].concat()]);
        assert!(get(&endless, PATIENCE).is_err());
    }

    #[test]
    fn waits_no_longer_than_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let start = Instant::now();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        assert!(get(&url, Duration::from_millis(200)).is_err());
        assert!(start.elapsed() < PATIENCE);
    }
}
