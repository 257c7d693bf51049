//! Every input that is kept for the fuzzers goes through the function that they call: seeds, and what was once
//! found. A target without either fails.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use targets::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder, which has to have some.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

fn folder_names(parent: &str) -> BTreeSet<String> {
    let names = files(&fuzz().join(parent)).into_iter();
    names.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_target_has_a_function_a_program_and_seeds() {
    let functions: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert!(functions.len() > 10, "{functions:?}");
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let mut programs = BTreeSet::new();
    for table in manifest.split("\n[[bin]]\n").skip(1) {
        let name = table.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"');
        let source = fs::read_to_string(fuzz().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("target!({name});")), "{name}.rs is the fuzzer of another target");
        programs.insert(name.to_owned());
    }
    assert_eq!(programs, functions);
    assert_eq!(folder_names("corpus"), functions);
    for regressions in folder_names("regressions") {
        assert!(functions.contains(&regressions), "regressions of {regressions}, which is no target");
    }
}

#[test]
fn every_kept_input_is_read_or_refused() {
    for (name, function) in TARGETS {
        let mut inputs = files(&fuzz().join("corpus").join(name));
        let regressions = fuzz().join("regressions").join(name);
        if regressions.exists() {
            inputs.extend(files(&regressions));
        }
        for path in inputs {
            let input = fs::read(&path).unwrap();
            let shown = path.display();
            // What the test runner shows where it stopped a test that does not end.
            eprintln!("{shown}");
            let outcome = std::panic::catch_unwind(|| function(&input));
            assert!(outcome.is_ok(), "{shown}");
        }
    }
}
