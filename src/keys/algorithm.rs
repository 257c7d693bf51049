//! Which keys exist, and which signature each of them makes.

use std::fmt;

use super::asn1::{self, oid, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::model::KeyRequest;

/// The elliptic curves of FIPS 186 that keys may lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// secp256r1, also called prime256v1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
}

impl Curve {
    /// The size of the curve: 256, 384 or 521.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// The length of a private key, and of either coordinate of a public key.
    pub(super) const fn field_bytes(self) -> usize {
        (self.bits() as usize).div_ceil(8)
    }

    /// The contents of the curve's object identifier.
    pub(super) const fn oid(self) -> &'static [u8] {
        match self {
            Self::P256 => oid::P256,
            Self::P384 => oid::P384,
            Self::P521 => oid::P521,
        }
    }

    /// The curve with these object identifier contents.
    pub(super) fn from_oid(contents: &[u8]) -> Option<Self> {
        let curves = [Self::P256, Self::P384, Self::P521];
        curves.into_iter().find(|curve| curve.oid() == contents)
    }
}

/// The algorithm and size of a key.
///
/// Written as cfssl's log writes it: `rsa-2048`, `ecdsa-256`, `ed25519`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// An elliptic curve key.
    Ecdsa(Curve),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// RSA with two primes.
    Rsa {
        /// The size of the modulus.
        bits: u32,
    },
}

impl KeyAlgorithm {
    /// The smallest RSA key that is generated or loaded.
    pub const MIN_RSA_BITS: u32 = 2048;
    /// The largest RSA key that is generated or loaded.
    pub const MAX_RSA_BITS: u32 = 8192;

    /// What a request asks for; the names are in lower case, and Ed25519 has but one size.
    ///
    /// # Errors
    /// [`ErrorKind::PrivateKeyGeneration`] for an unknown name or a size out of range.
    pub fn from_request(request: &KeyRequest) -> Result<Self> {
        let algorithm = match request.algorithm.as_str() {
            "rsa" => Self::rsa(request.size),
            "ecdsa" => Self::ecdsa(request.size),
            "ed25519" => return Ok(Self::Ed25519),
            other => {
                return Err(Error::new(ErrorKind::PrivateKeyGeneration, "invalid algorithm")
                    .explain(format!("there is no key algorithm {}", crate::json::quote(other)))
                    .hint("write `rsa`, `ecdsa` or `ed25519`")
                    .at_path("key.algo"));
            }
        };
        algorithm.map_err(|error| error.at_path("key.size"))
    }

    /// RSA of `bits`, any size from 2048 to 8192.
    ///
    /// # Errors
    /// [`ErrorKind::PrivateKeyGeneration`] for any other size.
    pub fn rsa(bits: i64) -> Result<Self> {
        let refused = |words: &str, relation: &str, limit: u32| {
            Error::new(ErrorKind::PrivateKeyGeneration, words)
                .explain(format!("an RSA key of {bits} bits is too {relation}"))
                .hint(format!("choose a size from 2048 to 8192, such as {limit}"))
        };
        match u32::try_from(bits) {
            Ok(bits @ Self::MIN_RSA_BITS..=Self::MAX_RSA_BITS) => Ok(Self::Rsa { bits }),
            _ if bits < i64::from(Self::MIN_RSA_BITS) => {
                Err(refused("RSA key is too weak", "weak", Self::MIN_RSA_BITS))
            }
            _ => Err(refused("RSA key size too large", "large", 4096)),
        }
    }

    /// ECDSA on the curve of `size` bits: 256, 384 or 521.
    ///
    /// # Errors
    /// [`ErrorKind::PrivateKeyGeneration`] for any other size.
    pub fn ecdsa(size: i64) -> Result<Self> {
        match size {
            256 => Ok(Self::Ecdsa(Curve::P256)),
            384 => Ok(Self::Ecdsa(Curve::P384)),
            521 => Ok(Self::Ecdsa(Curve::P521)),
            _ => Err(Error::new(ErrorKind::PrivateKeyGeneration, "invalid curve")
                .explain(format!("there is no ECDSA curve of {size} bits"))
                .hint(if size == 512 {
                    "the large curve has 521 bits, not 512"
                } else {
                    "choose 256, 384 or 521"
                })),
        }
    }

