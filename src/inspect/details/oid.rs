//! Object identifiers and their names.

use crate::inspect::text::{push_hex, push_number};
use crate::x509::extension as known;
use der::asn1::ObjectIdentifier;
use std::fmt;

/// The contents of an object identifier; shown in dotted numbers, or in hexadecimal where they are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid<'a>(pub &'a [u8]);

const fn id(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub(super) const DOMAIN_SERVICE: ObjectIdentifier = id("1.3.6.1.5.5.7.8.7");
pub(super) const MICROSOFT_TEMPLATE: ObjectIdentifier = id("1.3.6.1.4.1.311.21.7");
pub(super) const MICROSOFT_TEMPLATE_NAME: ObjectIdentifier = id("1.3.6.1.4.1.311.20.2");
pub(super) const MICROSOFT_USER: ObjectIdentifier = id("1.3.6.1.4.1.311.20.2.3");
pub(super) const NETSCAPE_COMMENT: ObjectIdentifier = id("2.16.840.1.113730.1.13");
pub(super) const NETSCAPE_TYPE: ObjectIdentifier = id("2.16.840.1.113730.1.1");
pub(super) const PRECERTIFICATE: ObjectIdentifier = id("1.3.6.1.4.1.11129.2.4.3");
pub(super) const TIMESTAMPS: ObjectIdentifier = id("1.3.6.1.4.1.11129.2.4.2");
pub(super) const TLS_FEATURE: ObjectIdentifier = id("1.3.6.1.5.5.7.1.24");

/// Extensions, purposes, policies, access methods and other names: those that are met most come first.
const NAMES: [(ObjectIdentifier, &str); 66] = [
    (known::KEY_USAGE, "keyUsage"),
    (known::EXTENDED_KEY_USAGE, "extKeyUsage"),
    (known::BASIC_CONSTRAINTS, "basicConstraints"),
    (known::SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (known::AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    (known::SUBJECT_ALT_NAME, "subjectAltName"),
    (id("1.3.6.1.5.5.7.3.1"), "serverAuth"),
    (id("1.3.6.1.5.5.7.3.2"), "clientAuth"),
    (known::AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
    (known::CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"),
    (known::CERTIFICATE_POLICIES, "certificatePolicies"),
    (TIMESTAMPS, "signedCertificateTimestampList"),
    (id("1.3.6.1.5.5.7.48.1"), "ocsp"),
    (id("1.3.6.1.5.5.7.48.2"), "caIssuers"),
    (known::NAME_CONSTRAINTS, "nameConstraints"),
    // Further extensions.
    (id("2.5.29.9"), "subjectDirectoryAttributes"),
    (id("2.5.29.16"), "privateKeyUsagePeriod"),
    (id("2.5.29.18"), "issuerAltName"),
    (id("2.5.29.33"), "policyMappings"),
    (id("2.5.29.36"), "policyConstraints"),
    (id("2.5.29.46"), "freshestCRL"),
    (id("2.5.29.54"), "inhibitAnyPolicy"),
    (id("1.3.6.1.5.5.7.1.3"), "qcStatements"),
    (id("1.3.6.1.5.5.7.1.11"), "subjectInfoAccess"),
    (TLS_FEATURE, "tlsFeature"),
    (known::OCSP_NO_CHECK, "ocspNoCheck"),
    (known::DELEGATION_USAGE, "delegationUsage"),
    (PRECERTIFICATE, "precertificatePoison"),
    (NETSCAPE_TYPE, "netscapeCertType"),
    (NETSCAPE_COMMENT, "netscapeComment"),
    (MICROSOFT_TEMPLATE_NAME, "microsoftCertificateTemplateName"),
    (MICROSOFT_TEMPLATE, "microsoftCertificateTemplate"),
    (id("1.3.6.1.4.1.311.21.1"), "microsoftCaVersion"),
    (id("1.3.6.1.4.1.311.21.2"), "microsoftPreviousCaHash"),
    (id("1.3.6.1.4.1.311.21.10"), "microsoftApplicationPolicies"),
    (id("1.3.6.1.4.1.311.25.2"), "microsoftNtdsSecurity"),
    (id("1.2.840.113549.1.9.15"), "smimeCapabilities"),
    // Further purposes.
    (id("1.3.6.1.5.5.7.3.3"), "codeSigning"),
    (id("1.3.6.1.5.5.7.3.4"), "emailProtection"),
    (id("1.3.6.1.5.5.7.3.5"), "ipsecEndSystem"),
    (id("1.3.6.1.5.5.7.3.6"), "ipsecTunnel"),
    (id("1.3.6.1.5.5.7.3.7"), "ipsecUser"),
    (id("1.3.6.1.5.5.7.3.8"), "timeStamping"),
    (id("1.3.6.1.5.5.7.3.9"), "OCSPSigning"),
    (id("1.3.6.1.5.5.7.3.17"), "ipsecIKE"),
    (id("1.3.6.1.5.5.7.3.27"), "cmcCA"),
    (id("1.3.6.1.5.5.7.3.28"), "cmcRA"),
    (id("1.3.6.1.5.5.7.3.36"), "documentSigning"),
    (id("2.5.29.37.0"), "anyExtendedKeyUsage"),
    (id("1.3.6.1.4.1.311.2.1.21"), "microsoftIndividualCodeSigning"),
    (id("1.3.6.1.4.1.311.2.1.22"), "microsoftCommercialCodeSigning"),
    (id("1.3.6.1.4.1.311.10.3.3"), "microsoftServerGatedCrypto"),
    (id("1.3.6.1.4.1.311.10.3.4"), "microsoftEncryptedFileSystem"),
    (id("1.3.6.1.4.1.311.20.2.2"), "microsoftSmartcardLogon"),
    (id("2.16.840.1.113730.4.1"), "netscapeServerGatedCrypto"),
    (id("1.3.6.1.5.2.3.4"), "kerberosClientAuth"),
    (id("1.3.6.1.5.2.3.5"), "kerberosKdcAuth"),
    // Policies.
    (id("2.5.29.32.0"), "anyPolicy"),
    (id("2.23.140.1.1"), "extendedValidation"),
    (id("2.23.140.1.2.1"), "domainValidated"),
    (id("2.23.140.1.2.2"), "organizationValidated"),
    (id("2.23.140.1.2.3"), "individualValidated"),
    // Other names.
    (MICROSOFT_USER, "userPrincipalName"),
    (DOMAIN_SERVICE, "dnsSrv"),
    (id("1.3.6.1.5.5.7.8.5"), "xmppAddress"),
    (id("1.3.6.1.5.5.7.8.9"), "smtpUtf8Mailbox"),
];

impl Oid<'_> {
    /// What the standard that defines it calls it, such as `serverAuth` or `keyUsage`; `None` for what is not
    /// known here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(oid, _)| oid.as_bytes() == self.0).map(|(_, name)| *name)
    }

    /// Adds the dotted numbers.
    pub(crate) fn push_dotted(self, out: &mut String) {
        let start = out.len();
        if self.try_push_dotted(out).is_none() {
            out.truncate(start);
            push_hex(out, self.0);
        }
    }

    fn try_push_dotted(self, out: &mut String) -> Option<()> {
        let mut arc: u64 = 0;
        let mut is_first = true;
        let mut is_open = true;
        for octet in self.0 {
            arc = arc.checked_mul(128)?.checked_add(u64::from(octet & 0x7f))?;
            is_open = octet & 0x80 != 0;
            if is_open {
                continue;
            }
            if is_first {
                // The first two arcs are one number.
                let root = (arc / 40).min(2);
                push_number(out, root);
                arc -= root * 40;
                is_first = false;
            }
            out.push('.');
            push_number(out, arc);
            arc = 0;
        }
        (!is_open).then_some(())
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_dotted(&mut text);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn shows_dotted_numbers_and_names() {
        assert_eq!(Oid(&[0x55, 0x1d, 0x11]).to_string(), "2.5.29.17");
        assert_eq!(Oid(&[0x55, 0x1d, 0x11]).name(), Some("subjectAltName"));
        assert_eq!(Oid(&[0x88, 0x37, 3]).to_string(), "2.999.3");
        assert_eq!(Oid(&[0x88, 0x37, 3]).name(), None);
        for broken in [&[][..], &[0x2a, 0x86], &[0xff; 12]] {
            assert_eq!(Oid(broken).to_string(), crate::inspect::text::hex(broken));
        }
    }

    #[test]
    fn no_identifier_and_no_name_stands_twice() {
        let identifiers: BTreeSet<_> = NAMES.iter().map(|(oid, _)| oid.as_bytes().to_vec()).collect();
        let names: BTreeSet<_> = NAMES.iter().map(|(_, name)| name).collect();
        assert_eq!((identifiers.len(), names.len()), (NAMES.len(), NAMES.len()));
    }
}
