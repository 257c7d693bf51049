//! Authorities below authorities: what they issue, what they may issue, and how they are renewed. openssl
//! judges the chains.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CONFIG: &str = r#"{
    "signing": {
        "default": {"expiry": "1000h", "usages": ["signing", "server auth", "client auth"]},
        "profiles": {
            "intermediate": {
                "expiry": "20000h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true}
            },
            "last": {
                "expiry": "10000h", "usages": ["cert sign", "crl sign"],
                "ca_constraint": {"is_ca": true, "max_path_len": 0, "max_path_len_zero": true}
            },
            "constrained": {
                "expiry": "10000h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true},
                "name_constraints": {
                    "permitted": {"dns": ["example.com"], "ip": ["10.0.0.0/8", "fd00::/8"]},
                    "excluded": {"dns": ["secret.example.com"], "email": ["example.com"], "uri": [".bad.com"]}
                }
            }
        }
    }
}"#;

struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), CONFIG).unwrap();
        let workshop = Self { folder };
        workshop.make(
            &["gencert", "-initca"],
            r#"{"CN": "root", "names": [{"O": "Example", "OU": "a"}]}"#,
            "root",
        );
        workshop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str], csr: &str, out: &str) -> Output {
        let request = self.path("request.json");
        std::fs::write(&request, csr).unwrap();
        Command::new(env!("CARGO_BIN_EXE_cfssl"))
            .current_dir(self.folder.path())
            .args(arguments)
            .args(["-out", out, "request.json"])
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed; returns what it logged.
    fn make(&self, arguments: &[&str], csr: &str, out: &str) -> String {
        let output = self.run(arguments, csr, out);
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {log}");
        log
    }

    fn issue(&self, ca: &str, profile: &str, csr: &str, out: &str) -> String {
        let (certificate, key) = (format!("{ca}.pem"), format!("{ca}-key.pem"));
        let arguments =
            ["gencert", "-ca", &certificate, "-ca-key", &key, "-config", "config.json", "-profile", profile];
        self.make(&arguments, csr, out)
    }

    fn verifies(&self, leaf: &str, intermediates: &[&str]) -> bool {
        let untrusted: Vec<u8> = intermediates
            .iter()
            .flat_map(|name| std::fs::read(self.path(&format!("{name}.pem"))).unwrap())
            .collect();
        std::fs::write(self.path("untrusted.pem"), untrusted).unwrap();
        let output = Command::new("openssl")
            .current_dir(self.folder.path())
            .args(["verify", "-x509_strict", "-CAfile", "root.pem"])
            .args(if intermediates.is_empty() { &[][..] } else { &["-untrusted", "untrusted.pem"] })
            .arg(format!("{leaf}.pem"))
            .output()
            .unwrap_or_else(|error| panic!("openssl is missing ({error}); `make peers` installs it"));
        output.status.success()
    }
}