    /// The algorithm and size of the public key in a DER `SubjectPublicKeyInfo`, whether or not we would use it.
    ///
    /// `None` where the structure is damaged, or the algorithm or curve is not one of ours.
    #[must_use]
    pub fn from_spki(spki: &[u8]) -> Option<Self> {
        parse_spki(spki).map(|(algorithm, _)| algorithm)
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ecdsa(curve) => write!(f, "ecdsa-{}", curve.bits()),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Rsa { bits } => write!(f, "rsa-{bits}"),
        }
    }
}

/// The algorithm of a public key, and the bytes of its BIT STRING.
pub(super) fn parse_spki(spki: &[u8]) -> Option<(KeyAlgorithm, &[u8])> {
    let spki = asn1::sequence(spki)?;
    let identifier = asn1::members(spki.first()?)?;
    let key = asn1::bit_string(spki.get(1))?;
    let algorithm = match asn1::contents(identifier.first(), tag::OID)? {
        oid::EC_PUBLIC_KEY => {
            let curve = asn1::contents(identifier.get(1), tag::OID)?;
            KeyAlgorithm::Ecdsa(Curve::from_oid(curve)?)
        }
        oid::ED25519 => KeyAlgorithm::Ed25519,
        oid::RSA_ENCRYPTION => {
            let numbers = asn1::sequence(key)?;
            let modulus = asn1::contents(numbers.first(), tag::INTEGER)?;
            KeyAlgorithm::Rsa { bits: asn1::bit_length(modulus) }
        }
        _ => return None,
    };
    Some((algorithm, key))
}

/// Where a public key is on a curve that neither we nor Go use or one that is spelt out, or its point is compressed,
/// which Go does not read: Go's words for it, ours, and what to do.
pub(crate) fn foreign_curve(spki: &[u8]) -> Option<[&'static str; 3]> {
    let other_curve = "use P-256, P-384 or P-521";
    let spki = asn1::sequence(spki)?;
    let identifier = asn1::members(spki.first()?)?;
    if asn1::contents(identifier.first(), tag::OID)? != oid::EC_PUBLIC_KEY {
        return None;
    }
    let unsupported = "x509: unsupported elliptic curve";
    match asn1::contents(identifier.get(1), tag::OID) {
        Some(oid::P224 | oid::P256 | oid::P384 | oid::P521) => {
            let is_compressed = matches!(asn1::bit_string(spki.get(1)), Some([2 | 3, ..]));
            is_compressed.then_some([
                "x509: failed to unmarshal elliptic curve point",
                "is written as a compressed point, which many programs do not read",
                "write the key in the usual form, `openssl ec -conv_form uncompressed`, and make the CSR anew",
            ])
        }
        Some(oid::SECP256K1) => {
            Some([unsupported, "is on the curve secp256k1, which is not supported", other_curve])
        }
        Some(_) => Some([unsupported, "is on a curve that is not supported", other_curve]),
        None => Some(["x509: invalid ECDSA parameters", "does not name its curve", other_curve]),
    }
}

const PSS_SHA256: &[u8] = &pss(1, 32);
const PSS_SHA384: &[u8] = &pss(2, 48);
const PSS_SHA512: &[u8] = &pss(3, 64);

