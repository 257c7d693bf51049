//! Certificates of others, among them the oddest there are: every one is read, and described as cfssl does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "corpora/files.rs"]
mod files;

use certmint::inspect::details::{CertificateDetails, Origin};
use certmint::inspect::{self, view::CertificateView};
use certmint::output::certificate::{Look, write_text};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The input as PEM: cfssl reads nothing else.
fn as_pem(bytes: &[u8]) -> Vec<u8> {
    match bytes.first() {
        Some(0x30) => files::pem(bytes).into_bytes(),
        _ => bytes.to_vec(),
    }
}

#[test]
fn every_certificate_is_described_as_cfssl_describes_it() {
    let inputs = files::all();
    let next = AtomicUsize::new(0);
    let differing: Mutex<Vec<String>> = Mutex::default();
    let counts: Mutex<BTreeMap<&str, usize>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some((name, bytes)) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let pem = as_pem(bytes);
                    let ours = inspect::read_certificate_pem(&pem).and_then(|der| inspect::describe(&der));
                    let outcome = match (files::cfssl(&pem), ours) {
                        (Some(theirs), Ok(ours)) if ours.to_json_text() == theirs => "the same",
                        (Some(_), _) => {
                            differing.lock().unwrap().push(name.clone());
                            "different"
                        }
                        (None, Ok(_)) => "cfssl refuses, we answer",
                        (None, Err(_)) => "both refuse",
                    };
                    *counts.lock().unwrap().entry(outcome).or_default() += 1;
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    println!("{counts:?}");
    assert_eq!(differing.into_inner().unwrap(), [""; 0]);
    assert!(counts["the same"] > 650, "{counts:?}");
}

#[test]
fn every_file_is_read_as_a_certificate_as_far_as_it_goes() {
    for (name, bytes) in files::all() {
        // Whatever it is: a mail, a key, a revocation list; whole, cut, or with one octet turned.
        for der in [bytes.as_slice(), &bytes[..bytes.len() / 2]] {
            let view = CertificateView::new(der);
            let facts = (view.role(), view.display_name(), view.public_key().words(), view.defects.len());
            assert!(!facts.1.is_empty() || view.serial_number.is_empty(), "{name}");
        }
    }
}

#[test]
fn every_line_of_json_has_all_that_certinfo_prints() {
    let now = time::OffsetDateTime::UNIX_EPOCH;
    let mut compared = 0;
    for (name, bytes) in files::all() {
        let pem = as_pem(&bytes);
        let der = inspect::read_certificate_pem(&pem).map_or(bytes, |der| der.to_vec());
        let details = CertificateDetails::new(&der, now);
        let mut line = String::new();
        details.write_json(&mut line, None);
        let line: serde_json::Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{name}: {error}\n{line}"));
        let mut text = String::new();
        let origin = Origin { name: &name, position: None, line: None, member: None };
        write_text(&mut text, &details, &origin, &Look::PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{name}:\n{text}");
        let Ok(described) = inspect::describe(&der) else { continue };
        let described: serde_json::Value = serde_json::from_str(&described.to_json_text()).unwrap();
        for (member, value) in described.as_object().unwrap() {
            assert_eq!(line.get(member), Some(value), "{name}: {member}");
        }
        compared += 1;
    }
    assert!(compared > 650, "{compared}");
}
