//! Certificate extensions (RFC 5280 section 4.2), byte for byte as cfssl writes them.

use super::der_reader::tag;
use super::der_writer::{context, integer, octet_string, oid, sequence, tagged};
use crate::model::{
    CaRole, CertificatePolicy, Host, NameConstraints, NameSubtree, PolicyQualifier, RevocationReason, Usage,
};
use der::asn1::ObjectIdentifier;
use std::net::IpAddr;

/// An extension: its identifier, whether it is critical, and the DER of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// What it is.
    pub id: ObjectIdentifier,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// The DER of its value, which stands inside the OCTET STRING.
    pub value: Vec<u8>,
}

const fn id(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub(crate) const AUTHORITY_INFO_ACCESS: ObjectIdentifier = id("1.3.6.1.5.5.7.1.1");
pub(crate) const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = id("2.5.29.35");
pub(crate) const BASIC_CONSTRAINTS: ObjectIdentifier = id("2.5.29.19");
pub(crate) const CERTIFICATE_POLICIES: ObjectIdentifier = id("2.5.29.32");
pub(crate) const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = id("2.5.29.31");
pub(crate) const CRL_NUMBER: ObjectIdentifier = id("2.5.29.20");
pub(crate) const DELEGATION_USAGE: ObjectIdentifier = id("1.3.6.1.4.1.44363.44");
pub(crate) const DELTA_CRL_INDICATOR: ObjectIdentifier = id("2.5.29.27");
pub(crate) const EXTENDED_KEY_USAGE: ObjectIdentifier = id("2.5.29.37");
pub(crate) const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = id("2.5.29.28");
pub(crate) const KEY_USAGE: ObjectIdentifier = id("2.5.29.15");
pub(crate) const NAME_CONSTRAINTS: ObjectIdentifier = id("2.5.29.30");
pub(crate) const OCSP_NO_CHECK: ObjectIdentifier = id("1.3.6.1.5.5.7.48.1.5");
pub(crate) const REASON_CODE: ObjectIdentifier = id("2.5.29.21");
pub(crate) const SUBJECT_ALT_NAME: ObjectIdentifier = id("2.5.29.17");
pub(crate) const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = id("2.5.29.14");
const ACCESS_CA_ISSUERS: ObjectIdentifier = id("1.3.6.1.5.5.7.48.2");
const ACCESS_OCSP: ObjectIdentifier = id("1.3.6.1.5.5.7.48.1");
const QUALIFIER_CPS: ObjectIdentifier = id("1.3.6.1.5.5.7.2.1");
const QUALIFIER_USER_NOTICE: ObjectIdentifier = id("1.3.6.1.5.5.7.2.2");

/// GeneralName's choices, by their context tag.
const RFC822_NAME: u8 = 0x81;
const DNS_NAME: u8 = 0x82;
const URI: u8 = 0x86;
const IP_ADDRESS: u8 = 0x87;

impl Extension {
    fn new(id: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Self {
        Self { id, critical, value }
    }

    /// keyUsage, critical (section 4.2.1.3); `None` where no usage is one of its bits.
    #[must_use]
    pub fn key_usage(usages: &[Usage]) -> Option<Self> {
        let mut bits = [0u8; 2];
        for bit in usages.iter().filter_map(|usage| usage.key_usage_bit()) {
            if let Some(octet) = bits.get_mut(usize::from(bit / 8)) {
                *octet |= 0x80 >> (bit % 8);
            }
        }
        // A named bit list is written without trailing zero bits (X.690 section 11.2.2).
        let content = match bits {
            [0, 0] => return None,
            [first, 0] => vec![first.trailing_zeros() as u8, first],
            [first, second] => vec![second.trailing_zeros() as u8, first, second],
        };
        Some(Self::new(KEY_USAGE, true, tagged(tag::BIT_STRING, &content)))
    }

    /// extKeyUsage (section 4.2.1.12) in the order given; `None` where no usage is a purpose.
    #[must_use]
    pub fn extended_key_usage(usages: &[Usage]) -> Option<Self> {
        let mut purposes = usages.iter().filter_map(|usage| usage.extended_key_usage()).peekable();
        purposes.peek()?;
        Some(Self::new(EXTENDED_KEY_USAGE, false, sequence(purposes.map(|purpose| oid(&purpose)))))
    }

    /// basicConstraints, critical (section 4.2.1.9).
    #[must_use]
    pub fn basic_constraints(role: CaRole) -> Self {
        let mut parts = Vec::new();
        if let CaRole::Authority { path_len } = role {
            parts.push(tagged(tag::BOOLEAN, &[0xff]));
            parts.extend(path_len.map(|length| integer(&length.to_be_bytes())));
        }
        Self::new(BASIC_CONSTRAINTS, true, sequence(parts))
    }

    /// subjectKeyIdentifier (section 4.2.1.2).
    #[must_use]
    pub fn subject_key_identifier(identifier: &[u8]) -> Self {
        Self::new(SUBJECT_KEY_IDENTIFIER, false, octet_string(identifier))
    }

    /// authorityKeyIdentifier with the key identifier only (section 4.2.1.1).
    #[must_use]
    pub fn authority_key_identifier(identifier: &[u8]) -> Self {
        Self::new(AUTHORITY_KEY_IDENTIFIER, false, sequence([tagged(0x80, identifier)]))
    }

    /// authorityInfoAccess (section 4.2.2.1): the responder, then the issuers; `None` without either.
    #[must_use]
    pub fn authority_info_access(ocsp_url: &str, issuer_urls: &[String]) -> Option<Self> {
        let ocsp = Some(ocsp_url).filter(|url| !url.is_empty()).map(|url| (ACCESS_OCSP, url));
        let issuers = issuer_urls.iter().map(|url| (ACCESS_CA_ISSUERS, url.as_str()));
        let mut entries = ocsp.into_iter().chain(issuers).peekable();
        entries.peek()?;
        let entries = entries.map(|(method, url)| sequence([oid(&method), tagged(URI, url.as_bytes())]));
        Some(Self::new(AUTHORITY_INFO_ACCESS, false, sequence(entries)))
    }

    /// subjectAltName (section 4.2.1.6): DNS names, mail addresses, IP addresses, URIs, each in the order
    /// given; `None` without hosts. Critical where the subject is empty.
    #[must_use]
    pub fn subject_alt_name(hosts: &[Host], critical: bool) -> Option<Self> {
        if hosts.is_empty() {
            return None;
        }
        let mut names: Vec<(u8, Vec<u8>)> = hosts.iter().map(general_name).collect();
        // DNS, mail, IP, URI; a stable sort keeps the order within a kind.
        names.sort_by_key(|(tag, _)| match *tag {
            DNS_NAME => 0,
            RFC822_NAME => 1,
            IP_ADDRESS => 2,
            _ => 3,
        });
        let names = names.iter().map(|(tag, content)| tagged(*tag, content));
        Some(Self::new(SUBJECT_ALT_NAME, critical, sequence(names)))
    }

    /// cRLDistributionPoints (section 4.2.1.13) with one point of one URI; `None` for an empty one.
    #[must_use]
    pub fn crl_distribution_point(url: &str) -> Option<Self> {
        if url.is_empty() {
            return None;
        }
        let full_name = context(0, [context(0, [tagged(URI, url.as_bytes())])]);
        Some(Self::new(CRL_DISTRIBUTION_POINTS, false, sequence([sequence([full_name])])))
    }

    /// certificatePolicies (section 4.2.1.4); `None` without policies.
    #[must_use]
    pub fn certificate_policies(policies: &[CertificatePolicy]) -> Option<Self> {
        if policies.is_empty() {
            return None;
        }
        let qualifier = |qualifier: &PolicyQualifier| match qualifier {
            PolicyQualifier::CpsUri(uri) => {
                sequence([oid(&QUALIFIER_CPS), tagged(tag::IA5_STRING, uri.as_bytes())])
            }
            PolicyQualifier::UserNotice(text) | PolicyQualifier::Untyped(text) => {
                sequence([oid(&QUALIFIER_USER_NOTICE), sequence([tagged(tag::UTF8_STRING, text.as_bytes())])])
            }
        };
        let information = |policy: &CertificatePolicy| {
            let mut parts = vec![oid(&policy.id)];
            if !policy.qualifiers.is_empty() {
                parts.push(sequence(policy.qualifiers.iter().map(qualifier)));
            }
            sequence(parts)
        };
        Some(Self::new(CERTIFICATE_POLICIES, false, sequence(policies.iter().map(information))))
    }

    /// nameConstraints, critical as section 4.2.1.10 demands.
    #[must_use]
    pub fn name_constraints(constraints: &NameConstraints) -> Self {
        let side = |number: u8, subtrees: &[NameSubtree]| {
            let subtrees = subtrees.iter().map(|subtree| sequence([general_subtree(subtree)]));
            Some(context(number, subtrees)).filter(|side| side.len() > 2)
        };
        let sides = [side(0, &constraints.permitted), side(1, &constraints.excluded)];
        Self::new(NAME_CONSTRAINTS, true, sequence(sides.into_iter().flatten()))
    }

    /// id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1).
    #[must_use]
    pub fn ocsp_no_check() -> Self {
        Self::new(OCSP_NO_CHECK, false, tagged(tag::NULL, &[]))
    }

    /// The delegation usage extension (RFC 9345 section 4.2).
    #[must_use]
    pub fn delegation_usage() -> Self {
        Self::new(DELEGATION_USAGE, false, tagged(tag::NULL, &[]))
    }

    /// cRLNumber of a CRL (section 5.2.3).
    #[must_use]
    pub fn crl_number(number: u64) -> Self {
        Self::new(CRL_NUMBER, false, integer(&number.to_be_bytes()))
    }

    /// reasonCode of a CRL's entry (section 5.3.1); `None` for an unspecified reason, which is not written.
    #[must_use]
    pub fn reason_code(reason: RevocationReason) -> Option<Self> {
        let code = (reason != RevocationReason::UNSPECIFIED).then(|| reason.code())?;
        Some(Self::new(REASON_CODE, false, tagged(tag::ENUMERATED, &[code])))
    }

    /// The DER of the extension itself.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut parts = vec![oid(&self.id)];
        if self.critical {
            parts.push(tagged(tag::BOOLEAN, &[0xff]));
        }
        parts.push(octet_string(&self.value));
        sequence(parts)
    }
}

fn general_subtree(subtree: &NameSubtree) -> Vec<u8> {
    match subtree {
        NameSubtree::Dns(domain) => tagged(DNS_NAME, domain.as_bytes()),
        NameSubtree::Email(address) => tagged(RFC822_NAME, address.as_bytes()),
        NameSubtree::Uri(host) => tagged(URI, host.as_bytes()),
        NameSubtree::Ip { address: IpAddr::V4(address), prefix } => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(u32::from(*prefix))).unwrap_or(0);
            let network = address.to_bits() & mask;
            tagged(IP_ADDRESS, &[network.to_be_bytes(), mask.to_be_bytes()].concat())
        }
        NameSubtree::Ip { address: IpAddr::V6(address), prefix } => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(u32::from(*prefix))).unwrap_or(0);
            let network = address.to_bits() & mask;
            tagged(IP_ADDRESS, &[network.to_be_bytes(), mask.to_be_bytes()].concat())
        }
    }
}

