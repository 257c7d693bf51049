//! The certificates of others: `scripts/install-corpora.sh` brings them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const CFSSL: &str = "/opt/cfssl-1.6.5/usr/bin/cfssl";

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

/// The DER of a certificate as PEM.
pub(crate) fn pem(der: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    let letters = Base64::encode_string(der);
    let lines: Vec<&str> =
        letters.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// What cfssl 1.6.5 says of a certificate in PEM; nothing where it refuses it.
pub(crate) fn cfssl(pem: &[u8]) -> Option<String> {
    let mut child = Command::new(CFSSL)
        .args(["certinfo", "-cert", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{CFSSL}: {error}: scripts/install-peers.sh test brings it"));
    // It may refuse the input before it has read all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(pem);
    let output = child.wait_with_output().expect("an end");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    output.status.success().then_some(text).filter(|text| !text.is_empty())
}
