//! The names of a certificate as what clients look for.

use crate::inspect::view::GeneralName;
use crate::model::Host;
use std::net::IpAddr;

/// The names of the four kinds of hosts. Broken ones are left out: rules of their own find them.
pub(super) fn hosts(names: &[GeneralName<'_>]) -> Vec<Host> {
    let text = |octets: &[u8]| std::str::from_utf8(octets).ok().map(str::to_owned);
    let host = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(octets) => text(octets).map(Host::Dns),
        GeneralName::Email(octets) => text(octets).map(Host::Email),
        GeneralName::Uri(octets) => text(octets).map(Host::Uri),
        GeneralName::Ip(_) => name.ip().map(|address| Host::Ip(address.to_canonical())),
        _ => None,
    };
    names.iter().filter_map(host).collect()
}

/// Those of `wanted` that no client finds in the names.
pub(super) fn missing<'w>(names: &[GeneralName<'_>], wanted: &'w [String]) -> Vec<&'w str> {
    let hosts = hosts(names);
    let is_missing = |wanted: &&str| {
        // `::ffff:10.0.0.1` is asked for as 10.0.0.1.
        let name = wanted.parse::<IpAddr>().map(|address| address.to_canonical().to_string());
        let name = name.as_deref().unwrap_or(wanted);
        !hosts.iter().any(|host| host.covers(name))
    };
    wanted.iter().map(String::as_str).filter(is_missing).collect()
}
