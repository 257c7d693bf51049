//! Public keys: kind, size, numbers.

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::case::Case;
use crate::inspect::audit::weak::LEAST_RSA_BITS;
use crate::inspect::view::PublicKeyKind;
use crate::keys::is_on_curve;

pub(super) static RULES: [CertificateRule; 6] = [
    CertificateRule {
        rule: Rule {
            id: "rsa-too-small",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "NIST SP 800-57 part 1, 5.6",
            title: "an RSA key has less than 2048 bits",
            meaning: "Keys of 1024 bits are within reach of an attacker with money. Go, Rust and OpenSSL's usual \
                      settings refuse them.",
            remedy: "Make a new key of at least 2048 bits, or an ECDSA key, and issue anew.",
        },
        check: |case| {
            let bits = case.key.bits;
            (is_rsa(case) && bits < LEAST_RSA_BITS).then(|| format!("its RSA key has {bits} bits"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "rsa-exponent-small",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "FIPS 186-5, 5.1",
            title: "the exponent of an RSA key is below 65537",
            meaning: "Small exponents have made faults in programs into holes more than once, and FIPS modules \
                      refuse them.",
            remedy: "Make a new key with the usual exponent, 65537.",
        },
        check: |case| {
            let exponent = small_number(case.key.exponent)?;
            (is_rsa(case) && (3..65537).contains(&exponent) && exponent % 2 == 1)
                .then(|| format!("the exponent of its RSA key is {exponent}"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "rsa-broken",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 8017, 3.1",
            title: "the numbers of an RSA key are impossible",
            meaning: "Modulus and exponent are odd and above 1. This key can sign nothing, or nothing safely.",
            remedy: "Make a new key and issue anew.",
        },
        check: |case| {
            let is_even = |number: &[u8]| number.last().is_none_or(|last| last % 2 == 0);
            let is_negative = |number: &[u8]| number.first().is_some_and(|first| first & 0x80 != 0);
            let (modulus, exponent) = (case.key.modulus, case.key.exponent);
            let fault = if !is_rsa(case) {
                return None;
            } else if is_negative(modulus) || is_negative(exponent) {
                "is negative"
            } else if is_even(modulus) || is_even(exponent) {
                "is even"
            } else if small_number(exponent) == Some(1) {
                "is 1"
            } else {
                return None;
            };
            Some(format!("a number of its RSA key {fault}"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "ec-point-broken",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "SEC 1, 3.2.2.1",
            title: "an elliptic curve key is not on its curve",
            meaning: "It is nobody's key: nothing can be signed for it. Go and OpenSSL refuse the whole certificate.",
            remedy: "Make a new key and issue anew.",
        },
        check: |case| {
            (is_on_curve(case.key.der) == Some(false))
                .then(|| format!("the key, {}, is no point of its curve", case.key.words()))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "curve-too-small",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "NIST SP 800-57 part 1, 5.6",
            title: "an elliptic curve has less than 224 bits",
            meaning: "Such keys are too weak for anything that is to last, and TLS programs do not know the curve.",
            remedy: "Make a new key on P-256.",
        },
        check: |case| match case.key.kind {
            PublicKeyKind::Ec(curve) if (1..224).contains(&case.key.bits) => {
                Some(format!("its key is on the curve {curve}"))
            }
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "key-unusual",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 8446, 4.2.3",
            title: "the key is of a kind that many TLS programs do not know",
            meaning: "Go and Rust know RSA, ECDSA on P-256, P-384 and P-521 with both halves of its point, and \
                      Ed25519, and refuse everything else.",
            remedy: "Make a new key of one of these kinds.",
        },
        check: |case| {
            let is_usual = match case.key.kind {
                PublicKeyKind::Rsa | PublicKeyKind::Ed25519 => true,
                PublicKeyKind::Ec(curve) => {
                    matches!(curve, "P-256" | "P-384" | "P-521") || (1..224).contains(&case.key.bits)
                }
                _ => false,
            };
            let is_there = !case.view.subject_public_key_info.is_empty();
            let is_compressed = matches!((case.key.kind, case.key.key), (PublicKeyKind::Ec(_), [2 | 3, ..]));
            match is_there {
                true if !is_usual => Some(format!("its key is {}", case.key.words())),
                true if is_compressed => {
                    Some(format!("its key is {} with a compressed point", case.key.words()))
                }
                _ => None,
            }
        },
    },
];

fn is_rsa(case: &Case<'_>) -> bool {
    matches!(case.key.kind, PublicKeyKind::Rsa | PublicKeyKind::RsaPss)
}

/// A number of up to eight octets.
fn small_number(octets: &[u8]) -> Option<u64> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let digits = octets.get(zeros..).unwrap_or_default();
    (digits.len() <= 8).then(|| digits.iter().fold(0, |sum, digit| sum << 8 | u64::from(*digit)))
}