fn general_name(host: &Host) -> (u8, Vec<u8>) {
    match host {
        Host::Dns(name) => (DNS_NAME, name.clone().into_bytes()),
        Host::Email(address) => (RFC822_NAME, address.clone().into_bytes()),
        Host::Ip(IpAddr::V4(address)) => (IP_ADDRESS, address.octets().to_vec()),
        Host::Ip(IpAddr::V6(address)) => (IP_ADDRESS, address.octets().to_vec()),
        Host::Uri(uri) => (URI, uri.clone().into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    fn usages(words: &[&str]) -> Vec<Usage> {
        words.iter().map(|word| Usage::from_word(word).unwrap()).collect()
    }

    #[test]
    fn key_usage_is_a_minimal_bit_string() {
        for (words, expected) in [
            (&["digital signature"][..], "03020780"),
            (&["signing", "key encipherment"], "030205A0"),
            (&["cert sign", "crl sign"], "03020106"),
            (&["decipher only"], "0303070080"),
            (&["encipher only"], "03020001"),
        ] {
            assert_eq!(hex(&Extension::key_usage(&usages(words)).unwrap().value), expected);
        }
        assert_eq!(Extension::key_usage(&usages(&["server auth"])), None);
    }

    #[test]
    fn policies_are_written_as_cfssl_writes_them() {
        let policies = [
            CertificatePolicy { id: id("1.2.3"), qualifiers: Vec::new() },
            CertificatePolicy {
                id: id("2.5.29.32.0"),
                qualifiers: vec![
                    PolicyQualifier::CpsUri("http://cps/".to_owned()),
                    PolicyQualifier::UserNotice("héllo".to_owned()),
                ],
            },
        ];
        assert_eq!(
            hex(&Extension::certificate_policies(&policies).unwrap().value),
            concat!(
                "303F300406022A0330370604551D2000302F301706082B06010505070201160B687474703A2F2F6370732F",
                "301406082B0601050507020230080C0668C3A96C6C6F"
            )
        );
    }

    #[test]
    fn basic_constraints_of_a_leaf_are_empty() {
        assert_eq!(hex(&Extension::basic_constraints(CaRole::EndEntity).value), "3000");
        let authority = |path_len| hex(&Extension::basic_constraints(CaRole::Authority { path_len }).value);
        assert_eq!(authority(None), "30030101FF");
        assert_eq!(authority(Some(0)), "30060101FF020100");
        assert_eq!(authority(Some(200)), "30070101FF020200C8");
    }
}
