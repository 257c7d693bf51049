//! Short names for long things: hashes by which certificates, keys and names are found again.

use crate::inspect::view::{PublicKeyKind, PublicKeyView};
use crate::keys::sha256;
use crate::x509::DistinguishedName;

/// A SHA-256 hash, all of it: of half of one, somebody with many machines could make two things.
pub(super) type Digest = [u8; 32];

pub(super) fn digest(bytes: &[u8]) -> Digest {
    sha256(bytes)
}

/// Equal for the same key, however its algorithm or its point is written.
pub(super) fn key_digest(subject_public_key_info: &[u8]) -> Digest {
    let key = PublicKeyView::new(subject_public_key_info);
    match (key.kind, key.key) {
        (_, []) => digest(subject_public_key_info),
        // A compressed point is the first coordinate behind the parity of the second.
        (PublicKeyKind::Ec(_), [4, coordinates @ ..]) if coordinates.len() % 2 == 0 => {
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            let parity = y.last().map_or(2, |last| 2 | (last & 1));
            digest(&[&[parity], x].concat())
        }
        (_, key) => digest(key),
    }
}

/// Equal for names that RFC 5280 section 7.1 calls equal, though their bytes differ.
pub(super) fn folded_name(name: &[u8]) -> Digest {
    let Ok(name) = DistinguishedName::from_der(name) else {
        return digest(name);
    };
    let mut text = Vec::new();
    for set in name.folded() {
        for (kind, value) in set {
            text.extend(kind.as_bytes());
            // Lengths keep the parts of different names from flowing into one another.
            text.extend((kind.as_bytes().len() as u64).to_be_bytes());
            text.extend(value.as_bytes());
            text.extend((value.len() as u64).to_be_bytes());
        }
        text.push(0xff);
    }
    digest(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::Attribute;

    fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
        let mut name = DistinguishedName::default();
        for (kind, value) in attributes {
            let kind = der::asn1::ObjectIdentifier::new_unwrap(kind);
            name.push(Attribute { kind, value: (*value).to_owned() });
        }
        name.to_der()
    }

    #[test]
    fn folds_names_and_keeps_others_apart() {
        let of = |attributes: &[(&str, &str)]| folded_name(&name(attributes));
        let plain = of(&[("2.5.4.10", "Acme Inc"), ("2.5.4.3", "CA")]);
        assert_eq!(plain, of(&[("2.5.4.10", " acme  INC"), ("2.5.4.3", "ca")]));
        assert_ne!(plain, of(&[("2.5.4.3", "CA"), ("2.5.4.10", "Acme Inc")]));
        assert_ne!(plain, of(&[("2.5.4.10", "Acme IncC"), ("2.5.4.3", "A")]));
        assert_ne!(of(&[]), of(&[("2.5.4.3", "")]));
    }

    #[test]
    fn knows_a_compressed_point() {
        let info = |point: &[u8]| {
            let algorithm = [
                0x30, 19, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1,
                7,
            ];
            let bits = [&[3, point.len() as u8 + 1, 0], point].concat();
            [&[0x30, (algorithm.len() + bits.len()) as u8], &algorithm[..], &bits].concat()
        };
        let long = [&[4][..], &[7; 32], &[9; 32]].concat();
        let even = [&[4][..], &[7; 32], &[8; 32]].concat();
        let short = [&[3][..], &[7; 32]].concat();
        assert_eq!(key_digest(&info(&long)), key_digest(&info(&short)));
        assert_ne!(key_digest(&info(&long)), key_digest(&info(&even)));
    }
}
