//! URIs as Go's `url.ParseRequestURI` reads and writes them; the written form goes into the certificate.

use std::fmt::Write;

/// The text as Go would write it again where Go takes it for a request URI.
pub(crate) fn normalize_request_uri(text: &str) -> Option<String> {
    if text.is_empty() || text.chars().any(|letter| letter.is_ascii_control()) {
        return None;
    }
    if text == "*" {
        return Some(text.to_owned());
    }
    let (scheme, rest) = split_scheme(text)?;
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let mut out = scheme.map(|scheme| scheme.to_ascii_lowercase() + ":").unwrap_or_default();
    if !rest.starts_with('/') {
        // An opaque URI such as `urn:x` or, more often, `localhost:443`.
        scheme?;
        out.push_str(rest);
    } else if let Some(after) = rest.strip_prefix("//").filter(|_| scheme.is_some()) {
        let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
        let authority = write_authority(authority)?;
        if !(authority.is_empty() && path.is_empty()) {
            out.push_str("//");
        }
        out.push_str(&authority);
        out.push_str(&write_path(path)?);
    } else {
        out.push_str(&write_path(rest)?);
    }
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    Some(out)
}

/// The scheme, if there is one, and what follows its colon; `None` where the colon comes first.
fn split_scheme(text: &str) -> Option<(Option<&str>, &str)> {
    for (at, letter) in text.char_indices() {
        match letter {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((text.get(..at), text.get(at + 1..)?)),
            _ => break,
        }
    }
    Some((None, text))
}

fn write_authority(authority: &str) -> Option<String> {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let host = write_host(host)?;
    let Some(user) = user else {
        return Some(host);
    };
    let valid = |letter: char| letter.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(letter);
    if !user.chars().all(valid) {
        return None;
    }
    let user = match user.split_once(':') {
        Some((name, password)) => {
            format!("{}:{}", escape(&unescape(name)?, in_user), escape(&unescape(password)?, in_user))
        }
        None => escape(&unescape(user)?, in_user),
    };
    Some(format!("{user}@{host}"))
}

fn write_host(host: &str) -> Option<String> {
    let port_is_valid = |text: &str| match text.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()),
        None => text.is_empty(),
    };
    if host.starts_with('[') {
        let end = host.rfind(']')?;
        if !port_is_valid(host.get(end + 1..)?) {
            return None;
        }
        // Go keeps `%25` before a zone and unescapes the zone itself.
        if host.contains('%') && !host.contains("%25") {
            return None;
        }
    } else if let Some(colon) = host.rfind(':')
        && !port_is_valid(host.get(colon..)?)
    {
        return None;
    }
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let value = hex_pair(rest)?;
                let zone = value == b'%' && host.starts_with('[');
                if value < 0x80 && !zone {
                    return None;
                }
                bytes.push(value);
                rest = rest.get(2..)?;
            }
            0x80.. => bytes.push(byte),
            _ if in_host(byte) => bytes.push(byte),
            _ => return None,
        }
    }
    let mut out = String::new();
    for byte in bytes {
        push_escaped(&mut out, byte, in_host);
    }
    Some(out)
}

/// What was written where it is a valid encoding already, else the standard encoding of it.
fn write_path(path: &str) -> Option<String> {
    let decoded = unescape(path)?;
    let valid = |byte: u8| b"!$&'()*+,;=:@[]%".contains(&byte) || in_path(byte);
    if path.bytes().all(valid) {
        return Some(path.to_owned());
    }
    Some(escape(&decoded, in_path))
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
        push_escaped(&mut out, *byte, &allowed);
    }
    out
}

fn push_escaped(out: &mut String, byte: u8, allowed: impl Fn(u8) -> bool) {
    if allowed(byte) {
        out.push(char::from(byte));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

fn in_path(byte: u8) -> bool {
    unreserved(byte) || b"$&+,/:;=@".contains(&byte)
}

fn in_user(byte: u8) -> bool {
    unreserved(byte) || b"$&+,;=".contains(&byte)
}

fn in_host(byte: u8) -> bool {
    unreserved(byte) || b"!$&'()*+,;=:[]<>\"".contains(&byte)
}
