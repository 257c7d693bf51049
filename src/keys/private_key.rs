//! The key in memory, and the trait that stands for keys kept elsewhere.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::algorithm::{Curve, KeyAlgorithm, SignatureAlgorithm};
use super::{backend, encode, load};
use crate::error::Result;
use crate::pem;

/// A key that signs: in memory, in a file, in a security module or at the other end of a wire.
pub trait SigningKey {
    /// The algorithm and size of the key.
    fn algorithm(&self) -> KeyAlgorithm;

    /// The DER of the public key's `SubjectPublicKeyInfo`.
    fn subject_public_key_info(&self) -> &[u8];

    /// The signature over `message` itself, hashed as [`signature_algorithm`](Self::signature_algorithm) says; ECDSA
    /// signatures as DER (RFC 3279, section 2.2.3).
    ///
    /// # Errors
    /// Whatever keeps the key from signing; with [`PrivateKey`] nothing but a failing random generator.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;

    /// The algorithm of the signatures; the one cfssl would choose unless the key knows better.
    fn signature_algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::for_key(self.algorithm())
    }

    /// The algorithm of the signatures under CRLs and OCSP responses; that of all others, unless the key can do more:
    /// cfssl takes SHA-256 there for RSA keys of every size.
    fn status_signature_algorithm(&self) -> SignatureAlgorithm {
        self.signature_algorithm()
    }

    /// As [`sign`](Self::sign), with the hash of [`status_signature_algorithm`](Self::status_signature_algorithm).
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    fn sign_status(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.sign(message)
    }
}

/// What refers to a key, or owns it, is a key too.
macro_rules! keys_behind {
    ($($pointer:ty)*) => {$(
        impl<K: SigningKey + ?Sized> SigningKey for $pointer {
            fn algorithm(&self) -> KeyAlgorithm {
                (**self).algorithm()
            }

            fn subject_public_key_info(&self) -> &[u8] {
                (**self).subject_public_key_info()
            }

            fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
                (**self).sign(message)
            }

            fn signature_algorithm(&self) -> SignatureAlgorithm {
                (**self).signature_algorithm()
            }

            fn status_signature_algorithm(&self) -> SignatureAlgorithm {
                (**self).status_signature_algorithm()
            }

            fn sign_status(&self, message: &[u8]) -> Result<Vec<u8>> {
                (**self).sign_status(message)
            }
        }
    )*};
}

keys_behind! { &K Box<K> Arc<K> }

/// A private key in memory. It cannot be cloned or printed, and is wiped when dropped.
pub struct PrivateKey {
    pair: backend::KeyPair,
    secret: Secret,
    subject_public_key_info: Vec<u8>,
}

/// What is secret about a key, in one form per algorithm, whatever file it came from.
pub(super) enum Secret {
    Ecdsa {
        curve: Curve,
        /// Big-endian, as long as the curve's field.
        scalar: Zeroizing<Vec<u8>>,
        /// The uncompressed point, where the file told it; generated keys have it in their pair.
        public: Option<Vec<u8>>,
    },
    Ed25519 {
        seed: Zeroizing<Vec<u8>>,
    },
    Rsa {
        bits: u32,
        pkcs1: Zeroizing<Vec<u8>>,
    },
}

impl Secret {
    pub(super) fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Ecdsa { curve, .. } => KeyAlgorithm::Ecdsa(*curve),
            Self::Ed25519 { .. } => KeyAlgorithm::Ed25519,
            Self::Rsa { bits, .. } => KeyAlgorithm::Rsa { bits: *bits },
        }
    }
}

