//! PKCS #7 files that carry certificates and revocation lists (RFC 2315 section 9.1).

use super::CertificateParts;
use super::der_reader::{Item, Reader, tag};

/// What a PKCS #7 `SignedData` carries beside what it signs.
pub(crate) struct Carried<'a> {
    /// The certificates, whole or broken.
    pub(crate) certificates: Vec<&'a [u8]>,
    /// The revocation lists.
    pub(crate) certificate_lists: Vec<&'a [u8]>,
}

/// The contents of a PKCS #7 `SignedData`; `None` for what is none.
pub(crate) fn read(der: &[u8]) -> Option<Carried<'_>> {
    /// 1.2.840.113549.1.7.2, contents.
    const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let mut outer = Reader::only(der, tag::SEQUENCE)?.open();
    let is_signed_data = outer.take_if(tag::OID)?.value == SIGNED_DATA;
    let content = outer.take_if(tag::context_constructed(0)).filter(|_| is_signed_data)?;
    let mut content = Reader::only(content.value, tag::SEQUENCE)?.open();
    content.take_if(tag::INTEGER)?;
    content.take_if(tag::SET)?;
    content.take_if(tag::SEQUENCE)?;
    let certificates = sequences(content.take_if(tag::context_constructed(0)));
    let certificate_lists = sequences(content.take_if(tag::context_constructed(1)));
    Some(Carried { certificates, certificate_lists })
}

/// The members of `list` that are SEQUENCEs: other kinds of certificates, such as those of attributes, have tags
/// of their own.
fn sequences(list: Option<Item<'_>>) -> Vec<&[u8]> {
    let items = list.into_iter().flat_map(Item::open);
    items.filter(|item| item.tag == tag::SEQUENCE).map(|item| item.whole).collect()
}

/// The certificates of a PKCS #7 `SignedData`. cfssl asks for a CRL beside them; nobody else does.
pub(crate) fn certificates(der: &[u8]) -> Vec<Vec<u8>> {
    let found = read(der).map(|carried| carried.certificates).unwrap_or_default();
    found.into_iter().filter(|der| CertificateParts::read(der).is_ok()).map(<[u8]>::to_vec).collect()
}
