//! Every direct dependency is explained in `docs/dependencies.md`, and nothing else is.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn explains_every_direct_dependency_and_no_other() {
    let manifest = read("Cargo.toml");
    let page = read("docs/dependencies.md");
    for (section, heading) in
        [("[dependencies]", "## In the programs"), ("[dev-dependencies]", "## In the tests and benchmarks")]
    {
        let declared = declared(&manifest, section);
        let explained = explained(&page, heading);
        assert!(!declared.is_empty(), "{section} of Cargo.toml lists nothing");
        let missing: Vec<_> = declared.difference(&explained).collect();
        let stale: Vec<_> = explained.difference(&declared).collect();
        assert!(missing.is_empty(), "docs/dependencies.md, {heading}: no row for {missing:?}");
        assert!(stale.is_empty(), "docs/dependencies.md, {heading}: stale rows {stale:?}");
    }
}

#[test]
fn declares_dependencies_in_no_other_form() {
    // The test above reads `name = …` lines below two headings; a dependency written elsewhere would escape it.
    let manifest = read("Cargo.toml");
    let others: Vec<&str> = manifest
        .lines()
        .filter(|line| line.starts_with('[') && line.contains("dependencies"))
        .filter(|line| !["[dependencies]", "[dev-dependencies]"].contains(line))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of `name = …` lines below a section's heading.
fn declared(manifest: &str, section: &str) -> BTreeSet<String> {
    let lines = manifest.lines().skip_while(|line| *line != section).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// The first cells, in back quotes, of the table below a heading.
fn explained(page: &str, heading: &str) -> BTreeSet<String> {
    let lines = page.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
