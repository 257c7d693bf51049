//! What the CA/Browser Forum's baseline requirements ask of a web server's certificate.

use super::CertificateRule;
use crate::inspect::audit::case::Case;
use crate::inspect::audit::rule::{Rule, RuleScope, Severity};
use crate::inspect::audit::text::{few, moment};
use crate::inspect::view::{GeneralName, PublicKeyKind, Purpose, common_name};
use crate::json::quote;
use std::net::IpAddr;
use time::Duration;

/// From which day on a certificate may be valid for at most so many days (section 6.3.2).
const LIFETIMES: [((i32, u8, u8), i64); 5] = [
    ((2029, 3, 15), 47),
    ((2027, 3, 15), 100),
    ((2026, 3, 15), 200),
    ((2020, 9, 1), 398),
    ((2018, 3, 1), 825),
];
/// Top-level domains that are nobody's in public (RFC 2606, RFC 6762, RFC 8375 and common practice).
const PRIVATE: [&str; 12] = [
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "test",
];

/// A certificate that serves TLS and is no authority.
fn is_server(case: &Case<'_>) -> bool {
    !case.is_authority() && case.view.allows(Purpose::ServerAuth)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lifetime(case: &Case<'_>) -> Option<String> {
    let (start, end) = (case.view.not_before?, case.view.not_after?);
    let day = (start.year(), u8::from(start.month()), start.day());
    let (_, most) = LIFETIMES.iter().find(|(from, _)| day >= *from)?;
    // The last second counts (section 6.3.2).
    let span = end - start + Duration::SECOND;
    (is_server(case) && span > Duration::days(*most)).then(|| {
        let days = span.as_seconds_f64() / 86_400.0;
        format!("it is valid for {} days, and at most {most} are allowed from {}", days.ceil(), moment(start))
    })
}

fn common_name_elsewhere(case: &Case<'_>) -> Option<String> {
    let name = common_name(case.view.subject).filter(|name| !name.is_empty())?;
    let is_same = |other: &GeneralName<'_>| match other {
        GeneralName::Dns(dns) => text(dns).eq_ignore_ascii_case(&name),
        GeneralName::Ip(_) => name.parse::<IpAddr>().is_ok_and(|address| other.ip() == Some(address)),
        _ => false,
    };
    (is_server(case) && !case.names.iter().any(is_same))
        .then(|| format!("the common name {} is none of its alternative names", quote(&name)))
}

fn key(case: &Case<'_>) -> Option<String> {
    let is_allowed = match case.key.kind {
        PublicKeyKind::Rsa => case.key.bits >= 2048 && case.key.bits % 8 == 0,
        PublicKeyKind::Ec(curve) => matches!(curve, "P-256" | "P-384" | "P-521"),
        _ => false,
    };
    (is_server(case) && !is_allowed).then(|| format!("its key is {}", case.key.words()))
}

fn usage(case: &Case<'_>) -> Option<String> {
    if !is_server(case) {
        return None;
    }
    let purposes = case.view.extended_key_usage();
    match purposes {
        None => Some("it has no extended key usage".to_owned()),
        Some(purposes) => {
            let has = |wanted| purposes.iter().any(|oid| Purpose::from_oid(oid) == Some(wanted));
            (!has(Purpose::ServerAuth))
                .then(|| "it names purposes, and serverAuth is none of them".to_owned())
        }
    }
}

fn nameless(case: &Case<'_>) -> Option<String> {
    let has_name = case.names.iter().any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    (is_server(case) && !has_name)
        .then(|| "it has no alternative name that is a DNS name or an address".to_owned())
}

fn other_names(case: &Case<'_>) -> Option<String> {
    let others: Vec<String> = case
        .names
        .iter()
        .filter(|name| !matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
        .map(|name| name.text().map_or_else(|| "a name of another kind".to_owned(), |text| quote(&text)))
        .collect();
    (is_server(case) && !others.is_empty()).then(|| format!("it names {}", few(&others)))
}

/// Addresses that nobody owns in public.
fn is_reserved(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            four.is_private()
                || four.is_loopback()
                || four.is_link_local()
                || four.is_unspecified()
                || four.is_documentation()
                || four.is_broadcast()
                || four.is_multicast()
                || first == 100 && (64..128).contains(&second)
                || first == 0
                || first >= 240
        }
        IpAddr::V6(six) => {
            six.is_loopback()
                || six.is_unspecified()
                || six.is_unique_local()
                || six.is_unicast_link_local()
                || six.is_multicast()
                || matches!(six.segments(), [0x2001, 0xdb8, ..])
        }
    }
}

fn is_internal(name: &str) -> bool {
    let name = name.trim_end_matches('.').trim_start_matches("*.");
    match name.rsplit_once('.') {
        Some((_, top)) => PRIVATE.iter().any(|private| top.eq_ignore_ascii_case(private)),
        None => true,
    }
}

