//! Signature algorithms: cfssl's words and Go's numbers.

use crate::x509::der_reader::{Item, Reader, tag};

/// A signature algorithm; the default is one that Go does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    /// What `certinfo -cert` prints.
    pub(super) words: &'static str,
    /// What `certinfo -csr` prints.
    pub(super) number: u8,
}

const UNKNOWN: &str = "Unknown Signature";

/// Object identifier, words, number.
const ALGORITHMS: [(&[u8], &str, u8); 13] = [
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "MD5WithRSA", 2),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "SHA1WithRSA", 3),
    (&[0x2b, 0x0e, 3, 2, 0x1d], "SHA1WithRSA", 3),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "SHA256WithRSA", 4),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], "SHA384WithRSA", 5),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], "SHA512WithRSA", 6),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], "DSAWithSHA1", 7),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], "DSAWithSHA256", 8),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "ECDSAWithSHA1", 9),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "ECDSAWithSHA256", 10),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "ECDSAWithSHA384", 11),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "ECDSAWithSHA512", 12),
    (&ED25519, "Ed25519", 16),
];
const ED25519: [u8; 3] = [0x2b, 0x65, 0x70];
const RSA_PSS: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
const MASK_GENERATION_1: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];
/// SHA-256, SHA-384 and SHA-512, below 2.16.840.1.101.3.4.2.
const SHA_2: [u8; 8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

/// Finds the algorithm of an `AlgorithmIdentifier`.
pub(super) fn algorithm(identifier: Item<'_>) -> Algorithm {
    let unknown = Algorithm { words: UNKNOWN, number: 0 };
    let mut parts = identifier.open();
    let Some(oid) = parts.take_if(tag::OID) else {
        return unknown;
    };
    if oid.value == RSA_PSS {
        // cfssl has no words for RSA-PSS.
        let number = parts.next().and_then(rsa_pss_number).unwrap_or(0);
        return Algorithm { number, ..unknown };
    }
    if oid.value == ED25519 && !parts.is_empty() {
        return unknown;
    }
    let known = ALGORITHMS.iter().find(|(known, ..)| *known == oid.value);
    known.map_or(unknown, |&(_, words, number)| Algorithm { words, number })
}

/// Go knows three forms: one of three digests, the same for the mask, a salt of its length.
fn rsa_pss_number(parameters: Item<'_>) -> Option<u8> {
    let mut fields = parameters.open();
    let digest = digest(fields.take_if(tag::context_constructed(0))?.value)?;
    let mask = Reader::only(fields.take_if(tag::context_constructed(1))?.value, tag::SEQUENCE)?;
    let mut mask = mask.open();
    let is_mask = mask.take_if(tag::OID)?.value == MASK_GENERATION_1;
    let same = mask.next().and_then(|item| digest_of(item)) == Some(digest);
    let salt = Reader::only(fields.take_if(tag::context_constructed(2))?.value, tag::INTEGER)?;
    let trailer = fields.take_if(tag::context_constructed(3));
    let trailer_is_default = trailer.is_none_or(|trailer| trailer.value == [2, 1, 1]);
    let number = match (digest, salt.value) {
        (1, [32]) => 13,
        (2, [48]) => 14,
        (3, [64]) => 15,
        _ => return None,
    };
    (is_mask && same && trailer_is_default).then_some(number)
}

fn digest(identifier: &[u8]) -> Option<u8> {
    digest_of(Reader::only(identifier, tag::SEQUENCE)?)
}

fn digest_of(identifier: Item<'_>) -> Option<u8> {
    let oid = identifier.open().take_if(tag::OID)?;
    match oid.value.strip_prefix(&SHA_2)? {
        [digest @ 1..=3] => Some(*digest),
        _ => None,
    }
}
