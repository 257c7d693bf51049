//! PKCS #12 files of ours are read by openssl, by certtool and by ourselves; those of others by ourselves.
#![cfg(feature = "aws-lc-rs")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use certmint::keys::{Pkcs12Contents, PrivateKey, SigningKey, read_pkcs12, write_pkcs12};
use certmint::model::{CertificateRequest, SigningConfig};
use certmint::signer::{Authority, Issuance, LocalSigner};
use certmint::{ErrorKind, x509::Certificate};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::tempdir;

/// A CA, and a leaf under it with its key.
struct Pair {
    ca: Certificate,
    leaf: Certificate,
    key: PrivateKey,
}

fn pair(key: &str) -> Pair {
    let request = |name: &str| {
        let text = format!(r#"{{"CN":"{name}","hosts":["a.example"],"key":{key}}}"#);
        CertificateRequest::from_json(text.as_bytes()).unwrap()
    };
    let ca = Authority::init(&request("the CA"), Issuance::now().unwrap()).unwrap();
    let signer = LocalSigner::new(ca.certificate(), ca.key(), SigningConfig::built_in()).unwrap();
    let issued = signer.generate(&request("a.example"), "", Issuance::now().unwrap()).unwrap();
    Pair { ca: ca.certificate().clone(), leaf: issued.certificate, key: issued.key.unwrap() }
}

fn der(certificate: &Certificate) -> &[u8] {
    certificate.der()
}

static ECDSA: LazyLock<Pair> = LazyLock::new(|| pair(r#"{"algo":"ecdsa","size":256}"#));

impl Pair {
    fn file(&self, name: &str, password: &str) -> Vec<u8> {
        let contents = Pkcs12Contents {
            key: &self.key,
            certificate: self.leaf.der(),
            authorities: &[self.ca.der()],
            friendly_name: name,
        };
        write_pkcs12(&contents, password).unwrap()
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().unwrap_or_else(|error| {
        panic!("{program}: {error}; apt-get install openssl gnutls-bin brings what is needed")
    })
}

/// What a program that has to succeed says.
fn said(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = run(folder, program, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {}", text(&output.stderr));
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn openssl_reads_what_is_written_with_every_key() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    let passwords = ["sesame", "sésame, öffne dich", "\u{1f511} 鑰匙", "", "a$b\\c'd\"e", &"long".repeat(60)];
    let keys = [
        r#"{"algo":"ecdsa","size":256}"#,
        r#"{"algo":"ecdsa","size":384}"#,
        r#"{"algo":"ecdsa","size":521}"#,
        r#"{"algo":"ed25519"}"#,
        r#"{"algo":"rsa","size":2048}"#,
        r#"{"algo":"rsa","size":3072}"#,
    ];
    for (key, password) in keys.into_iter().zip(passwords) {
        let made = pair(key);
        fs::write(folder.join("a.p12"), made.file("a.example", password)).unwrap();
        fs::write(folder.join("password"), format!("{password}\n")).unwrap();
        let open = ["pkcs12", "-in", "a.p12", "-passin", "file:password", "-nodes", "-info"];
        let text = said(folder, "openssl", &open);
        for line in [
            "MAC: sha256, Iteration 200000\n",
            "MAC length: 32, salt length: 16\n",
            "PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 200000, PRF hmacWithSHA256\n",
            "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 200000, PRF hmacWithSHA256\n",
        ] {
            assert!(text.contains(line), "{key} {password}: {text}");
        }
        assert_eq!(text.matches("    friendlyName: a.example\n").count(), 2, "{text}");
        let ids: Vec<&str> = text.lines().filter(|line| line.contains("localKeyID: ")).collect();
        assert!(ids.len() == 2 && ids.first() == ids.get(1), "{ids:?}");
        assert!(text.contains(&*made.key.expose_pkcs8_pem()), "{key}");
        let certificates: Vec<_> = text.match_indices("-----BEGIN CERTIFICATE-----").collect();
        assert_eq!(certificates.len(), 2);
        for certificate in [&made.leaf, &made.ca] {
            assert!(text.contains(certificate.to_pem().trim()), "{key}");
        }
        fs::write(folder.join("password"), format!("{password}x\n")).unwrap();
        let refused = run(folder, "openssl", &open);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{key} {password}");
    }
}

#[test]
fn certtool_reads_what_is_written() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    for (name, password) in [("a.example", "sesame"), ("Schlüssel 鑰匙", "sésame"), ("", "x")] {
        fs::write(folder.join("a.p12"), ECDSA.file(name, password)).unwrap();
        let open = ["--p12-info", "--inder", "--infile", "a.p12", "--password"];
        let text = said(folder, "certtool", &[&open[..], &[password]].concat());
        assert_eq!(
            text.matches(&format!("Friendly name: {name}\n")).count(),
            2 * usize::from(!name.is_empty()),
            "{text}"
        );
        assert!(text.contains("Schema: PBES2-AES256-CBC"), "{text}");
        assert!(
            text.contains(ECDSA.leaf.to_pem().trim()) && text.contains(ECDSA.ca.to_pem().trim()),
            "{text}"
        );
        let refused = run(folder, "certtool", &[&open[..], &["wrong"]].concat());
        assert!(!refused.status.success());
    }
}

#[test]
fn what_is_written_is_read_again_with_its_password_only() {
    for password in ["sesame", "sésame", "\u{1f511}", "", &"x".repeat(5000)] {
        let file = ECDSA.file("a", password);
        let read = read_pkcs12(&file, password).unwrap();
        assert_eq!(read.certificates, [ECDSA.leaf.der().clone(), ECDSA.ca.der().clone()]);
        let key = read.key.unwrap();
        assert_eq!(key.subject_public_key_info(), ECDSA.key.subject_public_key_info());
        let error = read_pkcs12(&file, &format!("{password}x")).unwrap_err();
        assert_eq!(error.message(), "pkcs12: decryption password incorrect");
    }
    // Salts and vectors are new each time.
    assert_ne!(ECDSA.file("a", "x"), ECDSA.file("a", "x"));
}

#[test]
fn every_certificate_of_a_long_list_is_read() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("leaf.pem"), ECDSA.leaf.to_pem()).unwrap();
    fs::write(folder.join("key.pem"), ECDSA.key.expose_pem().as_bytes()).unwrap();
    let others: Vec<_> = (0..40).map(|_| pair(r#"{"algo":"ed25519"}"#).ca).collect();
    fs::write(folder.join("others.pem"), others.iter().map(Certificate::to_pem).collect::<String>()).unwrap();
    let made = ["-in", "leaf.pem", "-inkey", "key.pem", "-certfile", "others.pem", "-out", "a.p12"];
    for form in [&[][..], &["-legacy"], &["-certpbe", "NONE"]] {
        let words = [&["pkcs12", "-export", "-passout", "pass:x"], form, &made].concat();
        said(folder, "openssl", &words);
        let read = read_pkcs12(&fs::read(folder.join("a.p12")).unwrap(), "x").unwrap();
        assert_eq!(read.certificates.len(), 41, "{form:?}");
        assert_eq!(read.certificates.first(), Some(ECDSA.leaf.der()));
    }
    let authorities: Vec<&[u8]> = others.iter().map(der).collect();
    let contents = Pkcs12Contents {
        key: &ECDSA.key,
        certificate: ECDSA.leaf.der(),
        authorities: &authorities,
        friendly_name: "",
    };
    let read = read_pkcs12(&write_pkcs12(&contents, "x").unwrap(), "x").unwrap();
    assert_eq!(read.certificates.len(), 41);
}

/// Tag, length, content; up to 65535 bytes.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header = match content.len() {
        0..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [header, content].concat()
}

fn content_info(kind: u8, content: &[u8]) -> Vec<u8> {
    let id = element(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, kind]]);
    element(0x30, &[&id, &element(0xa0, &[content])])
}

fn file(parts: &[Vec<u8>]) -> Vec<u8> {
    let safe = element(4, &[&element(0x30, &[&parts.concat()])]);
    element(0x30, &[&[2, 1, 3], &content_info(1, &safe)])
}

/// A part that is encrypted by the scheme `algorithm`.
fn encrypted_part(algorithm: &[u8], cipher: &[u8]) -> Vec<u8> {
    let data = element(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]]);
    let info = element(0x30, &[&data, algorithm, &element(0x80, &[cipher])]);
    content_info(6, &element(0x30, &[&[2, 1, 0], &info]))
}

