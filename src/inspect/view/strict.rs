//! What DER asks of the parts of a certificate that are read here whatever they look like. Go and Rust refuse the whole
//! certificate where one of these does not hold.

use crate::inspect::name::Attribute;
use crate::x509::der_reader::{Item, tag};

/// Whether the contents of an object identifier are some: whole numbers, each in its shortest form (X.690, 8.19).
pub(super) fn is_object_identifier(contents: &[u8]) -> bool {
    let mut is_first_of_number = true;
    for octet in contents {
        if is_first_of_number && *octet == 0x80 {
            return false;
        }
        is_first_of_number = octet & 0x80 == 0;
    }
    is_first_of_number && !contents.is_empty()
}

/// Whether a BOOLEAN is false or true as DER writes them (X.690, 11.1).
pub(super) const fn is_flag(contents: &[u8]) -> bool {
    matches!(contents, [0 | 0xff])
}

/// Whether a BIT STRING's unused bits are 0 (X.690, 11.2).
pub(super) fn is_bit_string(contents: &[u8]) -> bool {
    match contents {
        [0] => true,
        [unused @ 0..=7, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => false,
    }
}

/// Whether a `Name` is made of sets of types and values (RFC 5280, 4.1.2.4).
pub(super) fn is_name(name: Item<'_>) -> bool {
    let mut sets = name.open();
    let is_good = sets.by_ref().all(|set| {
        let mut attributes = set.open();
        let is_set = set.tag == tag::SET && !attributes.is_empty();
        is_set
            && attributes
                .by_ref()
                .all(|one| Attribute::read(one).is_some_and(|one| is_object_identifier(one.oid)))
            && attributes.is_empty()
    });
    is_good && sets.is_empty()
}

/// What is wrong with how an extension is written around its value.
pub(super) fn fault_of_extension(extension: Item<'_>) -> Option<&'static str> {
    let mut parts = extension.open();
    if !parts.take_if(tag::OID).is_some_and(|oid| is_object_identifier(oid.value)) {
        return Some("an object identifier is not as DER writes it");
    }
    let is_flagged = parts.take_if(tag::BOOLEAN).is_some_and(|flag| !is_flag(flag.value));
    is_flagged.then_some("whether one is critical is not written as DER asks")
}

/// What is wrong with how a `SubjectPublicKeyInfo` is written, whatever the key.
pub(super) fn fault_of_key(info: Item<'_>) -> Option<&'static str> {
    /// rsaEncryption, 1.2.840.113549.1.1.1.
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    const UNREADABLE: Option<&str> = Some("it cannot be read");
    let mut parts = info.open();
    let Some(algorithm) = parts.take_if(tag::SEQUENCE) else { return UNREADABLE };
    let mut algorithm = algorithm.open();
    let Some(oid) = algorithm.take_if(tag::OID) else { return UNREADABLE };
    let has_null = algorithm.next().is_some_and(|parameters| parameters.whole == [tag::NULL, 0]);
    if !algorithm.is_empty() {
        return Some("the parameters of its algorithm cannot be read");
    }
    if oid.value == RSA && !has_null {
        return Some("the parameters of an RSA key are not NULL, as RFC 3279 asks");
    }
    let Some(key) = parts.take_if(tag::BIT_STRING) else { return UNREADABLE };
    (key.value.first() != Some(&0)).then_some("it is not a whole number of octets")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_have_no_padding_and_no_loose_end() {
        for good in [&[0x55, 4, 3][..], &[0x2a, 0x86, 0x48], &[0x2a, 0x81, 0x80, 0]] {
            assert!(is_object_identifier(good), "{good:?}");
        }
        for bad in [&[][..], &[0x55, 0x84], &[0x80, 1], &[0x55, 0x80, 3]] {
            assert!(!is_object_identifier(bad), "{bad:?}");
        }
    }

    #[test]
    fn unused_bits_are_zero() {
        for good in [&[0][..], &[0, 0xff], &[1, 6], &[7, 0x80], &[1, 0xff, 0]] {
            assert!(is_bit_string(good), "{good:?}");
        }
        for bad in [&[][..], &[1], &[8, 0], &[1, 7], &[7, 0x81]] {
            assert!(!is_bit_string(bad), "{bad:?}");
        }
    }
}
