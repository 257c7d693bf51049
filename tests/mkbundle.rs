//! The program `mkbundle`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

fn sh(place: &Path, script: &str) {
    let output = Command::new("sh")
        .args(["-ec", script])
        .current_dir(place)
        .env("CFSSL", env!("CARGO_BIN_EXE_cfssl"))
        .env("JSON", env!("CARGO_BIN_EXE_cfssljson"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Exit status, and standard error without the times.
fn mkbundle(place: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mkbundle"))
        .args(arguments)
        .current_dir(place)
        .env_remove("CFSSL_STRICT")
        .output()
        .unwrap();
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.get(20..).unwrap_or(line)).collect();
    (output.status.code().unwrap(), lines.join("\n"))
}

#[test]
fn collects_valid_certificates_below_paths() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    sh(
        place,
        r#"mkdir -p d/sub
        for n in a b; do echo "{\"CN\": \"Root $n\", \"names\": [{\"O\": \"Org\"}]}" | $CFSSL gencert -initca - 2>/dev/null | $JSON -bare $n; done
        echo '{"signing": {"default": {"expiry": "1h", "usages": ["server auth"], "not_before": "2020-01-01T00:00:00Z", "not_after": "2021-01-01T00:00:00Z"}}}' >old.json
        echo '{"CN": "old", "hosts": ["old"]}' | $CFSSL gencert -ca a.pem -ca-key a-key.pem -config old.json - 2>/dev/null | $JSON -bare old
        cat a.pem a-key.pem old.pem >d/1.pem
        cat b.pem a.pem >d/sub/2.pem
        echo text >d/3.txt
        printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' >d/4.pem"#,
    );
    let (code, log) = mkbundle(place, &["-nw", "2", "d", "nosuch"]);
    let expected = "\
[INFO] Found d
[INFO] Found d/1.pem
[INFO] Loading d/1.pem
[INFO] Validating CN=Root a,O=Org
[INFO] Skipping non-certificate
[INFO] Validating CN=old
[INFO] Certificate expired 2021-01-01T00:00:00Z
[INFO] Skipping revoked certificate
[INFO] Found d/3.txt
[INFO] Loading d/3.txt
[WARNING] d/3.txt: no PEM data found
[INFO] Found d/4.pem
[INFO] Loading d/4.pem
[WARNING] Invalid certificate: not a certificate that can be read: its outer structure is malformed
[INFO] Found d/sub
[INFO] Found d/sub/2.pem
[INFO] Loading d/sub/2.pem
[INFO] Validating CN=Root b,O=Org
[INFO] Validating CN=Root a,O=Org
[INFO] Found nosuch
[ERROR] Walk failed: lstat nosuch: no such file or directory
[INFO] Wrote 3 certificates.";
    assert_eq!((code, log.as_str()), (0, expected));
    let read = |name: &str| fs::read_to_string(place.join(name)).unwrap();
    assert_eq!(read("cert-bundle.crt"), [read("a.pem"), read("b.pem"), read("a.pem")].concat());
    assert_eq!(mkbundle(place, &["-strict", "-f", "strict.pem", "d"]).0, 1);
    assert_eq!(read("strict.pem"), read("cert-bundle.crt"));
}

#[test]
fn names_of_files_and_certificates_forge_no_log_line() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let request = r#"{"CN": "a\u001b[31m", "names": [{"O": "\n[INFO] x"}]}"#;
    fs::write(place.join("ca.json"), request).unwrap();
    sh(place, "mkdir d; $CFSSL gencert -initca ca.json 2>/dev/null | $JSON -bare ca");
    fs::copy(place.join("ca.pem"), place.join("d/\u{1b}[31m\n[INFO] y")).unwrap();
    let (code, log) = mkbundle(place, &["d"]);
    let expected = r"[INFO] Found d
[INFO] Found d/\u{1b}[31m\u{a}[INFO] y
[INFO] Loading d/\u{1b}[31m\u{a}[INFO] y
[INFO] Validating CN=a\u{1b}[31m,O=\u{a}[INFO] x
[INFO] Wrote 1 certificates.";
    assert_eq!((code, log.as_str()), (0, expected));
}

#[test]
fn tells_how_it_is_used_and_where_it_fails() {
    let place = tempfile::tempdir().unwrap();
    let (code, help) = mkbundle(place.path(), &["-h"]);
    assert_eq!(code, 0);
    assert!(help.contains("revocation cannot be checked.\n"), "{help}");
    assert_eq!(mkbundle(place.path(), &["-bogus"]).0, 2);
    let (code, log) = mkbundle(place.path(), &["-f", "no/such/dir"]);
    assert_eq!(code, 1, "{log}");
}
