//! A server as people write it.

use crate::error::{Error, ErrorKind, Result};

/// Host and port of `host`, `host:port`, `[::1]`, `[::1]:port` or `::1`.
///
/// # Errors
///
/// [`ErrorKind::Usage`] for a URL, and for a port that is no number up to 65535.
pub(super) fn split(target: &str, default_port: u16) -> Result<(&str, u16)> {
    if target.contains('/') {
        let error = Error::new(ErrorKind::Usage, format!("dial tcp: lookup {target}: no such host"));
        return Err(error
            .explain(format!("{target} is a URL where a host is expected"))
            .hint("write HOST or HOST:PORT"));
    }
    let bare = |text: &'_ str| text.starts_with('[') && text.ends_with(']');
    let (host, port) = match target.rsplit_once(':') {
        Some((host, port)) if bare(host) || !host.contains(':') => (host, Some(port)),
        _ => (target, None),
    };
    let Some(port) = port else {
        return Ok((without_brackets(host), default_port));
    };
    let port = port.parse().map_err(|_| {
        Error::new(ErrorKind::Usage, format!("dial tcp: address {port}: invalid port"))
            .explain(format!("{target}: {port:?} is not a port"))
            .hint("write HOST:PORT with a port from 1 to 65535")
    })?;
    Ok((without_brackets(host), port))
}

/// `::1` for `[::1]`; everything else as it is.
pub(super) fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn splits_hosts_from_ports() {
        let cases = [
            ("example.com", ("example.com", 443)),
            ("example.com:8443", ("example.com", 8443)),
            ("[::1]", ("::1", 443)),
            ("[::1]:1", ("::1", 1)),
            ("::1", ("::1", 443)),
            ("10.0.0.1:2379", ("10.0.0.1", 2379)),
        ];
        for (target, expected) in cases {
            assert_eq!(split(target, 443), Ok(expected));
        }
        assert_eq!(split("mail.example", 25), Ok(("mail.example", 25)));
        assert!(split("https://example.com/", 443).unwrap_err().to_string().contains("is a URL"));
        assert!(split("example.com:https", 443).unwrap_err().to_string().contains("is not a port"));
        assert!(split("example.com:65536", 443).is_err());
    }
}
