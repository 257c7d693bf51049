//! Private keys: their kind and their public half, as openssl tells them; never the secret.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod readers;

use certmint::inspect::evidence::{Container, Object};
use readers::*;
use std::fs;
use std::path::Path;

/// A key that openssl makes by `command`, and its path.
fn make(command: &str) -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let (program, options) = command.split_once(' ').unwrap();
    openssl(folder.path(), &format!("{program} -out key.pem {options}"));
    let bytes = fs::read(folder.path().join("key.pem")).unwrap();
    (folder, bytes)
}

#[test]
fn tells_the_public_half_of_keys_that_are_used_here() {
    for (kind, words) in [
        ("EC -pkeyopt ec_paramgen_curve:P-256", "ECDSA P-256"),
        ("EC -pkeyopt ec_paramgen_curve:P-384", "ECDSA P-384"),
        ("EC -pkeyopt ec_paramgen_curve:P-521", "ECDSA P-521"),
        ("ED25519", "Ed25519"),
        ("RSA -pkeyopt rsa_keygen_bits:2048", "RSA 2048 bits"),
        ("RSA -pkeyopt rsa_keygen_bits:3072", "RSA 3072 bits"),
    ] {
        let (folder, pem) = make(&format!("genpkey -algorithm {kind}"));
        let contents = read(&pem);
        assert_eq!(kinds(&contents), [format!("key PKCS #8 {words}")]);
        assert_eq!(told_public_half(&contents), public_half(&folder.path().join("key.pem"), ""), "{kind}");
    }
}

