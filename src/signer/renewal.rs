//! A CA that is renewed under its old key.

use super::local::sealed;
use super::{Ask, Authority, Issuance, Issued, apply};
use crate::csr::CsrContent;
use crate::json::quote;
use crate::keys::SigningKey;
use crate::model::{CaRole, Host, SigningProfile};
use crate::x509::extension::{self, SUBJECT_ALT_NAME, SUBJECT_KEY_IDENTIFIER};
use crate::x509::{Certificate, Extension, IssuerCertificate};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use der::asn1::ObjectIdentifier;

/// The DER of a name without attributes.
const EMPTY_NAME: &[u8] = &[0x30, 0];

impl Authority {
    /// A CA certificate that continues an old one under the same key, as `gencert -renewca` does: same
    /// subject, same lifetime, new serial number.
    ///
    /// Unlike cfssl, which writes the subject anew and may change it, the subject's bytes and the subject
    /// key identifier are the old ones, so that everything the old certificate signed still verifies.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] for an unreadable certificate, [`ErrorKind::Usage`] for one that is
    /// no CA, [`ErrorKind::PrivateKeyMismatch`] where the key is not its own.
    pub fn renew(certificate: &Certificate, key: &dyn SigningKey, issuance: Issuance) -> Result<Issued> {
        let old = IssuerCertificate::from_der(certificate.der())?;
        let Some(role @ CaRole::Authority { .. }) = old.role else {
            return Err(Error::new(ErrorKind::Usage, "input certificate is not a CA cert")
                .explain("the certificate to renew is not a CA"));
        };
        if !old.has_key(key.subject_public_key_info()) {
            return Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .explain("the CA key does not belong to the CA certificate")
                .hint("give the two files of one CA"));
        }
        let lifetime = old.not_after - old.not_before;
        let nanoseconds = i64::try_from(lifetime.whole_nanoseconds()).unwrap_or(i64::MAX);
        let profile = SigningProfile {
            expiry: crate::json::GoDuration::from_nanoseconds(nanoseconds),
            ca: role,
            ..SigningProfile::built_in_authority()
        };
        let content = CsrContent {
            subject: crate::x509::DistinguishedName::default(),
            subject_public_key_info: old.subject_public_key_info.clone(),
            hosts: old.ip_hosts().collect(),
            role: None,
            extensions: Vec::new(),
        };
        let mut template = apply(&profile, &profile, &content, &Ask::default(), None, issuance)?;
        template.tbs.subject.clone_from(&old.subject);
        template.tbs.issuer.clone_from(&old.subject);
        for extension in &mut template.tbs.extensions {
            match (extension.id, &old.subject_key_identifier) {
                (SUBJECT_KEY_IDENTIFIER, Some(old)) => *extension = Extension::subject_key_identifier(old),
                // The template was made without the subject; only a certificate that has none needs the names.
                (SUBJECT_ALT_NAME, _) => extension.critical = old.subject == EMPTY_NAME,
                _ => {}
            }
        }
        // As they are: what is not read of them constrains all the same.
        template.tbs.extensions.extend(old.name_constraints_extension.clone());
        let mut issued = sealed(template, key)?;
        issued.warnings.extend(losses(&old, &profile));
        Ok(issued)
    }
}

/// What of the old certificate the new one lacks.
fn losses(old: &IssuerCertificate, profile: &SigningProfile) -> Vec<Warning> {
    let mut losses: Vec<String> = Vec::new();
    let usages = old
        .key_usages
        .iter()
        .filter(|usage| !profile.usages.iter().any(|kept| kept.key_usage_bit() == usage.key_usage_bit()));
    losses.extend(usages.map(|usage| format!("usage {}", quote(usage.word()))));
    losses.extend(old.hosts.iter().filter_map(|host| match host {
        Host::Dns(name) | Host::Email(name) | Host::Uri(name) => Some(format!("host {}", quote(name))),
        Host::Ip(_) => None,
    }));
    let extensions = old.other_extensions.iter().filter(|id| **id != extension::AUTHORITY_KEY_IDENTIFIER);
    losses.extend(extensions.map(|id| match extension_words(*id) {
        Some(words) => format!("extension {id} ({words})"),
        None => format!("extension {id}"),
    }));
    let mut warnings: Vec<Warning> = losses
        .into_iter()
        .map(|lost| {
            let message = format!("the old certificate's {lost} is not carried over");
            Warning::new(WarningKind::Ignored, message)
        })
        .collect();
    if old.issuer != old.subject {
        let message = "the old certificate was issued by another CA, and the new one signs itself: it is a root, \
                       and what it signed no longer leads to that CA";
        warnings.push(Warning::new(WarningKind::Unwise, message).hint(
            "to stay below that CA, make a CSR with `cfssl gencsr -key KEY -cert FILE` and let the CA `cfssl sign` \
             it, with a profile for CAs",
        ));
    }
    warnings
}

/// What people call the extensions of CAs that are not carried over.
fn extension_words(id: ObjectIdentifier) -> Option<&'static str> {
    const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
    const POLICY_MAPPINGS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.33");
    const POLICY_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.36");
    const FRESHEST_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.46");
    const INHIBIT_ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.54");
    const SUBJECT_INFO_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.11");
    const NETSCAPE_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113730.1.1");
    const NETSCAPE_COMMENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113730.1.13");
    const MICROSOFT_TEMPLATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2");
    const MICROSOFT_VERSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.21.1");
    const MICROSOFT_PREVIOUS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.21.2");
    Some(match id {
        extension::AUTHORITY_INFO_ACCESS => "authority information access",
        extension::CERTIFICATE_POLICIES => "certificate policies",
        extension::CRL_DISTRIBUTION_POINTS => "CRL distribution points",
        extension::EXTENDED_KEY_USAGE => "extended key usage",
        extension::OCSP_NO_CHECK => "OCSP no check",
        ISSUER_ALT_NAME => "issuer alternative name",
        POLICY_MAPPINGS => "policy mappings",
        POLICY_CONSTRAINTS => "policy constraints",
        FRESHEST_CRL => "freshest CRL",
        INHIBIT_ANY_POLICY => "inhibit any policy",
        SUBJECT_INFO_ACCESS => "subject information access",
        NETSCAPE_TYPE => "Netscape certificate type",
        NETSCAPE_COMMENT => "Netscape comment",
        MICROSOFT_TEMPLATE => "Microsoft certificate template",
        MICROSOFT_VERSION => "Microsoft CA version",
        MICROSOFT_PREVIOUS => "Microsoft previous CA certificate hash",
        _ => return None,
    })
}
