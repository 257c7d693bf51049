//! What cfssljson does with its command line and its input.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod cfssljson_support;

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;

use certmint::cli::streams::Streams;
use certmint::cli::{World, cfssljson};
use cfssljson_support::{GENCERT, files, names, run};
use tempfile::tempdir;
use time::OffsetDateTime;

/// Runs inside this process: for what touches no files.
fn in_process(arguments: &[&str], input: &str) -> (u8, String, String) {
    let arguments = arguments.iter().map(OsString::from).collect();
    in_process_with(arguments, &mut input.as_bytes())
}

fn in_process_with(arguments: Vec<OsString>, stdin: &mut (dyn Read + Send)) -> (u8, String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let status = cfssljson::run(World {
        program: "cfssljson".to_owned(),
        arguments,
        streams: Streams::new(stdin, &mut stdout, &mut stderr),
        environment: &|_| None,
        clock: &|| OffsetDateTime::UNIX_EPOCH,
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(stdout), text(stderr))
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn writes_certificate_key_and_request() {
    let directory = tempdir().unwrap();
    let outcome = run(directory.path(), &["-bare", "ca"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
    let expected =
        [("ca-key.pem", (0o600, "KEY\n")), ("ca.csr", (0o644, "CSR\n")), ("ca.pem", (0o644, "CERT\n"))];
    let expected = expected.map(|(name, (mode, text))| (name.to_owned(), (mode, text.to_owned())));
    assert_eq!(files(directory.path()), expected.into());
}

#[test]
fn accepts_the_stray_dash_without_a_word_and_names_other_words() {
    let directory = tempdir().unwrap();
    let outcome = run(directory.path(), &["-bare", "ca", "-"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(names(directory.path()).len(), 3);
    let outcome = run(directory.path(), &["-bare", "ca", "server", "-"], GENCERT);
    assert_eq!(outcome.status, Some(0));
    assert!(outcome.stderr.contains("[WARNING] words after the base name have no effect: server\n"));
    assert_eq!(names(directory.path()).len(), 3);
}

#[test]
fn reads_flags_after_the_base_name_and_passes_over_what_makes_no_sense_there() {
    let directory = tempdir().unwrap();
    let outcome = run(directory.path(), &["ca", "--bare=true"], GENCERT);
    assert_eq!((outcome.status, names(directory.path()).len()), (Some(0), 3));
    let outcome = run(directory.path(), &["-bare", "cb", "-bogus"], GENCERT);
    assert_eq!(outcome.status, Some(0));
    assert!(outcome.stderr.contains("no effect: -bogus"), "{}", outcome.stderr);
    assert_eq!(names(directory.path()).len(), 6);
}

#[test]
fn base_names_may_hold_anything_a_file_name_may() {
    for base in [".hidden", "a.b.example.com", "*.example.com", "sub/x", "", "two words", "-"] {
        let directory = tempdir().unwrap();
        fs::create_dir(directory.path().join("sub")).unwrap();
        let outcome = run(directory.path(), &["-bare", base], GENCERT);
        assert_eq!(outcome.status, Some(0), "{base}: {}", outcome.stderr);
        let key = directory.path().join(format!("{base}-key.pem"));
        assert_eq!(fs::read_to_string(key).unwrap(), "KEY\n", "{base}");
    }
    let directory = tempdir().unwrap();
    assert_eq!(run(directory.path(), &["-bare"], GENCERT).status, Some(0));
    assert_eq!(names(directory.path()), ["cert-key.pem", "cert.csr", "cert.pem"]);
}

#[test]
fn base_names_need_not_be_utf_8() {
    let directory = tempdir().unwrap();
    let base = OsString::from_vec([directory.path().as_os_str().as_encoded_bytes(), b"/\xff"].concat());
    let arguments = vec!["-bare".into(), base.clone()];
    let (status, _, stderr) = in_process_with(arguments, &mut GENCERT.as_bytes());
    assert_eq!((status, stderr.as_str()), (0, ""));
    let mut certificate = base;
    certificate.push(".pem");
    assert_eq!(fs::read_to_string(certificate).unwrap(), "CERT\n");
}

#[test]
fn leaves_alone_what_the_input_does_not_hold() {
    let directory = tempdir().unwrap();
    fs::write(directory.path().join("x-key.pem"), "MINE").unwrap();
    let outcome = run(directory.path(), &["-bare", "x"], r#"{"cert":"C","csr":"R","key":""}"#);
    assert_eq!(outcome.status, Some(0));
    let key = fs::read_to_string(directory.path().join("x-key.pem")).unwrap();
    assert_eq!(key, "MINE");
}

#[test]
fn prints_every_item_with_a_newline_and_binary_ones_in_base64() {
    let input = r#"{"ocspResponse":"AAEC","csr":"R","private_key":"K","certificate":"C",
        "encrypted_key":"E","bundle":{"bundle":"B","root":"O"}}"#;
    let (status, stdout, stderr) = in_process(&["-bare", "-stdout"], input);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(stdout, "C\nK\nRQ==\nR\nB\nO\nO\nAAEC\n");
}

#[test]
fn the_first_name_that_is_present_counts_even_if_it_is_empty() {
    let input = r#"{"cert":"","certificate":"C","key":"K","private_key":"P"}"#;
    assert_eq!(in_process(&["-bare", "-stdout"], input).1, "K\n");
    let twice = r#"{"cert":"A","cert":"B","Cert":"C"}"#;
    assert_eq!(in_process(&["-bare", "-stdout"], twice).1, "B\n");
}

#[test]
fn reads_the_reply_of_a_server() {
    let reply = r#"{"success":true,"result":{"certificate":"C","private_key":"K",
        "certificate_request":"R","sums":{}},"errors":[],"messages":[]}"#;
    // cfssl writes nothing when -bare is given here.
    for arguments in [&["-stdout"][..], &["-bare", "-stdout"]] {
        let (status, stdout, _) = in_process(arguments, reply);
        assert_eq!((status, stdout.as_str()), (0, "C\nK\nR\n"), "{arguments:?}");
    }
    let odd = r#"{"ſUCCESS":true,"Result":{"cert":"A"},"result":{"key":"K"}}"#;
    assert_eq!(in_process(&["-stdout"], odd).1, "A\nK\n");
}

#[test]
fn a_bundle_is_written_in_every_form_it_comes_in() {
    let directory = tempdir().unwrap();
    for (base, input) in [
        ("a", r#"{"bundle":"B","root":"O","key":"","crl_support":false}"#),
        ("b", r#"{"result":{"bundle":{"bundle":"B","root":"O"}}}"#),
        ("c", r#"{"success":true,"result":{"cert":"C","bundle":{"bundle":"B","root":"O"}}}"#),
        ("d", r#"{"cert":"C","result":{"bundle":{"bundle":"B","root":"O"}}}"#),
    ] {
        let outcome = run(directory.path(), &["-bare", base], input);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""), "{base}");
    }
    let files = files(directory.path());
    let text = |name: &str| files.get(name).map(|(_, text)| text.as_str());
    assert_eq!(text("a-bundle.pem"), Some("B"));
    assert_eq!(text("a-root.pem"), None);
    for base in ["b", "c", "d"] {
        assert_eq!(text(&format!("{base}-bundle.pem")), Some("B\nO"), "{base}");
        assert_eq!(text(&format!("{base}-root.pem")), Some("O"), "{base}");
    }
    assert_eq!((text("c.pem"), text("d.pem")), (Some("C"), Some("C")));
    for (input, fault) in [
        (r#"{"bundle":{"root":"O"}}"#, "inner bundle parsing failed!"),
        (r#"{"result":{"bundle":{"bundle":"B","root":5}}}"#, "root parsing failed!"),
    ] {
        let (status, _, stderr) = in_process(&["-bare", "-stdout"], input);
        assert_eq!((status, last_line(&stderr)), (1, fault));
    }
}

#[test]
fn a_refusal_is_passed_on() {
    let reply = r#"{"success":false,"result":null,"errors":[{"code":5,"message":"boom"}],"messages":[]}"#;
    for arguments in [&["x"][..], &["-bare", "x"]] {
        let (status, stdout, stderr) = in_process(arguments, reply);
        assert_eq!((status, stdout.as_str()), (1, ""));
        assert_eq!(stderr, "Request failed:\n\tboom\n");
    }
}

#[test]
fn tells_to_add_bare_where_it_is_missing() {
    let directory = tempdir().unwrap();
    let outcome = run(directory.path(), &["ca"], GENCERT);
    assert_eq!((outcome.status, outcome.last_line()), (Some(1), "Request failed:"));
    assert!(outcome.stderr.contains("add -bare"));
    assert!(names(directory.path()).is_empty());
}

#[test]
fn empty_input_blames_the_command_before_the_pipe() {
    for input in ["", " \n"] {
        for arguments in [&["-bare", "ca"][..], &["ca"]] {
            let (status, stdout, stderr) = in_process(arguments, input);
            assert_eq!((status, stdout.as_str()), (1, ""));
            assert!(stderr.contains("the command before the pipe failed"), "{stderr}");
            let last = "Failed to parse input: unexpected end of JSON input";
            assert_eq!(last_line(&stderr), last);
        }
    }
    let (_, _, stderr) = in_process(&["-bare"], r#"{"cert":"C""#);
    assert!(!stderr.contains("the command before the pipe"), "{stderr}");
}

#[test]
fn recognises_what_is_sent_instead_of_json() {
    let near = |input| in_process(&["-bare"], input).2;
    assert!(near("-----BEGIN CERTIFICATE-----\n").contains("this is PEM"));
    assert!(near("2026/01/02 03:04:05 [INFO] encoded CSR\n{}").contains("2>&1"));
}

#[test]
fn a_value_that_is_no_text_is_a_fault_and_nothing_is_written() {
    let directory = tempdir().unwrap();
    for (value, found) in [
        ("5", "a number"),
        ("null", "null"),
        ("[\"A\"]", "an array"),
        ("{}", "an object"),
        ("true", "a boolean"),
    ] {
        let input = format!("{{\"cert\":\"C\",\n\"key\": {value}}}");
        let outcome = run(directory.path(), &["-bare", "x"], &input);
        assert_eq!(outcome.status, Some(1));
        let last = format!("Failed to parse input: key: expected a string, found {found}");
        assert_eq!(outcome.last_line(), last);
        assert!(outcome.stderr.contains("(line 2, column 8)"), "{}", outcome.stderr);
    }
    assert!(names(directory.path()).is_empty());
}

#[test]
fn messages_hold_no_secret() {
    let secret = "-----BEGIN RSA PRIVATE KEY-----";
    for input in [
        format!(r#"{{"key":"{secret}","cert":5}}"#),
        format!(r#"{{"key":"{secret}"}}x"#),
        format!(r#"{{"key":"{secret}""#),
        format!(r#"{{"key":["{secret}"]}}"#),
        secret.to_owned(),
    ] {
        let (status, stdout, stderr) = in_process(&["-bare", "x"], &input);
        assert_eq!((status, stdout.as_str()), (1, ""));
        assert!(!stderr.contains("PRIVATE"), "{stderr}");
    }
}

#[test]
fn says_so_when_there_is_nothing_to_write() {
    for input in ["{}", "null", r#"{"success":true}"#] {
        let (status, stdout, stderr) = in_process(&["-bare"], input);
        assert_eq!((status, stdout.as_str()), (0, ""), "{input}");
        assert!(stderr.contains("[WARNING] the input holds no certificate"), "{input}");
    }
}

#[test]
fn hostile_input_ends_with_a_fault() {
    for input in ["[".repeat(10 << 20), "{\"a\":".repeat(1 << 20), "\u{0}\u{1}".to_owned()] {
        let (status, stdout, stderr) = in_process(&["-bare", "x"], &input);
        assert_eq!((status, stdout.as_str()), (1, ""));
        assert!(last_line(&stderr).starts_with("Failed to parse input: "), "{stderr}");
        assert!(stderr.len() < 1000);
    }
    let (_, stdout, _) = in_process(&["-bare", "-stdout"], r#"{"cert":"\ud800x"}"#);
    assert_eq!(stdout, "\u{fffd}x\n");
}

#[test]
fn input_without_end_is_refused() {
    let (status, _, stderr) = in_process_with(vec!["-bare".into()], &mut std::io::repeat(b' '));
    assert_eq!(status, 1);
    assert_eq!(stderr, "Failed to read input: more than 64 MiB of input\n");
}

#[test]
fn reads_the_file_that_f_names() {
    let directory = tempdir().unwrap();
    fs::write(directory.path().join("in.json"), GENCERT).unwrap();
    let outcome = run(directory.path(), &["-f", "in.json", "-bare", "-stdout"], "");
    assert_eq!(outcome.stdout, "CERT\n\nKEY\n\nCSR\n\n");
    let outcome = run(directory.path(), &["-stdout", "-bare", "-f", "-"], GENCERT);
    assert_eq!(outcome.stdout, "CERT\n\nKEY\n\nCSR\n\n");
    fs::write(directory.path().join("empty.json"), "").unwrap();
    let outcome = run(directory.path(), &["-f=empty.json", "-bare"], "");
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.stderr.contains("empty.json: the file is empty"), "{}", outcome.stderr);
}

#[test]
fn help_and_bad_flags_show_the_usage_on_standard_error() {
    for flag in ["-h", "-help", "--help"] {
        let (status, stdout, stderr) = in_process(&[flag], "");
        assert_eq!((status, stdout.as_str()), (0, ""));
        assert!(stderr.starts_with("Usage of cfssljson:\n  -bare\n"), "{stderr}");
        assert!(stderr.contains("cfssl gencert -initca ca-csr.json | cfssljson -bare ca\n"));
    }
    for (arguments, fault) in [
        (&["-bogus"][..], "flag provided but not defined: -bogus"),
        (&["--bogus=1", "x"], "flag provided but not defined: -bogus"),
        (&["---bare"], "bad flag syntax: ---bare"),
        (&["-=1"], "bad flag syntax: -=1"),
        (&["-f"], "flag needs an argument: -f"),
        (&["-bare=maybe"], "invalid boolean value \"maybe\" for -bare: parse error"),
    ] {
        let (status, stdout, stderr) = in_process(arguments, GENCERT);
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with(fault), "{stderr}");
        assert!(stderr.contains("\nUsage of cfssljson:\n"), "{stderr}");
    }
}

#[test]
fn version_reads_no_input() {
    let (status, stdout, stderr) = in_process(&["--version"], "not JSON");
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("Version: "), "{stdout}");
}
