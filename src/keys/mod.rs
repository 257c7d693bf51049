//! Everything that holds or uses a secret: key pairs are generated, loaded, written and used here, and nowhere else.
//!
//! A certificate authority's key is anything that implements [`SigningKey`]; [`PrivateKey`] is the one kept in
//! memory. Its DER and PEM leave it only through methods called `expose_…`, and are wiped when dropped.

#[cfg(all(feature = "aws-lc-rs", feature = "cli"))]
mod agreement;
mod algorithm;
mod asn1;
mod backend;
mod effort;
mod encode;
mod legacy;
mod load;
mod outline;
mod pbes2;
mod pkcs12;
mod private_key;
#[cfg(feature = "aws-lc-rs")]
mod rsa_any_size;

#[cfg(all(feature = "aws-lc-rs", feature = "cli"))]
pub(crate) use agreement::P521Agreement;
pub(crate) use algorithm::foreign_curve;
pub use algorithm::{Curve, KeyAlgorithm, SignatureAlgorithm};
pub(crate) use backend::{can_verify, is_on_curve, is_unverified};
pub use backend::{random, sha1, sha256, verify};
pub(crate) use outline::{KeyOpener, KeyOutline};
pub(crate) use pkcs12::outline_pkcs12;
pub use pkcs12::{Pkcs12, Pkcs12Contents, read_pkcs12, write_pkcs12};
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

    #[test]
    fn tells_points_of_a_curve_from_others() {
        for curve in [
            Curve::P256,
            Curve::P384,
            #[cfg(feature = "aws-lc-rs")]
            Curve::P521,
        ] {
            let key = PrivateKey::generate(KeyAlgorithm::Ecdsa(curve)).unwrap();
            let mut spki = key.subject_public_key_info().to_vec();
            assert_eq!(is_on_curve(&spki), Some(true));
            *spki.last_mut().unwrap() ^= 1;
            assert_eq!(is_on_curve(&spki), Some(false));
        }
        let key = PrivateKey::generate(KeyAlgorithm::Ed25519).unwrap();
        assert_eq!(is_on_curve(key.subject_public_key_info()), None);
        assert_eq!(is_on_curve(&[]), None);
    }

    #[test]
    fn signs_as_the_other_side_chooses_and_refuses_what_the_key_cannot() {
        use SignatureAlgorithm as S;
        let all = [S::EcdsaSha256, S::EcdsaSha384, S::EcdsaSha512, S::Ed25519];
        let rsa =
            [S::RsaPssSha256, S::RsaPssSha384, S::RsaPssSha512, S::RsaSha256, S::RsaSha384, S::RsaSha512];
        let cases: &[(KeyAlgorithm, &[S])] = &[
            (KeyAlgorithm::Ecdsa(Curve::P256), &[S::EcdsaSha256]),
            (KeyAlgorithm::Ecdsa(Curve::P384), &[S::EcdsaSha384]),
            (KeyAlgorithm::Ed25519, &[S::Ed25519]),
            #[cfg(feature = "aws-lc-rs")]
            (KeyAlgorithm::Rsa { bits: 2048 }, &rsa),
        ];
        for &(kind, able) in cases {
            let key = PrivateKey::generate(kind).unwrap();
            for algorithm in all.into_iter().chain(rsa).chain([S::RsaSha1, S::EcdsaSha1]) {
                let signature = key.sign_with(algorithm, b"message");
                assert_eq!(signature.is_ok(), able.contains(&algorithm), "{kind} {algorithm:?}");
                if let Ok(signature) = signature {
                    verify(key.subject_public_key_info(), algorithm, b"message", &signature).unwrap();
                }
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
