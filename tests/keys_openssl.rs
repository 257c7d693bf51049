//! Keys that openssl writes are read, keys of ours are read by openssl and cfssl, and signatures verify there.
#![cfg(feature = "aws-lc-rs")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use certmint::ErrorKind;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SignatureAlgorithm, SigningKey};
use tempfile::TempDir;

const PASSWORD: &[u8] = b"correct horse";

fn run(directory: &Path, line: &str) -> Output {
    let mut words = line.split_whitespace();
    let program = words.next().expect("a program");
    let remedy = match program {
        "cfssl" => "`make peers` installs it",
        _ => "install openssl 3, on Debian: apt-get install openssl",
    };
    let path = if program == "cfssl" { "/opt/cfssl-1.6.5/usr/bin/cfssl" } else { program };
    let output = Command::new(path).args(words).current_dir(directory).output();
    output.unwrap_or_else(|error| panic!("{program} cannot be run ({error}); {remedy}"))
}

/// Standard output of a command that has to succeed.
fn output(directory: &Path, line: &str) -> Vec<u8> {
    let output = run(directory, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn write(directory: &Path, name: &str, contents: impl AsRef<[u8]>) {
    std::fs::write(directory.join(name), contents).unwrap();
}

fn read(directory: &Path, name: &str) -> Vec<u8> {
    std::fs::read(directory.join(name)).unwrap()
}

/// Checks that openssl finds the same public key in the file `name` and verifies what our key signs.
fn agree(directory: &Path, name: &str, key: &PrivateKey) {
    let pass = std::str::from_utf8(PASSWORD).unwrap();
    write(directory, "pass", pass);
    let public =
        output(directory, &format!("openssl pkey -in {name} -passin file:pass -pubout -outform DER"));
    assert_eq!(key.subject_public_key_info(), public, "{name}");
    write(directory, "public.der", public);
    write(directory, "message", b"to be signed");
    write(directory, "signature", key.sign(b"to be signed").unwrap());
    let how = match key.signature_algorithm() {
        SignatureAlgorithm::Ed25519 => "-rawin".to_owned(),
        SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::RsaSha256 => "-rawin -digest sha256".to_owned(),
        SignatureAlgorithm::EcdsaSha384 | SignatureAlgorithm::RsaSha384 => "-rawin -digest sha384".to_owned(),
        _ => "-rawin -digest sha512".to_owned(),
    };
    output(
        directory,
        &format!(
            "openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -in message -sigfile signature {how}"
        ),
    );
    // The check can fail.
    write(directory, "message", b"something else");
    let refused = run(
        directory,
        &format!(
            "openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -in message -sigfile signature {how}"
        ),
    );
    assert!(!refused.status.success());
}

#[test]
fn reads_every_form_openssl_writes() {
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    write(directory, "pass", PASSWORD);
    for (kind, generate) in [
        ("rsa", "openssl genrsa -traditional -out plain 2048"),
        ("rsa", "openssl genrsa -out plain 3072"),
        ("rsa", "openssl genrsa -out plain 2049"),
        ("rsa", "openssl genrsa -out plain 2096"),
        ("ec", "openssl ecparam -name prime256v1 -genkey -out plain"),
        ("ec", "openssl ecparam -name secp384r1 -genkey -noout -out plain"),
        ("ec", "openssl ecparam -name secp521r1 -genkey -noout -out plain"),
        ("", "openssl genpkey -algorithm ed25519 -out plain"),
    ] {
        output(directory, generate);
        let mut conversions = vec!["pkcs8 -topk8 -nocrypt -in plain".to_owned()];
        for cipher in ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"] {
            conversions.push(format!("pkcs8 -topk8 -v2 {cipher} -passout file:pass -in plain"));
            if !kind.is_empty() {
                let traditional = if kind == "rsa" { "rsa -traditional" } else { "ec" };
                conversions.push(format!("{traditional} -{cipher} -passout file:pass -in plain"));
            }
        }
        conversions
            .push("pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1 -passout file:pass -in plain".to_owned());
        conversions.push("pkcs8 -topk8 -scrypt -passout file:pass -in plain".to_owned());
        if kind == "ec" {
            conversions.push("ec -no_public -in plain".to_owned());
            conversions.push("ec -conv_form compressed -in plain".to_owned());
            conversions.push("pkey -ec_conv_form compressed -in plain".to_owned());
        }
        let plain = PrivateKey::from_pem(&read(directory, "plain"), None).expect(generate);
        agree(directory, "plain", &plain);
        for conversion in conversions {
            output(directory, &format!("openssl {conversion} -out converted"));
            let pem = read(directory, "converted");
            let key = PrivateKey::from_pem(&pem, Some(PASSWORD)).expect(&conversion);
            assert_eq!(key.subject_public_key_info(), plain.subject_public_key_info(), "{conversion}");
            assert_eq!(key.expose_pem(), plain.expose_pem(), "{conversion}");
            if String::from_utf8_lossy(&pem).contains("ENCRYPTED") {
                let missing = PrivateKey::from_pem(&pem, None).unwrap_err();
                assert_eq!(missing.cfssl_text(), r#"{"code":2100,"message":"Private key is encrypted."}"#);
                assert_eq!(missing.to_string(), "the private key is encrypted, and no password is given");
                let wrong = PrivateKey::from_pem(&pem, Some(b"wrong")).unwrap_err();
                assert_eq!(wrong.cfssl_text(), "x509: decryption password incorrect", "{conversion}");
            }
            // Windows line ends, and something before and after.
            let text = String::from_utf8(pem).unwrap().replace('\n', "\r\n");
            let text = format!("Bag Attributes\r\n{text}rubbish\r\n");
            PrivateKey::from_pem(text.as_bytes(), Some(PASSWORD)).expect(&conversion);
        }
        output(directory, "openssl pkey -in plain -outform DER -out plain.der");
        PrivateKey::from_der(&read(directory, "plain.der")).expect(generate);
    }
}

#[test]
fn writes_what_openssl_and_cfssl_read() {
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    write(directory, "csr.json", r#"{"CN":"x"}"#);
    for (algorithm, text) in [
        (KeyAlgorithm::Ecdsa(Curve::P256), "ASN1 OID: prime256v1"),
        (KeyAlgorithm::Ecdsa(Curve::P384), "ASN1 OID: secp384r1"),
        (KeyAlgorithm::Ecdsa(Curve::P521), "ASN1 OID: secp521r1"),
        (KeyAlgorithm::Ed25519, "ED25519 Private-Key"),
        (KeyAlgorithm::Rsa { bits: 2048 }, "2048 bit"),
        (KeyAlgorithm::Rsa { bits: 2049 }, "2049 bit"),
        (KeyAlgorithm::Rsa { bits: 2096 }, "2096 bit"),
        (KeyAlgorithm::Rsa { bits: 2050 }, "2050 bit"),
        (KeyAlgorithm::Rsa { bits: 2559 }, "2559 bit"),
        (KeyAlgorithm::Rsa { bits: 3072 }, "3072 bit"),
        (KeyAlgorithm::Rsa { bits: 4096 }, "4096 bit"),
    ] {
        let key = PrivateKey::generate(algorithm).unwrap();
        for (form, pem) in [("key", key.expose_pem()), ("pkcs8", key.expose_pkcs8_pem())] {
            assert!(pem.ends_with("-----\n") && pem.lines().all(|line| line.len() <= 64));
            write(directory, form, pem.as_bytes());
            let shown = output(directory, &format!("openssl pkey -in {form} -text -noout -check"));
            let shown = String::from_utf8(shown).unwrap();
            assert!(shown.contains(text) && shown.contains("valid"), "{algorithm}: {shown}");
            agree(directory, form, &key);
            let made = output(directory, &format!("cfssl gencert -initca -ca-key {form} csr.json"));
            assert!(String::from_utf8(made).unwrap().contains("BEGIN CERTIFICATE"));
        }
        let label = match algorithm {
            KeyAlgorithm::Ecdsa(_) => "-----BEGIN EC PRIVATE KEY-----\n",
            KeyAlgorithm::Ed25519 => "-----BEGIN PRIVATE KEY-----\n",
            KeyAlgorithm::Rsa { .. } => "-----BEGIN RSA PRIVATE KEY-----\n",
            other => panic!("{other} is written in no known form"),
        };
        assert!(key.expose_pem().starts_with(label));
        let odd = key.expose_pem().replace("PRIVATE KEY", "Ed25519 PRIVATE KEY");
        PrivateKey::from_pem(odd.as_bytes(), None).expect("labels do not matter");
    }
}

#[test]
fn says_why_a_key_is_refused() {
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    for (generate, kind, why) in [
        ("genrsa -out key 1024", ErrorKind::PrivateKeyAlgorithm, "an RSA key of 1024 bits is too weak"),
        ("genrsa -out key 2047", ErrorKind::PrivateKeyAlgorithm, "an RSA key of 2047 bits is too weak"),
        ("genrsa -primes 3 -out key 2048", ErrorKind::PrivateKeyAlgorithm, "more than two primes"),
        (
            "ecparam -name secp224r1 -genkey -out key",
            ErrorKind::PrivateKeyAlgorithm,
            "the curve P-224 is too weak",
        ),
        ("ecparam -name secp256k1 -genkey -out key", ErrorKind::PrivateKeyParse, "the curve secp256k1"),
        (
            "ecparam -name brainpoolP256r1 -genkey -out key",
            ErrorKind::PrivateKeyParse,
            "1.3.36.3.3.2.8.1.1.7",
        ),
        (
            "ecparam -name prime256v1 -param_enc explicit -genkey -noout -out key",
            ErrorKind::PrivateKeyParse,
            "spells out its curve",
        ),
        ("genpkey -algorithm ed448 -out key", ErrorKind::PrivateKeyParse, "Ed448"),
        ("genpkey -algorithm x25519 -out key", ErrorKind::PrivateKeyParse, "X25519"),
        ("rand -out key 100", ErrorKind::PrivateKeyDecode, "there is no private key here"),
        ("ecparam -name prime256v1 -out key", ErrorKind::PrivateKeyDecode, "parameters, but no private key"),
        (
            "req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout other -out key",
            ErrorKind::PrivateKeyParse,
            "this is a certificate, not a private key",
        ),
        (
            "req -new -key other -subj /CN=x -out key",
            ErrorKind::PrivateKeyParse,
            "this is a certificate request",
        ),
        (
            "pkey -in other -pubout -out key",
            ErrorKind::PrivateKeyParse,
            "this is a public key, not a private key",
        ),
        ("pkey -in other -outform DER -out key", ErrorKind::PrivateKeyDecode, "looks like DER"),
    ] {
        output(directory, &format!("openssl {generate}"));
        let error = PrivateKey::from_pem(&read(directory, "key"), None).expect_err(generate);
        assert_eq!(error.kind(), kind, "{generate}: {error}");
        assert!(error.to_string().contains(why), "{generate}: {error}");
    }
}

#[test]
fn refuses_a_key_whose_halves_differ() {
    let one = PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256)).unwrap().expose_pkcs8_der();
    let other = PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256)).unwrap().expose_pkcs8_der();
    let mixed = [one.split_at(one.len() - 65).0, other.split_at(other.len() - 65).1].concat();
    let error = PrivateKey::from_der(&mixed).unwrap_err();
    assert!(error.to_string().contains("do not belong together"), "{error}");
}

