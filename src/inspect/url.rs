//! URIs as Go's `net/url` takes them apart.

use super::text::lossy;
use crate::json::Value;

/// The object that Go prints for a parsed URI. One that Go refuses comes back whole in `Opaque`.
pub(super) fn describe(uri: &str) -> Value {
    let parts = Parts::parse(uri).unwrap_or_else(|| Parts { opaque: uri.to_owned(), ..Parts::default() });
    let user = if parts.has_user { Value::object([]) } else { Value::null() };
    Value::object([
        ("Scheme", Value::string(parts.scheme)),
        ("Opaque", Value::string(parts.opaque)),
        ("User", user),
        ("Host", Value::string(parts.host)),
        ("Path", Value::string(parts.path)),
        ("RawPath", Value::string(parts.raw_path)),
        ("OmitHost", Value::boolean(parts.omit_host)),
        ("ForceQuery", Value::boolean(parts.force_query)),
        ("RawQuery", Value::string(parts.raw_query)),
        ("Fragment", Value::string(parts.fragment)),
        ("RawFragment", Value::string(parts.raw_fragment)),
    ])
}

#[derive(Debug, Default)]
struct Parts {
    scheme: String,
    opaque: String,
    has_user: bool,
    host: String,
    path: String,
    raw_path: String,
    omit_host: bool,
    force_query: bool,
    raw_query: String,
    fragment: String,
    raw_fragment: String,
}

impl Parts {
    fn parse(uri: &str) -> Option<Self> {
        if uri.bytes().any(|byte| byte.is_ascii_control()) {
            return None;
        }
        let mut parts = Self::default();
        let (rest, fragment) = uri.split_once('#').unwrap_or((uri, ""));
        (parts.fragment, parts.raw_fragment) = unescaped_and_raw(fragment, "!()*$&+,/:;=?@")?;
        if rest == "*" {
            parts.path = "*".to_owned();
            return Some(parts);
        }

        let (scheme, rest) = split_scheme(rest)?;
        parts.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        parts.force_query = query.is_empty() && uri.contains('?') && !fragment.contains('?');
        parts.raw_query = query.to_owned();

        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                parts.opaque = rest.to_owned();
                return Some(parts);
            }
            // A colon here would make a scheme of what is before it.
            if rest.split('/').next().is_some_and(|part| part.contains(':')) {
                return None;
            }
        }
        let mut path = rest;
        let has_authority = !scheme.is_empty() || !rest.starts_with("///");
        if let Some(after) = rest.strip_prefix("//").filter(|_| has_authority) {
            let (authority, _) = after.split_once('/').unwrap_or((after, ""));
            path = after.get(authority.len()..)?;
            let (user, host) = match authority.rsplit_once('@') {
                Some((user, host)) => (Some(user), host),
                None => (None, authority),
            };
            parts.has_user = user.is_some();
            parts.host = parse_host(host)?;
        } else {
            parts.omit_host = !scheme.is_empty() && rest.starts_with('/');
        }
        (parts.path, parts.raw_path) = unescaped_and_raw(path, "$&+,/:;=@")?;
        Some(parts)
    }
}

/// The scheme, empty if there is none. `None` for a colon at the start.
fn split_scheme(uri: &str) -> Option<(&str, &str)> {
    for (position, letter) in uri.char_indices() {
        match letter {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if position > 0 => {}
            ':' if position == 0 => return None,
            ':' => return Some((uri.get(..position)?, uri.get(position + 1..)?)),
            _ => break,
        }
    }
    Some(("", uri))
}

/// The host and port, if the port is one.
fn parse_host(host: &str) -> Option<String> {
    let port = if host.starts_with('[') {
        let (_, port) = host.rsplit_once(']')?;
        port
    } else {
        host.rfind(':').and_then(|colon| host.get(colon..)).unwrap_or("")
    };
    let port_is_one = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let letters_are_legal = host
        .bytes()
        .all(|byte| !byte.is_ascii() || is_unreserved(byte) || b"!$&'()*+,;=:[]<>\"%".contains(&byte));
    if !port_is_one || !letters_are_legal {
        return None;
    }
    unescape(host)
}

/// The text unescaped, and as it was where escaping again would not give the same; `plain` are the letters
/// besides the unreserved ones that Go leaves as they are.
fn unescaped_and_raw(text: &str, plain: &str) -> Option<(String, String)> {
    let is_normal = text.bytes().enumerate().all(|(position, byte)| match byte {
        b'%' => text.get(position + 1..position + 3).is_some_and(|digits| {
            let byte = u8::from_str_radix(digits, 16).unwrap_or_default();
            let is_plain = is_unreserved(byte) || plain.as_bytes().contains(&byte);
            !is_plain && digits == digits.to_ascii_uppercase()
        }),
        _ => is_unreserved(byte) || plain.as_bytes().contains(&byte),
    });
    let raw = if is_normal { String::new() } else { text.to_owned() };
    Some((unescape(text)?, raw))
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            let all_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| all_hex)?);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    Some(lossy(&bytes))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}
