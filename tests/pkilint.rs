//! What pkilint, a linter of single certificates, finds in certificates of others, beside what an audit of each says:
//! docs/pkilint.md has the table. `scripts/compare-pkilint.py --record` kept its findings.

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
use certmint::inspect::audit::rules;
use certmint::inspect::details::CertificateDetails;
use certmint::inspect::evidence::{Evidence, Object};
use certmint::inspect::read::GatherOptions;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use time::OffsetDateTime;

const PAGE: &str = "docs/pkilint.md";
const RECORD: &str = "tests/pkilint/findings.txt";

/// A certificate that pkilint found something in.
struct Linted {
    codes: BTreeSet<String>,
    /// The rules that spoke of it.
    ours: BTreeSet<String>,
}

/// The DER of the certificates that pkilint was given, by their fingerprints.
fn certificates() -> BTreeMap<String, Vec<u8>> {
    let mut evidence = Evidence::default();
    let folder = files::root().join("cryptography_vectors/x509");
    evidence.gather(&[&folder], &GatherOptions::default(), &mut |_| {});
    let mut found = BTreeMap::new();
    for one in evidence.objects {
        let Object::Certificate(der) = one.object else { continue };
        let details = CertificateDetails::new(&der, OffsetDateTime::UNIX_EPOCH);
        let mut fingerprint = String::new();
        for octet in details.sha256 {
            write!(fingerprint, "{octet:02x}").unwrap();
        }
        found.insert(fingerprint, der.to_vec());
    }
    found
}

fn linted() -> Vec<Linted> {
    let certificates = certificates();
    let record = fs::read_to_string(RECORD).unwrap();
    let lines = record.lines().filter(|line| !line.starts_with('#'));
    let one = |line: &str| {
        let (fingerprint, codes) = line.split_once(' ').unwrap();
        let der = certificates.get(fingerprint).unwrap_or_else(|| panic!("{fingerprint} is not there"));
        let report = Scene::new().certificates("one.pem", &[der.as_slice()]).audit();
        let ours = fired(&report).into_iter().map(|rule| rule.to_string()).collect();
        Linted { codes: codes.split(' ').map(str::to_owned).collect(), ours }
    };
    lines.map(one).collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_page_says_which_findings_of_pkilint_are_ours_too() {
    let linted = linted();
    let page = fs::read_to_string(PAGE).unwrap();
    let known: BTreeSet<String> = rules().map(|rule| rule.id.to_owned()).collect();
    let mut told = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let codes: BTreeSet<String> = quoted(cells[0]);
        let ours: BTreeSet<String> = quoted(cells[3]);
        assert!(ours.is_subset(&known), "no rule: {row}");
        for code in &codes {
            assert!(told.insert(code.clone()), "{code} has two rows");
        }
        let of_row: Vec<&Linted> = linted.iter().filter(|one| !one.codes.is_disjoint(&codes)).collect();
        let shared = of_row.iter().filter(|one| !one.ours.is_disjoint(&ours)).count();
        if (cells[1], cells[2]) != (of_row.len().to_string().as_str(), shared.to_string().as_str()) {
            wrong.push(format!("| {} | {} | {shared} | {} |", cells[0], of_row.len(), cells[3]));
        }
    }
    let all: BTreeSet<String> = linted.iter().flat_map(|one| one.codes.iter().cloned()).collect();
    assert_eq!(told, all, "rows, and findings");
    assert!(wrong.is_empty(), "{PAGE}: these rows are true:\n{}", wrong.join("\n"));
}

#[test]
fn the_page_says_what_was_compared() {
    let record = fs::read_to_string(RECORD).unwrap();
    let head = record.lines().next().unwrap();
    let (version, count) = head.trim_start_matches("# pkilint ").split_once(": ").unwrap();
    let page = fs::read_to_string(PAGE).unwrap();
    assert!(page.contains(&format!("gave {count}")), "{head}");
    assert!(page.contains(&format!("pkilint {version}")), "{head}");
}
