//! What people read is true: the pages' commands are run, and what the pages show is what is printed.
//!
//! Fenced blocks by their first words: `console` is run, `console cluster` is run against a cluster that the
//! page's own files make, `json NAME`, `yaml NAME` and `ini NAME` are files, `sh` is for a machine of its own
//! and only checked for its syntax, and anything else is only compared between the languages. In what a
//! `console` block shows, a line `…` stands for any lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "docs/cluster.rs"]
mod cluster;
#[path = "docs/page.rs"]
mod page;

use page::{Page, read, root};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn walkthrough_is_the_same_in_both_languages_and_true() {
    let (english, chinese) = (Page::load("docs/etcd.md"), Page::load("docs/etcd.zh-TW.md"));
    assert_eq!(english.blocks.len(), chinese.blocks.len(), "the pages have different numbers of blocks");
    for (one, other) in english.blocks.iter().zip(&chinese.blocks) {
        assert_eq!((&one.info, &one.text), (&other.info, &other.text), "line {}", other.line);
    }
    let place = tempfile::tempdir().unwrap();
    english.run(place.path());
    service_fits(&english);
    cluster::runs(&english, place.path());
}

#[test]
fn readme_is_true() {
    let place = tempfile::tempdir().unwrap();
    Page::load("docs/etcd.md").write_files(place.path());
    Page::load("README.md").run(place.path());
}

#[test]
fn page_on_inspection_is_true() {
    let place = tempfile::tempdir().unwrap();
    Page::load("docs/etcd.md").run(place.path());
    Page::load("docs/inspection.md").run(place.path());
}

#[test]
fn every_row_on_compatibility_names_a_test_that_exists() {
    let rows = rows();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len(), "an id stands twice");
    for number in 1..=45 {
        let prefix = format!("{number}-");
        assert!(ids.iter().any(|id| id.starts_with(&prefix)), "there is no row {number}");
    }
    for row in &rows {
        let known = ["same", "warned", "changed", "not yet"].contains(&row.kind.as_str());
        assert!(known, "{}: what is {:?}?", row.id, row.kind);
        for test in &row.tests {
            assert!(exists(test), "{}: there is no {test}", row.id);
        }
        assert!(!row.tests.is_empty(), "{}: no test is named", row.id);
    }
}

#[test]
fn every_transcript_on_compatibility_belongs_to_a_row() {
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.tests).collect();
    for entry in fs::read_dir(root().join("tests/cmd/compatibility")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for heading in fs::read_to_string(&path).unwrap().lines().filter_map(|line| line.strip_prefix("# ")) {
            let test = format!("tests/cmd/compatibility/{name}#{heading}");
            assert!(named.contains(&test), "no row names {test}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for file in [
        "README.md",
        "CHANGELOG.md",
        "docs/etcd.md",
        "docs/etcd.zh-TW.md",
        "docs/compatibility.md",
        "docs/inspection.md",
    ] {
        let text = read(file);
        let folder = root().join(file).parent().unwrap().to_owned();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to);
        for target in targets.filter(|target| !target.contains("://")) {
            let path = target.split('#').next().unwrap();
            assert!(path.is_empty() || folder.join(path).exists(), "{file}: {target} does not exist");
        }
    }
}

/// A difference between cfssl and us, as the page has it.
struct Row {
    id: String,
    kind: String,
    tests: Vec<String>,
}

/// The rows of all tables of the page.
fn rows() -> Vec<Row> {
    let text = read("docs/compatibility.md");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').replace("\\|", "/").split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(cells)
        .map(|cells| match cells.as_slice() {
            [id, _cfssl, kind, _ours, shown] => Row {
                id: id.trim_matches('`').to_owned(),
                kind: kind.clone(),
                tests: shown.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
            },
            other => panic!("a row of {} cells: {other:?}", other.len()),
        })
        .collect()
}

/// `FILE#HEADING` of a transcript, `FILE::TEST` of a program.
fn exists(test: &str) -> bool {
    let file = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_default();
    if let Some((path, heading)) = test.split_once('#') {
        return file(path).lines().any(|line| line.strip_prefix("# ") == Some(heading));
    }
    test.split_once("::").is_some_and(|(path, name)| {
        let text = file(path);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let start = format!("fn {name}()");
        let at = lines.iter().position(|line| line.starts_with(&start));
        at.is_some_and(|at| lines.iter().take(at).rev().take(3).any(|line| *line == "#[test]"))
    })
}

