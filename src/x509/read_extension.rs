//! The extensions whose meaning issuing depends on, read back.

use super::der_reader::{Reader, tag};
use crate::model::{CaRole, Host};
use std::net::IpAddr;

/// basicConstraints (RFC 5280 section 4.2.1.9); `None` where it is malformed.
pub(crate) fn read_basic_constraints(value: &[u8]) -> Option<CaRole> {
    let mut parts = Reader::only(value, tag::SEQUENCE)?.open();
    let is_ca = parts.take_if(tag::BOOLEAN).is_some_and(|flag| flag.value != [0]);
    let path_len = parts.take_if(tag::INTEGER).map(|length| {
        // A length beyond 32 bits limits nothing.
        length.value.iter().fold(0u32, |sum, octet| sum.saturating_mul(256).saturating_add(u32::from(*octet)))
    });
    Some(if is_ca { CaRole::Authority { path_len } } else { CaRole::EndEntity })
}

/// The names of the four kinds that cfssl knows in a subjectAltName (section 4.2.1.6), in order; `None`
/// where it is malformed.
pub(crate) fn read_alternative_names(value: &[u8]) -> Option<Vec<Host>> {
    let mut hosts = Vec::new();
    let mut names = Reader::only(value, tag::SEQUENCE)?.open();
    for name in names.by_ref() {
        let text = || std::str::from_utf8(name.value).ok().map(str::to_owned);
        match name.tag {
            RFC822_NAME => hosts.push(Host::Email(text()?)),
            DNS_NAME => hosts.push(Host::Dns(text()?)),
            URI => hosts.push(Host::Uri(text()?)),
            IP_ADDRESS => hosts.push(Host::Ip(read_ip_address(name.value)?)),
            _ => {}
        }
    }
    names.is_empty().then_some(hosts)
}

const RFC822_NAME: u8 = tag::context(1);
const DNS_NAME: u8 = tag::context(2);
const URI: u8 = tag::context(6);
const IP_ADDRESS: u8 = tag::context(7);

fn read_ip_address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Some(octets.into());
    }
    <[u8; 16]>::try_from(octets).ok().map(IpAddr::from)
}
