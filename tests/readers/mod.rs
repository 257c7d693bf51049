//! A small PKI that openssl made, in every form that openssl writes, and short words for what a reader found.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "each test file uses a part, and a test may stop"
)]

use certmint::inspect::evidence::{Object, Place};
use certmint::inspect::read::{Contents, ReadOptions};
use certmint::inspect::view::{CertificateView, PublicKeyView};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Runs a program, which has to succeed; its standard output.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program}: {error}; apt-get install openssl gnutls-bin brings what is needed")
    });
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    output.stdout
}

pub(crate) fn openssl(folder: &Path, arguments: &str) -> Vec<u8> {
    run(folder, "openssl", &arguments.split(' ').collect::<Vec<_>>())
}

/// The folder of the PKI: `ca`, `leaf` and `rsa`, each with `-key.pem`, `.pem` and `.csr`; `crl.pem`.
pub(crate) fn pki() -> &'static Path {
    static PKI: OnceLock<TempDir> = OnceLock::new();
    let folder = PKI.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        openssl(path, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca-key.pem");
        openssl(path, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out leaf-key.pem");
        openssl(path, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-key.pem");
        openssl(path, "req -x509 -key ca-key.pem -subj /CN=ca -days 30 -out ca.pem");
        for name in ["leaf", "rsa"] {
            openssl(path, &format!("req -new -key {name}-key.pem -subj /CN={name} -addext subjectAltName=DNS:{name}.example -out {name}.csr"));
            let sign = format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca-key.pem -days 9 -out {name}.pem -copy_extensions copyall"
            );
            openssl(path, &sign);
        }
        fs::write(
            path.join("ca.cnf"),
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=3\n",
        )
        .unwrap();
        fs::write(path.join("index.txt"), "").unwrap();
        openssl(path, "ca -config ca.cnf -gencrl -keyfile ca-key.pem -cert ca.pem -out crl.pem");
        folder
    });
    folder.path()
}

/// A file of the PKI.
pub(crate) fn pki_file(name: &str) -> Vec<u8> {
    fs::read(pki().join(name)).unwrap()
}

/// A file of the PKI as text.
pub(crate) fn pki_text(name: &str) -> String {
    String::from_utf8(pki_file(name)).unwrap()
}

/// The DER of a PEM file of the PKI.
pub(crate) fn pki_der(name: &str) -> Vec<u8> {
    let text = pki_text(name);
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    base64(&body)
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    let mut bits = (0_u32, 0);
    let mut bytes = Vec::new();
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is not base64"),
        };
        bits = (bits.0 << 6 | u32::from(value), bits.1 + 6);
        if bits.1 >= 8 {
            bits.1 -= 8;
            bytes.push((bits.0 >> bits.1) as u8);
            bits.0 &= (1 << bits.1) - 1;
        }
    }
    bytes
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let file = scratch("plain", bytes);
    String::from_utf8(openssl(file.path(), "base64 -A -in plain")).unwrap()
}

/// A folder with one file.
pub(crate) fn scratch(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

pub(crate) fn read(bytes: impl AsRef<[u8]>) -> Contents {
    Contents::read(bytes.as_ref(), &ReadOptions::default())
}

pub(crate) fn read_with(bytes: impl AsRef<[u8]>, passwords: &[&str]) -> Contents {
    let passwords = passwords.iter().map(|password| Zeroizing::new((*password).to_owned())).collect();
    Contents::read(bytes.as_ref(), &ReadOptions::with_passwords(passwords))
}

/// What was found, one line each: place, kind, name.
pub(crate) fn lines(contents: &Contents) -> Vec<String> {
    contents
        .objects
        .iter()
        .map(|(place, object)| format!("{} {}", place_words(place), words(object)))
        .collect()
}

/// What was found, without places.
pub(crate) fn kinds(contents: &Contents) -> Vec<String> {
    contents.objects.iter().map(|(_, object)| words(object)).collect()
}

pub(crate) fn place_words(place: &Place) -> String {
    match place {
        Place::Whole => "whole".to_owned(),
        Place::Item(number) => format!("item {number}"),
        Place::Member { path, number, line } => format!("{path} #{number} line {line}"),
        Place::Section { number, line } => format!("section {number} line {line}"),
        other => format!("{other:?}"),
    }
}

pub(crate) fn words(object: &Object) -> String {
    match object {
        Object::Certificate(der) => format!("certificate {}", CertificateView::new(der).display_name()),
        Object::CertificateList(_) => "crl".to_owned(),
        Object::CertificateRequest(_) => "csr".to_owned(),
        Object::Damaged { label, fault } => format!("damaged {label}: {fault}"),
        Object::PublicKey(der) => format!("public key {}", PublicKeyView::new(der).words()),
        Object::PrivateKey(facts) => {
            let lock = if facts.is_encrypted { "encrypted " } else { "" };
            let kind = facts.subject_public_key_info.as_deref().map(|der| PublicKeyView::new(der).words());
            format!("{lock}key {} {}{}", facts.form, kind.unwrap_or_default(), facts.fault)
        }
        other => format!("{other:?}"),
    }
}

/// The public half that openssl computes of a key.
pub(crate) fn public_half(key: &Path, password: &str) -> Vec<u8> {
    let key = key.to_str().unwrap();
    let pass = format!("pass:{password}");
    run(Path::new("."), "openssl", &["pkey", "-in", key, "-passin", &pass, "-pubout", "-outform", "DER"])
}

/// The public half that the reader tells, of the only key that it found.
pub(crate) fn told_public_half(contents: &Contents) -> Vec<u8> {
    let keys: Vec<_> = contents
        .objects
        .iter()
        .filter_map(|(_, object)| match object {
            Object::PrivateKey(facts) => facts.subject_public_key_info.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(keys.len(), 1, "{contents:?}");
    keys[0].to_vec()
}

pub(crate) fn path_of(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}
