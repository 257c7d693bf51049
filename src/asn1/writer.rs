//! The few DER forms that certificates are made of. Writing them cannot fail.

use super::reader::tag;
use der::asn1::ObjectIdentifier;

/// Tag, length, content.
pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + LONGEST_HEADER);
    push_header(&mut out, tag, content.len());
    out.extend_from_slice(content);
    out
}

/// A tag, how long the length is, and its digits.
pub(crate) const LONGEST_HEADER: usize = 2 + size_of::<usize>();

/// Tag and length, for content that follows.
pub(crate) fn push_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
            let digits = bytes.get(first..).unwrap_or_default();
            // A length has at most eight digits of eight bits.
            out.push(0x80 | digits.len() as u8);
            out.extend_from_slice(digits);
        }
    }
}

pub(crate) fn sequence<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Vec<u8> {
    tagged(tag::SEQUENCE, &concatenated(parts))
}

/// A SET OF in DER order. Go sorts by length first, which is DER's order too: the length octets come
/// before the content. Equal elements are kept.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tagged(tag::SET, &concatenated(parts))
}

/// A context-specific constructed element, such as `[3] EXPLICIT`.
pub(crate) fn context<P: AsRef<[u8]>>(number: u8, parts: impl IntoIterator<Item = P>) -> Vec<u8> {
    tagged(0xa0 | number, &concatenated(parts))
}

pub(crate) fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    tagged(tag::OID, oid.as_bytes())
}

/// An INTEGER from unsigned big-endian bytes, in the shortest form.
pub(crate) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let first = magnitude.iter().position(|byte| *byte != 0).unwrap_or(magnitude.len());
    let digits = magnitude.get(first..).unwrap_or_default();
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|byte| byte & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    tagged(tag::INTEGER, &content)
}

pub(crate) fn octet_string(content: &[u8]) -> Vec<u8> {
    tagged(tag::OCTET_STRING, content)
}

/// A BIT STRING of whole octets.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    tagged(tag::BIT_STRING, &concatenated([&[0][..], octets]))
}

pub(crate) fn concatenated<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_lengths_and_integers_in_shortest_form() {
        assert_eq!(tagged(tag::OCTET_STRING, &[]), [4, 0]);
        assert_eq!(tagged(tag::OCTET_STRING, &[0; 0x80]).get(..3), Some(&[4, 0x81, 0x80][..]));
        assert_eq!(tagged(tag::OCTET_STRING, &[0; 0x1234]).get(..4), Some(&[4, 0x82, 0x12, 0x34][..]));
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
    }
}
