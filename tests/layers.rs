//! Each module of the library uses only the modules below it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of `src/lib.rs` and its layer. Data flows from the lower to the higher ones.
const LAYERS: [(&str, u8); 16] = [
    ("asn1", 0),
    ("base64", 0),
    ("error", 0),
    // A JSON string: `error` writes cfssl's error lines with it, `json` everything else.
    ("quote", 0),
    ("json", 1),
    ("model", 2),
    ("keys", 3),
    ("pem", 3),
    ("x509", 4),
    ("csr", 5),
    ("signer", 6),
    ("inspect", 7),
    ("revocation", 7),
    ("bundle", 8),
    ("output", 8),
    ("cli", 10),
];

/// What `src/lib.rs` lifts to the crate's root out of `error`.
const ROOT_ITEMS: [&str; 5] = ["Error", "ErrorKind", "Result", "Warning", "WarningKind"];

#[test]
fn every_module_uses_lower_layers_only() {
    let layers = BTreeMap::from(LAYERS);
    let sources = sources(&source_root());
    assert!(sources.len() > 50, "{} files are not the whole library", sources.len());
    let mut upward = Vec::new();
    for path in sources {
        let relative = path.strip_prefix(source_root()).expect("a path below src");
        let module = module_of(relative);
        if module == "lib" {
            continue;
        }
        let own = layers.get(module.as_str()).unwrap_or_else(|| panic!("{module} has no layer"));
        let text = fs::read_to_string(&path).expect("a source file");
        let depth = modules_above(relative);
        for (line, used) in used_modules(&text, depth) {
            if ROOT_ITEMS.contains(&used.as_str()) || used == module {
                continue;
            }
            let layer = layers.get(used.as_str());
            let layer = layer.unwrap_or_else(|| panic!("{}:{line}: what is {used}?", relative.display()));
            if layer > own {
                upward.push(format!("{}:{line}: {module} uses {used}", relative.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn the_table_has_every_module_and_no_other() {
    let root = fs::read_to_string(source_root().join("lib.rs")).expect("src/lib.rs");
    let declared = root.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let mut declared: Vec<&str> = declared.collect();
    let mut listed: Vec<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    declared.sort_unstable();
    listed.sort_unstable();
    assert_eq!(declared, listed);
}

#[test]
fn finds_every_way_to_name_a_module() {
    let text = "//! [`crate::nowhere`]\nuse crate::a::B;\nuse crate::{\n    b::{c, d},\n    e as f, G,\n};\n\
                fn x() { crate::h::i(); super::super::j::k(); super::l(); }\npub(crate) fn y() {}\n// crate::z\n\
                #[cfg(feature = \"cli\")]\npub(in crate::m) fn n() {}\n\
                #[cfg(test)]\nmod tests { use super::*; use crate::o; }";
    let named = |depth| used_modules(text, depth).into_iter().map(|(_, module)| module).collect::<Vec<_>>();
    assert_eq!(named(1), ["a", "b", "e", "G", "h", "l", "m", "o"]);
    assert_eq!(named(2), ["a", "b", "e", "G", "h", "j", "m", "o"]);
    assert_eq!(used_modules("\n\nuse crate::a;", 1), [(3, "a".to_owned())]);
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// `keys` for both `keys/mod.rs` and `keys/load.rs`.
fn module_of(relative: &Path) -> String {
    let first = relative.components().next().expect("a path that is not empty");
    let first = first.as_os_str().to_str().expect("a name in UTF-8");
    first.strip_suffix(".rs").unwrap_or(first).to_owned()
}

/// How many `super::` lead from a file to the crate's root.
fn modules_above(relative: &Path) -> usize {
    let depth = relative.components().count();
    if relative.ends_with("mod.rs") { depth - 1 } else { depth }
}

/// The line and the first name of every path that starts at the crate's root: with `crate::`, or with
/// `depth` times `super::`. In the module of tests at the end of a file `super::` is the file, so it is left out.
fn used_modules(text: &str, depth: usize) -> Vec<(usize, String)> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let from_super = "super::".repeat(depth);
    let mut found = Vec::new();
    for start in ["crate::", from_super.as_str()] {
        for (at, _) in code.match_indices(start) {
            let (before, path) = code.split_at(at);
            if start != "crate::" && before.contains("\nmod tests {") {
                continue;
            }
            // Part of a longer name, or of a longer chain of `super::`.
            let is_inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':');
            let path = path.split_at(start.len()).1;
            if before.ends_with(is_inside) || path.starts_with("super::") {
                continue;
            }
            let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
            for name in first_names(path) {
                found.push((at, line, name));
            }
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    found.into_iter().map(|(_, line, name)| (line, name)).collect()
}

/// `a` of `a::b`; `a` and `c` of `{a::{b}, c}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut names = vec![name(group)];
    let mut depth = 1;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(group.split_at(at + 1).1)),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}
