//! The few pieces of DER that keys are made of: reading element by element, and object identifiers.

pub(super) use crate::asn1::reader::{Item, Reader, tag};

/// The contents of object identifiers, without tag and length.
pub(super) mod oid {
    pub(crate) const AES_256_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A];
    pub(crate) const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
    pub(crate) const ED25519: &[u8] = &[0x2B, 0x65, 0x70];
    pub(crate) const HMAC_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x09];
    pub(crate) const P224: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x21];
    pub(crate) const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    pub(crate) const P384: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
    pub(crate) const P521: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x23];
    pub(crate) const PBES2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D];
    pub(crate) const PBKDF2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0C];
    pub(crate) const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
    pub(crate) const SECP256K1: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x0A];
}

/// The one element that `der` consists of, if it is a SEQUENCE: its members.
pub(super) fn sequence(der: &[u8]) -> Option<Vec<Item<'_>>> {
    members(&Reader::only(der, tag::SEQUENCE)?)
}

/// The members of `element`, if it is a SEQUENCE.
pub(super) fn members<'a>(element: &Item<'a>) -> Option<Vec<Item<'a>>> {
    // Nothing a key is made of has more members; hostile files must not make us build long lists.
    const MOST: usize = 16;
    if element.tag != tag::SEQUENCE {
        return None;
    }
    let mut reader = element.open();
    let members: Vec<_> = reader.by_ref().take(MOST).collect();
    reader.is_empty().then_some(members)
}

/// The contents of `element`, if it has the tag `tag`.
pub(super) fn contents<'a>(element: Option<&Item<'a>>, tag: u8) -> Option<&'a [u8]> {
    element.filter(|element| element.tag == tag).map(|element| element.value)
}

/// The one element that `der` consists of.
pub(super) fn only(der: &[u8]) -> Option<Item<'_>> {
    let mut reader = Reader::new(der);
    reader.next().filter(|_| reader.is_empty())
}

/// The bytes of a BIT STRING of whole bytes.
pub(super) fn bit_string<'a>(element: Option<&Item<'a>>) -> Option<&'a [u8]> {
    contents(element, tag::BIT_STRING)?.strip_prefix(&[0])
}

/// How many bits the unsigned INTEGER with these contents has.
pub(super) fn bit_length(integer: &[u8]) -> u32 {
    let leading = integer.iter().take_while(|byte| **byte == 0).count();
    let Some((first, rest)) = integer.get(leading..).and_then(<[u8]>::split_first) else {
        return 0;
    };
    let bits = rest.len() * 8 + (u8::BITS - first.leading_zeros()) as usize;
    u32::try_from(bits).unwrap_or(u32::MAX)
}