fn internal_names(case: &Case<'_>) -> Option<String> {
    let internal: Vec<String> = case
        .names
        .iter()
        .filter(|name| match name {
            GeneralName::Dns(dns) => is_internal(&text(dns)),
            GeneralName::Ip(_) => name.ip().is_some_and(is_reserved),
            _ => false,
        })
        .filter_map(|name| name.text().map(|text| quote(&text)))
        .collect();
    (is_server(case) && !internal.is_empty()).then(|| format!("it is for {}", few(&internal)))
}

fn short_serial(case: &Case<'_>) -> Option<String> {
    let digits = case.view.serial_number.iter().skip_while(|octet| **octet == 0).count();
    (is_server(case) && digits < 8).then(|| format!("its serial number has {digits} octets, fewer than 8"))
}

fn no_revocation(case: &Case<'_>) -> Option<String> {
    /// id-ad-ocsp, 1.3.6.1.5.5.7.48.1.
    const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
    let span = case.view.not_after? - case.view.not_before?;
    // Short-lived certificates need none (section 1.6.1).
    let is_short = span < Duration::days(7);
    let has_ocsp = case.view.authority_info_access().iter().any(|(method, _)| *method == OCSP);
    let has_list = !case.view.crl_distribution_points().is_empty();
    (is_server(case) && !is_short && !has_ocsp && !has_list)
        .then(|| "it names neither a revocation list nor an OCSP server".to_owned())
}

const fn rule(
    id: &'static str,
    severity: Severity,
    citation: &'static str,
    title: &'static str,
    meaning: &'static str,
    remedy: &'static str,
) -> Rule {
    Rule { id, severity, scope: RuleScope::Web, citation, title, meaning, remedy }
}

pub(super) static RULES: [CertificateRule; 9] = [
    CertificateRule {
        rule: rule(
            "web-lifetime",
            Severity::Error,
            "CA/B Forum BR, 6.3.2",
            "the certificate lives longer than browsers accept",
            "Browsers refuse certificates of public authorities that are valid for longer; Apple's refuse those of \
             private ones beyond 825 days as well.",
            "Issue it anew for a shorter time and renew it by a program.",
        ),
        check: lifetime,
    },
    CertificateRule {
        rule: rule(
            "web-common-name",
            Severity::Error,
            "CA/B Forum BR, 7.1.4.3",
            "the common name is none of the alternative names",
            "Browsers look at alternative names only; a name that stands in the common name alone does not work.",
            "Add it to the alternative names, or leave the common name out.",
        ),
        check: common_name_elsewhere,
    },
    CertificateRule {
        rule: rule(
            "web-key",
            Severity::Error,
            "CA/B Forum BR, 6.1.5",
            "the key is of a kind or size that public authorities do not certify",
            "Browsers know RSA from 2048 bits and the curves P-256, P-384 and P-521. Ed25519 is not among them.",
            "Make a P-256 or an RSA-2048 key.",
        ),
        check: key,
    },
    CertificateRule {
        rule: rule(
            "web-usage",
            Severity::Error,
            "CA/B Forum BR, 7.1.2.7.10",
            "the certificate does not name serverAuth",
            "Browsers and linters want the purpose to be named.",
            "Issue it anew with server auth among its usages.",
        ),
        check: usage,
    },
    CertificateRule {
        rule: rule(
            "web-no-name",
            Severity::Error,
            "CA/B Forum BR, 7.1.2.7.12",
            "the certificate names no host",
            "No browser finds the server's name in it.",
            "Issue it anew with `hosts`.",
        ),
        check: nameless,
    },
    CertificateRule {
        rule: rule(
            "web-other-name",
            Severity::Warning,
            "CA/B Forum BR, 7.1.2.7.12",
            "the certificate names what is no host",
            "Public authorities put only DNS names and addresses into a server's certificate.",
            "Leave out mail addresses, URIs and other kinds.",
        ),
        check: other_names,
    },
    CertificateRule {
        rule: rule(
            "web-internal-name",
            Severity::Error,
            "CA/B Forum BR, 4.2.2",
            "the certificate is for an internal name or a reserved address",
            "Nobody owns such a name in public, so that no public authority may certify it.",
            "Use a name below a domain you own, or an authority of your own.",
        ),
        check: internal_names,
    },
    CertificateRule {
        rule: rule(
            "web-short-serial",
            Severity::Warning,
            "CA/B Forum BR, 7.1",
            "the serial number is too short to hold 64 random bits",
            "Serial numbers that can be guessed helped to forge certificates when MD5 was broken.",
            "Use an authority that draws serial numbers at random.",
        ),
        check: short_serial,
    },
    CertificateRule {
        rule: rule(
            "web-no-revocation",
            Severity::Warning,
            "CA/B Forum BR, 7.1.2.11.2",
            "nobody can find out whether the certificate was revoked",
            "Beyond a life of seven days a public certificate names a revocation list or an OCSP server.",
            "Set `crl_url` or `ocsp_url` in the signing profile.",
        ),
        check: no_revocation,
    },
];