#[test]
fn shows_no_secret() {
    let key = PrivateKey::generate(KeyAlgorithm::Ed25519).unwrap();
    assert_eq!(format!("{key:?}"), "PrivateKey { algorithm: Ed25519, .. }");
}

/// An `ECPrivateKey` of P-256 with nothing but the private number in it, which is 1.
const BARE: &str = "-----BEGIN EC PRIVATE KEY-----
MCUCAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB
-----END EC PRIVATE KEY-----
";

#[test]
fn takes_the_curve_from_the_section_before() {
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    let error = PrivateKey::from_pem(BARE.as_bytes(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PrivateKeyParse);
    assert!(error.to_string().contains("does not say which curve"), "{error}");
    let parameters = output(directory, "openssl ecparam -name prime256v1");
    let key = [&parameters, BARE.as_bytes()].concat();
    let key = PrivateKey::from_pem(&key, None).unwrap();
    write(directory, "key", key.expose_pem().as_bytes());
    agree(directory, "key", &key);
}

#[test]
fn reads_old_encryption_with_single_des() {
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    write(directory, "pass", PASSWORD);
    output(directory, "openssl genrsa -out plain 2048");
    output(
        directory,
        "openssl rsa -provider default -provider legacy -traditional -des -passout file:pass -in plain -out key",
    );
    let pem = read(directory, "key");
    assert!(String::from_utf8_lossy(&pem).contains("DEK-Info: DES-CBC,"));
    let key = PrivateKey::from_pem(&pem, Some(PASSWORD)).unwrap();
    agree(directory, "plain", &key);
}
