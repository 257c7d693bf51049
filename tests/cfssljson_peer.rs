//! The same runs with the installed golang-cfssl (1.2.0), for what 1.2.0 and 1.6.5 do alike.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod cfssljson_support;

use std::fs;
use std::path::Path;

use cfssljson_support::{GENCERT, OURS, Outcome, files, put, run_after};
use tempfile::tempdir;

const PEER: &str = "/usr/bin/cfssljson";

const REPLY: &str = r#"{"success":true,"result":{"certificate":"C","certificate_request":"R",
    "private_key":"K"},"errors":[],"messages":[]}"#;

/// Compares status, standard output, the last line of standard error, and every file.
fn compare(before: &str, arguments: &[&str], input: &str, prepare: &dyn Fn(&Path)) {
    assert!(Path::new(PEER).exists(), "{PEER} is missing; install it with: apt-get install golang-cfssl");
    let [ours, theirs] = [OURS, PEER].map(|program| {
        let directory = tempdir().unwrap();
        prepare(directory.path());
        let outcome = run_after(before, program, directory.path(), arguments, input);
        let all: Vec<_> = ["", "sub", "d.pem"]
            .map(|part| directory.path().join(part))
            .iter()
            .filter(|path| path.is_dir())
            .map(|path| files(path))
            .collect();
        (outcome, all)
    });
    let facts = |outcome: &Outcome| (outcome.status, outcome.stdout.clone());
    assert_eq!(facts(&ours.0), facts(&theirs.0), "{before} {arguments:?} {input}");
    assert_eq!(ours.1, theirs.1, "{before} {arguments:?} {input}");
    if ours.0.status == Some(1) {
        assert_eq!(ours.0.last_line(), theirs.0.last_line(), "{arguments:?} {input}");
    }
    if ours.0.status == Some(2) {
        assert_eq!(ours.0.stderr.lines().next(), theirs.0.stderr.lines().next());
    }
}

#[test]
fn writes_the_same_files_under_every_umask() {
    for umask in ["000", "002", "022", "027", "077", "777"] {
        for input in [
            GENCERT,
            r#"{"csr":"R","key":"K"}"#,
            r#"{"cert":"C","csr":"R","key":""}"#,
            r#"{"encrypted_key":"E","ocspResponse":"AAEC"}"#,
            r#"{"bundle":"B","root":"O","key":""}"#,
        ] {
            let umask = format!("umask {umask}");
            for arguments in [&["-bare", "a"][..], &["-bare"], &["-bare", "sub/.x*", "-"]] {
                compare(&umask, arguments, input, &|directory| {
                    fs::create_dir(directory.join("sub")).unwrap();
                });
            }
        }
    }
}

#[test]
fn keeps_the_modes_of_existing_files_alike() {
    for (mode, key_mode) in [(0o600, 0o600), (0o664, 0o640), (0o755, 0o700), (0o444, 0o400)] {
        compare("umask 022", &["-bare", "a"], GENCERT, &|directory| {
            put(&directory.join("a.pem"), "longer than the new contents", mode);
            put(&directory.join("a.csr"), "old", mode);
            put(&directory.join("a-key.pem"), "old", key_mode);
        });
    }
}

#[test]
fn prints_the_same() {
    for input in [
        GENCERT,
        r#"{"ocspResponse":"AA\n=\n=","csr":"R","encrypted_key":"E","bundle":"B","cert":"C","key":"K"}"#,
        r#"{"key":"K","private_key":5,"cert":"","certificate":5}"#,
        r#"{"cert":"\ud800 \u00e9 <&>","cert":"last"}"#,
        "{}",
        "null",
    ] {
        compare("", &["-bare", "-stdout"], input, &|_| {});
    }
    for input in [
        REPLY,
        r#"{"SUCCESS":true,"Result":{"cert":"A"},"result":{"key":"K"}}"#,
        r#"{"success":true,"result":{"cert":"A"},"result":null}"#,
        r#"{"success":true}"#,
    ] {
        compare("", &["-stdout"], input, &|_| {});
        compare("umask 022", &["x"], input, &|_| {});
    }
}

#[test]
fn reads_the_command_line_alike() {
    for arguments in [
        &["--bare", "a"][..],
        &["-bare=true", "-stdout=F", "a"],
        &["-bare", "-stdout=false", "-stdout", "a"],
        &["-bare", "true", "a"],
        &["-bare", "--", "-a"],
        &["-bare", "-", "a"],
        &["-bare", ""],
        &["-bare", "-f", "-", "a"],
        &["-bare", "a", "-bogus"],
        &["-bare", "a", "-f"],
        &["-bare=maybe", "a"],
        &["-bogus"],
        &["---bare"],
        &["-=1"],
        &["-f"],
    ] {
        compare("umask 022", arguments, GENCERT, &|_| {});
    }
}

#[test]
fn fails_with_the_same_last_line() {
    for input in [
        "",
        " ",
        "[]",
        "5",
        r#""a""#,
        "null",
        "{}",
        GENCERT,
        r#"{"success":"yes"}"#,
        r#"{"success":true,"result":"s"}"#,
        r#"{"success":true,"result":[]}"#,
        r#"{"success":true,"errors":{}}"#,
        r#"{"success":false,"errors":[5]}"#,
        r#"{"success":false,"errors":[{"message":5}]}"#,
        r#"{"success":false,"errors":[{"message":"a","int":"q"}]}"#,
        r#"{"success":false,"errors":[{"message":"boom","code":5},{"message":"bang"}]}"#,
        r#"{"success":false,"errors":null}"#,
        r#"{"success":false,"messages":"x"}"#,
    ] {
        compare("", &["x"], input, &|_| {});
    }
    for input in [
        "",
        "[]",
        "true",
        r#"{"cert":"A""#,
        r#"{"cert":"A"} z"#,
        r#"{"cert":"A","ocspResponse":"!"}"#,
        r#"{"ocspResponse":"AA=A"}"#,
    ] {
        compare("", &["-bare", "x"], input, &|_| {});
    }
    for arguments in [
        &["-bare", "missing/x"][..],
        &["-bare", "d"],
        &["-bare", "-f", "nope", "x"],
        &["-bare", "-f", "d.pem", "x"],
    ] {
        compare("", arguments, r#"{"cert":"A"}"#, &|directory| {
            fs::create_dir(directory.join("d.pem")).unwrap();
        });
    }
}
