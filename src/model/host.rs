//! Hosts: what a string in `hosts` or `-hostname` becomes in the subject alternative name.

use super::address::parse_mail_address;
use super::uri::{Uri, normalize_request_uri, normalize_uri};
use crate::quote::go_quote;
use crate::{Error, ErrorKind, Result};
use std::net::IpAddr;

/// One subject alternative name (RFC 5280 section 4.2.1.6) of the four kinds that cfssl knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name, verbatim: cfssl checks nothing and changes no letter.
    Dns(String),
    /// A mail address without display name.
    Email(String),
    /// An IP address; IPv4 written inside IPv6 is IPv4.
    Ip(IpAddr),
    /// A URI as Go writes it.
    Uri(String),
}

impl Host {
    /// Tells the kind of a host by cfssl's rules: the first that fits of IP address, mail address,
    /// request URI, DNS name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`] where the name holds letters that the certificate cannot
    /// (IA5String: ASCII only). cfssl crashes there.
    pub fn classify(text: &str) -> Result<Self> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Ip(address.to_canonical()));
        }
        let host = if let Some(address) = parse_mail_address(text) {
            Self::Email(address)
        } else if let Some(uri) = normalize_request_uri(text) {
            Self::Uri(uri)
        } else {
            Self::Dns(text.to_owned())
        };
        match &host {
            Self::Dns(name) | Self::Email(name) | Self::Uri(name) if !name.is_ascii() => {
                let quoted = crate::json::quote(name);
                let words = format!("x509: {} cannot be encoded as an IA5String", go_quote(name));
                Err(Error::new(ErrorKind::BadRequest, words)
                    .explain(format!("the host {quoted} holds letters outside ASCII"))
                    .hint("write an international name in its `xn--` form"))
            }
            _ => Ok(host),
        }
    }

    /// True where a client that looks for the host name or address `name` is content with this one; a wildcard
    /// stands for one label (RFC 9525 section 6.3).
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self {
            Self::Dns(pattern) => {
                let wildcard = pattern.strip_prefix("*.").zip(name.split_once('.'));
                pattern.eq_ignore_ascii_case(name)
                    || wildcard.is_some_and(|(domain, (_, parent))| domain.eq_ignore_ascii_case(parent))
            }
            Self::Ip(address) => name.parse() == Ok(*address),
            Self::Email(_) | Self::Uri(_) => false,
        }
    }

    /// A URI that a certificate or a CSR has, as cfssl writes it into the next one; as it is where Go cannot read it.
    pub(crate) fn uri_of_certificate(text: String) -> Self {
        Self::Uri(normalize_uri(&text).unwrap_or(text))
    }

    /// False for a URI that Go refuses in a CSR or a certificate: one that it cannot take apart, or whose host has an
    /// empty label or letters outside ASCII.
    pub(crate) fn has_readable_domain(&self) -> bool {
        let Self::Uri(uri) = self else {
            return true;
        };
        let readable = |label: &[u8]| !label.is_empty() && label.iter().all(u8::is_ascii_graphic);
        Uri::parse(uri)
            .is_some_and(|uri| uri.host.is_empty() || uri.host.split(|byte| *byte == b'.').all(readable))
    }

    /// True for a URI that was surely meant as a host: `localhost:443`, `example.com:443`, `*`.
    #[must_use]
    pub fn is_uri_by_accident(&self) -> bool {
        let Self::Uri(uri) = self else {
            return false;
        };
        let port_behind_name = uri.split_once(':').is_some_and(|(_, rest)| {
            let port = rest.split('/').next().unwrap_or_default();
            !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        uri == "*" || uri.contains('%') && uri.contains("::") || port_behind_name || uri.starts_with('/')
    }
}

/// True for what has the letters of a host name, or is an address.
pub(crate) fn looks_like_host(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    !name.is_empty() && (name.bytes().all(letter) || name.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn classifies_as_cfssl_does() {
        let dns = |name: &str| Host::Dns(name.to_owned());
        let email = |name: &str| Host::Email(name.to_owned());
        let uri = |name: &str| Host::Uri(name.to_owned());
        let ip = |address: &str| Host::Ip(address.parse().unwrap());
        for name in [
            "localhost",
            "*.example.com",
            "1.2.3",
            "01.2.3.4",
            "127.0.0.01",
            "1.2.3.4.",
            "0x7f.1",
            "[::1]:443",
            "[::1]",
            "my_host:80",
            "http://a b/",
            ":80",
            "a b",
            "",
            "1.2.3.4:80",
            "10.0.0.0/8",
            " 10.0.0.1",
            "a@b@c",
            "a@b, c@d",
            "http://x:y/",
            "http://[::1",
            "name.",
            "http://a/%zz",
            "@",
            "a@",
        ] {
            assert_eq!(Host::classify(name).unwrap(), dns(name));
        }
        for (text, expected) in [
            ("::ffff:1.2.3.4", ip("1.2.3.4")),
            ("::1.2.3.4", ip("::102:304")),
            ("2001:DB8::0001", ip("2001:db8::1")),
            ("a@b", email("a@b")),
            ("<x@y>", email("x@y")),
            ("user@localhost", email("user@localhost")),
            ("Bob <bob@x.com>", email("bob@x.com")),
            ("friends: bob@x.com;", email("bob@x.com")),
            ("friends: Bob <bob@x.com> (c) ; (d)", email("bob@x.com")),
            ("a: b@x, c@x;", uri("a: b@x, c@x;")),
            ("a: b: c@x;;", uri("a: b: c@x;;")),
            ("a:;", uri("a:;")),
            ("Bob B. Bobson <bob@x.com>", email("bob@x.com")),
            ("\"q s\"@x.com", email("q s@x.com")),
            ("x@y (c)", email("x@y")),
            ("x@[1.2.3.4]", email("x@[1.2.3.4]")),
            ("HTTP://X.Com/a b", uri("http://X.Com/a%20b")),
            ("HTTP://X.Com/A%7e", uri("http://X.Com/A%7e")),
            ("http://é/", uri("http://%C3%A9/")),
            ("https://u:p@h:1/p?q=1#f", uri("https://u:p@h:1/p?q=1#f")),
            ("spiffe://cluster.local/ns/default", uri("spiffe://cluster.local/ns/default")),
            ("http://x/a?", uri("http://x/a?")),
            ("fe80::1%eth0", uri("fe80::1%eth0")),
            ("http:///x", uri("http:///x")),
            ("file:/x", uri("file:/x")),
            ("http:", uri("http:")),
        ] {
            assert_eq!(Host::classify(text).unwrap(), expected, "{text}");
        }
        for text in ["tel:+1", "ftp:foo", "x:y", "a:b:c", "/abs", "*", "localhost:443", "urn:x"] {
            assert_eq!(Host::classify(text).unwrap(), uri(text));
        }
    }

    #[test]
    fn refuses_letters_outside_ascii() {
        let error = Host::classify("é.example").unwrap_err();
        assert_eq!(error.message(), "x509: \"é.example\" cannot be encoded as an IA5String");
        let error = Host::classify("é<\"\t\u{7f}").unwrap_err();
        assert_eq!(error.message(), r#"x509: "é<\"\t\x7f" cannot be encoded as an IA5String"#);
    }

    #[test]
    fn tells_accidents_from_intent() {
        for text in ["localhost:443", "example.com:443", "*", "fe80::1%eth0", "/abs"] {
            assert!(Host::classify(text).unwrap().is_uri_by_accident(), "{text}");
        }
        for text in ["spiffe://a/b", "https://example.com:443/", "urn:x", "localhost"] {
            assert!(!Host::classify(text).unwrap().is_uri_by_accident(), "{text}");
        }
    }
}
