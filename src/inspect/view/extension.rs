//! The extensions of a certificate (RFC 5280 section 4.2), read on demand.

use super::certificate::CertificateView;
use super::general_name::{GeneralName, read_names};
use super::strict::{is_bit_string, is_flag, is_object_identifier};
use crate::inspect::text::hex;
use crate::x509::der_reader::{Item, Reader, tag};
use crate::x509::extension as known;
use crate::x509::{ExtensionParts, oid_arcs, prefix_length};

/// One extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionView<'a> {
    /// The contents of its object identifier.
    pub oid: &'a [u8],
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// The DER of its value, which stands inside the OCTET STRING.
    pub value: &'a [u8],
}

/// basicConstraints (section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraintsView {
    /// True for an authority.
    pub is_authority: bool,
    /// How many intermediate authorities may follow; `None` for any number.
    pub path_len: Option<u32>,
}

/// The bits of keyUsage (section 4.2.1.3): bit 0, digitalSignature, is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsageBits(pub u16);

/// authorityKeyIdentifier (section 4.2.1.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifierView<'a> {
    /// The identifier of the issuer's key.
    pub key_identifier: Option<&'a [u8]>,
    /// The contents of the `GeneralNames` of the issuer's issuer.
    pub issuer: Option<&'a [u8]>,
    /// The contents of the serial number of the issuer's certificate.
    pub serial_number: Option<&'a [u8]>,
}

/// nameConstraints (section 4.2.1.10): the bases of the subtrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameConstraintsView<'a> {
    /// Names of a kind that stands here must lie in one of these.
    pub permitted: Vec<GeneralName<'a>>,
    /// Names must lie in none of these.
    pub excluded: Vec<GeneralName<'a>>,
}

impl NameConstraintsView<'_> {
    /// False where nothing is constrained, or to a network or a mailbox that is none: Go refuses such certificates.
    fn are_meaningful(&self) -> bool {
        let mut bases = self.permitted.iter().chain(&self.excluded).peekable();
        bases.peek().is_some()
            && bases.all(|base| match base {
                GeneralName::Ip(octets) => is_network(octets),
                GeneralName::Email(octets) => octets.first() != Some(&b'@') && is_visible(octets),
                GeneralName::Dns(octets) | GeneralName::Uri(octets) => is_visible(octets),
                _ => true,
            })
    }
}

/// True for what is to be policyMappings, policyConstraints or inhibitAnyPolicy (sections 4.2.1.5, 4.2.1.11 and
/// 4.2.1.14), and is not.
fn is_broken_policy(oid: &[u8], value: &[u8]) -> bool {
    let list = || Reader::only(value, tag::SEQUENCE).map(Item::open);
    match oid {
        [0x55, 0x1d, 33] => list().is_none_or(|mut list| {
            let is_pair = |pair: Item<'_>| {
                sequence(pair).is_some_and(|parts| {
                    let mut oids =
                        parts.filter(|part| part.tag == tag::OID && is_object_identifier(part.value));
                    oids.by_ref().count() == 2
                })
            };
            list.is_empty() || !list.by_ref().all(is_pair) || !list.is_empty()
        }),
        [0x55, 0x1d, 36] => list().is_none_or(|mut list| {
            let is_number = |part: &Item<'_>| matches!((part.tag, part.value), (0x80 | 0x81, [0..=0x7f, ..]));
            !list.by_ref().all(|part| is_number(&part)) || !list.is_empty()
        }),
        [0x55, 0x1d, 54] => {
            Reader::only(value, tag::INTEGER).is_none_or(|number| !matches!(number.value, [0..=0x7f, ..]))
        }
        _ => false,
    }
}

/// The parts of a SEQUENCE.
fn sequence(item: Item<'_>) -> Option<Reader<'_>> {
    (item.tag == tag::SEQUENCE).then(|| item.open())
}

/// True for a tag that kinds of names have.
const fn is_general_name(item: Item<'_>) -> bool {
    matches!(item.tag, 0x80..=0xbf)
}

fn is_visible(octets: &[u8]) -> bool {
    octets.iter().all(u8::is_ascii_graphic)
}

/// True for an address and the mask of a prefix.
fn is_network(octets: &[u8]) -> bool {
    let mask = match octets.len() {
        8 => octets.get(4..),
        32 => octets.get(16..),
        _ => None,
    };
    mask.and_then(prefix_length).is_some()
}

impl KeyUsageBits {
    /// The names of the bits in RFC 5280, lowest first.
    pub const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "contentCommitment",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// Whether the bit of this number (0 for digitalSignature, 5 for keyCertSign) is set; there are none
    /// above 15.
    #[must_use]
    pub const fn has(self, bit: u8) -> bool {
        bit < 16 && self.0 & (1 << bit) != 0
    }

    /// The names of the bits that are set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        (0u8..).zip(Self::NAMES).filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| name)
    }
}

impl<'a> ExtensionView<'a> {
    pub(super) fn read(item: Item<'a>) -> Option<Self> {
        ExtensionParts::read(item).map(|ExtensionParts { oid, critical, value }| Self {
            oid,
            critical,
            value,
        })
    }

