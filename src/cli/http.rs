//! One HTTP request, for issuers' certificates, CRLs and OCSP: plain `http://`, as certificates name them (RFC 5280
//! sections 4.2.1.13 and 4.2.2.1), within a few seconds and up to a limit.

use crate::error::io_reason;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

const REDIRECTS: usize = 3;
/// Headers are far shorter; what goes on without an end of them is something else.
const LONGEST_HEADERS: usize = 64 << 10;

/// How long an answer may take, redirections included, and how large it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) time: Duration,
    pub(super) bytes: usize,
}

/// For a certificate or an OCSP response; none is nearly as large.
pub(super) const FOR_A_CERTIFICATE: Limits = Limits { time: Duration::from_secs(5), bytes: 1 << 20 };

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) reason: String,
    /// True where the server could not be reached or did not answer in time: asking again is of no use.
    pub(super) is_silence: bool,
}

impl Failure {
    fn silence(error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "no answer in time".to_owned(),
            _ => io_reason(error),
        };
        Self { reason, is_silence: true }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { reason, is_silence: false }
    }
}

impl From<&str> for Failure {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// The body at `url`, or why there is none.
pub(super) fn get(url: &str, limits: Limits) -> Result<Vec<u8>, Failure> {
    send(url, None, limits)
}

/// What is answered to a body of a media type.
pub(super) fn post(url: &str, media_type: &str, body: &[u8], limits: Limits) -> Result<Vec<u8>, Failure> {
    send(url, Some((media_type, body)), limits)
}

/// The authority of an `http://` URL, such as `crl.example:8080`: it tells one server from another.
pub(super) fn authority(url: &str) -> Option<&str> {
    split(url).ok().map(|(authority, _)| authority)
}

fn send(url: &str, body: Option<(&str, &[u8])>, limits: Limits) -> Result<Vec<u8>, Failure> {
    let deadline = Instant::now() + limits.time;
    let mut url = url.to_owned();
    for _ in 0..=REDIRECTS {
        match ask(&url, body, deadline, limits.bytes)? {
            Answer::Body(body) => return Ok(body),
            Answer::Elsewhere(other) => url = other,
        }
    }
    Err("too many redirections".into())
}

enum Answer {
    Body(Vec<u8>),
    Elsewhere(String),
}

fn ask(
    url: &str,
    body: Option<(&str, &[u8])>,
    deadline: Instant,
    most_bytes: usize,
) -> Result<Answer, Failure> {
    let (authority, path) = split(url)?;
    let mut stream = connect(authority, deadline)?;
    let silence = |error: io::Error| Failure::silence(&error);
    stream.set_write_timeout(Some(left(deadline).map_err(silence)?)).map_err(silence)?;
    let (method, about_body, body) = match body {
        None => ("GET", String::new(), &[][..]),
        Some((media_type, body)) => {
            ("POST", format!("Content-Type: {media_type}\r\nContent-Length: {}\r\n", body.len()), body)
        }
    };
    // HTTP/1.0 asks for a body in one piece, ended by the end of the connection.
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: {authority}\r\nAccept: */*\r\nConnection: close\r\n{about_body}\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).map_err(silence)?;
    let mut response = Vec::new();
    let mut piece = [0; 8192];
    loop {
        stream.set_read_timeout(Some(left(deadline).map_err(silence)?)).map_err(silence)?;
        let count = match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(silence(error)),
        };
        response.extend_from_slice(piece.get(..count).unwrap_or_default());
        if response.len() > most_bytes {
            return Err(format!("the answer is larger than {} MiB", most_bytes >> 20).into());
        }
        if is_whole(&response) {
            break;
        }
    }
    read(&response, method)
}

fn connect(authority: &str, deadline: Instant) -> Result<TcpStream, Failure> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().map_err(|_| format!("{port:?} is not a port"))?)
        }
        _ => (authority, 80u16),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let addresses = (host, port).to_socket_addrs().map_err(|error| Failure::silence(&error))?;
    let mut failure = Failure { reason: "the host has no address".to_owned(), is_silence: true };
    for address in addresses {
        match left(deadline).and_then(|left| TcpStream::connect_timeout(&address, left)) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = Failure::silence(&error),
        }
    }
    Err(failure)
}

/// The authority and the path of an `http://` URL.
fn split(url: &str) -> Result<(&str, String), Failure> {
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
        return Err("it is not a URL that can be asked".into());
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok((authority, format!("{slash}{path}")))
}

/// Headers and body, once the headers are there.
fn parts(response: &[u8]) -> Option<(&str, &[u8])> {
    let start = response.get(..LONGEST_HEADERS).unwrap_or(response);
    let end = start.windows(4).position(|window| window == b"\r\n\r\n")?;
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

fn read(response: &[u8], method: &str) -> Result<Answer, Failure> {
    let (headers, body) = parts(response).ok_or("the answer is not HTTP")?;
    let mut status = headers.lines().next().unwrap_or_default().split_whitespace();
    let code = status.next().filter(|version| version.starts_with("HTTP/")).and(status.next());
    match (code.ok_or("the answer is not HTTP")?, method) {
        ("200", _) => match body_length(headers) {
            Some(length) => match body.get(..length) {
                Some(body) => Ok(Answer::Body(body.to_vec())),
                None => Err("the answer breaks off".into()),
            },
            None => Ok(Answer::Body(body.to_vec())),
        },
        // The other redirections turn a POST into a GET.
        ("307" | "308", _) | ("301" | "302" | "303", "GET") => match header(headers, "location") {
            Some(url) => Ok(Answer::Elsewhere(url.to_owned())),
            None => Err("a redirection to nowhere".into()),
        },
        (code, _) => Err(format!("the server answers with status {code}").into()),
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

    use super::*;
    use std::net::TcpListener;

    const PATIENCE: Duration = Duration::from_secs(5);
    const LIMITS: Limits = Limits { time: PATIENCE, bytes: 1 << 20 };

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
        assert_eq!(get(&served(vec![answer]), LIMITS).unwrap(), b"abc");
        let answer = b"HTTP/1.0 200 OK\r\n\r\nabc".to_vec();
        assert_eq!(get(&served(vec![answer]), LIMITS).unwrap(), b"abc");
    }

    #[test]
    fn follows_a_few_redirections() {
        let there = served(vec![b"HTTP/1.0 200 OK\r\n\r\nabc".to_vec()]);
        let here = served(vec![format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\n\r\n").into_bytes()]);
        assert_eq!(get(&here, LIMITS).unwrap(), b"abc");
    }

    #[test]
    fn posts_a_body_and_posts_it_again_where_it_is_sent_to() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let there = format!("http://{}/ocsp", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4096];
            let mut length = 0;
            while !request.starts_with(b"POST") || !request[..length].ends_with(b"question") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nanswer").unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap()
        });
        let here = served(vec![format!("HTTP/1.1 307 Elsewhere\r\nLocation: {there}\r\n\r\n").into_bytes()]);
        assert_eq!(post(&here, "application/x", b"question", LIMITS).unwrap(), b"answer");
        let request = server.join().unwrap();
        assert!(request.starts_with("POST /ocsp HTTP/1.0\r\n"), "{request}");
        assert!(request.contains("\r\nContent-Type: application/x\r\nContent-Length: 8\r\n"), "{request}");
        let here = served(vec![format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\n\r\n").into_bytes()]);
        assert!(post(&here, "application/x", b"question", LIMITS).unwrap_err().reason.contains("302"));
    }

    #[test]
    fn tells_servers_apart() {
        assert_eq!(authority("HTTP://a.test:8080/b?c"), Some("a.test:8080"));
        assert_eq!(authority("http://[::1]"), Some("[::1]"));
        assert_eq!(authority("https://a.test/"), None);
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
            let found = get(&served(vec![answer.to_vec()]), LIMITS).unwrap_err();
            assert!(found.reason.contains(reason) && !found.is_silence, "{found:?}");
        }
        for url in
            ["https://127.0.0.1/", "ldap://x", "http://", "http://a@b/", "http://a/\r\nx", "é", "http://a:b/"]
        {
            assert!(get(url, LIMITS).is_err(), "{url}");
        }
        let endless = served(vec![[b"HTTP/1.0 200 OK\r\n\r\n".to_vec(), vec![0; 2 << 20]].concat()]);
        assert!(get(&endless, LIMITS).is_err());
    }

    #[test]
    fn waits_no_longer_than_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let start = Instant::now();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let limits = Limits { time: Duration::from_millis(200), ..LIMITS };
        let failure = get(&url, limits).unwrap_err();
        assert_eq!(failure, Failure { reason: "no answer in time".to_owned(), is_silence: true });
        assert!(start.elapsed() < PATIENCE);
        // Nobody listens there any more.
        drop(listener);
        assert!(get(&url, LIMITS).unwrap_err().is_silence);
    }
}
