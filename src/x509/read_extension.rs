//! The extensions whose meaning issuing depends on, read back.

use super::DistinguishedName;
use super::der_reader::{Item, Reader, tag};
use crate::model::{CaRole, Host, NameConstraints, NameSubtree};
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
            URI => hosts.push(Host::uri_of_certificate(text()?)),
            // As Go does, IPv4 written inside IPv6 is IPv4.
            IP_ADDRESS => hosts.push(Host::Ip(read_ip_address(name.value)?.to_canonical())),
            _ => {}
        }
    }
    names.is_empty().then_some(hosts)
}

/// The kind, in the words of RFC 5280, of the first name in a subjectAltName that is not of ASCII but has to be.
pub(crate) fn alternative_name_outside_ascii(value: &[u8]) -> Option<&'static str> {
    let mut names = Reader::only(value, tag::SEQUENCE)?.open();
    names.find_map(|name| match name.tag {
        _ if name.value.is_ascii() => None,
        RFC822_NAME => Some("rfc822Name"),
        DNS_NAME => Some("dNSName"),
        URI => Some("uniformResourceIdentifier"),
        _ => None,
    })
}

/// nameConstraints (section 4.2.1.10) of the four kinds of names that cfssl knows; `None` where it is
/// malformed.
pub(crate) fn read_name_constraints(value: &[u8]) -> Option<NameConstraints> {
    let mut sides = Reader::only(value, tag::SEQUENCE)?.open();
    let mut side = |number| match sides.take_if(tag::context_constructed(number)) {
        Some(side) => {
            let subtrees: Option<Vec<_>> = side.open().map(read_subtree).collect();
            Some(subtrees?.into_iter().flatten().collect())
        }
        None => Some(Vec::new()),
    };
    Some(NameConstraints { permitted: side(0)?, excluded: side(1)? })
}

/// The directory names of nameConstraints, the permitted and the excluded; `None` where it is malformed.
pub(crate) fn read_directory_constraints(value: &[u8]) -> Option<[Vec<DistinguishedName>; 2]> {
    let mut sides = Reader::only(value, tag::SEQUENCE)?.open();
    let mut side = |number| {
        let subtrees = sides.take_if(tag::context_constructed(number)).map(Item::open);
        let bases = subtrees.into_iter().flatten().filter_map(|subtree| subtree.open().next());
        let names = bases.filter(|base| base.tag == DIRECTORY_NAME);
        names.map(|base| DistinguishedName::from_der(base.value).ok()).collect::<Option<Vec<_>>>()
    };
    Some([side(0)?, side(1)?])
}

/// The number of ones of a mask; nothing for one with holes, which Go refuses, too.
pub(crate) fn prefix_length(mask: &[u8]) -> Option<u8> {
    let ones: u32 = mask.iter().map(|octet| octet.leading_ones()).sum();
    let is_prefix = mask.iter().map(|octet| octet.count_ones()).sum::<u32>() == ones
        && mask.windows(2).all(|pair| matches!(pair, [0xff, _] | [_, 0]));
    u8::try_from(ones).ok().filter(|_| is_prefix)
}

/// A subtree; the inner `None` for a kind of name that no host is of.
fn read_subtree(item: Item<'_>) -> Option<Option<NameSubtree>> {
    let base = item.open().next()?;
    let text = || std::str::from_utf8(base.value).ok().map(str::to_owned);
    Some(match base.tag {
        RFC822_NAME => Some(NameSubtree::Email(text()?)),
        // An empty name constrains nothing: every name is below the root.
        DNS_NAME => Some(NameSubtree::Dns(text()?)),
        URI => Some(NameSubtree::Uri(text()?)),
        IP_ADDRESS => {
            let (address, mask) = base.value.split_at_checked(base.value.len() / 2)?;
            let prefix = prefix_length(mask)?;
            Some(NameSubtree::Ip { address: read_ip_address(address)?, prefix })
        }
        _ => None,
    })
}

const RFC822_NAME: u8 = tag::context(1);
const DNS_NAME: u8 = tag::context(2);
const DIRECTORY_NAME: u8 = tag::context_constructed(4);
const URI: u8 = tag::context(6);
const IP_ADDRESS: u8 = tag::context(7);

fn read_ip_address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Some(octets.into());
    }
    <[u8; 16]>::try_from(octets).ok().map(IpAddr::from)
}
