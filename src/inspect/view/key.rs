//! Public keys: kind and size.

use crate::keys::KeyAlgorithm;
use crate::x509::der_reader::{Reader, tag};

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyKind {
    /// DSA.
    Dsa,
    /// An elliptic curve key for ECDSA or ECDH, on the curve with this name, or `unknown`.
    Ec(&'static str),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// RSA, for any padding.
    Rsa,
    /// RSA that may only sign with PSS.
    RsaPss,
    /// A kind not known here.
    Unknown,
    /// X25519, which cannot sign.
    X25519,
    /// X448, which cannot sign.
    X448,
}

/// A `SubjectPublicKeyInfo` as far as it can be read (RFC 5280 section 4.1.2.7).
#[derive(Debug, Clone, Copy)]
pub struct PublicKeyView<'a> {
    /// Its DER.
    pub der: &'a [u8],
    /// The contents of the algorithm's object identifier.
    pub algorithm: &'a [u8],
    /// The kind of key.
    pub kind: PublicKeyKind,
    /// The size: of the modulus, the prime or the curve's field; 0 if unknown.
    pub bits: u32,
    /// The octets of the key; empty if they cannot be read.
    pub key: &'a [u8],
    /// The contents of an RSA key's public exponent; empty for other kinds.
    pub exponent: &'a [u8],
    /// The contents of an RSA key's modulus; empty for other kinds.
    pub modulus: &'a [u8],
}

/// Object identifier contents, name, bits of the field.
const CURVES: [(&[u8], &str, u32); 9] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], "P-192", 192),
    (&[0x2b, 0x81, 4, 0, 0x21], "P-224", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "P-256", 256),
    (&[0x2b, 0x81, 4, 0, 0x22], "P-384", 384),
    (&[0x2b, 0x81, 4, 0, 0x23], "P-521", 521),
    (&[0x2b, 0x81, 4, 0, 0x0a], "secp256k1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], "brainpoolP256r1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], "brainpoolP384r1", 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], "brainpoolP512r1", 512),
];

impl<'a> PublicKeyView<'a> {
    /// Reads the DER of a `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn new(der: &'a [u8]) -> Self {
        let mut view = Self {
            der,
            algorithm: &[],
            kind: PublicKeyKind::Unknown,
            bits: 0,
            key: &[],
            exponent: &[],
            modulus: &[],
        };
        view.read();
        view
    }

    fn read(&mut self) -> Option<()> {
        let mut parts = Reader::only(self.der, tag::SEQUENCE)?.open();
        let mut identifier = parts.take_if(tag::SEQUENCE)?.open();
        self.algorithm = identifier.take_if(tag::OID)?.value;
        let parameters = identifier.next();
        self.key = parts.take_if(tag::BIT_STRING).and_then(|bits| bits.value.get(1..)).unwrap_or_default();
        let fixed = |kind, bits| (kind, bits);
        (self.kind, self.bits) = match self.algorithm {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, kind @ (1 | 10)] => {
                let mut numbers = Reader::only(self.key, tag::SEQUENCE)?.open();
                self.modulus = numbers.take_if(tag::INTEGER)?.value;
                self.exponent = numbers.take_if(tag::INTEGER)?.value;
                let kind = if *kind == 1 { PublicKeyKind::Rsa } else { PublicKeyKind::RsaPss };
                (kind, bit_length(self.modulus))
            }
            [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1] => {
                let prime = parameters.and_then(|group| group.open().take_if(tag::INTEGER));
                (PublicKeyKind::Dsa, prime.map_or(0, |prime| bit_length(prime.value)))
            }
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => {
                let oid = parameters.filter(|item| item.tag == tag::OID).map(|item| item.value);
                let known = CURVES.iter().find(|(curve, ..)| Some(*curve) == oid);
                known.map_or((PublicKeyKind::Ec("unknown"), 0), |(_, name, bits)| {
                    (PublicKeyKind::Ec(name), *bits)
                })
            }
            [0x2b, 0x65, 0x6e] => fixed(PublicKeyKind::X25519, 255),
            [0x2b, 0x65, 0x6f] => fixed(PublicKeyKind::X448, 448),
            [0x2b, 0x65, 0x70] => fixed(PublicKeyKind::Ed25519, 256),
            [0x2b, 0x65, 0x71] => fixed(PublicKeyKind::Ed448, 456),
            _ => return None,
        };
        Some(())
    }

    /// The algorithm, where it is one that can be used here.
    #[must_use]
    pub fn algorithm(&self) -> Option<KeyAlgorithm> {
        KeyAlgorithm::from_spki(self.der)
    }

    /// For people: `RSA 2048 bits`, `ECDSA P-256`, `Ed25519`.
    #[must_use]
    pub fn words(&self) -> String {
        let bits = self.bits;
        match self.kind {
            PublicKeyKind::Dsa => format!("DSA {bits} bits"),
            PublicKeyKind::Ec("unknown") => "ECDSA on an unknown curve".to_owned(),
            PublicKeyKind::Ec(curve) => format!("ECDSA {curve}"),
            PublicKeyKind::Ed25519 => "Ed25519".to_owned(),
            PublicKeyKind::Ed448 => "Ed448".to_owned(),
            PublicKeyKind::Rsa => format!("RSA {bits} bits"),
            PublicKeyKind::RsaPss => format!("RSA-PSS {bits} bits"),
            PublicKeyKind::Unknown => "of an unknown kind".to_owned(),
            PublicKeyKind::X25519 => "X25519".to_owned(),
            PublicKeyKind::X448 => "X448".to_owned(),
        }
    }
}

/// The length in bits of an unsigned big-endian number.
fn bit_length(number: &[u8]) -> u32 {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let digits = number.get(zeros..).unwrap_or_default();
    let first = digits.first().map_or(0, |octet| octet.leading_zeros());
    u32::try_from(digits.len() * 8).unwrap_or(u32::MAX).saturating_sub(first)
}