impl PrivateKey {
    /// A new key from the system's random generator.
    ///
    /// # Errors
    /// [`PrivateKeyGeneration`](crate::ErrorKind::PrivateKeyGeneration) where the size is out of range or the generator
    /// fails; [`Unsupported`](crate::ErrorKind::Unsupported) for RSA and P-521 without the feature `aws-lc-rs`.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self> {
        if let KeyAlgorithm::Rsa { bits } = algorithm {
            KeyAlgorithm::rsa(i64::from(bits))?;
        }
        let (pair, secret) = backend::KeyPair::generate(algorithm)?;
        Ok(Self::new(pair, secret))
    }

    /// The key in the first PEM section of `pem` that is not `EC PARAMETERS`.
    ///
    /// PKCS#1, SEC1 and PKCS#8 are read, whatever the label; so are RFC 1421 encrypted PEM and, unlike cfssl, encrypted
    /// PKCS#8 (PBES2), both with `password`, which is not used otherwise.
    ///
    /// # Errors
    /// [`PrivateKeyDecode`](crate::ErrorKind::PrivateKeyDecode) where there is no PEM,
    /// [`PrivateKeyEncrypted`](crate::ErrorKind::PrivateKeyEncrypted) where a password is needed,
    /// [`PrivateKeyParse`](crate::ErrorKind::PrivateKeyParse) where there is no key in it,
    /// [`PrivateKeyAlgorithm`](crate::ErrorKind::PrivateKeyAlgorithm) where the key is not one we use, and
    /// [`Usage`](crate::ErrorKind::Usage) where the password is wrong.
    pub fn from_pem(pem: &[u8], password: Option<&[u8]>) -> Result<Self> {
        load::from_pem(pem, password).and_then(Self::from_secret)
    }

    /// The key in a DER `PrivateKeyInfo` (PKCS#8), `RSAPrivateKey` (PKCS#1) or `ECPrivateKey` (SEC1).
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem), for what is not about PEM.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        load::from_der(der, None).and_then(Self::from_secret)
    }

    /// The key as PEM in the form cfssl writes: `RSA PRIVATE KEY` (PKCS#1), or `EC PRIVATE KEY` (SEC1, named curve).
    ///
    /// Ed25519 is PKCS#8 labelled `PRIVATE KEY`, which every program reads; cfssl's `Ed25519 PRIVATE KEY` is read by
    /// few but itself.
    #[must_use]
    pub fn expose_pem(&self) -> Zeroizing<String> {
        let label = match self.algorithm() {
            KeyAlgorithm::Ecdsa(_) => "EC PRIVATE KEY",
            KeyAlgorithm::Ed25519 => "PRIVATE KEY",
            KeyAlgorithm::Rsa { .. } => "RSA PRIVATE KEY",
        };
        let der = encode::traditional(&self.secret, Some(self.pair.public_key()));
        Zeroizing::new(pem::encode(label, &der))
    }

    /// The key as PEM in PKCS#8 version 1, labelled `PRIVATE KEY`.
    #[must_use]
    pub fn expose_pkcs8_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(pem::encode("PRIVATE KEY", &self.expose_pkcs8_der()))
    }

    /// The key as the DER of a PKCS#8 `PrivateKeyInfo`, version 1.
    #[must_use]
    pub fn expose_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        encode::pkcs8(&self.secret, Some(self.pair.public_key()))
    }

    /// The signature over `message` as `algorithm` makes it, where the other side chooses: a TLS handshake, for one.
    ///
    /// # Errors
    /// [`PrivateKey`](crate::ErrorKind::PrivateKey) where a key of this kind makes no such signatures.
    pub fn sign_with(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
        match self.algorithm() {
            KeyAlgorithm::Rsa { .. } => self.pair.sign(algorithm, message),
            own if SignatureAlgorithm::for_key(own) == algorithm => self.pair.sign(algorithm, message),
            _ => Err(backend::not_made()),
        }
    }

    fn from_secret(secret: Secret) -> Result<Self> {
        let pair = backend::KeyPair::load(&secret)?;
        Ok(Self::new(pair, secret))
    }

    fn new(pair: backend::KeyPair, secret: Secret) -> Self {
        let subject_public_key_info = encode::spki(secret.algorithm(), pair.public_key());
        Self { pair, secret, subject_public_key_info }
    }
}

impl SigningKey for PrivateKey {
    fn algorithm(&self) -> KeyAlgorithm {
        self.secret.algorithm()
    }

    fn subject_public_key_info(&self) -> &[u8] {
        &self.subject_public_key_info
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.pair.sign(self.signature_algorithm(), message)
    }

    fn status_signature_algorithm(&self) -> SignatureAlgorithm {
        match self.algorithm() {
            KeyAlgorithm::Rsa { .. } => SignatureAlgorithm::RsaSha256,
            other => SignatureAlgorithm::for_key(other),
        }
    }

    fn sign_status(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.pair.sign(self.status_signature_algorithm(), message)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}
