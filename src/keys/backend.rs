//! The cryptographic library, named here and nowhere else: aws-lc-rs, or ring where only that feature is on.

use std::num::NonZeroU32;

#[cfg(feature = "aws-lc-rs")]
pub(super) use aws_lc_rs as library;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring as library;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!("certmint needs the feature `aws-lc-rs` or the feature `ring`");

use library::digest;
use library::hmac;
use library::pbkdf2;
use library::rand::{SecureRandom, SystemRandom};
use library::rsa::KeyPair as RsaKeyPair;
use library::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

use super::algorithm::{Curve, KeyAlgorithm, SignatureAlgorithm, parse_spki};
use super::encode;
use super::private_key::Secret;
use crate::error::{Error, ErrorKind, Result};

/// The SHA-1 hash of `data`, for key identifiers.
#[must_use]
pub fn sha1(data: &[u8]) -> [u8; 20] {
    hash(&digest::SHA1_FOR_LEGACY_USE_ONLY, data)
}

/// The SHA-256 hash of `data`.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    hash(&digest::SHA256, data)
}

fn hash<const LENGTH: usize>(algorithm: &'static digest::Algorithm, data: &[u8]) -> [u8; LENGTH] {
    let digest = digest::digest(algorithm, data);
    let mut hash = [0; LENGTH];
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}

/// A hash of PKCS #12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    /// How many bytes it hashes at a time.
    pub(super) fn block_len(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
        }
    }

    pub(super) fn output_len(self) -> usize {
        self.algorithm().output_len()
    }
}

/// Puts the hash of `data` in its place.
pub(super) fn digest_in_place(hash: Digest, data: &mut Vec<u8>) {
    let digest = digest::digest(hash.algorithm(), data);
    data.clear();
    data.extend_from_slice(digest.as_ref());
}

/// Fills `key` from a password by PBKDF2 with HMAC-SHA256.
pub(super) fn pbkdf2_sha256(password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
    let iterations = NonZeroU32::new(iterations).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, password, key);
}

pub(super) fn hmac(hash: Digest, key: &[u8], data: &[u8]) -> Vec<u8> {
    let algorithm = match hash {
        Digest::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha256 => hmac::HMAC_SHA256,
        Digest::Sha384 => hmac::HMAC_SHA384,
        Digest::Sha512 => hmac::HMAC_SHA512,
    };
    hmac::sign(&hmac::Key::new(algorithm, key), data).as_ref().to_vec()
}

/// Fills `bytes` from the system's random generator.
///
/// # Errors
/// [`ErrorKind::PrivateKeyGeneration`] where the generator fails.
pub fn random(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| {
        Error::of(ErrorKind::PrivateKeyGeneration).explain("the system's random generator failed")
    })
}