    /// The object identifier in dotted numbers.
    #[must_use]
    pub fn name(&self) -> String {
        dotted(self.oid)
    }

    /// True for a value that does not follow the grammar of an extension known here.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let oid = self.oid;
        let is = |id: der::asn1::ObjectIdentifier| id.as_bytes() == oid;
        if is(known::BASIC_CONSTRAINTS) {
            self.basic_constraints().is_none() || !self.has_der_flag()
        } else if is(known::KEY_USAGE) {
            self.key_usage().is_none() || !self.has_der_bits()
        } else if is(known::EXTENDED_KEY_USAGE) {
            self.purposes().is_none()
        } else if is(known::SUBJECT_KEY_IDENTIFIER) {
            Reader::only(self.value, tag::OCTET_STRING).is_none()
        } else if is(known::AUTHORITY_KEY_IDENTIFIER) {
            self.authority_key_identifier().is_none()
        } else if is(known::SUBJECT_ALT_NAME) {
            super::general_names(self.value).is_none_or(|names| names.is_empty())
        } else if is(known::NAME_CONSTRAINTS) {
            self.name_constraints().is_none_or(|constraints| !constraints.are_meaningful())
        } else if is(known::AUTHORITY_INFO_ACCESS) {
            self.accesses().is_none()
        } else if is(known::CRL_DISTRIBUTION_POINTS) {
            self.distribution_points().is_none()
        } else if is(known::CERTIFICATE_POLICIES) {
            self.policies().is_none()
        } else {
            is_broken_policy(oid, self.value)
        }
    }

    fn basic_constraints(&self) -> Option<BasicConstraintsView> {
        let mut parts = Reader::only(self.value, tag::SEQUENCE)?.open();
        let is_authority = parts.take_if(tag::BOOLEAN).is_some_and(|flag| flag.value != [0]);
        let path_len = parts.take_if(tag::INTEGER).map(|length| {
            // A length beyond 32 bits limits nothing.
            length
                .value
                .iter()
                .fold(0u32, |sum, octet| sum.saturating_mul(256).saturating_add(u32::from(*octet)))
        });
        parts.is_empty().then_some(BasicConstraintsView { is_authority, path_len })
    }

    /// False where basicConstraints spell true as BER may and DER may not: Go and Rust refuse the certificate.
    fn has_der_flag(&self) -> bool {
        let flag =
            Reader::only(self.value, tag::SEQUENCE).and_then(|parts| parts.open().take_if(tag::BOOLEAN));
        flag.is_none_or(|flag| is_flag(flag.value))
    }

    fn has_der_bits(&self) -> bool {
        Reader::only(self.value, tag::BIT_STRING).is_some_and(|bits| is_bit_string(bits.value))
    }

    fn key_usage(&self) -> Option<KeyUsageBits> {
        let (unused, octets) = Reader::only(self.value, tag::BIT_STRING)?.value.split_first()?;
        let first = octets.first().map_or(0, |octet| octet.reverse_bits());
        let second = octets.get(1).map_or(0, |octet| octet.reverse_bits());
        (*unused < 8).then_some(KeyUsageBits(u16::from(first) | u16::from(second) << 8))
    }

    fn purposes(&self) -> Option<Vec<&'a [u8]>> {
        let mut list = Reader::only(self.value, tag::SEQUENCE)?.open();
        let purposes: Option<Vec<_>> =
            list.by_ref().map(|item| (item.tag == tag::OID).then_some(item.value)).collect();
        purposes.filter(|all| {
            list.is_empty() && !all.is_empty() && all.iter().all(|oid| is_object_identifier(oid))
        })
    }

    fn authority_key_identifier(&self) -> Option<AuthorityKeyIdentifierView<'a>> {
        let mut parts = Reader::only(self.value, tag::SEQUENCE)?.open();
        let view = AuthorityKeyIdentifierView {
            key_identifier: parts.take_if(tag::context(0)).map(|item| item.value),
            issuer: parts.take_if(tag::context_constructed(1)).map(|item| item.value),
            serial_number: parts.take_if(tag::context(2)).map(|item| item.value),
        };
        parts.is_empty().then_some(view)
    }

    fn name_constraints(&self) -> Option<NameConstraintsView<'a>> {
        let mut sides = Reader::only(self.value, tag::SEQUENCE)?.open();
        let mut side = |number| {
            let mut subtrees = match sides.take_if(tag::context_constructed(number)) {
                Some(subtrees) => subtrees.open(),
                None => return Some(Vec::new()),
            };
            let bases: Option<Vec<_>> =
                subtrees.by_ref().map(|subtree| subtree.open().next().map(GeneralName::read)).collect();
            bases.filter(|_| subtrees.is_empty())
        };
        let view = NameConstraintsView { permitted: side(0)?, excluded: side(1)? };
        sides.is_empty().then_some(view)
    }

    /// Method and place of each access description.
    fn accesses(&self) -> Option<Vec<(&'a [u8], GeneralName<'a>)>> {
        let mut list = Reader::only(self.value, tag::SEQUENCE)?.open();
        let accesses: Option<Vec<_>> = list
            .by_ref()
            .map(|description| {
                let mut parts = sequence(description)?;
                let method = parts.take_if(tag::OID)?.value;
                let place = parts.next().filter(|place| is_general_name(*place))?;
                Some((method, GeneralName::read(place)))
            })
            .collect();
        accesses.filter(|_| list.is_empty())
    }

    /// The full names of the distribution points.
    fn distribution_points(&self) -> Option<Vec<GeneralName<'a>>> {
        let mut list = Reader::only(self.value, tag::SEQUENCE)?.open();
        let mut names = Vec::new();
        for point in list.by_ref() {
            let mut parts = sequence(point)?;
            let name = parts.take_if(tag::context_constructed(0));
            let is_rest_known = parts.all(|part| matches!(part.tag, 0x81 | 0xa2));
            let Some(name) = name.filter(|_| is_rest_known) else {
                if is_rest_known {
                    continue;
                }
                return None;
            };
            if let Some(full) = name.open().take_if(tag::context_constructed(0)) {
                names.extend(read_names(full.open()).filter(|_| full.open().all(is_general_name))?);
            }
        }
        list.is_empty().then_some(names)
    }

    fn policies(&self) -> Option<Vec<&'a [u8]>> {
        let mut list = Reader::only(self.value, tag::SEQUENCE)?.open();
        let policies: Option<Vec<_>> =
            list.by_ref().map(|policy| sequence(policy)?.take_if(tag::OID).map(|oid| oid.value)).collect();
        policies.filter(|all| list.is_empty() && all.iter().all(|oid| is_object_identifier(oid)))
    }
}

