//! What cfssl does without a word and people are hurt by: told as warnings.

use crate::json::{format_rfc3339, quote};
use crate::model::{CaRole, Host, SigningProfile, Usage, Violation};
use crate::x509::{DistinguishedName, IssuerCertificate, TbsCertificate};
use crate::{Warning, WarningKind};
use time::OffsetDateTime;

/// A server certificate whose common name is a host name that its hosts lack: no client looks at the
/// common name any more (RFC 9525 section 2). Without any host, cfssl has a warning of its own.
pub(super) fn of_names(
    profile: &SigningProfile,
    subject: &DistinguishedName,
    hosts: &[Host],
) -> Option<Warning> {
    let serves =
        profile.ca == CaRole::EndEntity && profile.usages.iter().any(|usage| usage.word() == "server auth");
    let name = subject.common_name()?;
    if !serves || hosts.is_empty() || !looks_like_host(name) || hosts.iter().any(|host| covers(host, name)) {
        return None;
    }
    let message = format!("the common name {} is not among the hosts of a server certificate", quote(name));
    Some(
        Warning::new(WarningKind::CommonNameNotInHosts, message)
            .hint("clients look at the hosts only; add it there if they use it"),
    )
}

/// An issuer that has expired, is no CA, or dies before what it signs.
pub(super) fn of_issuer(
    issuer: &IssuerCertificate,
    now: OffsetDateTime,
    certificate: &TbsCertificate,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut add = |kind, message: String, hint: &str| warnings.push(Warning::new(kind, message).hint(hint));
    if now > issuer.not_after {
        let message = format!("the CA certificate expired on {}", format_rfc3339(issuer.not_after));
        add(WarningKind::IssuerNotValid, message, "renew it with `cfssl gencert -renewca`");
    } else if now < issuer.not_before {
        let message = format!("the CA certificate is not valid before {}", format_rfc3339(issuer.not_before));
        add(WarningKind::IssuerNotValid, message, "look at this machine's clock");
    }
    let role_fault = match (issuer.role, issuer.may_sign_certificates) {
        (None, _) => Some("the CA certificate has no basic constraints"),
        (Some(CaRole::EndEntity), _) => Some("the certificate given as CA is not one"),
        (Some(CaRole::Authority { .. }), Some(false)) => {
            Some("the key usage of the CA certificate does not allow signing certificates")
        }
        _ => None,
    };
    if let Some(fault) = role_fault {
        add(WarningKind::IssuerNotAuthority, fault.to_owned(), "what it signs will not verify");
    }
    if certificate.not_after > issuer.not_after {
        let message = format!(
            "the certificate is valid until {}, longer than its CA, which ends on {}",
            format_rfc3339(certificate.not_after),
            format_rfc3339(issuer.not_after)
        );
        add(WarningKind::OutlivesIssuer, message, "shorten the profile's `expiry`");
    }
    warnings
}

/// A CA below one that may have none below it. cfssl looks only where the CSR asks for a CA itself.
pub(super) fn of_path(
    profile: &SigningProfile,
    asked: Option<CaRole>,
    issuer: &IssuerCertificate,
) -> Option<Warning> {
    let CaRole::Authority { path_len } = profile.ca else {
        return None;
    };
    let limit = match issuer.role {
        Some(CaRole::Authority { path_len: Some(limit) }) => limit,
        _ => return None,
    };
    let message = match (limit, path_len) {
        (0, _) if !matches!(asked, Some(CaRole::Authority { .. })) => {
            "the CA's path length of 0 forbids CAs below it".to_owned()
        }
        (1.., Some(length)) if length >= limit => {
            format!("a path length of {length} below a CA with a path length of {limit} will not verify")
        }
        _ => return None,
    };
    Some(Warning::new(WarningKind::PathLength, message).hint("what the new CA signs will not verify"))
}

/// Names that the issuer's own certificate forbids; every client will refuse them.
pub(super) fn of_constraints<'h>(
    issuer: &'h IssuerCertificate,
    hosts: &'h [Host],
) -> impl Iterator<Item = Warning> + 'h {
    let constraints = issuer.name_constraints.iter();
    constraints.flat_map(move |constraints| {
        hosts.iter().filter_map(move |host| {
            let name = match host {
                Host::Dns(name) | Host::Email(name) | Host::Uri(name) => quote(name),
                Host::Ip(address) => quote(&address.to_string()),
            };
            let message = match constraints.check(host) {
                Ok(()) => return None,
                Err(Violation::Excluded(subtree)) => {
                    format!("the CA's name constraints exclude {subtree}, and with it the host {name}")
                }
                Err(Violation::NotPermitted) => {
                    format!("the CA's name constraints do not permit the host {name}")
                }
            };
            Some(
                Warning::new(WarningKind::NameConstraint, message)
                    .hint("the certificate will not verify; leave the host out or use another CA"),
            )
        })
    })
}

/// A certificate that is never valid, or a CA that may sign nothing.
pub(super) fn of_validity(certificate: &TbsCertificate) -> Option<Warning> {
    (certificate.not_after <= certificate.not_before).then(|| {
        Warning::new(WarningKind::Unwise, "the certificate ends before it begins: it is never valid")
            .hint("look at `expiry` and `backdate`")
    })
}

/// A CA profile that lacks the usage that makes a CA.
pub(super) fn of_authority_usages(profile: &SigningProfile) -> Option<Warning> {
    let signs = profile.usages.iter().any(|usage| Usage::key_usage_bit(*usage) == Some(5));
    (profile.ca != CaRole::EndEntity && !signs).then(|| {
        Warning::new(WarningKind::Unwise, "the profile makes CAs that may not sign certificates")
            .hint("add `cert sign` and `crl sign` to its usages")
    })
}

fn looks_like_host(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    !name.is_empty() && (name.bytes().all(letter) || name.parse::<std::net::IpAddr>().is_ok())
}

fn covers(host: &Host, name: &str) -> bool {
    match host {
        Host::Dns(pattern) => {
            let wildcard = pattern.strip_prefix("*.").zip(name.split_once('.'));
            pattern.eq_ignore_ascii_case(name)
                || wildcard.is_some_and(|(domain, (_, parent))| domain.eq_ignore_ascii_case(parent))
        }
        Host::Ip(address) => name.parse() == Ok(*address),
        Host::Email(_) | Host::Uri(_) => false,
    }
}
