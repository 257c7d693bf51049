//! Extensions that are shown and on which nothing else depends.

use super::oid::{self, Oid};
use crate::asn1::reader::{Reader, tag};
use crate::inspect::text;
use crate::inspect::view::ExtensionView;
use crate::x509::extension as known;
use der::asn1::ObjectIdentifier;
use std::borrow::Cow;

/// One extension of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionDetails<'a> {
    /// What it is.
    pub oid: Oid<'a>,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// The DER of its value.
    pub value: &'a [u8],
    /// True where another member of the details says what it holds.
    pub is_decoded: bool,
}

/// A certificate policy (RFC 5280 section 4.2.1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDetails<'a> {
    /// Which policy.
    pub oid: Oid<'a>,
    /// Where the certification practice statement is.
    pub practice_statements: Vec<Cow<'a, str>>,
    /// What its user notices say.
    pub notices: Vec<Cow<'a, str>>,
}

/// What Netscape's extensions say, which old software looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetscapeDetails<'a> {
    /// The bits of netscape-cert-type: `sslClient`, `sslServer`, `smime`, `objectSigning`, `sslCA`, `smimeCA`,
    /// `objectSigningCA`.
    pub certificate_types: Vec<&'static str>,
    /// netscape-comment.
    pub comment: Option<Cow<'a, str>>,
}

/// Which template Microsoft's certificate services made it from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MicrosoftTemplate<'a> {
    /// Its name, in certificates of version 1 templates.
    pub name: Option<Cow<'a, str>>,
    /// Its identifier.
    pub oid: Option<Oid<'a>>,
    /// Its major and minor version.
    pub version: Option<(u32, u32)>,
}

/// The extensions that [`CertificateDetails`](super::CertificateDetails) has members for.
const DECODED: [ObjectIdentifier; 17] = [
    known::KEY_USAGE,
    known::EXTENDED_KEY_USAGE,
    known::BASIC_CONSTRAINTS,
    known::SUBJECT_KEY_IDENTIFIER,
    known::AUTHORITY_KEY_IDENTIFIER,
    known::SUBJECT_ALT_NAME,
    known::AUTHORITY_INFO_ACCESS,
    known::CRL_DISTRIBUTION_POINTS,
    known::CERTIFICATE_POLICIES,
    known::NAME_CONSTRAINTS,
    known::OCSP_NO_CHECK,
    oid::TIMESTAMPS,
    oid::TLS_FEATURE,
    oid::NETSCAPE_COMMENT,
    oid::NETSCAPE_TYPE,
    oid::MICROSOFT_TEMPLATE,
    oid::MICROSOFT_TEMPLATE_NAME,
];

impl<'a> ExtensionDetails<'a> {
    pub(super) fn new(extension: &ExtensionView<'a>) -> Self {
        let ExtensionView { oid, critical, value } = *extension;
        let is_decoded = DECODED.iter().any(|known| known.as_bytes() == oid) && !extension.is_broken();
        Self { oid: Oid(oid), critical, value, is_decoded }
    }
}

/// certificatePolicies, as far as they can be read.
pub(super) fn policies(value: &[u8]) -> Vec<PolicyDetails<'_>> {
    let list = Reader::only(value, tag::SEQUENCE).into_iter().flat_map(|list| list.open());
    list.filter_map(|policy| {
        let mut parts = policy.open();
        let oid = Oid(parts.take_if(tag::OID)?.value);
        let mut policy = PolicyDetails { oid, practice_statements: Vec::new(), notices: Vec::new() };
        for qualifier in parts.take_if(tag::SEQUENCE).into_iter().flat_map(|list| list.open()) {
            let mut parts = qualifier.open();
            let (Some(kind), Some(value)) = (parts.take_if(tag::OID), parts.next()) else { continue };
            match kind.value {
                [0x2b, 6, 1, 5, 5, 7, 2, 1] => policy.practice_statements.extend(text::borrowed(value)),
                // The reference to a notice elsewhere is a SEQUENCE, and no text.
                [0x2b, 6, 1, 5, 5, 7, 2, 2] => policy.notices.extend(value.open().filter_map(text::borrowed)),
                _ => {}
            }
        }
        Some(policy)
    })
    .collect()
}