/// The identifier of RSA-PSS (RFC 4055 section 3.1) with SHA-2, by the last arc of the hash, and MGF1 with the
/// same hash.
const fn pss(hash: u8, salt: u8) -> [u8; 67] {
    [
        0x30, 0x41, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10, 0x30, 0x34, 0xA0, 15, 0x30, 13, 6, 9,
        0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hash, 5, 0, 0xA1, 28, 0x30, 26, 6, 9, 0x2A, 0x86, 0x48, 0x86,
        0xF7, 0x0D, 1, 1, 8, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hash, 5, 0, 0xA2, 3, 2, 1,
        salt,
    ]
}

/// The signature algorithms of X.509 that are made or verified here. Certificates are signed with RSA in PKCS#1 v1.5
/// only; in a TLS handshake a key also makes PSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA with SHA-1, in old requests; it is verified, never made.
    EcdsaSha1,
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// Ed25519 over the message itself.
    Ed25519,
    /// RSA-PSS with SHA-256 and a salt as long as the hash.
    RsaPssSha256,
    /// RSA-PSS with SHA-384 and a salt as long as the hash.
    RsaPssSha384,
    /// RSA-PSS with SHA-512 and a salt as long as the hash.
    RsaPssSha512,
    /// RSA with SHA-1, in old requests; it is verified, never made.
    RsaSha1,
    /// RSA with SHA-256.
    RsaSha256,
    /// RSA with SHA-384.
    RsaSha384,
    /// RSA with SHA-512.
    RsaSha512,
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EcdsaSha1 => "ECDSA with SHA-1",
            Self::EcdsaSha256 => "ECDSA with SHA-256",
            Self::EcdsaSha384 => "ECDSA with SHA-384",
            Self::EcdsaSha512 => "ECDSA with SHA-512",
            Self::Ed25519 => "Ed25519",
            Self::RsaPssSha256 => "RSA-PSS with SHA-256",
            Self::RsaPssSha384 => "RSA-PSS with SHA-384",
            Self::RsaPssSha512 => "RSA-PSS with SHA-512",
            Self::RsaSha1 => "RSA with SHA-1",
            Self::RsaSha256 => "RSA with SHA-256",
            Self::RsaSha384 => "RSA with SHA-384",
            Self::RsaSha512 => "RSA with SHA-512",
        })
    }
}

impl SignatureAlgorithm {
    const ALL: [Self; 12] = [
        Self::EcdsaSha1,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
        Self::Ed25519,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
        Self::RsaSha1,
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
    ];

    /// The signature a key makes: the hash grows with the key, as in cfssl.
    #[must_use]
    pub const fn for_key(key: KeyAlgorithm) -> Self {
        match key {
            KeyAlgorithm::Ecdsa(Curve::P256) => Self::EcdsaSha256,
            KeyAlgorithm::Ecdsa(Curve::P384) => Self::EcdsaSha384,
            KeyAlgorithm::Ecdsa(Curve::P521) => Self::EcdsaSha512,
            KeyAlgorithm::Ed25519 => Self::Ed25519,
            KeyAlgorithm::Rsa { bits: 0..3072 } => Self::RsaSha256,
            KeyAlgorithm::Rsa { bits: 3072..4096 } => Self::RsaSha384,
            KeyAlgorithm::Rsa { .. } => Self::RsaSha512,
        }
    }

    /// Whether keys of this kind make such signatures at all.
    pub(super) const fn is_of_kind(self, key: KeyAlgorithm) -> bool {
        match self {
            Self::EcdsaSha1 | Self::EcdsaSha256 | Self::EcdsaSha384 | Self::EcdsaSha512 => {
                matches!(key, KeyAlgorithm::Ecdsa(_))
            }
            Self::Ed25519 => matches!(key, KeyAlgorithm::Ed25519),
            Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512
            | Self::RsaSha1
            | Self::RsaSha256
            | Self::RsaSha384
            | Self::RsaSha512 => matches!(key, KeyAlgorithm::Rsa { .. }),
        }
    }

