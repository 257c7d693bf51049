//! URIs as Go's `net/url` takes them apart and writes them again; the written form goes into certificates.

use std::fmt::Write;

/// A URI in its parts, without escapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uri {
    pub(crate) scheme: String,
    /// What follows the scheme where no `/` does.
    pub(crate) opaque: String,
    pub(crate) user: Option<User>,
    /// Host and port.
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// The path as it was written, where escaping it again would not give the same.
    pub(crate) raw_path: String,
    /// No `//` stands before the path.
    pub(crate) omit_host: bool,
    /// A `?` is there, and no query.
    pub(crate) force_query: bool,
    pub(crate) raw_query: String,
    pub(crate) fragment: Vec<u8>,
    /// The fragment as it was written, where escaping it again would not give the same.
    pub(crate) raw_fragment: String,
}

/// Who logs in at a URI's host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// The text as Go would write it again where `url.ParseRequestURI` takes it.
pub(crate) fn normalize_request_uri(text: &str) -> Option<String> {
    Some(Uri::parse_request(text)?.to_text())
}

/// The text as Go would write it again where `url.Parse` takes it.
pub(crate) fn normalize_uri(text: &str) -> Option<String> {
    Some(Uri::parse(text)?.to_text())
}

impl Uri {
    /// What `url.Parse` makes of the text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let mut uri = Self::read(rest, false)?;
        (uri.fragment, uri.raw_fragment) = unescaped_and_raw(fragment, in_fragment)?;
        Some(uri)
    }

    /// What `url.ParseRequestURI` makes of the text: an absolute URI or path, without a fragment.
    pub(crate) fn parse_request(text: &str) -> Option<Self> {
        if text.is_empty() { None } else { Self::read(text, true) }
    }

    fn read(text: &str, is_request: bool) -> Option<Self> {
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            return None;
        }
        let mut uri = Self::default();
        if text == "*" {
            uri.path = text.into();
            return Some(uri);
        }
        let (scheme, rest) = split_scheme(text)?;
        let has_scheme = !scheme.is_empty();
        uri.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        uri.force_query = query == Some("");
        uri.raw_query = query.unwrap_or_default().to_owned();

        if !rest.starts_with('/') {
            if has_scheme {
                // Such as `urn:x` or, more often, `localhost:443`.
                uri.opaque = rest.to_owned();
                return Some(uri);
            }
            // A colon in the first segment would make a scheme of what is before it.
            let has_colon = rest.split('/').next().is_some_and(|segment| segment.contains(':'));
            if is_request || has_colon {
                return None;
            }
        }
        let may_have_authority = has_scheme || (!is_request && !rest.starts_with("///"));
        let path = if let Some(after) = rest.strip_prefix("//").filter(|_| may_have_authority) {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            (uri.user, uri.host) = read_authority(authority)?;
            path
        } else {
            uri.omit_host = has_scheme && rest.starts_with('/');
            rest
        };
        (uri.path, uri.raw_path) = unescaped_and_raw(path, in_path)?;
        Some(uri)
    }

    /// What Go's `URL.String` writes.
    fn to_text(&self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.extend([&self.scheme, ":"]);
        }
        if !self.opaque.is_empty() {
            out.push_str(&self.opaque);
        } else {
            let has_authority = !self.host.is_empty() || self.user.is_some();
            let has_empty_one = !self.scheme.is_empty() && !self.path.is_empty() && !self.omit_host;
            if has_authority || has_empty_one {
                out.push_str("//");
            }
            if let Some(User { name, password }) = &self.user {
                out.push_str(&escape(name, in_user));
                if let Some(password) = password {
                    out.extend([":", &escape(password, in_user)]);
                }
                out.push('@');
            }
            out.push_str(&escape(&self.host, in_host));
            out.push_str(&self.written_path());
        }
        if self.force_query || !self.raw_query.is_empty() {
            out.extend(["?", &self.raw_query]);
        }
        if !self.fragment.is_empty() {
            let written = written(&self.fragment, &self.raw_fragment, in_fragment);
            out.extend(["#", &written]);
        }
        out
    }

    fn written_path(&self) -> String {
        match self.path.as_slice() {
            b"*" if self.raw_path.is_empty() => "*".to_owned(),
            path => written(path, &self.raw_path, in_path),
        }
    }
}

/// A path or fragment as it was written where that is a valid encoding, else the standard encoding of it.
fn written(bytes: &[u8], raw: &str, allowed: impl Fn(u8) -> bool) -> String {
    let valid = |byte: u8| b"!$&'()*+,;=:@[]%".contains(&byte) || allowed(byte);
    if !raw.is_empty() && raw.bytes().all(valid) { raw.to_owned() } else { escape(bytes, allowed) }
}

/// The scheme, empty if there is none, and what follows its colon; `None` where the colon comes first.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    for (at, letter) in text.char_indices() {
        match letter {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => break,
        }
    }
    Some(("", text))
}

