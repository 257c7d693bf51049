//! PKCS #7 files that carry certificates (RFC 2315 section 9.1).

use super::CertificateParts;
use super::der_reader::{Item, Reader, tag};

/// The certificates of a PKCS #7 `SignedData`. cfssl asks for a CRL beside them; nobody else does.
pub(crate) fn certificates(der: &[u8]) -> Vec<Vec<u8>> {
    /// 1.2.840.113549.1.7.2, contents.
    const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let list = || {
        let mut outer = Reader::only(der, tag::SEQUENCE)?.open();
        let is_signed_data = outer.take_if(tag::OID)?.value == SIGNED_DATA;
        let content = outer.take_if(tag::context_constructed(0)).filter(|_| is_signed_data)?;
        let mut content = Reader::only(content.value, tag::SEQUENCE)?.open();
        content.take_if(tag::INTEGER)?;
        content.take_if(tag::SET)?;
        content.take_if(tag::SEQUENCE)?;
        content.take_if(tag::context_constructed(0)).map(Item::open)
    };
    let items = list().into_iter().flatten();
    items.map(|item| item.whole.to_vec()).filter(|der| CertificateParts::read(der).is_ok()).collect()
}
