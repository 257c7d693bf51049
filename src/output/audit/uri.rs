//! The names of sources as URI references (RFC 3986).

use std::fmt::Write as _;

/// `/etc/etcd/a b.pem` as `file:///etc/etcd/a%20b.pem`; a relative path stays relative; `-` is `stdin:`;
/// `HOST:PORT` of a server is `tls://HOST:PORT`.
pub(super) fn of_source(name: &str) -> String {
    if name == "-" {
        return "stdin:".to_owned();
    }
    if name.starts_with('/') {
        return format!("file://{}", encoded(name));
    }
    if is_server(name) {
        return format!("tls://{}", encoded_but(name, b"[]:"));
    }
    encoded(name.trim_start_matches("./"))
}

/// A host, a colon and a port, without a slash.
fn is_server(name: &str) -> bool {
    let Some((host, port)) = name.rsplit_once(':') else { return false };
    !host.is_empty()
        && !host.contains('/')
        && (1..=5).contains(&port.len())
        && port.bytes().all(|octet| octet.is_ascii_digit())
}

fn encoded(path: &str) -> String {
    encoded_but(path, b"")
}

/// All but unreserved letters and slashes percent-encoded. A colon in a relative path would end a scheme.
fn encoded_but(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(octet));
            }
            _ if kept.contains(&octet) => out.push(char::from(octet)),
            // Writing to a String cannot fail.
            _ => _ = write!(out, "%{octet:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::of_source;

    #[test]
    fn names_become_uri_references() {
        for (name, uri) in [
            ("-", "stdin:"),
            ("/etc/etcd/a b#1.pem", "file:///etc/etcd/a%20b%231.pem"),
            ("./pki/節點.pem", "pki/%E7%AF%80%E9%BB%9E.pem"),
            ("pki/10:30.pem", "pki/10%3A30.pem"),
            ("kube.example:6443", "tls://kube.example:6443"),
            ("[::1]:2379", "tls://[::1]:2379"),
        ] {
            assert_eq!(of_source(name), uri);
        }
    }
}
