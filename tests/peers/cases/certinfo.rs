//! `certinfo` and the program `cfssl-certinfo`.

use super::super::case::Case;
use super::super::inputs::{AUTHORITIES, csr_names};

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for command in ["certinfo", "cfssl-certinfo"] {
        let mut add = |name: &str, words: &[&str]| cases.push(Case::new(command, name, words));
        for (name, _) in AUTHORITIES {
            add(&format!("certificate {name}"), &["-cert", &format!("{name}.pem")]);
        }
        for name in [
            "mail",
            "leaf",
            "bare",
            "server",
            "chain",
            "junk",
            "DER",
            "p256-key",
            "trusted label",
            "x509 label",
            "text before",
            "CRLF",
            "twice",
            "p7",
            "p7 with crl",
            "PSS",
            "ed25519",
            "ed448",
            "rsa1024",
            "secp256k1",
            "negative serial",
            "no serial",
            "v1",
            "odd names",
            "every name",
            "MD5",
            "SHA-1",
            "SHA-512",
            "letters",
            "expired",
            "empty subject",
            "one line",
            "headers",
            "no end",
        ] {
            add(&format!("certificate {name}"), &["-cert", &format!("{name}.pem")]);
        }
        for name in ["nothing.csr", "words.csr", "plain.csr", "nosuch.pem", ".", ""] {
            add(&format!("certificate {name}"), &["-cert", name]);
        }
        add("nothing to do", &[]);
        add("a file only", &["p256.pem"]);
        add("a file more", &["-cert", "p256.pem", "x"]);
        add("serial alone", &["-serial", "1"]);
        add("aki alone", &["-aki", "1"]);
        add("serial and aki", &["-serial", "1", "-aki", "2"]);
        add("domain nowhere", &["-domain", "127.0.0.1:1"]);
        for (name, file) in
            [("a certificate", "p256.pem"), ("nothing", "nothing.csr"), ("words", "words.csr")]
        {
            cases.push(
                Case::new(command, &format!("standard input, {name}"), &["-cert", "-"]).stdin_file(file),
            );
        }
    }
    let certinfo = |name: &str, words: &[&str]| Case::new("certinfo", name, words);
    for name in csr_names() {
        cases.push(certinfo(&format!("CSR {name}"), &["-csr", &format!("{name}.csr")]));
    }
    for name in ["nosuch.csr", ".", "p256.pem", "p256-key.pem"] {
        cases.push(certinfo(&format!("CSR {name}"), &["-csr", name]));
    }
    cases.push(certinfo("CSR of standard input", &["-csr=-"]).stdin_file("every host.csr"));
    cases.push(certinfo("certificate and CSR", &["-cert", "p256.pem", "-csr", "plain.csr"]));
    cases.push(certinfo("CSR and domain", &["-csr", "plain.csr", "-domain", "nowhere.invalid"]));
    cases.push(
        certinfo("config as well", &["-cert", "p256.pem"]).profile(r#"{"expiry":"1h","usages":["any"]}"#),
    );
    for words in
        [&["-h"][..], &["-csr", "plain.csr"], &["-loglevel=1"], &["-bogus"], &["-cert"], &["-h", "x"]]
    {
        cases.push(Case::new("cfssl-certinfo", &format!("{words:?}"), words).usage());
    }
    cases
}
