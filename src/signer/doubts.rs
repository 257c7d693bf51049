//! What cfssl does without a word and people are hurt by: told as warnings.

use crate::json::{format_rfc3339, quote};
use crate::model::{CaRole, Host, SigningProfile, Usage, Violation, looks_like_host};
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
    if !serves || hosts.is_empty() || !looks_like_host(name) || hosts.iter().any(|host| host.covers(name)) {
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
    let mut warnings: Vec<Warning> = of_age("the CA certificate", issuer, now).into_iter().collect();
    let mut add = |kind, message: String, hint: &str| warnings.push(Warning::new(kind, message).hint(hint));
    let role_fault = match (issuer.role, issuer.may_sign_certificates) {
        // Some take such a root where it is trusted, above all one of version 1.
        (None, _) => {
            Some(("the CA certificate has no basic constraints", "many programs will refuse what it signs"))
        }
        (Some(CaRole::EndEntity), _) => {
            Some(("the certificate given as CA is not one", "what it signs will not verify"))
        }
        (Some(CaRole::Authority { .. }), Some(false)) => Some((
            "the key usage of the CA certificate does not allow signing certificates",
            "what it signs will not verify",
        )),
        _ => None,
    };
    if let Some((fault, hint)) = role_fault {
        add(WarningKind::IssuerNotAuthority, fault.to_owned(), hint);
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

/// A certificate that signs before or after its time.
pub(super) fn of_age(what: &str, signer: &IssuerCertificate, now: OffsetDateTime) -> Option<Warning> {
    let (message, hint) = if now > signer.not_after {
        let message = format!("{what} expired on {}", format_rfc3339(signer.not_after));
        match signer.role {
            Some(CaRole::Authority { .. }) => (message, "renew it with `cfssl gencert -renewca`"),
            _ => (message, "issue a new one"),
        }
    } else if now < signer.not_before {
        let message = format!("{what} is not valid before {}", format_rfc3339(signer.not_before));
        (message, "look at this machine's clock")
    } else {
        return None;
    };
    Some(Warning::new(WarningKind::IssuerNotValid, message).hint(hint))
}

/// A CRL whose issuer may not sign one.
pub(super) fn of_crl_issuer(issuer: &IssuerCertificate) -> Option<Warning> {
    let fault = match (issuer.role, issuer.may_sign_revocation_lists) {
        (None, _) => "the CA certificate has no basic constraints",
        (Some(CaRole::EndEntity), _) => "the certificate given as CA is not one",
        (_, Some(false)) => "the key usage of the CA certificate does not allow signing CRLs",
        _ => return None,
    };
    Some(Warning::new(WarningKind::IssuerNotAuthority, fault).hint("clients will not accept its CRLs"))
}

/// A CRL or a response that is out of date at once.
pub(super) fn of_updates(
    what: &str,
    this_update: OffsetDateTime,
    next_update: OffsetDateTime,
) -> Option<Warning> {
    (next_update <= this_update).then(|| {
        Warning::new(WarningKind::Unwise, format!("{what} is out of date as soon as it is made"))
            .hint("give a time until the next one that is above zero")
    })
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

/// Names that the issuer's own certificate forbids; clients will refuse them. A mail address in the subject counts
/// as well (RFC 5280 section 4.2.1.10), and so does a common name where no DNS name is there: openssl and others take
/// it for one.
pub(super) fn of_constraints(
    issuer: &IssuerCertificate,
    role: CaRole,
    subject: &DistinguishedName,
    hosts: &[Host],
) -> Vec<Warning> {
    let Some(constraints) = &issuer.name_constraints else {
        return Vec::new();
    };
    let check = |what: &str, host: &Host| {
        let name = match host {
            Host::Dns(name) | Host::Email(name) | Host::Uri(name) => quote(name),
            Host::Ip(address) => quote(&address.to_string()),
        };
        let message = match constraints.check(host) {
            Ok(()) => return None,
            Err(Violation::Excluded(subtree)) => {
                format!("the CA's name constraints exclude {subtree}, and with it the {what} {name}")
            }
            Err(Violation::NotPermitted) => {
                format!("the CA's name constraints do not permit the {what} {name}")
            }
        };
        let hint = match (what, host) {
            ("host", Host::Dns(name)) if name.ends_with('.') => {
                "the certificate will not verify; write the host without the dot at its end".to_owned()
            }
            ("host", _) => "the certificate will not verify; leave the host out or use another CA".to_owned(),
            ("common name", _) => {
                "openssl and others will not verify the certificate; add a DNS name that is permitted to the hosts, \
                 or use another common name"
                    .to_owned()
            }
            (what, _) => format!("the certificate will not verify; leave the {what} out or use another CA"),
        };
        Some(Warning::new(WarningKind::NameConstraint, message).hint(hint))
    };
    let mail: Vec<Host> = subject.mail_addresses().map(|address| Host::Email(address.to_owned())).collect();
    let names_host = hosts.iter().any(|host| matches!(host, Host::Dns(_)));
    let common_name = subject
        .common_name()
        .filter(|name| role == CaRole::EndEntity && !names_host && looks_like_host(name) && is_domain(name));
    let common_name = common_name.map(|name| Host::Dns(name.to_owned()));
    let Some((hosts, constrained_mail)) = constraints.comparable(hosts).zip(constraints.comparable(&mail))
    else {
        let message = "the CA has too many name constraints to be compared with all names";
        return vec![
            Warning::new(WarningKind::NameConstraint, message)
                .hint("Go and openssl refuse such a certificate; spread the names over several"),
        ];
    };
    let of_mail = |address: &Host| match constrained_mail.is_empty() {
        true => unread_mail(),
        false => check("subject's mail address", address).unwrap_or_else(unread_mail),
    };
    hosts
        .into_iter()
        .filter_map(|host| check("host", host))
        .chain(mail.iter().map(of_mail))
        .chain(common_name.and_then(|name| check("common name", &name)))
        .collect()
}

/// cfssl writes a mail address of the subject as a UTF8String, where openssl wants the IA5String of RFC 5280 appendix
/// A.1 to hold it against constraints.
fn unread_mail() -> Warning {
    let message = "openssl verifies no mail address in the subject below a CA with name constraints";
    Warning::new(WarningKind::NameConstraint, message).hint("put the address into the hosts instead")
}

/// True for several labels with a dot between them, as those have that openssl takes for DNS names.
fn is_domain(name: &str) -> bool {
    !name.contains(['*', ':']) && name.trim_matches('.').contains('.')
}

/// A subject outside the directory names that the issuer's own certificate permits.
pub(super) fn of_directory(issuer: &IssuerCertificate, subject: &DistinguishedName) -> Option<Warning> {
    let [permitted, excluded] = &issuer.directory_constraints;
    let below = |names: &[DistinguishedName]| names.iter().any(|name| subject.is_within(name));
    let message = match (below(permitted) || permitted.is_empty(), below(excluded)) {
        _ if subject.is_empty() => return None,
        (true, false) => return None,
        (_, true) => "the CA's name constraints exclude the subject",
        (false, false) => "the CA's name constraints do not permit the subject",
    };
    Some(
        Warning::new(WarningKind::NameConstraint, message)
            .hint("the certificate will not verify; change the subject or use another CA"),
    )
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
