//! Whether a certificate is for a host.

use crate::inspect::view::{CertificateView, GeneralName};
use std::net::IpAddr;

/// Whether the alternative names hold the address, or a DNS name that covers the host (RFC 6125 section 6.4).
pub(super) fn covers(view: &CertificateView<'_>, host: &str) -> bool {
    let names = view.subject_alternative_names().unwrap_or_default();
    if let Ok(address) = host.parse::<IpAddr>() {
        let address = address.to_canonical();
        return names.iter().any(|name| name.ip().map(|own| own.to_canonical()) == Some(address));
    }
    names.iter().any(|name| match name {
        GeneralName::Dns(pattern) => {
            std::str::from_utf8(pattern).is_ok_and(|pattern| dns_covers(pattern, host))
        }
        _ => false,
    })
}

/// Whether a DNS name covers a host; a wildcard stands for one whole label, the first.
pub(super) fn dns_covers(pattern: &str, host: &str) -> bool {
    let (pattern, host) = (pattern.trim_end_matches('.'), host.trim_end_matches('.'));
    if pattern.eq_ignore_ascii_case(host) {
        return true;
    }
    let (Some(below), Some((first, rest))) = (pattern.strip_prefix("*."), host.split_once('.')) else {
        return false;
    };
    !first.is_empty() && rest.contains('.') && below.eq_ignore_ascii_case(rest)
}

#[cfg(test)]
mod tests {
    use super::dns_covers;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        assert!(dns_covers("*.example.com", "a.EXAMPLE.com"));
        assert!(dns_covers("node1", "node1."));
        for (pattern, host) in [
            ("*.example.com", "example.com"),
            ("*.example.com", "a.b.example.com"),
            ("*.com", "example.com"),
            ("a*.example.com", "ab.example.com"),
            ("*.example.com", ".example.com"),
        ] {
            assert!(!dns_covers(pattern, host), "{pattern} {host}");
        }
    }
}
