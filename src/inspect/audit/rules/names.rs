//! Whom a certificate is for: its alternative names.

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::case::Case;
use crate::inspect::audit::hosts::hosts;
use crate::inspect::audit::text::{few, quote};
use crate::inspect::view::{GeneralName, Role, common_name};
use crate::model::looks_like_host;
use crate::x509::extension::SUBJECT_ALT_NAME;
use std::collections::HashSet;
use std::net::IpAddr;

pub(super) static RULES: [CertificateRule; 15] = [
    CertificateRule {
        rule: Rule {
            id: "san-missing",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 9525, 2",
            title: "a server certificate has no alternative names",
            meaning: "Clients look at the alternative names only; Go, Rust and browsers have stopped to look at \
                      the common name.",
            remedy: "Issue it anew with `hosts`.",
        },
        check: |case| {
            let serves = matches!(case.certificate.facts.role, Role::Server | Role::Peer);
            (serves && case.view.extension(SUBJECT_ALT_NAME.as_bytes()).is_none())
                .then(|| "it is for servers, and no client will find a name in it".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "cn-not-in-san",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 9525, 2",
            title: "the common name of a server certificate is a host that its alternative names lack",
            meaning: "Clients look at the alternative names only, so that this host does not count.",
            remedy: "Issue it anew with this name among `hosts`, if anybody uses it.",
        },
        check: |case| {
            let serves = matches!(case.certificate.facts.role, Role::Server | Role::Peer);
            let name = common_name(case.view.subject).filter(|_| serves && !case.names.is_empty())?;
            let is_host = looks_like_host(&name) && name.contains(['.', ':']) && !name.ends_with('.');
            let is_covered = || hosts(&case.names).iter().any(|host| host.covers(&name));
            (is_host && !is_covered()).then(|| format!("{} is not among its alternative names", quote(&name)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-blank",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an alternative name is blank",
            meaning: "It stands for no host. Usually the request has `\"hosts\": [\"\"]`, or a variable in a script \
                      was empty, and the name that was meant is missing.",
            remedy: "Issue it anew, and leave `hosts` out where there are none.",
        },
        check: |case| {
            let is_blank = |name: &GeneralName<'_>| match name {
                GeneralName::Dns(text) | GeneralName::Email(text) | GeneralName::Uri(text) => {
                    text.trim_ascii().is_empty()
                }
                _ => false,
            };
            case.names.iter().any(is_blank).then(|| "one of its alternative names is blank".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-not-ascii",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an alternative name holds letters outside ASCII",
            meaning: "Names are IA5String. Go refuses the whole certificate.",
            remedy: "Issue it anew with the international name in its `xn--` form.",
        },
        check: |case| {
            let found = texts(case, |octets| (!octets.is_ascii()).then_some("has letters outside ASCII"));
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-ip-as-dns",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an IP address is written as a DNS name",
            meaning: "Clients that connect to an address look at the names of kind iPAddress only, and do not \
                      find it.",
            remedy: "Issue it anew; with openssl write `IP:` instead of `DNS:`. cfssl tells addresses by itself.",
        },
        check: |case| {
            let found = dns(case, |name| {
                let bare = name.trim_start_matches('[').trim_end_matches(']');
                bare.parse::<IpAddr>().is_ok().then_some("is an address")
            });
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-dns-syntax",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an alternative name is no DNS name",
            meaning: "No client ever looks for it, so that the host that was meant is missing.",
            remedy: "Issue it anew with the bare host name, without scheme, port or final dot.",
        },
        check: |case| {
            let found = dns(case, dns_fault);
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-underscore",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 1123, 2.1",
            title: "an alternative name has an underscore",
            meaning: "Host names have none. Most clients do not mind, some do, and no public authority issues it.",
            remedy: "Use a hyphen where the name is free to choose.",
        },
        check: |case| {
            let found = dns(case, |name| {
                (name.contains('_') && dns_fault(name).is_none()).then_some("has an underscore")
            });
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-wildcard",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 9525, 7.1",
            title: "the certificate is for all hosts of a domain",
            meaning: "Whoever has the key of one host can stand for all others.",
            remedy: "Give each host a certificate of its own where that is easy.",
        },
        check: |case| {
            let found = dns(case, |name| {
                (name.contains('*') && wildcard_fault(name).is_none()).then_some("stands for many hosts")
            });
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-wildcard-broken",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 9525, 6.3",
            title: "a wildcard is not the whole first label of a domain",
            meaning: "Clients take `*.example.com`, and neither `*`, `*.com`, `a*.example.com` nor `a.*.com`.",
            remedy: "Issue it anew with the names themselves.",
        },
        check: |case| {
            let found = dns(case, wildcard_fault);
            (!found.is_empty()).then(|| few(&found))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-ip-length",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an IP address has neither 4 nor 16 octets",
            meaning: "It is no address. Go refuses the whole certificate.",
            remedy: "Issue it anew.",
        },
        check: |case| {
            let lengths: Vec<String> = case
                .names
                .iter()
                .filter_map(|name| match name {
                    GeneralName::Ip(octets) if name.ip().is_none() => Some(octets.len().to_string()),
                    _ => None,
                })
                .collect();
            (!lengths.is_empty()).then(|| format!("an address of it has {} octets", few(&lengths)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-ip-mapped",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an IPv4 address is written as one of IPv6",
            meaning: "OpenSSL and Rust compare octets: whoever connects to the IPv4 address refuses the certificate. \
                      Go takes both for the same.",
            remedy: "Issue it anew with the address in 4 octets; with openssl write `IP:10.0.0.1`, not \
                     `IP:::ffff:10.0.0.1`.",
        },
        check: |case| {
            let mapped = |name: &GeneralName<'_>| match name.ip()? {
                IpAddr::V6(ip) => ip.to_ipv4_mapped(),
                IpAddr::V4(_) => None,
            };
            let name = case.names.iter().find_map(mapped)?;
            Some(format!("{name} is written in 16 octets, as ::ffff:{name}"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-unspecified-address",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "practice",
            title: "an alternative name is 0.0.0.0 or ::",
            meaning: "This address means any when one listens on it; nobody connects to it, so that the address \
                      that was meant may be missing.",
            remedy: "Issue it anew with the addresses that clients connect to.",
        },
        check: |case| {
            let is_unspecified = |name: &GeneralName<'_>| name.ip().is_some_and(|ip| ip.is_unspecified());
            let name = case.names.iter().find(|name| is_unspecified(name))?;
            Some(format!("{} is no address to connect to", name.text().unwrap_or_default()))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-uri-malformed",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an alternative name is no URI",
            meaning: "A URI has a scheme and something behind it, and no blanks. Go refuses the whole certificate \
                      for some faults of this kind.",
            remedy: "Issue it anew; a plain host name is a DNS name.",
        },
        check: |case| {
            let broken = case.names.iter().filter_map(|name| match name {
                GeneralName::Uri(octets) if octets.is_ascii() && !is_uri(octets) => name.text(),
                _ => None,
            });
            let broken: Vec<String> = broken.map(|text| quote(&text)).collect();
            (!broken.is_empty()).then(|| format!("{} is no URI", few(&broken)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-email-malformed",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "an alternative name is no mailbox",
            meaning: "A mailbox has one `@` with something on both sides. Nobody finds this one.",
            remedy: "Issue it anew with the bare address.",
        },
        check: |case| {
            let is_mailbox = |octets: &[u8]| {
                let parts: Vec<&[u8]> = octets.split(|octet| *octet == b'@').collect();
                matches!(parts.as_slice(), [[_, ..], [_, ..]])
                    && !octets.iter().any(|octet| octet.is_ascii_whitespace() || b"<>".contains(octet))
            };
            let broken = case.names.iter().filter_map(|name| match name {
                GeneralName::Email(octets) if octets.is_ascii() && !is_mailbox(octets) => name.text(),
                _ => None,
            });
            let broken: Vec<String> =
                broken.filter(|text| !text.trim().is_empty()).map(|text| quote(&text)).collect();
            (!broken.is_empty()).then(|| format!("{} is no mailbox", few(&broken)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-repeated",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "practice",
            title: "an alternative name stands there twice",
            meaning: "It does no harm; the list was made by a script that does not look.",
            remedy: "Nothing to do.",
        },
        check: |case| {
            let mut seen = HashSet::new();
            let repeated = case.names.iter().filter_map(|name| match name {
                GeneralName::Dns(octets) => {
                    (!seen.insert((0, octets.to_ascii_lowercase()))).then(|| name.text())
                }
                GeneralName::Ip(octets) => (!seen.insert((1, octets.to_vec()))).then(|| name.text()),
                _ => None,
            });
            let repeated: Vec<String> = repeated.flatten().map(|text| quote(&text)).collect();
            (!repeated.is_empty()).then(|| format!("{} stands among its names twice", few(&repeated)))
        },
    },
];

/// What `fault` says to the names that are text, with each name.
fn texts(case: &Case<'_>, fault: impl Fn(&[u8]) -> Option<&'static str>) -> Vec<String> {
    let found = case.names.iter().filter_map(|name| match name {
        GeneralName::Dns(octets) | GeneralName::Email(octets) | GeneralName::Uri(octets) => {
            fault(octets).map(|fault| format!("{} {fault}", quote(&crate::x509::text::lossy(octets))))
        }
        _ => None,
    });
    found.collect()
}

/// What `fault` says to the DNS names, with each name. Blank ones and those outside ASCII have rules of their own.
fn dns(case: &Case<'_>, fault: impl Fn(&str) -> Option<&'static str>) -> Vec<String> {
    let found = case.names.iter().filter_map(|name| match name {
        GeneralName::Dns(octets) => {
            let text = std::str::from_utf8(octets).ok()?;
            let is_plain = text.is_ascii() && !text.trim().is_empty();
            fault(text).filter(|_| is_plain).map(|fault| format!("{} {fault}", quote(text)))
        }
        _ => None,
    });
    found.collect()
}

/// What keeps a text from being a DNS name; addresses and wildcards have rules of their own.
fn dns_fault(name: &str) -> Option<&'static str> {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok() || name.contains('*') {
        return None;
    }
    let has_port = || {
        name.rsplit_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
    };
    let labels = || name.split('.');
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    Some(if name.contains("://") {
        "is a URL"
    } else if has_port() {
        "has a port"
    } else if name.contains('@') {
        "is a mailbox"
    } else if name.contains([',', ';', ' ', '\t']) {
        "holds a blank or several names"
    } else if name.ends_with('.') {
        "ends with a dot"
    } else if !name.bytes().all(is_letter) {
        "has letters that host names do not have"
    } else if labels().any(str::is_empty) {
        "has an empty label"
    } else if name.len() > 253 || labels().any(|label| label.len() > 63) {
        "is too long"
    } else if labels().any(|label| label.starts_with('-') || label.ends_with('-')) {
        "has a label that begins or ends with a hyphen"
    } else {
        return None;
    })
}

fn wildcard_fault(name: &str) -> Option<&'static str> {
    if !name.contains('*') {
        return None;
    }
    match name.strip_prefix("*.") {
        Some(rest) if rest.contains('*') => Some("has several wildcards"),
        Some(rest) if !rest.contains('.') => Some("stands for a whole top-level domain"),
        Some(_) => None,
        None if name == "*" => Some("stands for everything"),
        None => Some("has a wildcard that is not the whole first label"),
    }
}

fn is_uri(octets: &[u8]) -> bool {
    let Some(colon) = octets.iter().position(|octet| *octet == b':') else { return false };
    let (scheme, rest) = octets.split_at(colon);
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(octet));
    is_scheme
        && rest.len() > 1
        && !octets.iter().any(|octet| octet.is_ascii_whitespace() || octet.is_ascii_control())
}
