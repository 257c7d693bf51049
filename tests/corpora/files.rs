//! The certificates of others: `scripts/install-corpora.sh` brings them.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the script puts what it fetches.
pub(crate) fn root() -> PathBuf {
    let root = std::env::var_os("CERTMINT_CORPORA").unwrap_or_else(|| "/opt/certmint-corpora".into());
    let root = PathBuf::from(root);
    assert!(
        root.join("cryptography_vectors/x509").is_dir(),
        "{}: the certificates of others are missing: scripts/install-corpora.sh brings them",
        root.display()
    );
    root
}

/// All files below a folder, in order.
pub(crate) fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| {
        panic!("{}: {error}: scripts/install-corpora.sh brings what is missing", folder.display())
    });
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every input: a name for messages, and the bytes.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for folder in [root().join("cryptography_vectors/x509"), "/usr/share/ca-certificates/mozilla".into()] {
        for path in below(&folder) {
            inputs.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    for path in below(Path::new("/usr/share/go-1.19/src/crypto/x509")) {
        let bytes = fs::read(&path).expect("a file");
        let name = path.display().to_string();
        if path.extension().is_some_and(|extension| extension == "go") {
            inputs.extend(
                sections(&bytes).into_iter().enumerate().map(|(at, pem)| (format!("{name} #{at}"), pem)),
            );
        } else {
            inputs.push((name, bytes));
        }
    }
    assert!(inputs.len() > 1500, "{} files are not all", inputs.len());
    inputs
}

/// The PEM sections in the strings of a program, each as a text of its own.
fn sections(source: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(source);
    let mut found = Vec::new();
    for part in text.split("-----BEGIN ").skip(1) {
        let Some((label, rest)) = part.split_once("-----") else { continue };
        let end = format!("-----END {label}-----");
        if let Some((body, _)) = rest.split_once(&end) {
            found.push(format!("-----BEGIN {label}-----{body}{end}\n").into_bytes());
        }
    }
    found
}