fn number(value: u32) -> Vec<u8> {
    element(2, &[&[0], &value.to_be_bytes()])
}

/// The scheme of triple DES with SHA-1.
fn sha1_scheme(iterations: u32) -> Vec<u8> {
    let parameters = element(0x30, &[&element(4, &[&[7; 8]]), &number(iterations)]);
    element(0x30, &[&element(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3]]), &parameters])
}

#[test]
fn a_file_that_would_take_long_is_refused_at_once() {
    let sha1 = |iterations| encrypted_part(&sha1_scheme(iterations), &[9; 16]);
    let integrity = |iterations| {
        let digest =
            element(0x30, &[&element(0x30, &[&[6, 5, 0x2b, 0x0e, 3, 2, 0x1a]]), &element(4, &[&[0; 20]])]);
        let mac = element(0x30, &[&digest, &element(4, &[&[1; 8]]), &number(iterations)]);
        let safe = element(4, &[&element(0x30, &[])]);
        element(0x30, &[&[2, 1, 3], &content_info(1, &safe), &mac])
    };
    for der in [file(&[sha1(u32::MAX)]), file(&[sha1(3_400_000)]), integrity(u32::MAX), integrity(10_000_001)]
    {
        let error = read_pkcs12(&der, "").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PrivateKeyParse);
        assert!(error.to_string().contains("takes too long"), "{error}");
    }
    // Each of the same shape with fewer rounds is tried.
    for der in [file(&[sha1(10)]), integrity(10)] {
        assert_eq!(read_pkcs12(&der, "").unwrap_err().kind(), ErrorKind::Usage);
    }
    assert_eq!(read_pkcs12(&file(&[sha1(0)]), "").unwrap_err().kind(), ErrorKind::PrivateKeyParse);
}

