//! Damaged and hostile key files give errors: no panics, and no long waits.
#![cfg(feature = "aws-lc-rs")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use certmint::ErrorKind;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey};
use proptest::prelude::*;

/// A key of each algorithm as PEM in our usual form, as PKCS#8 PEM, and as PKCS#8 DER.
fn keys() -> Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let algorithms =
        [KeyAlgorithm::Ecdsa(Curve::P256), KeyAlgorithm::Ed25519, KeyAlgorithm::Rsa { bits: 2048 }];
    let forms = |algorithm| {
        let key = PrivateKey::generate(algorithm).unwrap();
        let text = |pem: &str| pem.as_bytes().to_vec();
        (text(&key.expose_pem()), text(&key.expose_pkcs8_pem()), key.expose_pkcs8_der().to_vec())
    };
    algorithms.map(forms).to_vec()
}

#[test]
fn refuses_keys_cut_off_at_every_byte() {
    for (pem, pkcs8, der) in keys() {
        // Without the newline, and without blanks, the text is still whole.
        for text in [pem, pkcs8] {
            for length in 0..text.len() - 1 {
                assert!(PrivateKey::from_pem(text.split_at(length).0, None).is_err(), "{length}");
            }
        }
        for length in 0..der.len() {
            assert!(PrivateKey::from_der(der.split_at(length).0).is_err(), "{length}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = PrivateKey::from_der(&bytes);
        let _ = PrivateKey::from_pem(&bytes, Some(b"x"));
    }

    #[test]
    fn survives_flipped_bits(flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u32), 1..4)) {
        thread_local!(static KEYS: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = keys());
        KEYS.with(|keys| for (pem, _, der) in keys {
            let (mut pem, mut der) = (pem.clone(), der.clone());
            for (place, bit) in &flips {
                *place.get_mut(&mut pem) ^= 1 << bit;
                *place.get_mut(&mut der) ^= 1 << bit;
            }
            let _ = PrivateKey::from_pem(&pem, None);
            let _ = PrivateKey::from_der(&der);
        });
    }

    #[test]
    fn survives_flipped_bits_in_encrypted_keys(place in any::<prop::sample::Index>(), bit in 0..8u32) {
        for mut der in [pbkdf2(&[0, 100], &[7; 8]), scrypt(&[16], &[8], &[1])] {
            *place.get_mut(&mut der) ^= 1 << bit;
            let _ = PrivateKey::from_pem(&encrypted_pem(&der), Some(b"x"));
        }
    }
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    assert!(contents.len() < 128);
    [&[tag, contents.len() as u8], contents.as_slice()].concat()
}

/// An `EncryptedPrivateKeyInfo` with triple DES.
fn encrypted(kdf: &[u8], iv: &[u8]) -> Vec<u8> {
    let cipher = element(0x30, &[&[6, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 3, 7], &element(4, &[iv])]);
    let pbes2 = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 13];
    let identifier = element(0x30, &[&pbes2, &element(0x30, &[kdf, &cipher])]);
    element(0x30, &[&identifier, &element(4, &[&[9; 16]])])
}

fn pbkdf2(iterations: &[u8], iv: &[u8]) -> Vec<u8> {
    let parameters = element(0x30, &[&element(4, &[&[1; 8]]), &element(2, &[iterations])]);
    encrypted(&element(0x30, &[&[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 12], &parameters]), iv)
}

fn scrypt(cost: &[u8], block_size: &[u8], parallelization: &[u8]) -> Vec<u8> {
    let numbers = [cost, block_size, parallelization].map(|number| element(2, &[number]));
    let parameters = element(0x30, &[&element(4, &[&[1; 8]]), &numbers.concat()]);
    let scrypt = [6, 9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 11];
    encrypted(&element(0x30, &[&scrypt, &parameters]), &[7; 8])
}

fn encrypted_pem(der: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in der.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place) & 63) as usize).unwrap();
            text.push(if place <= group.len() { char::from(*letter) } else { '=' });
        }
    }
    format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{text}\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .into_bytes()
}

#[test]
fn refuses_encryption_that_would_take_forever() {
    for der in [
        pbkdf2(&[0x7F, 0xFF, 0xFF, 0xFF], &[7; 8]),
        scrypt(&[0x40, 0, 0, 0], &[8], &[1]),
        scrypt(&[0x20, 0, 0], &[127], &[127]),
        // Cheap for its cost, and 630 megabytes large.
        scrypt(&[2], &[0x7F, 0xFF], &[0, 150]),
    ] {
        let error = PrivateKey::from_pem(&encrypted_pem(&der), Some(b"x")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PrivateKeyParse);
        assert!(error.to_string().contains("take too long"), "{error}");
    }
}

#[test]
fn refuses_rsa_keys_with_numbers_of_megabytes_at_once() {
    let large = |tag: u8, content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x84], length.as_slice(), content].concat()
    };
    let key = PrivateKey::generate(KeyAlgorithm::Rsa { bits: 2048 }).unwrap();
    // PKCS #8 around PKCS #1: SEQUENCE, version, algorithm, OCTET STRING, SEQUENCE.
    let der = key.expose_pkcs8_der();
    let mut rest = der.split_at(4 + 3 + 15 + 4 + 4).1;
    let mut numbers = Vec::new();
    while let [2, length, ..] = *rest {
        let (header, length) = match length {
            0x81 => (3, usize::from(*rest.get(2).unwrap())),
            0x82 => (4, usize::from(u16::from_be_bytes([*rest.get(2).unwrap(), *rest.get(3).unwrap()]))),
            short => (2, usize::from(short)),
        };
        let (number, after) = rest.split_at(header + length);
        numbers.push(number.to_vec());
        rest = after;
    }
    assert_eq!(numbers.len(), 9);
    let traditional =
        [&[0x30, 0x82], &u16::try_from(numbers.concat().len()).unwrap().to_be_bytes()[..], &numbers.concat()];
    assert!(PrivateKey::from_der(&traditional.concat()).is_ok());
    for place in 2..9 {
        let mut numbers = numbers.clone();
        *numbers.get_mut(place).unwrap() = large(2, &vec![0x7F; 30_000_000]);
        let error = PrivateKey::from_der(&large(0x30, &numbers.concat())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PrivateKeyParse, "{place}: {error}");
    }
}

#[test]
fn refuses_encryption_parameters_that_make_no_sense() {
    // The decoder underneath panics on each of these: a short vector, and a cost of nothing.
    for der in
        [pbkdf2(&[16], &[7; 4]), pbkdf2(&[16], &[]), scrypt(&[0], &[8], &[1]), scrypt(&[3], &[8], &[1])]
    {
        let error = PrivateKey::from_pem(&encrypted_pem(&der), Some(b"x")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PrivateKeyParse, "{error}");
    }
    // The same shape with sensible parameters is tried.
    let error = PrivateKey::from_pem(&encrypted_pem(&pbkdf2(&[16], &[7; 8])), Some(b"x")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
}

#[test]
fn refuses_damaged_headers_of_old_encryption() {
    for info in
        ["", "AES-128-CBC", "AES-128-CBC,", "AES-128-CBC,00", "AES-128-CBC,zz", "ROT13,0011223344556677"]
    {
        let pem = format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: {info}\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"
        );
        let error = PrivateKey::from_pem(pem.as_bytes(), Some(b"x")).unwrap_err();
        assert!(error.cfssl_text().starts_with("x509: "), "{info}: {error}");
    }
}