fn openssl_text(certificate: &Path) -> String {
    let output =
        Command::new("openssl").args(["x509", "-noout", "-text", "-in"]).arg(certificate).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const LEAF: &str = r#"{"CN": "a.example.com", "hosts": ["a.example.com", "10.1.2.3"]}"#;

#[test]
fn chains_of_two_and_three_tiers_verify() {
    let workshop = Workshop::new();
    let quiet = workshop.issue("root", "intermediate", r#"{"CN": "tier two"}"#, "two");
    assert!(!quiet.contains("WARNING] the"), "{quiet}");
    workshop.issue("two", "last", r#"{"CN": "tier three"}"#, "three");
    workshop.issue("two", "", LEAF, "short");
    workshop.issue("three", "", LEAF, "long");
    assert!(workshop.verifies("short", &["two"]));
    assert!(workshop.verifies("long", &["two", "three"]));
    assert!(!workshop.verifies("long", &["two"]), "openssl must want the intermediate");
}

#[test]
fn sign_makes_an_intermediate_of_a_csr() {
    let workshop = Workshop::new();
    workshop.make(&["genkey"], r#"{"CN": "from a CSR"}"#, "two");
    let output = Command::new(env!("CARGO_BIN_EXE_cfssl"))
        .current_dir(workshop.folder.path())
        .args(["sign", "-ca", "root.pem", "-ca-key", "root-key.pem", "-config", "config.json"])
        .args(["-profile", "intermediate", "-out", "two", "two.csr"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    workshop.issue("two", "", LEAF, "leaf");
    assert!(workshop.verifies("leaf", &["two"]));
}

#[test]
fn an_authority_below_a_path_length_of_zero_is_warned_about_and_refused_strictly() {
    let workshop = Workshop::new();
    workshop.issue("root", "last", r#"{"CN": "last"}"#, "last");
    let log = workshop.issue("last", "intermediate", r#"{"CN": "too deep"}"#, "deep");
    assert!(log.contains("[WARNING] the CA's path length of 0 forbids CAs below it"), "{log}");
    workshop.issue("deep", "", LEAF, "leaf");
    assert!(!workshop.verifies("leaf", &["last", "deep"]), "the warning must be true");

    let strict =
        ["gencert", "-strict", "-ca", "last.pem", "-ca-key", "last-key.pem", "-config", "config.json"];
    let output =
        workshop.run(&[&strict[..], &["-profile", "intermediate"]].concat(), r#"{"CN": "x"}"#, "refused");
    assert_eq!(output.status.code(), Some(1));
    assert!(!workshop.path("refused.pem").exists());
}

#[test]
fn name_constraints_are_written_and_checked_before_signing() {
    let workshop = Workshop::new();
    workshop.issue("root", "constrained", r#"{"CN": "constrained"}"#, "ca");
    let text = openssl_text(&workshop.path("ca.pem"));
    for expected in [
        "X509v3 Name Constraints: critical",
        "DNS:example.com",
        "IP:10.0.0.0/255.0.0.0",
        "IP:FD00:0:0:0:0:0:0:0/FF00:0:0:0:0:0:0:0",
        "DNS:secret.example.com",
        "email:example.com",
        "URI:.bad.com",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    for (host, allowed) in [
        ("a.example.com", true),
        ("a.example.com.", false),
        ("10.9.9.9", true),
        ("example.org", false),
        ("x.secret.example.com", false),
        ("11.0.0.1", false),
        ("bob@example.com", false),
        ("bob@elsewhere.com", true),
        ("https://x.bad.com/", false),
        ("https://x.good.com/", true),
    ] {
        let log = workshop.issue("ca", "", &format!(r#"{{"hosts": ["{host}"]}}"#), "leaf");
        assert_eq!(log.contains("name constraints"), !allowed, "{host}: {log}");
        assert_eq!(workshop.verifies("leaf", &["ca"]), allowed, "openssl must agree on {host}");
        std::fs::remove_file(workshop.path("leaf-key.pem")).unwrap();
    }
}

#[test]
fn names_in_the_subject_are_held_against_name_constraints_as_openssl_does() {
    let workshop = Workshop::new();
    workshop.issue("root", "constrained", r#"{"CN": "constrained"}"#, "ca");
    for (request, allowed) in [
        (r#"{"CN": "a.example.com"}"#, true),
        (r#"{"CN": "a.example.org"}"#, false),
        (r#"{"CN": "x.secret.example.com"}"#, false),
        (r#"{"CN": "a.example.org", "hosts": ["10.0.0.1"]}"#, false),
        (r#"{"CN": "a.example.org", "hosts": ["a.example.com"]}"#, true),
        (r#"{"CN": "an example of org."}"#, true),
        (r#"{"CN": "admin"}"#, true),
        (r#"{"CN": "a", "names": [{"E": "bob@example.com"}]}"#, false),
        (r#"{"CN": "a", "names": [{"E": "bob@EXAMPLE.com"}], "hosts": ["a.example.com"]}"#, false),
        // Permitted, but openssl does not read the type of string that cfssl writes.
        (r#"{"CN": "a", "names": [{"E": "bob@elsewhere.com"}]}"#, false),
        (r#"{"CN": "a", "hosts": ["bob@elsewhere.com"]}"#, true),
    ] {
        let log = workshop.issue("ca", "", request, "leaf");
        let warning = match request.contains("{\"E\": \"bob@elsewhere") {
            true => "[WARNING] openssl verifies no mail address in the subject",
            false => "[WARNING] the CA's name constraints",
        };
        assert_eq!(log.contains(warning), !allowed, "{request}: {log}");
        assert_eq!(workshop.verifies("leaf", &["ca"]), allowed, "openssl must agree on {request}");
        std::fs::remove_file(workshop.path("leaf-key.pem")).unwrap();
    }
}

#[test]
fn a_renewed_authority_still_verifies_what_the_old_one_signed() {
    let workshop = Workshop::new();
    workshop.issue("root", "", LEAF, "leaf");
    let old = openssl_text(&workshop.path("root.pem"));
    let output = Command::new(env!("CARGO_BIN_EXE_cfssl"))
        .current_dir(workshop.folder.path())
        .args(["gencert", "-renewca", "-ca", "root.pem", "-ca-key", "root-key.pem", "-out", "root"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let renewed = openssl_text(&workshop.path("root.pem"));
    assert!(workshop.verifies("leaf", &[]));
    let line_after = |text: &str, title: &str| {
        text.lines().skip_while(|line| !line.contains(title)).nth(1).unwrap_or_default().trim().to_owned()
    };
    for title in ["Subject Key Identifier", "Key Usage", "Basic Constraints"] {
        assert_eq!(line_after(&old, title), line_after(&renewed, title), "{title}");
    }
    assert_ne!(line_after(&old, "Serial Number"), line_after(&renewed, "Serial Number"));
}

#[test]
fn what_a_renewed_authority_loses_is_named_and_an_intermediate_becomes_a_root_with_a_warning() {
    let workshop = Workshop::new();
    workshop.issue("root", "intermediate", r#"{"CN": "ca"}"#, "ca");
    let made = Command::new("openssl")
        .current_dir(workshop.folder.path())
        .args(["req", "-x509", "-key", "root-key.pem", "-subj", "/CN=old", "-days", "90", "-out", "old.pem"])
        .args([
            "-addext",
            "basicConstraints=critical,CA:true",
            "-addext",
            "subjectAltName=DNS:a.example,IP:10.0.0.1",
        ])
        .args([
            "-addext",
            "keyUsage=digitalSignature,keyCertSign,cRLSign",
            "-addext",
            "extendedKeyUsage=serverAuth",
        ])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let renew = |name: &str, key: &str, further: &[&str]| {
        let (certificate, key) = (format!("{name}.pem"), format!("{key}-key.pem"));
        let output = Command::new(env!("CARGO_BIN_EXE_cfssl"))
            .current_dir(workshop.folder.path())
            .args(["gencert", "-renewca", "-ca", &certificate, "-ca-key", &key])
            .args(further)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, log) = renew("old", "root", &[]);
    assert_eq!((status, log.matches("[WARNING]").count()), (Some(0), 3), "{log}");
    for lost in
        [r#"usage "digital signature""#, r#"host "a.example""#, "extension 2.5.29.37 (extended key usage)"]
    {
        assert!(log.contains(&format!("the old certificate's {lost} is not carried over\n")), "{log}");
    }
    let (status, log) = renew("ca", "ca", &[]);
    assert_eq!((status, log.matches("[WARNING]").count()), (Some(0), 1), "{log}");
    assert!(log.contains("issued by another CA, and the new one signs itself"), "{log}");
    let (status, log) = renew("ca", "ca", &["-strict"]);
    assert_eq!(status, Some(1), "{log}");
    assert!(log.ends_with("refused under -strict: 1 warning\n"), "{log}");
    let (status, log) = renew("root", "root", &["-strict"]);
    assert_eq!(status, Some(0), "{log}");
}

#[test]
fn name_constraints_of_a_profile_that_would_not_hold_are_refused() {
    let workshop = Workshop::new();
    for (constraints, place, words) in [
        (r#"{"permited": {"dns": ["example.com"]}}"#, "", r#"did you mean "permitted"?"#),
        (
            r#"{"permitted": {"DNS": ["a"], "ips": ["10.0.0.0/8"]}}"#,
            ".permitted",
            r#""ips" is no key of name constraints"#,
        ),
        ("{}", "", "this constrains no name"),
        (r#"{"permitted": {}}"#, ".permitted", "this constrains no name"),
        (r#"{"permitted": {"dns": []}}"#, ".permitted.dns", "this constrains no name"),
        (
            r#"{"permitted": {"dns": []}, "excluded": {"dns": ["a"]}}"#,
            ".permitted.dns",
            "this constrains no name",
        ),
        (r#"{"excluded": {"dns": ["evil.org."]}}"#, ".excluded.dns[0]", "write `evil.org`"),
    ] {
        let config = format!(
            r#"{{"signing": {{"default": {{"expiry": "1h", "usages": ["cert sign"], "ca_constraint": {{"is_ca": true}},
               "name_constraints": {constraints}}}}}}}"#
        );
        std::fs::write(workshop.path("narrow.json"), config).unwrap();
        let form = ["gencert", "-ca", "root.pem", "-ca-key", "root-key.pem", "-config", "narrow.json"];
        let output = workshop.run(&form, r#"{"CN": "x"}"#, "refused");
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{constraints}: {log}");
        let place = format!("narrow.json: signing.default.name_constraints{place}: ");
        assert!(log.contains(&place) && log.contains(words), "{constraints}: {log}");
        assert!(!workshop.path("refused.pem").exists(), "{constraints}");
    }
}