#[test]
fn tells_the_public_half_of_keys_that_are_not_used_here() {
    for (command, form, words) in [
        ("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024", "PKCS #8", "RSA 1024 bits"),
        ("genrsa -traditional 1024", "PKCS #1", "RSA 1024 bits"),
        ("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "PKCS #8", "RSA-PSS 2048 bits"),
        ("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224", "PKCS #8", "ECDSA P-224"),
        ("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "PKCS #8", "ECDSA secp256k1"),
        ("ecparam -genkey -noout -name secp256k1", "SEC 1", "ECDSA secp256k1"),
        ("ecparam -genkey -name secp224r1", "SEC 1", "ECDSA P-224"),
    ] {
        let (folder, pem) = make(command);
        let contents = read(&pem);
        assert_eq!(kinds(&contents), [format!("key {form} {words}")], "{command}");
        assert_eq!(told_public_half(&contents), public_half(&folder.path().join("key.pem"), ""), "{command}");
    }
}

#[test]
fn tells_the_public_half_of_dsa_keys_in_the_form_of_openssl_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    openssl(path, "genpkey -genparam -algorithm DSA -pkeyopt pbits:1024 -out parameters.pem");
    openssl(path, "genpkey -paramfile parameters.pem -out key.pem");
    let traditional = openssl(path, "pkey -in key.pem -traditional");
    let contents = read(traditional);
    assert_eq!(kinds(&contents), ["key OpenSSL DSA DSA 1024 bits"]);
    assert_eq!(told_public_half(&contents), public_half(&path.join("key.pem"), ""));
    let other = read(fs::read(path.join("key.pem")).unwrap());
    assert_eq!(kinds(&other), ["key PKCS #8 keys of the algorithm DSA are not supported"]);
}

#[test]
fn says_why_a_public_half_is_not_known() {
    for kind in ["ED448", "X25519", "X448"] {
        let (_folder, pem) = make(&format!("genpkey -algorithm {kind}"));
        let words = kinds(&read(&pem)).concat();
        let expected = format!("key PKCS #8 keys of the algorithm {kind} are not supported");
        assert_eq!(words.to_uppercase(), expected.to_uppercase());
    }
}

#[test]
fn reads_a_curve_from_the_section_before_the_key() {
    let (folder, pem) = make("ecparam -genkey -name prime256v1");
    let text = String::from_utf8(pem).unwrap();
    assert!(text.starts_with("-----BEGIN EC PARAMETERS"));
    let contents = read(&text);
    assert_eq!(lines(&contents), ["section 1 line 4 key SEC 1 ECDSA P-256"]);
    assert_eq!(told_public_half(&contents), public_half(&folder.path().join("key.pem"), ""));
}

#[test]
fn opens_encrypted_keys_with_a_password_that_is_given() {
    let key = pki().join("leaf-key.pem");
    let expected = public_half(&key, "");
    for (command, form) in [
        ("pkcs8 -topk8 -in leaf-key.pem -passout pass:secret", "PKCS #8"),
        ("pkcs8 -topk8 -in leaf-key.pem -passout pass:secret -scrypt", "PKCS #8"),
        ("pkcs8 -topk8 -in leaf-key.pem -passout pass:secret -outform DER", "PKCS #8"),
        ("pkcs8 -topk8 -in leaf-key.pem -passout pass:secret -v1 PBE-SHA1-3DES", "PKCS #8"),
        ("ec -in leaf-key.pem -aes256 -passout pass:secret", "SEC 1"),
        ("ec -in leaf-key.pem -des3 -passout pass:secret", "SEC 1"),
    ] {
        let bytes = openssl(pki(), command);
        let opened = read_with(&bytes, &["wrong", "secret"]);
        assert_eq!(kinds(&opened), [format!("encrypted key {form} ECDSA P-256")], "{command}");
        assert_eq!(told_public_half(&opened), expected);
        let wrong = kinds(&read_with(&bytes, &["wrong"]));
        assert_eq!(
            wrong,
            [format!("encrypted key {form} it is encrypted, and no password that is given opens it")]
        );
        let none = kinds(&read(&bytes));
        assert_eq!(none, [format!("encrypted key {form} it is encrypted, and no password is given")]);
    }
}

#[test]
fn notices_halves_that_do_not_belong_together() {
    let der = openssl(pki(), "ec -in leaf-key.pem -outform DER");
    // SEQUENCE, INTEGER 1, OCTET STRING of 32 bytes: the last of them.
    let mut other = der.clone();
    other[7 + 31] ^= 1;
    assert_eq!(kinds(&read(&der)), ["key SEC 1 ECDSA P-256"]);
    let words = "key SEC 1 the private and the public half of this elliptic curve key do not belong together";
    assert_eq!(kinds(&read(&other)), [words]);

    let mut rsa = openssl(pki(), "rsa -in rsa-key.pem -traditional -outform DER");
    let last = rsa.len() - 1;
    rsa[last] ^= 1;
    assert_eq!(kinds(&read(&rsa)), ["key PKCS #1 the numbers of this RSA key do not belong together"]);
}

#[test]
fn a_section_labelled_as_a_key_that_holds_none_is_damaged() {
    let text = "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n";
    assert_eq!(
        lines(&read(text)),
        ["section 0 line 1 damaged PRIVATE KEY: it is not a private key that can be read"]
    );
}

#[test]
fn tells_the_public_half_of_openssh_keys_even_if_they_are_encrypted() {
    for (name, words) in [
        ("ed25519", "key OpenSSH Ed25519"),
        ("ecdsa", "key OpenSSH ECDSA P-384"),
        ("rsa-encrypted", "encrypted key OpenSSH RSA 2048 bits"),
    ] {
        let fixture = |end: &str| fs::read(fixtures().join(format!("test-key-openssh-{name}{end}"))).unwrap();
        let contents = read(fixture(""));
        assert_eq!(kinds(&contents), [words]);
        let Object::PublicKey(expected) = &read(fixture(".pub.pem")).objects[0].1 else { panic!("{name}") };
        assert_eq!(told_public_half(&contents), expected.to_vec());
    }
}

#[test]
fn reads_the_certificates_of_keystores_of_java() {
    for name in ["test-keystore.jks", "test-keystore.jceks"] {
        let bytes = fs::read(fixtures().join(name)).unwrap();
        let contents = read(&bytes);
        assert_eq!(contents.container, Some(Container::JavaKeystore));
        let mut words = kinds(&contents);
        words.sort();
        assert_eq!(words[..2], ["certificate authority", "certificate server"]);
        assert!(
            words[2].starts_with("encrypted key Java keystore keys in a keystore of Java are not opened")
        );
        assert_eq!(words.len(), 3);
        let half = read(&bytes[..bytes.len() / 2]);
        assert!(kinds(&half).last().unwrap().starts_with("damaged Java keystore: it breaks off"));
    }
}

fn fixtures() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/readers/fixtures"))
}