impl<'a> CertificateView<'a> {
    fn known(&self, id: der::asn1::ObjectIdentifier) -> Option<&ExtensionView<'a>> {
        self.extension(id.as_bytes())
    }

    /// basicConstraints; `None` if absent or broken.
    #[must_use]
    pub fn basic_constraints(&self) -> Option<BasicConstraintsView> {
        self.known(known::BASIC_CONSTRAINTS)?.basic_constraints()
    }

    /// keyUsage; `None` if absent or broken.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsageBits> {
        self.known(known::KEY_USAGE)?.key_usage()
    }

    /// The object identifier contents of extKeyUsage, in order; `None` if absent or broken.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<Vec<&'a [u8]>> {
        self.known(known::EXTENDED_KEY_USAGE)?.purposes()
    }

    /// subjectKeyIdentifier; `None` if absent or broken.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&'a [u8]> {
        let value = self.known(known::SUBJECT_KEY_IDENTIFIER)?.value;
        Reader::only(value, tag::OCTET_STRING).map(|item| item.value)
    }

    /// authorityKeyIdentifier; `None` if absent or broken.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<AuthorityKeyIdentifierView<'a>> {
        self.known(known::AUTHORITY_KEY_IDENTIFIER)?.authority_key_identifier()
    }

    /// The names of subjectAltName, in order; `None` if absent or broken.
    #[must_use]
    pub fn subject_alternative_names(&self) -> Option<Vec<GeneralName<'a>>> {
        super::general_names(self.known(known::SUBJECT_ALT_NAME)?.value)
    }

    /// nameConstraints; `None` if absent or broken.
    #[must_use]
    pub fn name_constraints(&self) -> Option<NameConstraintsView<'a>> {
        self.known(known::NAME_CONSTRAINTS)?.name_constraints()
    }

    /// Method (object identifier contents) and place of each entry of authorityInfoAccess; empty if absent
    /// or broken.
    #[must_use]
    pub fn authority_info_access(&self) -> Vec<(&'a [u8], GeneralName<'a>)> {
        self.known(known::AUTHORITY_INFO_ACCESS).and_then(ExtensionView::accesses).unwrap_or_default()
    }

    /// The full names of cRLDistributionPoints; empty if absent or broken.
    #[must_use]
    pub fn crl_distribution_points(&self) -> Vec<GeneralName<'a>> {
        self.known(known::CRL_DISTRIBUTION_POINTS)
            .and_then(ExtensionView::distribution_points)
            .unwrap_or_default()
    }

    /// The object identifier contents of certificatePolicies; empty if absent or broken.
    #[must_use]
    pub fn certificate_policies(&self) -> Vec<&'a [u8]> {
        self.known(known::CERTIFICATE_POLICIES).and_then(ExtensionView::policies).unwrap_or_default()
    }
}

/// Object identifier contents in dotted numbers; in hexadecimal where they are none.
pub(crate) fn dotted(oid: &[u8]) -> String {
    match oid_arcs(oid) {
        Some(arcs) => arcs.iter().map(u64::to_string).collect::<Vec<_>>().join("."),
        None => hex(oid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_usage_beyond_the_last_bit() {
        assert!(KeyUsageBits(1 << 15).has(15));
        assert!(!KeyUsageBits(u16::MAX).has(16) && !KeyUsageBits(u16::MAX).has(255));
    }
}