/// Checks `signature` over `message` with the public key in `spki`, the DER of a `SubjectPublicKeyInfo`.
///
/// RSA keys from 1024 to 8192 bits are accepted: whether a key is good enough is for others to say.
///
/// # Errors
/// [`ErrorKind::Usage`] in Go's words, so that callers can give it the kind of what they verify.
pub fn verify(spki: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Result<()> {
    let unsupported = |why: String| {
        Error::new(ErrorKind::Usage, "x509: cannot verify signature: algorithm unimplemented")
            .explain(format!("the signature cannot be verified: {why}"))
    };
    let (key_algorithm, key) = parse_spki(spki).ok_or_else(|| {
        unsupported("the key is neither RSA nor Ed25519, nor on P-256, P-384 or P-521".to_owned())
    })?;
    if let KeyAlgorithm::Rsa { bits: bits @ (..1024 | 8193..) } = key_algorithm {
        return Err(unsupported(format!(
            "the RSA key has {bits} bits, and those from 1024 to 8192 bits are supported"
        )));
    }
    let method = verification(key_algorithm, algorithm)
        .ok_or_else(|| unsupported(format!("{algorithm} is not supported for the key {key_algorithm}")))?;
    let words = match key_algorithm {
        KeyAlgorithm::Ecdsa(_) => "x509: ECDSA verification failure",
        KeyAlgorithm::Ed25519 => "x509: Ed25519 verification failure",
        KeyAlgorithm::Rsa { .. } => "crypto/rsa: verification error",
    };
    signature::UnparsedPublicKey::new(method, key).verify(message, signature).map_err(|_| {
        Error::new(ErrorKind::Usage, words).explain("the signature does not belong to the public key")
    })
}

/// True for the error of [`verify`] where it could not look at the signature: the explanation says why.
pub(crate) fn is_unverified(error: &Error) -> bool {
    error.message().ends_with("algorithm unimplemented")
}

/// Whether [`verify`] can tell if a signature of this algorithm belongs to the public key in `spki`: of a key of
/// another kind it is not, whatever the library knows.
pub(crate) fn can_verify(spki: &[u8], algorithm: SignatureAlgorithm) -> bool {
    parse_spki(spki).is_some_and(|(key, _)| {
        let has_size = !matches!(key, KeyAlgorithm::Rsa { bits: ..1024 | 8193.. });
        !algorithm.is_of_kind(key) || (has_size && verification(key, algorithm).is_some())
    })
}

/// Whether the elliptic curve key in `spki` is a point of its curve; `None` for what is no such key, and for a curve or
/// a form of writing that the library does not know.
pub(crate) fn is_on_curve(spki: &[u8]) -> Option<bool> {
    let (KeyAlgorithm::Ecdsa(curve), point) = parse_spki(spki)? else { return None };
    match point.first() {
        Some(4) => is_point(curve, point),
        // Compressed: ring does not know the form, so a no means nothing.
        Some(2 | 3) => is_point(curve, point).filter(|is_point| *is_point),
        _ => Some(false),
    }
}

#[cfg(feature = "aws-lc-rs")]
fn is_point(curve: Curve, point: &[u8]) -> Option<bool> {
    let method = verification(KeyAlgorithm::Ecdsa(curve), SignatureAlgorithm::EcdsaSha256)?;
    Some(signature::ParsedPublicKey::new(method, point).is_ok())
}

/// ring looks at a point only where it is used.
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
fn is_point(curve: Curve, point: &[u8]) -> Option<bool> {
    use library::agreement::{ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
    let method = match curve {
        Curve::P256 => &ECDH_P256,
        Curve::P384 => &ECDH_P384,
        Curve::P521 => return None,
    };
    let key = EphemeralPrivateKey::generate(method, &SystemRandom::new()).ok()?;
    Some(agree_ephemeral(key, &UnparsedPublicKey::new(method, point), |_| ()).is_ok())
}

/// The library's method for a signature, or nothing where it has none or key and signature do not belong together.
fn verification(
    key: KeyAlgorithm,
    algorithm: SignatureAlgorithm,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    use SignatureAlgorithm as S;
    Some(match (key, algorithm) {
        (KeyAlgorithm::Ed25519, S::Ed25519) => &signature::ED25519,
        (KeyAlgorithm::Rsa { bits: 2048.. }, S::RsaPssSha256) => &signature::RSA_PSS_2048_8192_SHA256,
        (KeyAlgorithm::Rsa { bits: 2048.. }, S::RsaPssSha384) => &signature::RSA_PSS_2048_8192_SHA384,
        (KeyAlgorithm::Rsa { bits: 2048.. }, S::RsaPssSha512) => &signature::RSA_PSS_2048_8192_SHA512,
        (KeyAlgorithm::Rsa { .. }, S::RsaSha1) => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (KeyAlgorithm::Rsa { .. }, S::RsaSha256) => {
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (KeyAlgorithm::Rsa { bits: 2048.. }, S::RsaSha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (KeyAlgorithm::Rsa { .. }, S::RsaSha512) => {
            &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        (KeyAlgorithm::Ecdsa(Curve::P256), S::EcdsaSha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (KeyAlgorithm::Ecdsa(Curve::P256), S::EcdsaSha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (KeyAlgorithm::Ecdsa(Curve::P384), S::EcdsaSha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (KeyAlgorithm::Ecdsa(Curve::P384), S::EcdsaSha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (KeyAlgorithm::Ecdsa(curve), _) => return more_verification(curve, algorithm),
        _ => return None,
    })
}

/// What only aws-lc-rs verifies.
#[cfg(feature = "aws-lc-rs")]
fn more_verification(
    curve: Curve,
    algorithm: SignatureAlgorithm,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    use SignatureAlgorithm as S;
    Some(match (curve, algorithm) {
        (Curve::P256, S::EcdsaSha1) => &signature::ECDSA_P256_SHA1_ASN1,
        (Curve::P256, S::EcdsaSha512) => &signature::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, S::EcdsaSha512) => &signature::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, S::EcdsaSha1) => &signature::ECDSA_P521_SHA1_ASN1,
        (Curve::P521, S::EcdsaSha256) => &signature::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, S::EcdsaSha384) => &signature::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, S::EcdsaSha512) => &signature::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

#[cfg(not(feature = "aws-lc-rs"))]
fn more_verification(
    _: Curve,
    _: SignatureAlgorithm,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    None
}

/// A key pair in the library's form, ready to sign.
pub(super) enum KeyPair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl KeyPair {
    /// A new key pair, and its secret in our form.
    pub(super) fn generate(algorithm: KeyAlgorithm) -> Result<(Self, Secret)> {
        match algorithm {
            KeyAlgorithm::Ecdsa(curve) => generate_ecdsa(curve),
            KeyAlgorithm::Ed25519 => {
                let mut seed = Zeroizing::new(vec![0; 32]);
                random(&mut seed)?;
                let secret = Secret::Ed25519 { seed };
                Ok((Self::load(&secret)?, secret))
            }
            KeyAlgorithm::Rsa { bits } => generate_rsa(bits),
        }
    }

    /// The key pair of a secret, checked for consistency.
    pub(super) fn load(secret: &Secret) -> Result<Self> {
        match secret {
            Secret::Ecdsa { curve, public, .. } => load_ecdsa(*curve, secret, public.as_deref()),
            Secret::Ed25519 { seed } => match Ed25519KeyPair::from_seed_unchecked(seed) {
                Ok(pair) => Ok(Self::Ed25519(pair)),
                Err(_) => Err(inconsistent("it is not an Ed25519 key")),
            },
            Secret::Rsa { bits, pkcs1 } => match RsaKeyPair::from_der(pkcs1) {
                Ok(pair) => Ok(Self::Rsa(pair)),
                Err(_) if cfg!(feature = "aws-lc-rs") => {
                    Err(inconsistent("the numbers of this RSA key do not belong together"))
                }
                Err(_) => Err(needs_aws_lc_rs(&format!("this RSA key of {bits} bits"))),
            },
        }
    }

    /// The contents of the BIT STRING in the `SubjectPublicKeyInfo`.
    pub(super) fn public_key(&self) -> &[u8] {
        match self {
            Self::Ecdsa(pair) => pair.public_key().as_ref(),
            Self::Ed25519(pair) => pair.public_key().as_ref(),
            Self::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// The signature. Only an RSA key leaves a choice of padding and hash; the others have that of their own.
    pub(super) fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
        let random = SystemRandom::new();
        let failed = |_| Error::of(ErrorKind::PrivateKey).explain("the key could not sign");
        match self {
            Self::Ecdsa(pair) => Ok(pair.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let padding = rsa_padding(algorithm).ok_or_else(not_made)?;
                let mut signature = vec![0; modulus_len(pair)];
                pair.sign(padding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

/// How a digest becomes an RSA signature, or nothing for what is no RSA signature, or one with SHA-1.
fn rsa_padding(algorithm: SignatureAlgorithm) -> Option<&'static dyn signature::RsaEncoding> {
    Some(match algorithm {
        SignatureAlgorithm::RsaPssSha256 => &signature::RSA_PSS_SHA256,
        SignatureAlgorithm::RsaPssSha384 => &signature::RSA_PSS_SHA384,
        SignatureAlgorithm::RsaPssSha512 => &signature::RSA_PSS_SHA512,
        SignatureAlgorithm::RsaSha256 => &signature::RSA_PKCS1_SHA256,
        SignatureAlgorithm::RsaSha384 => &signature::RSA_PKCS1_SHA384,
        SignatureAlgorithm::RsaSha512 => &signature::RSA_PKCS1_SHA512,
        _ => return None,
    })
}

pub(super) fn not_made() -> Error {
    Error::of(ErrorKind::PrivateKey).explain("the key makes no signatures of this kind")
}

fn inconsistent(explanation: &str) -> Error {
    Error::of(ErrorKind::PrivateKeyParse).explain(explanation)
}

#[cfg(feature = "aws-lc-rs")]
fn modulus_len(pair: &RsaKeyPair) -> usize {
    pair.public_modulus_len()
}

#[cfg(feature = "aws-lc-rs")]
fn signing(curve: Curve) -> &'static signature::EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
    }
}

#[cfg(feature = "aws-lc-rs")]
fn generate_ecdsa(curve: Curve) -> Result<(KeyPair, Secret)> {
    use library::encoding::AsBigEndian;

    let pair = EcdsaKeyPair::generate(signing(curve)).map_err(not_generated)?;
    let scalar = pair.private_key().as_be_bytes().map_err(not_generated)?;
    let scalar = Zeroizing::new(scalar.as_ref().to_vec());
    let secret = Secret::Ecdsa { curve, scalar, public: None };
    Ok((KeyPair::Ecdsa(pair), secret))
}

#[cfg(feature = "aws-lc-rs")]
fn load_ecdsa(curve: Curve, secret: &Secret, public: Option<&[u8]>) -> Result<KeyPair> {
    // Of the library's loaders this one checks the key only once.
    EcdsaKeyPair::from_pkcs8(signing(curve), &encode::pkcs8(secret, public)).map(KeyPair::Ecdsa).map_err(
        |_| inconsistent("the private and the public half of this elliptic curve key do not belong together"),
    )
}

#[cfg(feature = "aws-lc-rs")]
fn generate_rsa(bits: u32) -> Result<(KeyPair, Secret)> {
    use library::encoding::{AsDer, Pkcs8V1Der};
    use library::rsa::KeySize;

    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        8192 => KeySize::Rsa8192,
        _ => {
            let secret = Secret::Rsa { bits, pkcs1: super::rsa_any_size::generate(bits)? };
            return Ok((KeyPair::load(&secret)?, secret));
        }
    };
    let pair = RsaKeyPair::generate(size).map_err(not_generated)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(not_generated)?;
    let secret = super::load::from_der(pkcs8.as_ref(), None)?;
    Ok((KeyPair::Rsa(pair), secret))
}

#[cfg(feature = "aws-lc-rs")]
fn not_generated(_: library::error::Unspecified) -> Error {
    Error::of(ErrorKind::PrivateKeyGeneration).explain("the cryptographic library could not generate a key")
}

/// The error for what ring cannot do; never made with aws-lc-rs.
fn needs_aws_lc_rs(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{what} is not supported by ring"))
        .hint("build with the feature `aws-lc-rs`")
}

#[cfg(not(feature = "aws-lc-rs"))]
fn modulus_len(pair: &RsaKeyPair) -> usize {
    pair.public().modulus_len()
}

#[cfg(not(feature = "aws-lc-rs"))]
fn signing(curve: Curve) -> Result<&'static signature::EcdsaSigningAlgorithm> {
    match curve {
        Curve::P256 => Ok(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
        Curve::P384 => Ok(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
        Curve::P521 => Err(needs_aws_lc_rs("the curve P-521")),
    }
}

#[cfg(not(feature = "aws-lc-rs"))]
fn generate_ecdsa(curve: Curve) -> Result<(KeyPair, Secret)> {
    // ring tells a new key only as PKCS#8.
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(signing(curve)?, &SystemRandom::new());
    let pkcs8 = pkcs8.map_err(|_| Error::of(ErrorKind::PrivateKeyGeneration))?;
    let secret = super::load::from_der(pkcs8.as_ref(), None)?;
    Ok((KeyPair::load(&secret)?, secret))
}

#[cfg(not(feature = "aws-lc-rs"))]
fn load_ecdsa(curve: Curve, secret: &Secret, public: Option<&[u8]>) -> Result<KeyPair> {
    let algorithm = signing(curve)?;
    let Some(public) = public else {
        return Err(needs_aws_lc_rs("an elliptic curve key without its public half"));
    };
    EcdsaKeyPair::from_pkcs8(algorithm, &encode::pkcs8(secret, Some(public)), &SystemRandom::new())
        .map(KeyPair::Ecdsa)
        .map_err(|_| {
            inconsistent("the private and the public half of this elliptic curve key do not belong together")
        })
}

#[cfg(not(feature = "aws-lc-rs"))]
fn generate_rsa(_: u32) -> Result<(KeyPair, Secret)> {
    Err(needs_aws_lc_rs("generating RSA keys"))
}
