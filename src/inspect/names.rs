//! Subject alternative names.

use super::text::{self, hex};
use crate::x509::der_reader::{Reader, tag};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The four kinds that cfssl knows, each in order; other kinds are passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AlternativeNames {
    pub(super) dns: Vec<String>,
    pub(super) email: Vec<String>,
    pub(super) ip: Vec<String>,
    pub(super) uri: Vec<String>,
}

impl AlternativeNames {
    /// The names that cfssl lists: the DNS names, then the addresses.
    pub(super) fn into_sans(self) -> Vec<String> {
        let mut sans = self.dns;
        sans.extend(self.ip);
        sans
    }

    /// Adds what the extension's value holds, up to the first malformed entry.
    pub(super) fn add(&mut self, extension: &[u8]) {
        let Some(list) = Reader::only(extension, tag::SEQUENCE) else {
            return;
        };
        for name in list.open() {
            match name.tag & 0x1f {
                1 if name.tag == tag::context(1) => self.email.push(text::lossy(name.value)),
                2 if name.tag == tag::context(2) => self.dns.push(text::lossy(name.value)),
                6 if name.tag == tag::context(6) => self.uri.push(text::lossy(name.value)),
                7 if name.tag == tag::context(7) => self.ip.push(address(name.value)),
                _ => {}
            }
        }
    }
}

/// An address as Go prints it: one of four bytes inside IPv6 as IPv4, one of a wrong length as `?` and hex.
pub(super) fn address(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ipv4Addr::from(four).to_string();
    }
    if let Ok(sixteen) = <[u8; 16]>::try_from(bytes) {
        let address = Ipv6Addr::from(sixteen);
        return match address.to_ipv4_mapped() {
            Some(four) => four.to_string(),
            None => groups(address),
        };
    }
    let hex = hex(bytes);
    if hex.is_empty() { hex } else { format!("?{hex}") }
}

/// RFC 5952 without its section 5: Go writes `::102:304` where Rust writes `::1.2.3.4`.
fn groups(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => format!("::{high:x}:{low:x}"),
        _ => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_addresses_as_go_does() {
        let six = |text: &str| {
            let parsed: Ipv6Addr = text.parse().unwrap_or(Ipv6Addr::UNSPECIFIED);
            address(&parsed.octets())
        };
        assert_eq!(address(&[10, 0, 0, 1]), "10.0.0.1");
        assert_eq!(six("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(six("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
        assert_eq!(six("::1"), "::1");
        assert_eq!(six("::1.2.3.4"), "::102:304");
        assert_eq!(six("::"), "::");
        assert_eq!(six("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
        assert_eq!(address(&[1, 2, 3]), "?010203");
        assert_eq!(address(&[]), "");
    }
}