/// How many timestamps the list of RFC 6962 section 3.3 holds.
pub(super) fn count_timestamps(value: &[u8]) -> Option<u32> {
    let list = Reader::only(value, tag::OCTET_STRING)?.value;
    let (length, mut rest) = list.split_first_chunk::<2>()?;
    if usize::from(u16::from_be_bytes(*length)) != rest.len() {
        return None;
    }
    let mut count = 0;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        (_, rest) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        count += 1;
    }
    rest.is_empty().then_some(count)
}

/// The numbers of the TLS extensions that the server must use (RFC 7633).
pub(super) fn tls_features(value: &[u8]) -> Vec<u32> {
    let list = Reader::only(value, tag::SEQUENCE).into_iter().flat_map(|list| list.open());
    list.filter(|item| item.tag == tag::INTEGER).map(|item| small(item.value)).collect()
}

/// The names of the bits of netscape-cert-type.
pub(super) fn netscape_types(value: &[u8]) -> Vec<&'static str> {
    const NAMES: [&str; 8] = [
        "sslClient",
        "sslServer",
        "smime",
        "objectSigning",
        "reserved",
        "sslCA",
        "smimeCA",
        "objectSigningCA",
    ];
    let bits = Reader::only(value, tag::BIT_STRING).and_then(|bits| bits.value.get(1).copied()).unwrap_or(0);
    NAMES.into_iter().enumerate().filter(|(bit, _)| bits & (0x80 >> bit) != 0).map(|(_, name)| name).collect()
}

/// The text of an extension that is one string.
pub(super) fn string(value: &[u8]) -> Option<Cow<'_, str>> {
    let mut reader = Reader::new(value);
    let item = reader.next()?;
    text::borrowed(item).filter(|_| reader.is_empty())
}

/// A template with its versions.
pub(super) fn microsoft_template(value: &[u8]) -> Option<MicrosoftTemplate<'_>> {
    let mut parts = Reader::only(value, tag::SEQUENCE)?.open();
    let oid = Oid(parts.take_if(tag::OID)?.value);
    let major = parts.take_if(tag::INTEGER).map(|number| small(number.value));
    let minor = parts.take_if(tag::INTEGER).map_or(0, |number| small(number.value));
    Some(MicrosoftTemplate { name: None, oid: Some(oid), version: major.map(|major| (major, minor)) })
}

/// A number as large as 32 bits hold.
fn small(number: &[u8]) -> u32 {
    number.iter().fold(0u32, |sum, octet| sum.saturating_mul(256).saturating_add(u32::from(*octet)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_timestamps() {
        assert_eq!(count_timestamps(&[4, 9, 0, 7, 0, 1, 9, 0, 2, 9, 9]), Some(2));
        assert_eq!(count_timestamps(&[4, 2, 0, 0]), Some(0));
        assert_eq!(count_timestamps(&[4, 9, 0, 7, 0, 1, 9, 0, 9, 9, 9]), None);
        assert_eq!(count_timestamps(&[4, 3, 0, 9, 0]), None);
        assert_eq!(count_timestamps(&[4, 0]), None);
    }

    #[test]
    fn reads_old_and_foreign_extensions() {
        assert_eq!(netscape_types(&[3, 2, 6, 0x40]), ["sslServer"]);
        assert_eq!(tls_features(&[0x30, 6, 2, 1, 5, 2, 1, 17]), [5, 17]);
        assert_eq!(string(&[0x1e, 4, 0, b'C', 0, b'A']).as_deref(), Some("CA"));
        let template = microsoft_template(&[0x30, 9, 6, 1, 0x2a, 2, 1, 100, 2, 1, 3]);
        assert_eq!(template.and_then(|template| template.version), Some((100, 3)));
    }
}