    /// The DER of the `AlgorithmIdentifier`: parameters are NULL for RSA and absent otherwise (RFC 5754, RFC 8410).
    #[must_use]
    pub const fn der(self) -> &'static [u8] {
        match self {
            Self::EcdsaSha1 => &[0x30, 9, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1],
            Self::EcdsaSha256 => &[0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2],
            Self::EcdsaSha384 => &[0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3],
            Self::EcdsaSha512 => &[0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 4],
            Self::Ed25519 => &[0x30, 5, 6, 3, 0x2B, 0x65, 0x70],
            Self::RsaPssSha256 => PSS_SHA256,
            Self::RsaPssSha384 => PSS_SHA384,
            Self::RsaPssSha512 => PSS_SHA512,
            Self::RsaSha1 => &[0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 5, 5, 0],
            Self::RsaSha256 => &[0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11, 5, 0],
            Self::RsaSha384 => &[0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 12, 5, 0],
            Self::RsaSha512 => &[0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 13, 5, 0],
        }
    }

    /// The algorithm of a DER `AlgorithmIdentifier`. RSA without the NULL, which old software writes, is read too.
    #[must_use]
    pub fn from_der(identifier: &[u8]) -> Option<Self> {
        let same = |algorithm: &Self| algorithm.der() == identifier;
        if let Some(algorithm) = Self::ALL.into_iter().find(same) {
            return Some(algorithm);
        }
        let wanted = asn1::sequence(identifier)?;
        let wanted = asn1::contents(wanted.first(), tag::OID)?;
        Self::ALL.into_iter().find(|algorithm| {
            // Tag and length of the SEQUENCE and of the identifier in it come first.
            let contents = algorithm.der().get(4..).unwrap_or_default();
            contents == wanted || contents.strip_suffix(&[5, 0]) == Some(wanted)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn refuses_sizes_in_the_words_of_cfssl() {
        let text = |result: Result<KeyAlgorithm>| result.unwrap_err().cfssl_text();
        assert_eq!(text(KeyAlgorithm::rsa(2047)), r#"{"code":2400,"message":"RSA key is too weak"}"#);
        assert_eq!(text(KeyAlgorithm::rsa(-1)), r#"{"code":2400,"message":"RSA key is too weak"}"#);
        assert_eq!(text(KeyAlgorithm::rsa(8193)), r#"{"code":2400,"message":"RSA key size too large"}"#);
        assert_eq!(text(KeyAlgorithm::rsa(i64::MAX)), r#"{"code":2400,"message":"RSA key size too large"}"#);
        assert_eq!(text(KeyAlgorithm::ecdsa(512)), r#"{"code":2400,"message":"invalid curve"}"#);
        assert_eq!(
            KeyAlgorithm::ecdsa(512).unwrap_err().to_string(),
            "there is no ECDSA curve of 512 bits; the large curve has 521 bits, not 512"
        );
    }

    #[test]
    fn names_itself_as_the_log_does() {
        let names = [KeyAlgorithm::rsa(2049), KeyAlgorithm::ecdsa(521), Ok(KeyAlgorithm::Ed25519)];
        let names = names.map(|algorithm| algorithm.unwrap().to_string());
        assert_eq!(names, ["rsa-2049", "ecdsa-521", "ed25519"]);
    }

    #[test]
    fn grows_the_hash_with_the_key() {
        let hash = |bits| SignatureAlgorithm::for_key(KeyAlgorithm::Rsa { bits });
        assert_eq!(hash(3071), SignatureAlgorithm::RsaSha256);
        assert_eq!(hash(3072), SignatureAlgorithm::RsaSha384);
        assert_eq!(hash(4095), SignatureAlgorithm::RsaSha384);
        assert_eq!(hash(4096), SignatureAlgorithm::RsaSha512);
    }

    #[test]
    fn reads_its_own_identifiers() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::from_der(algorithm.der()), Some(algorithm));
        }
        let without_null = [0x30, 11, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
        assert_eq!(SignatureAlgorithm::from_der(&without_null), Some(SignatureAlgorithm::RsaSha256));
    }
}
