//! `certinfo` and `cfssl-certinfo` as they are called, and what they say of wrong files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

#[path = "certinfo/der.rs"]
mod der;

use certmint::{ErrorKind, inspect};
use der::{Certificate, csr, extension_request, name, pem, rsa_key, san, sha256_rsa, tlv};
use proptest::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};

fn certificate() -> Vec<u8> {
    let extensions = vec![san(&[(0x82, b"a.example"), (0x87, &[0; 16]), (0x86, b"http://x/%41")])];
    Certificate { extensions, ..Certificate::default() }.der()
}

fn request() -> Vec<u8> {
    let names = san(&[(0x82, b"a.example"), (0x86, b"http://x/%41?b#c")]);
    csr(name(&[(3, "x")]), rsa_key(), sha256_rsa(), &[extension_request(&[names])])
}

fn complaint(input: &[u8]) -> (ErrorKind, String) {
    let error = inspect::read_certificate_pem(input).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn says_what_a_wrong_file_holds() {
    let good = pem("CERTIFICATE", &certificate());
    let csr = pem("CERTIFICATE REQUEST", &request());
    let key = pem("EC PRIVATE KEY", &der::seq(&[tlv(2, &[1]), tlv(4, &[1; 32])]));
    let encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let cases: Vec<(Vec<u8>, ErrorKind, &str)> = vec![
        (b"".to_vec(), ErrorKind::CertificateDecode, "empty"),
        (b" \n ".to_vec(), ErrorKind::CertificateDecode, "empty"),
        (certificate(), ErrorKind::CertificateDecode, "a certificate in DER form"),
        (request(), ErrorKind::CertificateDecode, "a CSR in DER form"),
        (b"hello".to_vec(), ErrorKind::CertificateDecode, "no BEGIN line"),
        (b"{\"cert\":1}".to_vec(), ErrorKind::CertificateDecode, "JSON"),
        (b"\xff\xfe-\0-\0".to_vec(), ErrorKind::CertificateDecode, "UTF-16"),
        (good[..300].into(), ErrorKind::CertificateDecode, "breaks off"),
        (good.replace("M", "%").into(), ErrorKind::CertificateDecode, "damaged"),
        (
            pem("CERTIFICATE", &certificate()[..100]).into(),
            ErrorKind::CertificateParse,
            "damaged CERTIFICATE",
        ),
        (csr.clone().into(), ErrorKind::CertificateParse, "a CSR where a certificate"),
        (key.clone().into(), ErrorKind::CertificateParse, "a private key where"),
        (encrypted.into(), ErrorKind::CertificateParse, "a private key where"),
        (good.repeat(3).into(), ErrorKind::CertificateParse, "3 certificates"),
        (format!("{good}{key}").into(), ErrorKind::CertificateParse, "a private key after"),
        (format!("{good}text").into(), ErrorKind::CertificateParse, "text after"),
        (format!("{key}{good}").into(), ErrorKind::CertificateParse, "a private key where"),
    ];
    for (input, kind, words) in cases {
        let (found, sentence) = complaint(&input);
        assert_eq!(found, kind, "{sentence}");
        assert!(sentence.contains(words), "{sentence:?} lacks {words:?}");
    }
    // A signature may well end in a byte that is a blank in text.
    let mut ends_in_a_blank = certificate();
    ends_in_a_blank.pop();
    ends_in_a_blank.push(b'\n');
    assert!(complaint(&ends_in_a_blank).1.contains("a certificate in DER form"));

    let several = inspect::read_certificate_pem(good.repeat(2).as_bytes()).unwrap_err();
    let words = r#"{"code":1003,"message":"the PEM file should contain only one object"}"#;
    assert_eq!(several.cfssl_text(), words);
    let error = inspect::read_csr_pem(good.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("a certificate where a CSR"), "{error}");
    // What the hint names reads the file.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.csr"), &csr).unwrap();
    std::fs::write(folder.path().join("x.der"), request()).unwrap();
    for (file, hint, works) in [
        ("x.csr", "certinfo -csr", vec!["-csr"]),
        ("x.der", "certinfo -format text FILE", vec!["-format", "text"]),
    ] {
        let path = folder.path().join(file);
        let path = path.to_str().unwrap();
        let (code, _, err) = run(CFSSL, &["certinfo", "-cert", path], "");
        assert!(code == 1 && err.contains(hint) && !err.contains("openssl"), "{err}");
        let (code, out, err) = run(CFSSL, &[&["certinfo"], &works[..], &[path]].concat(), "");
        assert!(code == 0 && !out.is_empty(), "{err}");
    }
    assert_eq!(inspect::read_csr_pem(&request()).unwrap_err().kind(), ErrorKind::CsrDecode);
}

#[test]
fn takes_a_certificate_with_text_before_it_or_another_label() {
    let good = pem("CERTIFICATE", &certificate());
    for text in [
        format!("Certificate:\n    Data: -----\n{good}\n\n"),
        format!("\u{feff}{good}"),
        good.replace('\n', "\r\n"),
        good.replace("CERTIFICATE", "X509 CERTIFICATE"),
    ] {
        let found = inspect::read_certificate_pem(text.as_bytes()).unwrap();
        assert_eq!(found.as_ref(), certificate());
    }
}

#[test]
fn takes_the_one_certificate_of_a_pkcs7_file() {
    let bundle = |certificates: &[Vec<u8>]| {
        let data = der::oid(&[1, 2, 840, 113_549, 1, 7, 1]);
        let content = der::seq(&[
            tlv(2, &[1]),
            tlv(0x31, &[]),
            der::seq(&[data]),
            tlv(0xa0, &certificates.concat()),
            tlv(0x31, &[]),
        ]);
        let signed = der::oid(&[1, 2, 840, 113_549, 1, 7, 2]);
        pem("PKCS7", &der::seq(&[signed, tlv(0xa0, &content)]))
    };
    let one = inspect::read_certificate_pem(bundle(&[certificate()]).as_bytes()).unwrap();
    assert_eq!(one.as_ref(), certificate());
    let (kind, words) = complaint(bundle(&[certificate(), certificate()]).as_bytes());
    assert_eq!(kind, ErrorKind::CertificateParse);
    assert!(words.contains("holds 2 certificates"), "{words}");
    assert_eq!(complaint(bundle(&[]).as_bytes()).0, ErrorKind::CertificateParse);
}

#[test]
fn reads_what_go_refuses() {
    let odd = |tag, value: &[u8]| {
        let attribute = der::attribute(&[2, 5, 4, 3], tag, value);
        let subject = der::seq(&[tlv(0x31, &attribute)]);
        let names = san(&[(0x87, &[1, 2, 3]), (0x82, "é".as_bytes())]);
        let extensions = vec![der::extension(&[2, 5, 29, 14], false, b"x"), names.clone(), names];
        let der = Certificate { subject, extensions, ..Certificate::default() }.der();
        inspect::describe(&der).unwrap()
    };
    assert_eq!(odd(0x13, b"a_b").subject.common_name, "a_b");
    assert_eq!(odd(0x1c, &[0, 0, 0, b'a']).subject.common_name, "a");
    assert_eq!(odd(0x1a, b"visible").subject.common_name, "visible");
    assert_eq!(odd(0x02, &[1]).subject.names, Vec::<String>::new());
    assert_eq!(odd(0x13, b"a").sans, ["é", "é", "?010203", "?010203"]);
    assert!(odd(0x0c, b"\xff").to_json_text().contains(r#""common_name": "\ufffd""#));
}

#[test]
fn extensions_count_in_version_3_only_as_in_go() {
    let sans = |version: u8| {
        let extensions = vec![san(&[(0x82, b"a.example")])];
        let version = tlv(0xa0, &tlv(2, &[version]));
        inspect::describe(&Certificate { version, extensions, ..Certificate::default() }.der()).unwrap().sans
    };
    assert_eq!([sans(0), sans(1), sans(2)], [vec![], vec![], vec!["a.example".to_owned()]]);
}

#[test]
fn a_serial_number_of_more_than_8192_octets_is_refused() {
    let describe = |length: usize| {
        let serial = tlv(2, &vec![7; length]);
        inspect::describe(&Certificate { serial, ..Certificate::default() }.der())
    };
    assert!(describe(8192).is_ok());
    assert!(describe(8193).unwrap_err().to_string().contains("its serial number is malformed"));
}

#[test]
fn never_panics_on_truncated_input() {
    for whole in [certificate(), request()] {
        for end in 0..whole.len() {
            let _ = inspect::describe(&whole[..end]);
            let _ = inspect::describe_csr(&whole[..end]);
            let _ = inspect::read_certificate_pem(&whole[..end]);
            let _ = inspect::read_certificate_pem(pem("CERTIFICATE", &whole[..end]).as_bytes());
        }
        let text = pem("CERTIFICATE", &whole);
        for end in 0..text.len() - 1 {
            assert!(inspect::read_certificate_pem(&text.as_bytes()[..end]).is_err());
        }
    }
}

proptest! {
    #[test]
    fn never_panics_on_garbage(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = inspect::describe(&bytes);
        let _ = inspect::describe_csr(&bytes);
        let _ = inspect::read_certificate_pem(&bytes);
        let _ = inspect::read_certificate_pem(pem("CERTIFICATE", &bytes).as_bytes());
        let _ = inspect::read_csr_pem(pem("X", &bytes).as_bytes());
    }

    #[test]
    fn never_panics_on_damage(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for mut whole in [certificate(), request()] {
            for (at, byte) in &changes {
                let at = at.index(whole.len());
                whole[at] = *byte;
            }
            if let Ok(info) = inspect::describe(&whole) {
                let _ = info.to_json_text();
            }
            let _ = inspect::describe_csr(&whole);
        }
    }
}

/// Exit code, standard output, standard error.
fn run(program: &str, arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut child = Command::new(program)
        .args(arguments)
        .env_remove("CFSSL_STRICT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that needs no input may end before it gets any.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const CFSSL: &str = env!("CARGO_BIN_EXE_cfssl");
const CERTINFO: &str = env!("CARGO_BIN_EXE_cfssl-certinfo");

#[test]
fn both_programs_describe_a_certificate_and_a_csr() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.pem");
    let text = pem("CERTIFICATE", &certificate());
    std::fs::write(&path, &text).unwrap();
    let path = path.to_str().unwrap();
    let expected = inspect::describe(&certificate()).unwrap().to_json_text();
    for (program, arguments) in [
        (CFSSL, &["certinfo", "-cert", path][..]),
        (CFSSL, &["certinfo", "-cert", "-"]),
        (CFSSL, &["certinfo", "-domain=x", "-csr=y", "-cert=-", "stray"]),
        (CERTINFO, &["-cert", path]),
        (CERTINFO, &["--cert=-"]),
    ] {
        let (code, out, _) = run(program, arguments, &text);
        assert_eq!((code, out.as_str()), (0, expected.as_str()), "{arguments:?}");
    }
    let text = pem("CERTIFICATE REQUEST", &request());
    for (program, arguments) in [(CFSSL, &["certinfo", "-csr", "-"][..]), (CERTINFO, &["-csr", "-"])] {
        let (code, out, _) = run(program, arguments, &text);
        assert_eq!(code, 0);
        assert!(out.starts_with("{\n  \"Raw\": \"MI"), "{out}");
        assert!(out.ends_with("\n}\n"), "{out}");
    }
}

#[test]
fn faults_have_cfssl_words_and_exit_codes() {
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    let cases: [(&[&str], &str); 6] = [
        (&[], "Must specify certinfo target through -cert, -csr, -domain or -serial + -aki"),
        (&["-serial", "1"], "Must specify certinfo target through -cert, -csr, -domain or -serial + -aki"),
        (&["-serial", "1", "-aki", "aa"], "need DB config file (provide with -db-config)"),
        (&["-serial", "1", "-aki", "aa", "-db-config", "x"], "the certificate database is not supported yet"),
        (&["-cert", "nosuch.pem"], "open nosuch.pem: no such file or directory"),
        (&["-cert", "-"], r#"{"code":1002,"message":"Failed to decode certificate"}"#),
    ];
    for (arguments, words) in cases {
        let (code, out, err) = run(CFSSL, &[&["certinfo"], arguments].concat(), "x");
        assert_eq!((code, out.as_str(), last(&err).as_str()), (1, "", words));
        // cfssl's helper program tells no failure to its caller.
        let (code, out, err) = run(CERTINFO, arguments, "x");
        assert_eq!((code, out.as_str()), (0, ""));
        assert!(err.contains(words), "{err}");
        let (code, ..) = run(CERTINFO, &[arguments, &["-strict"]].concat(), "x");
        assert_eq!(code, 1);
    }
    let (code, _, err) = run(CERTINFO, &["-bogus"], "");
    assert_eq!(code, 2);
    assert!(err.starts_with("flag provided but not defined: -bogus\n"), "{err}");
    let (code, out, err) = run(CERTINFO, &["-h"], "");
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("Example:"), "{err}");
    assert!(run(CERTINFO, &[], "").2.contains("Usage of cfssl-certinfo"));
}
