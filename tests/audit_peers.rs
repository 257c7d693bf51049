//! What Go's reader refuses, as cfssl, etcd and Kubernetes use it, is a finding: certificates of others with one octet
//! changed, beside the installed cfssl.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod audit_support;
#[path = "corpora/files.rs"]
#[allow(dead_code)]
mod files;

use audit_support::{Scene, fired};
use certmint::inspect;
use certmint::inspect::audit::rules;
use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is said of any certificate that was changed, or is about something else than its form.
const VAGUE: [&str; 12] = [
    "authority-key-identifier-mismatch",
    "chain-broken",
    "expired",
    "issuer-key-differs",
    "issuer-missing",
    "long-lived",
    "purpose-missing",
    "root-missing",
    "san-missing",
    "self-signed-leaf",
    "signature-invalid",
    "signature-unverifiable",
];

/// Changes of each certificate.
const CHANGES: u64 = 6;

/// Whether cfssl reads a certificate.
fn cfssl_reads(der: &[u8]) -> bool {
    files::cfssl(files::pem(der).as_bytes()).is_some()
}

/// The rules that speak of a certificate by itself.
fn findings(der: &[u8]) -> BTreeSet<&'static str> {
    fired(&Scene::new().certificates("one.pem", &[der]).audit())
}

/// The certificates of the corpus, small enough to be worth changing.
fn originals() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for path in files::below(&files::root().join("cryptography_vectors/x509")) {
        let bytes = fs::read(&path).unwrap();
        let der = match inspect::read_certificate_pem(&bytes) {
            Ok(der) => der.to_vec(),
            Err(_) if bytes.first() == Some(&0x30) => bytes,
            Err(_) => continue,
        };
        if der.len() < 3000 && inspect::describe(&der).is_ok() {
            found.push((path.display().to_string(), der));
        }
    }
    found
}

/// The certificate with one octet of what is signed changed, as the seed says.
fn changed(der: &[u8], seed: u64) -> Vec<u8> {
    // Knuth's generator; its high bits are the better ones.
    let mut state = seed;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    below(2);
    let mut changed = der.to_vec();
    // Past the lengths of the whole, and short of most signatures.
    let at = 8 + below(der.len().saturating_sub(200).max(1));
    changed[at] = match below(4) {
        0 => changed[at] ^ 1 << below(8),
        1 => [1, 2, 3, 4, 5, 6, 12, 19, 22, 23, 24, 30, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa3][below(18)],
        2 => [0, 1, 0x2a, 0x40, 0x7f, 0x80, 0xff][below(7)],
        _ => 0xff,
    };
    changed
}

#[test]
fn what_go_refuses_is_a_finding() {
    let originals = originals();
    assert!(originals.len() > 450, "{}", originals.len());
    let known: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    assert!(VAGUE.iter().all(|rule| known.contains(rule)));
    let (next, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let silent: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, der)) = originals.get(number) else { return };
                    let before = findings(der);
                    // What is said already cannot be told from what is said anew; of DSA it is that it is unusual.
                    let is_odd = before.contains("certificate-malformed") || before.contains("key-unusual");
                    if is_odd || !cfssl_reads(der) {
                        continue;
                    }
                    for change in 0..CHANGES {
                        let seed = number as u64 * CHANGES + change;
                        let other = changed(der, seed);
                        if other == *der || cfssl_reads(&other) {
                            continue;
                        }
                        refused.fetch_add(1, Ordering::Relaxed);
                        let after = findings(&other);
                        let says = |rule: &&str| !VAGUE.contains(rule) && !before.contains(rule);
                        if !after.iter().any(says) {
                            silent.lock().unwrap().push(format!("{name}, change {seed}"));
                        }
                    }
                }
            });
        }
    });
    let refused = refused.into_inner();
    assert!(refused > 800, "{refused} are refused");
    let mut silent = silent.into_inner().unwrap();
    silent.sort();
    assert!(silent.is_empty(), "of {refused} that cfssl refuses nothing is said of {}", silent.join("\n"));
}
