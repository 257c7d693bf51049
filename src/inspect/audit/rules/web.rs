//! Public web servers (CA/Browser Forum, Baseline Requirements for TLS server certificates).

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::case::Case;
use crate::inspect::audit::hosts::{hosts, missing};
use crate::inspect::audit::text::{ANY_PURPOSE, few, name_text, quote};
use crate::inspect::view::{GeneralName, PublicKeyKind, Purpose, Role, common_name};
use std::net::IpAddr;
use time::{Date, Duration, Month, OffsetDateTime};

/// From when on, and for how many days at most, certificates may be issued (ballot SC-081v3).
const LIFETIMES: [(i32, Month, u8, i64); 5] = [
    (2029, Month::March, 15, 47),
    (2027, Month::March, 15, 100),
    (2026, Month::March, 15, 200),
    (2020, Month::September, 1, 398),
    (2018, Month::March, 1, 825),
];

/// Such certificates need no revocation (section 7.1.2.11.2): from 2026-03-15 seven days, before ten.
const SHORT_LIFE: Duration = Duration::days(7);

pub(super) static RULES: [CertificateRule; 11] = [
    CertificateRule {
        rule: Rule {
            id: "web-lifetime",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 6.3.2",
            title: "the certificate is valid for longer than browsers take",
            meaning: "398 days, from 2026-03-15 on 200, from 2027-03-15 on 100, from 2029-03-15 on 47: browsers \
                      refuse public certificates beyond that, Apple's also private ones.",
            remedy: "Issue for a shorter time, and renew by a program.",
        },
        check: |case| {
            let (start, end) = (case.view.not_before?, case.view.not_after?);
            let life = end - start + Duration::SECOND;
            let limit = lifetime(start)?;
            (serves(case) && life > Duration::days(limit)).then(|| {
                let days = (life.whole_seconds() + 86399) / 86400;
                format!("it is valid for {days} days, and {limit} are allowed for its day of issue")
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-common-name",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1.4.3",
            title: "the common name is not among the alternative names",
            meaning: "A common name has to be one of the names that were checked. Public authorities must not \
                      issue it.",
            remedy: "Add the name to `hosts`, or leave the common name out.",
        },
        check: |case| {
            let name = common_name(case.view.subject).filter(|_| serves(case))?;
            let is_there = hosts(&case.names).iter().any(|host| match host {
                crate::model::Host::Dns(text) => text.eq_ignore_ascii_case(&name),
                host => host.covers(&name),
            });
            (!is_there).then(|| format!("{} is not among its alternative names", quote(&name)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-key",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 6.1.5",
            title: "the key is of a kind or size that browsers do not take",
            meaning: "RSA of at least 2048 bits, a multiple of 8, or ECDSA on P-256, P-384 or P-521. Ed25519 is not \
                      among them.",
            remedy: "Make a key on P-256, or RSA with 2048 bits.",
        },
        check: |case| {
            let is_allowed = match case.key.kind {
                PublicKeyKind::Rsa => case.key.bits >= 2048 && case.key.bits % 8 == 0,
                PublicKeyKind::Ec(curve) => matches!(curve, "P-256" | "P-384" | "P-521"),
                _ => false,
            };
            (serves(case) && !is_allowed).then(|| format!("its key is {}", case.key.words()))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-purpose",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1.2.7.10",
            title: "the extended key usage is not that of a server",
            meaning: "It has to be there, to have serverAuth, and not to allow everything.",
            remedy: "Issue it anew with `server auth`.",
        },
        check: |case| {
            let purposes = case.view.extended_key_usage().unwrap_or_default();
            let has = purposes.iter().any(|oid| Purpose::from_oid(oid) == Some(Purpose::ServerAuth));
            let is_wide = purposes.contains(&ANY_PURPOSE);
            (serves(case) && (!has || is_wide)).then(|| match is_wide {
                true => "it allows every purpose".to_owned(),
                false => "it lacks serverAuth".to_owned(),
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-names",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 4.2.2 and 7.1.2.7.12",
            title: "a name is none of the public internet",
            meaning: "Public authorities issue for public DNS names and addresses only: no bare words, no domains \
                      such as `.local`, no private addresses, no mailboxes and URIs.",
            remedy: "Use an authority of your own for internal names.",
        },
        check: |case| {
            let wrong: Vec<String> = case
                .names
                .iter()
                .filter(|_| serves(case))
                .filter_map(|name| Some(format!("{} {}", name_text(name), not_public(name)?)))
                .collect();
            (!wrong.is_empty()).then(|| few(&wrong))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-serial",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1",
            title: "the serial number is too short to hold 64 random bits",
            meaning: "What is signed has to be unpredictable; a counter is not.",
            remedy: "Issue it anew with a random serial number.",
        },
        check: |case| {
            let serial = case.view.serial_number;
            let zeros = serial.iter().take_while(|octet| **octet == 0).count();
            let length = serial.len() - zeros;
            (serves(case) && length < 8).then(|| format!("its serial number has {length} octets"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-revocation",
            severity: Severity::Warning,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1.2.7.7 and 7.1.2.11.2",
            title: "the certificate does not say where its revocation can be looked up",
            meaning: "When its key is stolen nobody will hear of it.",
            remedy: "Issue it with `crl_url` or `ocsp_url` in the profile, or for a week at most.",
        },
        check: |case| {
            let life = case.view.not_after? - case.view.not_before?;
            // 1.3.6.1.5.5.7.48.1, id-ad-ocsp.
            let names_ocsp =
                case.view.authority_info_access().iter().any(|(method, _)| method.ends_with(&[0x30, 1]));
            let has = names_ocsp || !case.view.crl_distribution_points().is_empty();
            (serves(case) && !has && life > SHORT_LIFE)
                .then(|| "it names neither a revocation list nor an OCSP server".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-transparency",
            severity: Severity::Warning,
            scope: RuleScope::Web,
            citation: "RFC 6962, 3.3",
            title: "the certificate holds no timestamps of Certificate Transparency",
            meaning: "Chrome, Safari and Firefox refuse public certificates that no log has seen. Timestamps can \
                      come by other ways, and are rarely sent by them.",
            remedy: "Public authorities put them in; nothing to do for an authority of your own.",
        },
        check: |case| {
            const TIMESTAMPS: &[u8] = &[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];
            (serves(case) && case.view.extension(TIMESTAMPS).is_none())
                .then(|| "it has no signed certificate timestamps".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-policy",
            severity: Severity::Warning,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1.2.7.9",
            title: "the certificate names none of the policies of the CA/Browser Forum",
            meaning: "Public certificates say how their subject was checked: 2.23.140.1.2.1 for the domain alone.",
            remedy: "Add the policy to the profile; nothing to do for an authority of your own.",
        },
        check: |case| {
            // 2.23.140.1, and below it domain, organization, individual and extended validation.
            let is_known =
                |oid: &&[u8]| matches!(oid, [0x67, 0x81, 0x0c, 1, 2, 1..=3] | [0x67, 0x81, 0x0c, 1, 1]);
            (serves(case) && !case.view.certificate_policies().iter().any(is_known))
                .then(|| "it has no policy 2.23.140.1".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-san-missing",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "CA/B BR, 7.1.2.7.12",
            title: "the certificate has no alternative names",
            meaning: "Browsers look at nothing else.",
            remedy: "Issue it anew with `hosts`.",
        },
        check: |case| {
            (serves(case) && case.names.is_empty()).then(|| "it has no alternative names".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "web-hosts-missing",
            severity: Severity::Error,
            scope: RuleScope::Web,
            citation: "RFC 9525, 6",
            title: "the certificate lacks a host that it is to be for",
            meaning: "Browsers that go to this host refuse it.",
            remedy: "Issue it anew with all hosts.",
        },
        check: |case| {
            let missing = missing(&case.names, &case.set.options.hosts);
            (serves(case) && !missing.is_empty()).then(|| format!("it is not for {}", few(&missing)))
        },
    },
];

/// Leaves that may serve TLS.
fn serves(case: &Case<'_>) -> bool {
    matches!(case.certificate.facts.role, Role::Server | Role::Peer | Role::Any)
}

/// The most days for a certificate of this day.
fn lifetime(start: OffsetDateTime) -> Option<i64> {
    let day = start.checked_to_offset(time::UtcOffset::UTC).unwrap_or(start).date();
    LIFETIMES
        .iter()
        .find(|(year, month, first, _)| {
            Date::from_calendar_date(*year, *month, *first).is_ok_and(|from| day >= from)
        })
        .map(|(.., days)| *days)
}

/// Why no public authority issues for the name.
fn not_public(name: &GeneralName<'_>) -> Option<&'static str> {
    const INTERNAL: [&str; 12] = [
        "local",
        "localhost",
        "internal",
        "lan",
        "home",
        "corp",
        "intranet",
        "private",
        "test",
        "example",
        "invalid",
        "arpa",
    ];
    match name {
        GeneralName::Dns(octets) => {
            let text = std::str::from_utf8(octets).unwrap_or_default().to_ascii_lowercase();
            let (_, last) = text.rsplit_once('.').unwrap_or(("", ""));
            if last.is_empty() {
                Some("is a bare word")
            } else if INTERNAL.contains(&last) {
                Some("is an internal name")
            } else if text.contains('_') {
                Some("has an underscore")
            } else {
                None
            }
        }
        GeneralName::Ip(_) => {
            let is_reserved = match name.ip()? {
                IpAddr::V4(ip) => {
                    ip.is_private()
                        || ip.is_loopback()
                        || ip.is_link_local()
                        || ip.is_unspecified()
                        || ip.is_documentation()
                        || ip.is_broadcast()
                        || ip.is_multicast()
                        // Shared between a provider and its customers, 100.64.0.0/10.
                        || matches!(ip.octets(), [100, 64..=127, ..])
                }
                IpAddr::V6(ip) => {
                    ip.is_loopback()
                        || ip.is_unspecified()
                        || ip.is_multicast()
                        || ip.is_unique_local()
                        || ip.is_unicast_link_local()
                        || matches!(ip.segments(), [0x2001, 0xdb8, ..])
                }
            };
            is_reserved.then_some("is a reserved address")
        }
        GeneralName::Directory(_)
        | GeneralName::Email(_)
        | GeneralName::Other(_)
        | GeneralName::RegisteredId(_)
        | GeneralName::Unknown(..)
        | GeneralName::Uri(_) => Some("is neither a DNS name nor an address"),
    }
}