fn read_authority(authority: &str) -> Option<(Option<User>, Vec<u8>)> {
    let Some((user, host)) = authority.rsplit_once('@') else {
        return Some((None, read_host(authority)?));
    };
    let valid = |letter: char| letter.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(letter);
    if !user.chars().all(valid) {
        return None;
    }
    let user = match user.split_once(':') {
        Some((name, password)) => User { name: unescape(name)?, password: Some(unescape(password)?) },
        None => User { name: unescape(user)?, password: None },
    };
    Some((Some(user), read_host(host)?))
}

/// The host and port without escapes, where the port is a number.
fn read_host(host: &str) -> Option<Vec<u8>> {
    let port_at = match host.starts_with('[') {
        true => host.rfind(']')? + 1,
        false => host.rfind(':').unwrap_or(host.len()),
    };
    let (address, port) = host.split_at_checked(port_at)?;
    let digits = port.strip_prefix(':').unwrap_or_default();
    if !(port.is_empty() || port.starts_with(':')) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // `[fe80::1%25en0]`: behind the `%25` stands a zone, in which more may be escaped.
    let zone_at = address.find("%25").filter(|_| host.starts_with('[')).unwrap_or(address.len());
    let (address, zone) = address.split_at_checked(zone_at)?;
    let mut bytes = unescape_host(address, |value| value >= 0x80 || value == b'%')?;
    bytes.extend(unescape_host(zone, |value| value == b'%' || value == b' ' || in_host(value))?);
    bytes.extend(port.bytes());
    Some(bytes)
}

/// Only some bytes may be escaped in a host, and only some may stand as they are.
fn unescape_host(text: &str, may_be_escaped: impl Fn(u8) -> bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            bytes.push(hex_pair(rest).filter(|value| may_be_escaped(*value))?);
            rest = rest.get(2..)?;
        } else if byte >= 0x80 || in_host(byte) {
            bytes.push(byte);
        } else {
            return None;
        }
    }
    Some(bytes)
}

/// The bytes, and the text as it was where escaping them again does not give the same.
fn unescaped_and_raw(text: &str, allowed: impl Fn(u8) -> bool) -> Option<(Vec<u8>, String)> {
    let bytes = unescape(text)?;
    let raw = if escape(&bytes, allowed) == text { String::new() } else { text.to_owned() };
    Some((bytes, raw))
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            bytes.push(hex_pair(rest)?);
            rest = rest.get(2..)?;
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

fn escape(bytes: &[u8], allowed: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if allowed(*byte) {
            out.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

fn in_fragment(byte: u8) -> bool {
    unreserved(byte) || b"!()*$&+,/:;=?@".contains(&byte)
}

fn in_host(byte: u8) -> bool {
    unreserved(byte) || b"!$&'()*+,;=:[]<>\"".contains(&byte)
}

fn in_path(byte: u8) -> bool {
    unreserved(byte) || b"$&+,/:;=@".contains(&byte)
}

fn in_user(byte: u8) -> bool {
    unreserved(byte) || b"$&+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_request_uris_as_go_does() {
        for (text, written) in [
            ("https://Example.com/a", Some("https://Example.com/a")),
            ("HTTP://x", Some("http://x")),
            ("localhost:443", Some("localhost:443")),
            ("urn:a:b?c", Some("urn:a:b?c")),
            ("http://?q", Some("http:?q")),
            ("http://x?", Some("http://x?")),
            ("file:///etc", Some("file:///etc")),
            ("a:/b", Some("a:/b")),
            ("//x/y", Some("//x/y")),
            ("/a b", Some("/a%20b")),
            ("/a%41(!)", Some("/a%41(!)")),
            ("http://x/#f", Some("http://x/%23f")),
            ("http://us%65r:p%3Aw@h/", Some("http://user:p%3Aw@h/")),
            ("http://[fe80::1%25e%6e0]:80/", Some("http://[fe80::1%25en0]:80/")),
            ("http://é/", Some("http://%C3%A9/")),
            ("*", Some("*")),
            ("", None),
            (":x", None),
            ("a/b", None),
            ("http://x:y/", None),
            ("http://[::1", None),
            ("http://[::1]x/", None),
            ("http://a%41/", None),
            ("http://a b/", None),
            ("http://a b@h/", None),
            ("/%4", None),
            ("/\n", None),
        ] {
            assert_eq!(normalize_request_uri(text).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn writes_a_fragment_that_is_no_valid_encoding_anew() {
        for (text, written) in [
            ("http://a?b#c#d", "http://a?b#c%23d"),
            ("http://a/#=^", "http://a/#=%5E"),
            ("http://a/#%7e", "http://a/#%7e"),
            ("http://a/#(b)'[c]", "http://a/#(b)'[c]"),
            ("http://a/#", "http://a/"),
        ] {
            assert_eq!(normalize_uri(text).as_deref(), Some(written), "{text}");
        }
    }
}
