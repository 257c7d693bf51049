//! Public keys.

use super::Bad;
use super::certificate::{good, leaf};
use crate::audit_support::{Scene, bit_string, element, oid, sequence};

/// A leaf with an RSA key of these numbers.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Scene {
    let numbers = sequence(&[element(2, &[modulus.to_vec()]), element(2, &[exponent.to_vec()])]);
    let algorithm = sequence(&[oid("1.2.840.113549.1.1.1"), vec![5, 0]]);
    leaf(good().spki(&sequence(&[algorithm, bit_string(&numbers)])))
}

/// An odd number of so many bits, a multiple of 8.
fn odd(bits: usize) -> Vec<u8> {
    [&[0][..], &vec![0xd5; bits / 8]].concat()
}

fn curve(curve: &str, octets: usize) -> Scene {
    let algorithm = sequence(&[oid("1.2.840.10045.2.1"), oid(curve)]);
    let point = [&[4][..], &vec![7; 2 * octets]].concat();
    leaf(good().spki(&sequence(&[algorithm, bit_string(&point)])))
}

/// A key on P-256 of which only one half and a sign are given: the curve's base point.
fn compressed() -> Scene {
    const POINT: [u8; 33] = [
        3, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
        0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    ];
    let algorithm = sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
    leaf(good().spki(&sequence(&[algorithm, bit_string(&POINT)])))
}

pub(crate) const CASES: &[Bad] = &[
    Bad { rule: "rsa-too-small", also: &[], says: "1024 bits", scene: || rsa(&odd(1024), &[1, 0, 1]) },
    Bad { rule: "rsa-exponent-small", also: &[], says: "is 3", scene: || rsa(&odd(2048), &[3]) },
    Bad { rule: "rsa-broken", also: &[], says: "is even", scene: || rsa(&odd(2048), &[1, 0, 0]) },
    Bad { rule: "rsa-broken", also: &[], says: "is 1", scene: || rsa(&odd(2048), &[1]) },
    Bad { rule: "rsa-broken", also: &[], says: "is negative", scene: || rsa(&[0xd5; 256], &[1, 0, 1]) },
    Bad {
        rule: "ec-point-broken",
        also: &[],
        says: "ECDSA P-256",
        scene: || curve("1.2.840.10045.3.1.7", 32),
    },
    Bad { rule: "ec-point-broken", also: &[], says: "ECDSA P-384", scene: || curve("1.3.132.0.34", 40) },
    Bad { rule: "curve-too-small", also: &[], says: "P-192", scene: || curve("1.2.840.10045.3.1.1", 24) },
    Bad { rule: "key-unusual", also: &[], says: "ECDSA P-224", scene: || curve("1.3.132.0.33", 28) },
    Bad { rule: "key-unusual", also: &[], says: "with a compressed point", scene: compressed },
    Bad {
        rule: "certificate-malformed",
        also: &[],
        says: "the parameters of an RSA key are not NULL",
        scene: || {
            let numbers = sequence(&[element(2, &[odd(2048)]), element(2, &[vec![1, 0, 1]])]);
            let algorithm = sequence(&[oid("1.2.840.113549.1.1.1")]);
            leaf(good().spki(&sequence(&[algorithm, bit_string(&numbers)])))
        },
    },
    Bad {
        rule: "key-unusual",
        also: &[],
        says: "Ed448",
        scene: || leaf(good().spki(&sequence(&[sequence(&[oid("1.3.101.113")]), bit_string(&[7; 57])]))),
    },
];