/// The service starts etcd with the file that is installed, as the user that may read the key.
fn service_fits(page: &Page) {
    let service = page.file("etcd.service");
    let value = |key: &str| -> &str {
        let lines: Vec<_> = service.lines().filter_map(|line| line.strip_prefix(key)).collect();
        assert_eq!(lines.len(), 1, "{key} stands {} times", lines.len());
        lines.first().unwrap()
    };
    for section in ["[Unit]", "[Service]", "[Install]"] {
        assert!(service.lines().any(|line| line == section), "no {section}");
    }
    let file = value("ExecStart=/usr/bin/etcd --config-file=");
    let (user, group) = (value("User="), value("Group="));
    let shell: String =
        page.blocks.iter().filter(|block| block.kind() == "sh").map(|block| block.text.as_str()).collect();
    let node = page.file("node1.yml");
    assert!(shell.contains(&format!("node1.yml {file}\n")), "{file} is not installed");
    assert!(shell.contains(&format!("-o root -g {group} -m 0640 etcd-key.pem /etc/etcd/\n")));
    assert!(shell.contains(&format!("-o {user} -g {group} -m 0700 /var/lib/etcd\n")));
    assert!(node.contains("data-dir: /var/lib/etcd/") && node.contains("wal-dir: /var/lib/etcd/"));
    for name in ["etcd.pem", "etcd-key.pem", "ca-etcd.pem"] {
        assert!(node.contains(&format!("-file: /etc/etcd/{name}\n")), "{name} is not in node1.yml");
    }
}

/// `make install`, with a stand-in for the build.
#[test]
fn make_install_leaves_the_programs_and_the_link() {
    let place = tempfile::tempdir().unwrap();
    let ours = Path::new(env!("CARGO_BIN_EXE_cfssl")).parent().unwrap();
    fs::create_dir(place.path().join("scripts")).unwrap();
    fs::copy(root().join("Makefile"), place.path().join("Makefile")).unwrap();
    let script =
        format!("f=scripts/build.sh; printf '#!/bin/sh\\necho {}\\n' > $f; chmod +x $f", ours.display());
    let list = "make -s install PREFIX=$PWD/prefix && ls prefix/bin && readlink prefix/bin/cfssl-json";
    let (success, printed) = page::shell(&format!("{script}; {list}"), place.path());
    assert!(success, "{printed}");
    assert_eq!(printed, "cfssl\ncfssl-certinfo\ncfssl-json\ncfssljson\nmkbundle\ncfssljson\n");
}

#[test]
fn pages_name_the_commands_that_are_to_come() {
    let (_, help) = page::shell("cfssl -h", &root());
    let coming: BTreeSet<&str> = help
        .lines()
        .filter(|line| line.starts_with('\t') && line.ends_with("(later)"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for (file, start) in [
        ("README.md", "Not yet: "),
        ("CHANGELOG.md", "- Not yet: "),
        ("docs/compatibility.md", "| `not-yet-commands` | "),
    ] {
        let text = read(file);
        let at = text.find(start).unwrap_or_else(|| panic!("{file}: no {start:?}"));
        // The list ends with the first sentence or cell.
        let list = text.get(at + start.len()..).unwrap().split([';', '|']).next().unwrap();
        let named: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();
        assert_eq!(named, coming, "{file}");
    }
}

#[test]
fn the_demo_writes_the_settings_of_the_page() {
    let keys = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key.to_owned()).collect()
    };
    let demo = read("scripts/demo.sh");
    let start = demo.find("<<YAML\n").expect("the demo writes a node's file") + "<<YAML\n".len();
    let yaml = demo.get(start..).unwrap().split("\nYAML\n").next().unwrap();
    assert_eq!(keys(yaml), keys(Page::load("docs/etcd.md").file("node1.yml")));
    for file in ["ca-etcd-config.json", "ca-etcd-csr.json", "etcd-csr.json"] {
        assert!(demo.contains(Page::load("docs/etcd.md").file(file)), "{file} differs from the demo's");
    }
}
