//! Extensions (RFC 5280 section 4.2), each by itself.

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::facts::unknown_critical_extension;
use crate::inspect::audit::issuers::Link;
use crate::inspect::audit::text::{ANY_PURPOSE, few};
use crate::inspect::view::{GeneralName, KeyUsageBits, PublicKeyKind, Role, dotted};
use crate::x509::der_reader::{Reader, tag};
use crate::x509::extension::{
    AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, NAME_CONSTRAINTS,
    SUBJECT_KEY_IDENTIFIER,
};
use std::collections::HashSet;

pub(super) static RULES: [CertificateRule; 20] = [
    CertificateRule {
        rule: Rule {
            id: "extension-malformed",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2",
            title: "an extension does not follow its grammar",
            meaning: "Go refuses the whole certificate, and other programs act as if the extension said nothing.",
            remedy: "Issue it anew.",
        },
        check: |case| {
            let broken: Vec<String> = case
                .view
                .extensions
                .iter()
                .filter(|one| one.is_broken())
                .map(|one| known_name(one.oid))
                .collect();
            (!broken.is_empty()).then(|| format!("its {} cannot be read", few(&broken)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "extension-repeated",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2",
            title: "an extension stands there twice",
            meaning: "Two programs may believe two different ones. Go and Rust refuse the certificate.",
            remedy: "Issue it anew.",
        },
        check: |case| {
            let mut seen = HashSet::new();
            let extensions = case.view.extensions.iter();
            let repeated: Vec<String> =
                extensions.filter(|one| !seen.insert(one.oid)).map(|one| known_name(one.oid)).collect();
            (!repeated.is_empty()).then(|| format!("its {} stands there more than once", few(&repeated)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "policy-repeated",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.4",
            title: "a certificate policy stands there twice",
            meaning: "Go refuses the whole certificate.",
            remedy: "Issue it anew, and name each policy once in the profile and the request together.",
        },
        check: |case| {
            let mut seen = HashSet::new();
            let policies = case.view.certificate_policies();
            let repeated: Vec<String> =
                policies.into_iter().filter(|policy| !seen.insert(*policy)).map(dotted).collect();
            (!repeated.is_empty())
                .then(|| format!("its policy {} stands there more than once", few(&repeated)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "extension-unknown-critical",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2",
            title: "a critical extension is not known to TLS programs",
            meaning: "Whoever does not know a critical extension has to refuse the certificate, and does.",
            remedy: "Issue it anew without it, or not critical. What ends in 11129.2.4.3 marks a certificate that \
                     was made for Certificate Transparency only: use the final one.",
        },
        check: |case| {
            let extension = unknown_critical_extension(&case.view)?;
            Some(format!("its extension {} is critical", extension.name()))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "extension-criticality",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1",
            title: "an extension is critical and must not be, or is not and must be",
            meaning: "Key identifiers and places to fetch things from are hints and never critical. Constraints \
                      that a program may pass over constrain nothing.",
            remedy: "Issue it anew.",
        },
        check: |case| {
            let is_wrong = |oid: &[u8], critical: bool| match oid {
                [0x55, 0x1d, 14 | 35] | [0x2b, 6, 1, 5, 5, 7, 1, 1 | 11] => critical,
                [0x55, 0x1d, 30 | 36 | 54] => !critical,
                _ => false,
            };
            let wrong = case.view.extensions.iter().filter(|one| is_wrong(one.oid, one.critical));
            let wrong: Vec<String> = wrong
                .map(|one| {
                    let words = if one.critical { "is critical" } else { "is not critical" };
                    format!("its {} {words}", known_name(one.oid))
                })
                .collect();
            (!wrong.is_empty()).then(|| few(&wrong))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "ca-constraints-not-critical",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.9",
            title: "the basic constraints of an authority are not critical",
            meaning: "A program that does not know them could take the authority for something else.",
            remedy: "Make the next authority with critical basic constraints.",
        },
        check: |case| {
            let extension = case.view.extension(BASIC_CONSTRAINTS.as_bytes())?;
            (case.is_authority() && !extension.critical)
                .then(|| "its basic constraints are not critical".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "ca-without-cert-sign",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.3",
            title: "the key usage of an authority does not allow signing certificates",
            meaning: "Go and OpenSSL refuse what it signs; Rust does not look.",
            remedy: "Make the authority anew with the usages `cert sign` and `crl sign`.",
        },
        check: |case| {
            let usage = case.view.key_usage()?;
            (case.is_authority() && !usage.has(CERT_SIGN))
                .then(|| "it is an authority, and its key usage lacks keyCertSign".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "ca-without-key-usage",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.3",
            title: "an authority has no key usage",
            meaning: "Authorities have to say that they sign certificates. Programs take what `openssl req -x509` \
                      leaves out, and linters do not.",
            remedy: "Make the next authority with the usages `cert sign` and `crl sign`.",
        },
        check: |case| {
            let has_none = case.view.version == 3 && case.view.extension(KEY_USAGE.as_bytes()).is_none();
            (case.is_authority() && has_none).then(|| "it has no key usage".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "cert-sign-without-ca",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.9",
            title: "a certificate that is no authority may sign certificates by its key usage",
            meaning: "Its basic constraints say that it must not. Strict programs refuse it.",
            remedy: "Issue it anew without the usage `cert sign`, or as an authority if it is to be one.",
        },
        check: |case| {
            let usage = case.view.key_usage()?;
            (!case.is_authority() && usage.has(CERT_SIGN))
                .then(|| "its key usage has keyCertSign, and it is no authority".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "path-length-without-ca",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.9",
            title: "a certificate that is no authority has a path length",
            meaning: "It may have none. Strict programs refuse the certificate; others pass over it.",
            remedy: "Issue it anew; usually `is_ca` is missing beside `max_path_len`.",
        },
        check: |case| {
            let length = case.view.basic_constraints().filter(|one| !one.is_authority)?.path_len?;
            Some(format!("its path length is {length}, and it is no authority"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "path-length-negative",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.9",
            title: "a path length is negative",
            meaning: "Programs refuse it, or take it for a huge one, which constrains nothing.",
            remedy: "Make the authority anew.",
        },
        check: |case| {
            let value = case.view.extension(BASIC_CONSTRAINTS.as_bytes())?.value;
            let mut parts = Reader::only(value, tag::SEQUENCE)?.open();
            let _ = parts.take_if(tag::BOOLEAN);
            let first = parts.take_if(tag::INTEGER)?.value.first()?;
            (first & 0x80 != 0).then(|| "its path length is below zero".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "ca-without-key-identifier",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.2",
            title: "an authority has no subject key identifier",
            meaning: "After a change of keys under the same name, programs cannot tell which certificate belongs \
                      to which key, and some try the wrong one only.",
            remedy: "Make the next authority with a subject key identifier.",
        },
        check: |case| {
            let has_none =
                case.view.version == 3 && case.view.extension(SUBJECT_KEY_IDENTIFIER.as_bytes()).is_none();
            (case.is_authority() && has_none).then(|| "it has no subject key identifier".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "authority-key-identifier-missing",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.1",
            title: "a certificate does not say which key signed it",
            meaning: "After a change of the authority's key under the same name, programs have to try them all, \
                      and some try the wrong one only.",
            remedy: "Issue the next one with an authority key identifier.",
        },
        // Where the issuer has no identifier there is none to write: that is the issuer's fault.
        check: |case| {
            // Where it breaks off before, nobody knows.
            let is_read = case.view.version == 3 && !case.view.subject_public_key_info.is_empty();
            let has_none = is_read && case.view.extension(AUTHORITY_KEY_IDENTIFIER.as_bytes()).is_none();
            let issuer = case.set.routes.issuer(case.index);
            let issuer = issuer.and_then(|issuer| case.set.material.certificate(issuer));
            let can_name = issuer.is_none_or(|issuer| issuer.facts.subject_key_identifier.is_some());
            (has_none && can_name && case.link() != Link::Own && !case.view.is_self_issued())
                .then(|| "it has no authority key identifier".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "name-constraints-on-leaf",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.10",
            title: "a certificate that is no authority has name constraints",
            meaning: "They bind what an authority issues, and this one issues nothing. Strict programs refuse it.",
            remedy: "Issue it anew without them; they belong into the authority.",
        },
        check: |case| {
            let has = case.view.extension(NAME_CONSTRAINTS.as_bytes()).is_some();
            (has && !case.is_authority())
                .then(|| "it has name constraints, and it is no authority".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "key-usage-empty",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.3",
            title: "the key usage allows nothing",
            meaning: "At least one bit has to be set. Strict programs use the key for nothing.",
            remedy: "Issue it anew with the usages that it needs.",
        },
        check: |case| {
            let usage = case.view.key_usage()?;
            (usage == KeyUsageBits(0)).then(|| "no bit of its key usage is set".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "key-usage-unfit",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 5480, 3; RFC 8410, 5",
            title: "the key usage allows what the kind of key cannot do",
            meaning: "Only RSA keys encrypt other keys. Programs pass over the bit; linters do not. cfssl's \
                      profiles set `key encipherment` for every kind of key.",
            remedy: "Leave `key encipherment` out of profiles for ECDSA and Ed25519 keys.",
        },
        check: |case| {
            let usage = case.view.key_usage()?;
            let unfit: &[u8] = match case.key.kind {
                PublicKeyKind::Ec(_) => &[2, 3],
                PublicKeyKind::Ed25519 | PublicKeyKind::Ed448 => &[2, 3, 4],
                PublicKeyKind::X25519 | PublicKeyKind::X448 => &[0, 1, 2, 3, 5, 6],
                PublicKeyKind::Dsa => &[2, 3, 4],
                _ => &[],
            };
            let names: Vec<&str> = unfit
                .iter()
                .filter(|bit| usage.has(**bit))
                .filter_map(|bit| KeyUsageBits::NAMES.get(usize::from(*bit)).copied())
                .collect();
            (!names.is_empty())
                .then(|| format!("its key is {} and cannot do {}", case.key.words(), few(&names)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "tls-without-digital-signature",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 8446, 4.4.2.2",
            title: "the key usage of a TLS certificate lacks digitalSignature",
            meaning: "In TLS 1.3, and in TLS 1.2 with forward secrecy, the key signs. Strict programs refuse a \
                      certificate whose key usage does not allow it.",
            remedy: "Issue it anew with the usage `signing` (`digital signature`).",
        },
        check: |case| {
            let usage = case.view.key_usage()?;
            let is_tls = matches!(case.certificate.facts.role, Role::Server | Role::Client | Role::Peer);
            (is_tls && !usage.has(0) && usage != KeyUsageBits(0))
                .then(|| "its key usage lacks digitalSignature".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "purpose-any",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.12",
            title: "the extended key usage allows everything",
            meaning: "A key for everything is worth more to a thief, and Rust looks for the purpose itself and \
                      refuses the certificate.",
            remedy: "Issue the next one with `server auth` or `client auth`.",
        },
        check: |case| {
            let purposes = case.view.extended_key_usage()?;
            (!case.is_authority() && purposes.contains(&ANY_PURPOSE))
                .then(|| "its extended key usage has anyExtendedKeyUsage".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "purpose-missing",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.12",
            title: "a certificate does not say what it is for",
            meaning: "It is good for servers, clients, code and mail alike.",
            remedy: "Issue the next one with `server auth` or `client auth`.",
        },
        check: |case| {
            let is_silent =
                case.view.version == 3 && case.view.extension(EXTENDED_KEY_USAGE.as_bytes()).is_none();
            (is_silent && !case.is_authority()).then(|| "it has no extended key usage".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "authority-as-server",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.9",
            title: "an authority has the names of a server",
            meaning: "Its key would lie on a server and can sign certificates for every name. Rust refuses an \
                      authority as a server's certificate. `openssl req -x509` makes such ones.",
            remedy: "Let an authority sign a certificate for the server that is none.",
        },
        // The authorities of kubeadm have their common name, a bare word, as an alternative name.
        check: |case| {
            let is_host = |name: &GeneralName<'_>| match name {
                GeneralName::Dns(octets) => octets.contains(&b'.') || *octets == b"localhost",
                GeneralName::Ip(_) => true,
                _ => false,
            };
            let host = case.names.iter().find(|name| is_host(name)).filter(|_| case.is_authority())?;
            Some(format!("it is an authority and has the name {}", host.text().unwrap_or_default()))
        },
    },
];

/// The bit of keyUsage that allows signing certificates.
const CERT_SIGN: u8 = 5;

/// The name RFC 5280 gives an extension, or its dotted numbers.
fn known_name(oid: &[u8]) -> String {
    let name = match oid {
        [0x55, 0x1d, arc] => match arc {
            14 => "subjectKeyIdentifier",
            15 => "keyUsage",
            17 => "subjectAltName",
            18 => "issuerAltName",
            19 => "basicConstraints",
            30 => "nameConstraints",
            31 => "cRLDistributionPoints",
            32 => "certificatePolicies",
            35 => "authorityKeyIdentifier",
            36 => "policyConstraints",
            37 => "extKeyUsage",
            54 => "inhibitAnyPolicy",
            _ => "",
        },
        [0x2b, 6, 1, 5, 5, 7, 1, 1] => "authorityInfoAccess",
        [0x2b, 6, 1, 5, 5, 7, 1, 11] => "subjectInfoAccess",
        _ => "",
    };
    match name {
        "" => format!("extension {}", crate::inspect::view::dotted(oid)),
        name => name.to_owned(),
    }
}
