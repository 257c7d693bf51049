//! Everything that holds or uses a secret: key pairs are generated, loaded, written and used here, and nowhere else.
//!
//! A certificate authority's key is anything that implements [`SigningKey`]; [`PrivateKey`] is the one kept in
//! memory. Its DER and PEM leave it only through methods called `expose_…`, and are wiped when dropped.

mod algorithm;
mod asn1;
mod backend;
mod encode;
mod legacy;
mod load;
mod pbes2;
mod pkcs12;
mod private_key;
#[cfg(feature = "aws-lc-rs")]
mod rsa_any_size;

pub use algorithm::{Curve, KeyAlgorithm, SignatureAlgorithm};
pub(crate) use backend::can_verify;
pub use backend::{random, sha1, sha256, verify};
pub use pkcs12::{Pkcs12, read_pkcs12};
pub use private_key::{PrivateKey, SigningKey};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn signs_with_what_it_generates_and_loads() {
        for algorithm in [
            KeyAlgorithm::Ecdsa(Curve::P256),
            KeyAlgorithm::Ecdsa(Curve::P384),
            #[cfg(feature = "aws-lc-rs")]
            KeyAlgorithm::Ecdsa(Curve::P521),
            KeyAlgorithm::Ed25519,
            #[cfg(feature = "aws-lc-rs")]
            KeyAlgorithm::Rsa { bits: 2048 },
        ] {
            let key = PrivateKey::generate(algorithm).unwrap();
            assert_eq!(KeyAlgorithm::from_spki(key.subject_public_key_info()), Some(algorithm));
            for pem in [key.expose_pem(), key.expose_pkcs8_pem()] {
                let loaded = PrivateKey::from_pem(pem.as_bytes(), None).unwrap();
                assert_eq!(loaded.algorithm(), algorithm);
                assert_eq!(loaded.subject_public_key_info(), key.subject_public_key_info());
                let signature = loaded.sign(b"message").unwrap();
                let check = |message| {
                    verify(key.subject_public_key_info(), key.signature_algorithm(), message, &signature)
                };
                check(b"message").unwrap();
                assert!(check(b"massage").is_err(), "{algorithm}");
            }
        }
    }

    #[cfg(not(feature = "aws-lc-rs"))]
    #[test]
    fn names_the_feature_that_ring_lacks() {
        for algorithm in [KeyAlgorithm::Rsa { bits: 2048 }, KeyAlgorithm::Ecdsa(Curve::P521)] {
            let error = PrivateKey::generate(algorithm).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Unsupported);
            assert!(error.to_string().contains("the feature `aws-lc-rs`"), "{error}");
        }
    }
}
