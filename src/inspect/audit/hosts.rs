//! The names of a certificate as what clients look for.

use crate::inspect::view::GeneralName;
use crate::model::Host;
use std::collections::HashSet;
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
    HostIndex::new(names).missing(wanted)
}

/// The names of a certificate, to look hosts up in: both may be many.
#[derive(Debug, Default)]
pub(super) struct HostIndex {
    /// DNS names in small letters, wildcards as they are.
    names: HashSet<String>,
    addresses: HashSet<IpAddr>,
}

impl HostIndex {
    pub(super) fn new(names: &[GeneralName<'_>]) -> Self {
        let mut index = Self::default();
        for host in hosts(names) {
            match host {
                Host::Dns(name) => _ = index.names.insert(name.to_ascii_lowercase()),
                Host::Ip(address) => _ = index.addresses.insert(address),
                Host::Email(_) | Host::Uri(_) => {}
            }
        }
        index
    }

    /// Those of `wanted` that no client finds.
    pub(super) fn missing<'w>(&self, wanted: &'w [String]) -> Vec<&'w str> {
        wanted.iter().map(String::as_str).filter(|wanted| !self.covers(wanted)).collect()
    }

    /// As [`Host::covers`] of one of them.
    fn covers(&self, wanted: &str) -> bool {
        // `::ffff:10.0.0.1` is asked for as 10.0.0.1.
        if let Ok(address) = wanted.parse::<IpAddr>()
            && self.addresses.contains(&address.to_canonical())
        {
            return true;
        }
        let name = wanted.to_ascii_lowercase();
        let wildcard = name.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        self.names.contains(&name) || wildcard.is_some_and(|wildcard| self.names.contains(&wildcard))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_client_finds() {
        let names = [
            GeneralName::Dns(b"Node.Example.com"),
            GeneralName::Dns(b"*.example.org"),
            GeneralName::Dns(b"10.0.0.9"),
            GeneralName::Ip(&[10, 0, 0, 1]),
            GeneralName::Uri(b"https://other.example"),
        ];
        let wanted = [
            "node.example.COM",
            "a.example.org",
            "*.example.org",
            "a.b.example.org",
            "example.org",
            "10.0.0.1",
            "::ffff:10.0.0.1",
            "10.0.0.2",
            "other.example",
        ]
        .map(str::to_owned);
        let missing = missing(&names, &wanted);
        assert_eq!(missing, ["a.b.example.org", "example.org", "10.0.0.2", "other.example"]);
        let hosts = hosts(&names);
        for wanted in &wanted {
            let is_covered = hosts.iter().any(|host| host.covers(wanted));
            assert!(is_covered != missing.contains(&&**wanted) || wanted.starts_with("::ffff"), "{wanted}");
        }
    }
}