/// openssl's part with the certificate, cut out of a file under `x` with `iterations` rounds.
fn part_of_openssl(folder: &Path, iterations: &str) -> Vec<u8> {
    let made = ["pkcs12", "-export", "-in", "leaf.pem", "-inkey", "key.pem", "-iter", iterations];
    said(folder, "openssl", &[&made[..], &["-passout", "pass:x", "-out", "part.p12"]].concat());
    let der = fs::read(folder.join("part.p12")).unwrap();
    // PFX, version, ContentInfo, its type, [0], OCTET STRING, AuthenticatedSafe: 4 + 3 + 4 + 11 + 4 + 4 + 4.
    let (_, parts) = der.split_at(34);
    let [0x30, 0x82, high, low, ..] = *parts else { panic!("another form") };
    parts.split_at(4 + usize::from(u16::from_be_bytes([high, low]))).0.to_vec()
}

#[test]
fn the_work_of_all_parts_of_a_file_counts_together() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("leaf.pem"), ECDSA.leaf.to_pem()).unwrap();
    fs::write(folder.path().join("key.pem"), ECDSA.key.expose_pem().as_bytes()).unwrap();
    let part = part_of_openssl(folder.path(), "300000");
    let read = read_pkcs12(&file(&[part.clone(), part.clone()]), "x").unwrap();
    assert_eq!(read.certificates, [ECDSA.leaf.der().clone(), ECDSA.leaf.der().clone()]);
    let error = read_pkcs12(&file(&vec![part; 60]), "x").unwrap_err();
    assert!(error.to_string().contains("takes too long"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_are_refused(place in any::<prop::sample::Index>(), bit in 0..8u32, end in any::<prop::sample::Index>()) {
        // With few rounds, so that there is time for many.
        thread_local!(static FILE: Vec<u8> = {
            let folder = tempdir().unwrap();
            fs::write(folder.path().join("leaf.pem"), ECDSA.leaf.to_pem()).unwrap();
            fs::write(folder.path().join("key.pem"), ECDSA.key.expose_pem().as_bytes()).unwrap();
            let made = ["pkcs12", "-export", "-in", "leaf.pem", "-inkey", "key.pem", "-iter", "2"];
            said(folder.path(), "openssl", &[&made[..], &["-passout", "pass:x", "-out", "a.p12"]].concat());
            fs::read(folder.path().join("a.p12")).unwrap()
        });
        FILE.with(|whole| {
            assert!(read_pkcs12(whole, "x").is_ok());
            let mut flipped = whole.clone();
            *place.get_mut(&mut flipped) ^= 1 << bit;
            let _ = read_pkcs12(&flipped, "x");
            assert!(read_pkcs12(whole.split_at(end.index(whole.len())).0, "x").is_err());
        });
    }

    #[test]
    fn survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_pkcs12(&bytes, "x");
    }
}
