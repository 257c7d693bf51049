//! Everything our programs do, compared fact by fact with cfssl 1.6.5, and in part with 1.2.0: exit status, standard
//! output, certificates, log lines, files. What our programs make is shown to the programs that have to accept it.

#![cfg(all(feature = "aws-lc-rs", feature = "cli"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod accept;
mod case;
mod cases;
mod compare;
mod differences;
mod further;
mod inputs;
mod outcome;
#[path = "../support/mod.rs"]
mod support;

use accept::Made;
use compare::compare;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::peer::{NEW, OLD};
use tempfile::TempDir;

#[test]
fn facts_are_those_of_cfssl_but_for_the_listed_differences() {
    let folder = TempDir::new().unwrap();
    inputs::make(folder.path());
    let cases = cases::all();
    let names: BTreeSet<_> = cases.iter().map(|case| (case.command, &case.name)).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    count(&cases);

    let next = AtomicUsize::new(0);
    let (seen, made) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let peers = if case.old { &[NEW, OLD][..] } else { &[NEW] };
                    let compared =
                        std::panic::catch_unwind(AssertUnwindSafe(|| compare(folder.path(), case, peers)));
                    let (ours, differences) = compared.unwrap_or_else(|_| {
                        panic!("{} {}: what it made cannot be read", case.command, case.name)
                    });
                    seen.lock().unwrap().extend(differences);
                    made.lock().unwrap().extend(Made::of(case, &ours));
                }
            });
        }
    });
    accept::by_openssl(folder.path(), &made.into_inner().unwrap());

    let table = differences::all();
    let mut used = BTreeSet::new();
    let mut unlisted = Vec::new();
    for one in seen.into_inner().unwrap() {
        match table.iter().position(|row| (row.applies)(&one)) {
            Some(row) => drop(used.insert(row)),
            None => unlisted.push(one),
        }
    }
    unlisted.sort_by(|one, other| {
        (one.peer.version, one.command, &one.fact, &one.case).cmp(&(
            other.peer.version,
            other.command,
            &other.fact,
            &other.case,
        ))
    });
    for one in &unlisted {
        eprintln!(
            "{} {}: {}: {}\n  theirs {}\n  ours   {}\n",
            one.peer.version, one.command, one.case, one.fact, one.theirs, one.ours
        );
    }
    assert!(unlisted.is_empty(), "{} differences are not listed", unlisted.len());
    let stale: Vec<_> = (0..table.len()).filter(|row| !used.contains(row)).collect();
    let stale: Vec<_> = stale.into_iter().map(|row| table[row].reason).collect();
    assert!(stale.is_empty(), "listed differences that do not occur: {stale:#?}");
}

#[test]
fn every_difference_has_a_row_on_the_page_of_compatibility() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compatibility.md")).unwrap();
    let missing: Vec<_> = differences::all()
        .into_iter()
        .filter(|difference| !page.contains(&format!("\n| `{}` |", difference.row)))
        .map(|difference| (difference.row, difference.reason))
        .collect();
    assert!(missing.is_empty(), "differences without a row: {missing:#?}");
}

/// The numbers of cases, so that none gets lost unseen.
fn count(cases: &[case::Case]) {
    let mut counts = BTreeMap::new();
    for case in cases {
        let (new, old) = counts.entry(case.command).or_insert((0, 0));
        *new += 1;
        *old += i32::from(case.old);
    }
    for (command, (new, old)) in &counts {
        println!("{command}: {new} with {}, {old} of them with {}", NEW.version, OLD.version);
    }
    assert!(cases.len() > 250, "{}", cases.len());
}
