//! The names of sources as URI references (RFC 3986).

use crate::inspect::evidence::{Container, Source};
use std::fmt::Write as _;

/// `/etc/etcd/a b.pem` as `file:///etc/etcd/a%20b.pem`; a relative path stays relative; `-` is `stdin:`;
/// `HOST:PORT` of a server is `tls://HOST:PORT`.
pub(super) fn of_source(source: &Source) -> String {
    of_name(&source.name, source.container == Container::TlsServer)
}

/// As [`of_source`] for what could not be read, of which the name alone is known: it may look like a server's.
pub(super) fn of_unreadable(name: &str) -> String {
    of_name(name, is_server(name))
}

fn of_name(name: &str, is_server: bool) -> String {
    if is_server {
        return format!("tls://{}", encoded_but(name, b"[]:"));
    }
    if name == "-" {
        return "stdin:".to_owned();
    }
    if name.starts_with('/') {
        return format!("file://{}", encoded(name));
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
    use super::{of_source, of_unreadable};
    use crate::inspect::evidence::{Container, Source};

    #[test]
    fn names_become_uri_references() {
        for (name, container, uri) in [
            ("-", Container::Pem, "stdin:"),
            ("/etc/etcd/a b#1.pem", Container::Pem, "file:///etc/etcd/a%20b%231.pem"),
            ("./pki/節點.pem", Container::Pem, "pki/%E7%AF%80%E9%BB%9E.pem"),
            ("pki/10:30.pem", Container::Pem, "pki/10%3A30.pem"),
            ("backup:443", Container::Pem, "backup%3A443"),
            ("kube.example:6443", Container::TlsServer, "tls://kube.example:6443"),
            ("[::1]:2379", Container::TlsServer, "tls://[::1]:2379"),
        ] {
            assert_eq!(of_source(&Source { name: name.into(), container, mode: None }), uri);
        }
        assert_eq!(of_unreadable("kube.example:6443"), "tls://kube.example:6443");
        assert_eq!(of_unreadable("pki/a.pem"), "pki/a.pem");
    }
}
