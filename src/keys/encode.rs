//! Secrets and public keys as DER. Every buffer is made in its final size, so that none is outgrown and left behind.

use zeroize::Zeroizing;

use super::algorithm::{Curve, KeyAlgorithm};
use super::asn1::{oid, tag};
use super::private_key::Secret;
use crate::asn1::writer::{LONGEST_HEADER, push_header};

/// The DER of a `SubjectPublicKeyInfo` around `key`, the contents of its BIT STRING (RFC 5280, section 4.1).
pub(super) fn spki(algorithm: KeyAlgorithm, key: &[u8]) -> Vec<u8> {
    let identifier = algorithm_identifier(algorithm);
    let mut spki = element(tag::SEQUENCE, &[&identifier, &element(tag::BIT_STRING, &[&[0], key])]);
    std::mem::take(&mut *spki)
}

/// A secret in the form that is particular to its algorithm: `RSAPrivateKey` or `ECPrivateKey`; PKCS#8 for Ed25519.
pub(super) fn traditional(secret: &Secret, public: Option<&[u8]>) -> Zeroizing<Vec<u8>> {
    match secret {
        Secret::Ecdsa { curve, scalar, .. } => sec1(scalar, public, Some(*curve)),
        Secret::Ed25519 { .. } => pkcs8(secret, public),
        Secret::Rsa { pkcs1, .. } => pkcs1.clone(),
    }
}

/// A secret as PKCS#8 version 1 (RFC 5208), the version every program reads.
pub(super) fn pkcs8(secret: &Secret, public: Option<&[u8]>) -> Zeroizing<Vec<u8>> {
    let inner = match secret {
        // The curve stands in the algorithm identifier already.
        Secret::Ecdsa { scalar, .. } => sec1(scalar, public, None),
        Secret::Ed25519 { seed } => element(tag::OCTET_STRING, &[seed]),
        Secret::Rsa { pkcs1, .. } => pkcs1.clone(),
    };
    let identifier = algorithm_identifier(secret.algorithm());
    let version = element(tag::INTEGER, &[&[0]]);
    element(tag::SEQUENCE, &[&version, &identifier, &element(tag::OCTET_STRING, &[&inner])])
}

/// The DER of an `RSAPrivateKey` of two primes; the numbers are big-endian, in the order of RFC 8017, A.1.2.
#[cfg(feature = "aws-lc-rs")]
pub(super) fn pkcs1(numbers: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let version = element(tag::INTEGER, &[&[0]]);
    let numbers: Vec<_> = numbers.iter().map(|number| unsigned(number)).collect();
    let mut parts: Vec<&[u8]> = vec![&version];
    parts.extend(numbers.iter().map(|number| number.as_slice()));
    element(tag::SEQUENCE, &parts)
}

/// The DER of an `ECPrivateKey` (RFC 5915).
fn sec1(scalar: &[u8], public: Option<&[u8]>, curve: Option<Curve>) -> Zeroizing<Vec<u8>> {
    let version = element(tag::INTEGER, &[&[1]]);
    let scalar = element(tag::OCTET_STRING, &[scalar]);
    let curve =
        curve.map(|curve| element(tag::context_constructed(0), &[&element(tag::OID, &[curve.oid()])]));
    let public = public
        .map(|point| element(tag::context_constructed(1), &[&element(tag::BIT_STRING, &[&[0], point])]));
    let optional = [&curve, &public].into_iter().flatten().map(|part| part.as_slice());
    let parts: Vec<_> = [version.as_slice(), scalar.as_slice()].into_iter().chain(optional).collect();
    element(tag::SEQUENCE, &parts)
}

fn algorithm_identifier(algorithm: KeyAlgorithm) -> Zeroizing<Vec<u8>> {
    let identifier = |contents| element(tag::OID, &[contents]);
    match algorithm {
        KeyAlgorithm::Ecdsa(curve) => {
            element(tag::SEQUENCE, &[&identifier(oid::EC_PUBLIC_KEY), &identifier(curve.oid())])
        }
        KeyAlgorithm::Ed25519 => element(tag::SEQUENCE, &[&identifier(oid::ED25519)]),
        KeyAlgorithm::Rsa { .. } => {
            element(tag::SEQUENCE, &[&identifier(oid::RSA_ENCRYPTION), &element(tag::NULL, &[])])
        }
    }
}

/// An INTEGER that is not negative, without needless zeros.
#[cfg(feature = "aws-lc-rs")]
fn unsigned(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = number.get(zeros..).unwrap_or_default();
    // The first bit is the sign.
    match digits.first() {
        Some(0..0x80) => element(tag::INTEGER, &[digits]),
        _ => element(tag::INTEGER, &[&[0], digits]),
    }
}

/// A tag, a length, and `parts` one after the other.
fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut der = Zeroizing::new(Vec::with_capacity(LONGEST_HEADER + length));
    push_header(&mut der, tag, length);
    for part in parts {
        der.extend(*part);
    }
    der
}
