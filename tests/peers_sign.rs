//! What `sign`, `genkey` and `selfsign` make, compared fact by fact with the cfssl that is installed.

#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "peers_sign/cases.rs"]
mod cases;
#[path = "peers_sign/differences.rs"]
mod differences;
#[path = "peers_sign/inputs.rs"]
mod inputs;
mod support;

use cases::Case;
use differences::{DIFFERENCES, Seen};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::facts::{self, Certificate, Facts};
use support::run::{OURS, Run, THEIRS};
use tempfile::TempDir;

#[test]
fn facts_are_those_of_cfssl_but_for_the_listed_differences() {
    let folder = TempDir::new().unwrap();
    inputs::make(folder.path());
    let cases = cases::all();
    assert!(cases.len() > 200, "{}", cases.len());
    let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");

    let next = AtomicUsize::new(0);
    let seen = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let differences = compare(folder.path(), case);
                    seen.lock().unwrap().extend(differences);
                }
            });
        }
    });
    let mut used = BTreeSet::new();
    let mut unlisted = Vec::new();
    for one in seen.into_inner().unwrap() {
        match DIFFERENCES.iter().position(|row| (row.applies)(&one)) {
            Some(row) => drop(used.insert(row)),
            None => unlisted.push(one),
        }
    }
    unlisted.sort_by(|one, other| (&one.fact, &one.case).cmp(&(&other.fact, &other.case)));
    for one in &unlisted {
        eprintln!(
            "{}: {}: {}\n  theirs {}\n  ours   {}\n",
            one.command, one.case, one.fact, one.theirs, one.ours
        );
    }
    assert!(unlisted.is_empty(), "{} differences are not listed", unlisted.len());
    let stale: Vec<_> = (0..DIFFERENCES.len()).filter(|row| !used.contains(row)).collect();
    let stale: Vec<_> = stale.into_iter().map(|row| DIFFERENCES[row].reason).collect();
    assert!(stale.is_empty(), "listed differences that do not occur: {stale:#?}");
}

/// Both programs on one command line: what differs.
fn compare(folder: &Path, case: &Case) -> Vec<Seen> {
    let issuer = case.issuer.map(|name| {
        let text = fs::read_to_string(folder.join(format!("{name}.pem"))).unwrap();
        facts::certificate(&text, None)
    });
    let mut seen = Vec::new();
    // Another try is for a minute or a second that ended between the two runs.
    for _ in 0..3 {
        let theirs = facts_of(case, &put(THEIRS, folder, case), issuer.as_ref());
        let ours = facts_of(case, &put(OURS, folder, case), issuer.as_ref());
        seen = differing(case, theirs, ours);
        if !seen.iter().any(|one| one.fact.contains("time of")) {
            break;
        }
    }
    seen
}

/// The facts of a run. The CSR of `sign` is the input as it came, whatever stands in it.
fn facts_of(case: &Case, run: &Run, issuer: Option<&Certificate>) -> Facts {
    if case.command != "sign" {
        return run.facts(issuer);
    }
    let (certificate, csr) = (run.part("cert"), run.part("csr"));
    let alone = match &certificate {
        Some(text) => serde_json::json!({ "cert": text }).to_string() + "\n",
        None => run.stdout.clone(),
    };
    let mut facts = Run { exit: run.exit, stdout: alone, stderr: run.stderr.clone() }.facts(issuer);
    if let Some(csr) = csr {
        facts.insert("CSR as it came".to_owned(), csr);
    }
    let shape = match &certificate {
        Some(text) => run.stdout.replace(&serde_json::json!(text).to_string(), "").chars().take(20).collect(),
        None => run.stdout.clone(),
    };
    facts.insert("stdout begins".to_owned(), shape);
    facts
}

fn differing(case: &Case, mut old: Facts, mut new: Facts) -> Vec<Seen> {
    // The human half of an error and warnings stand between cfssl's lines.
    let known = old["log"].clone();
    let known: Vec<_> = known.split('\n').collect();
    let log = new["log"].clone();
    let extra = |line: &&str| {
        (line.starts_with("[WARNING] ") || line.starts_with("[ERROR] ")) && !known.contains(line)
    };
    let (said, kept): (Vec<_>, Vec<_>) = log.split('\n').partition(extra);
    new.insert("log".to_owned(), kept.join("\n"));
    for (fact, level) in [("said besides: warnings", "[WARNING]"), ("said besides: errors", "[ERROR]")] {
        let said: Vec<_> = said.iter().filter(|line| line.starts_with(level)).copied().collect();
        old.insert(fact.to_owned(), String::new());
        new.insert(fact.to_owned(), said.join("\n"));
    }
    let facts: BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    let absent = || "absent".to_owned();
    facts
        .into_iter()
        .map(|fact| Seen {
            case: case.name.clone(),
            command: case.command,
            theirs: old.remove(&fact).unwrap_or_else(absent),
            ours: new.remove(&fact).unwrap_or_else(absent),
            fact,
        })
        .filter(|one| one.theirs != one.ours)
        .collect()
}

/// Puts the command line to one of the programs, in a folder of its own below that of the inputs.
fn put(program: &str, folder: &Path, case: &Case) -> Run {
    let own = TempDir::new_in(folder).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::os::unix::fs::symlink(entry.path(), own.path().join(entry.file_name())).unwrap();
        }
    }
    for (name, contents) in &case.files {
        fs::write(own.path().join(name), contents).unwrap();
    }
    let (words, input) = match case.arguments.as_slice() {
        [words @ .., mark, file] if mark == "<" => {
            (words, Stdio::from(fs::File::open(own.path().join(file)).unwrap()))
        }
        words => (words, Stdio::null()),
    };
    let mut command = Command::new(program);
    command.arg(case.command).args(words).current_dir(own.path()).stdin(input);
    command.env_remove("CFSSL_STRICT").env_remove("CFSSL_CA_PK_PASSWORD");
    if let Some(password) = case.password {
        command.env("CFSSL_CA_PK_PASSWORD", password);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
