//! `-p12 FILE`: a PKCS #12 file beside what a command prints or writes anyway.
#![cfg(all(feature = "cli", feature = "aws-lc-rs", unix))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod cfssljson_support;

use certmint::keys::{Pkcs12, PrivateKey, SigningKey, read_pkcs12};
use cfssljson_support::{Outcome, files, mode, names, put, run_after};
use rustls_pki_types::CertificateDer;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::{TempDir, tempdir};

const OURS: &str = env!("CARGO_BIN_EXE_cfssl");

const PASSWORD: &str = "sesame";

/// The forms that make a certificate for a key at hand, on `request.json` and the CA `ca`.
const FORMS: [(&str, &[&str]); 6] = [
    ("gencert", &["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "request.json"]),
    ("gencert -initca", &["gencert", "-initca", "request.json"]),
    ("gencert -initca -ca-key", &["gencert", "-initca", "-ca-key=ca-key.pem", "request.json"]),
    ("gencert -renewca", &["gencert", "-renewca", "-ca=ca.pem", "-ca-key=ca-key.pem"]),
    ("genkey -initca", &["genkey", "-initca", "request.json"]),
    ("selfsign", &["selfsign", "host", "request.json"]),
];

const FROM_VARIABLE: &[&str] = &["-p12=x.p12", "-p12-password=env:P12"];

fn prepared() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ca.json"), r#"{"CN":"the CA"}"#).unwrap();
    fs::write(folder.path().join("request.json"), r#"{"CN":"a.example","hosts":["a.example"]}"#).unwrap();
    ours(folder.path(), &["gencert", "-initca", "-out=ca", "ca.json"]);
    folder
}

/// A run that has to succeed.
fn ours(folder: &Path, arguments: &[&str]) -> Outcome {
    let done = attempt(folder, ":", arguments);
    assert_eq!(done.status, Some(0), "{arguments:?}: {}", done.stderr);
    done
}

fn attempt(folder: &Path, before: &str, arguments: &[&str]) -> Outcome {
    let before =
        format!("unset CFSSL_STRICT CFSSL_CA_PK_PASSWORD; umask 022; P12={PASSWORD}; export P12; {before}");
    run_after(&before, OURS, folder, arguments, "")
}

/// The arguments with further flags before the positionals.
fn with<'a>(form: &[&'a str], flags: &[&'a str]) -> Vec<&'a str> {
    [&form[..1], flags, &form[1..]].concat()
}

fn opened(path: &Path, password: &str) -> Pkcs12 {
    read_pkcs12(&fs::read(path).unwrap(), password).unwrap_or_else(|error| panic!("{error}"))
}

/// The public key of a key in PEM.
fn public(pem: &str) -> Vec<u8> {
    PrivateKey::from_pem(pem.as_bytes(), None).unwrap().subject_public_key_info().to_vec()
}

fn der(pem: &str) -> CertificateDer<'static> {
    certmint::x509::Certificate::from_pem(pem.as_bytes()).unwrap().der().clone()
}

/// What openssl says about the file, with the password in a file.
fn openssl(folder: &Path, file: &str, password: &str) -> Outcome {
    fs::write(folder.join("password"), password).unwrap();
    let arguments = ["pkcs12", "-in", file, "-passin", "file:password", "-nodes", "-info"];
    run_after(":", "openssl", folder, &arguments, "")
}

#[test]
fn the_file_holds_the_key_and_the_certificates_and_standard_output_is_as_ever() {
    let folder = prepared();
    let ca = fs::read_to_string(folder.path().join("ca.pem")).unwrap();
    let ca_key = fs::read_to_string(folder.path().join("ca-key.pem")).unwrap();
    for (name, form) in FORMS {
        let plain: Value = serde_json::from_str(&ours(folder.path(), form).stdout).unwrap();
        let done = ours(folder.path(), &with(form, FROM_VARIABLE));
        let json: Value = serde_json::from_str(&done.stdout).unwrap();
        let keys = |json: &Value| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&json), keys(&plain), "{name}");
        assert!(done.stderr.contains("[INFO] wrote x.p12\n"), "{name}: {}", done.stderr);
        assert!(!done.stderr.contains(PASSWORD), "{name}: {}", done.stderr);

        let path = folder.path().join("x.p12");
        assert_eq!(mode(&path), 0o600, "{name}");
        let file = opened(&path, PASSWORD);
        let chain: &[&str] = if name == "gencert" { &[&ca] } else { &[] };
        let certificates: Vec<_> =
            std::iter::once(json["cert"].as_str().unwrap()).chain(chain.iter().copied()).map(der).collect();
        assert_eq!(file.certificates, certificates, "{name}");
        let key = json["key"].as_str().unwrap_or(&ca_key);
        assert_eq!(file.key.unwrap().subject_public_key_info(), public(key), "{name}");

        let shown = openssl(folder.path(), "x.p12", PASSWORD);
        assert_eq!(shown.status, Some(0), "{name}: {}", shown.stderr);
        assert!(shown.stdout.contains(json["cert"].as_str().unwrap().trim()), "{name}");
        let common_name = if name == "gencert -renewca" { "the CA" } else { "a.example" };
        let friendly = format!("    friendlyName: {common_name}\n");
        assert_eq!(shown.stdout.matches(&friendly).count(), 2, "{name}: {}", shown.stdout);
        assert!(openssl(folder.path(), "x.p12", "wrong").status != Some(0), "{name}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn without_a_common_name_the_file_lends_its_own() {
    let folder = prepared();
    fs::write(folder.path().join("request.json"), r#"{"hosts":["a.example"]}"#).unwrap();
    ours(folder.path(), &with(FORMS[0].1, &["-p12=my server.p12", "-p12-password=env:P12"]));
    let shown = openssl(folder.path(), "my server.p12", PASSWORD);
    assert!(shown.stdout.contains("friendlyName: my server\n"), "{}", shown.stdout);
}

#[test]
fn with_out_all_files_are_written_together() {
    let folder = prepared();
    for (name, form) in FORMS {
        let done = ours(folder.path(), &with(form, &[FROM_VARIABLE, &["-out=y"]].concat()));
        assert_eq!(done.stdout, "", "{name}");
        let certificate = fs::read_to_string(folder.path().join("y.pem")).unwrap();
        let file = opened(&folder.path().join("x.p12"), PASSWORD);
        assert_eq!(file.certificates[0], der(&certificate), "{name}");
        if let Ok(key) = fs::read_to_string(folder.path().join("y-key.pem")) {
            assert_eq!(file.key.unwrap().subject_public_key_info(), public(&key), "{name}");
        }
        for made in names(folder.path()).iter().filter(|made| made.starts_with(['x', 'y'])) {
            assert!(done.stderr.contains(&format!("[INFO] wrote {made}\n")), "{name}: {}", done.stderr);
            fs::remove_file(folder.path().join(made)).unwrap();
        }
    }
    // The key in PEM has its form, that in PKCS #12 is PKCS #8 anyway.
    ours(folder.path(), &with(FORMS[0].1, &[FROM_VARIABLE, &["-out=y", "-key-format=pkcs8"]].concat()));
    assert!(opened(&folder.path().join("x.p12"), PASSWORD).key.is_some());
}

#[test]
fn a_fault_in_one_place_leaves_every_other_untouched() {
    let folder = prepared();
    let before = files(folder.path());
    symlink("/dev/full", folder.path().join("full.p12")).unwrap();
    symlink("/dev/full", folder.path().join("full.csr")).unwrap();
    let password = "-p12-password=env:P12";
    for (flags, setting, fault) in [
        (
            &["-p12=missing/x.p12", password, "-out=y"][..],
            ":",
            "open missing/x.p12: no such file or directory",
        ),
        (&["-p12=missing/x.p12", password], ":", "open missing/x.p12: no such file or directory"),
        (&["-p12=ca.pem/x.p12", password, "-out=y"], ":", "open ca.pem/x.p12: not a directory"),
        (&["-p12=.", password], ":", "open .: is a directory"),
        (&["-p12=full.p12", password, "-out=y"], ":", "write full.p12: no space left on device"),
        (&["-p12=x.p12", password, "-out=missing/y"], ":", "open missing/y.pem: no such file or directory"),
        (&["-p12=x.p12", password, "-out=full"], ":", "write full.csr: no space left on device"),
        (&["-p12=x.p12", password], "exec >/dev/full", "write /dev/stdout: no space left on device"),
    ] {
        let done = attempt(folder.path(), setting, &with(FORMS[0].1, flags));
        assert_eq!((done.status, done.last_line()), (Some(1), fault), "{flags:?}: {}", done.stderr);
        assert_eq!(done.stdout, "", "{flags:?}");
        assert_eq!(files(folder.path()), before, "{flags:?}");
    }
}

#[test]
fn the_file_is_private_from_the_first_byte() {
    for replaced in [false, true] {
        let folder = prepared();
        if replaced {
            put(&folder.path().join("x.p12"), "old", 0o600);
        }
        let before = files(folder.path());
        // The kill by the size limit comes while the file is being written.
        let forced = [FROM_VARIABLE, &["-force"]].concat();
        let done = attempt(folder.path(), "umask 0; ulimit -f 1", &with(FORMS[0].1, &forced));
        assert_eq!(done.status, None, "{}", done.stderr);
        let left = files(folder.path());
        let new: Vec<_> = left.iter().filter(|(name, _)| !before.contains_key(*name)).collect();
        assert!(
            matches!(new.as_slice(), [(_, (0o600, text))] if !text.is_empty()),
            "replaced: {replaced}: {new:?}"
        );
        assert_eq!(left.get("x.p12"), before.get("x.p12"));
    }
    let folder = prepared();
    let forced = [FROM_VARIABLE, &["-force"]].concat();
    for (old, others) in [(0o644, "everybody"), (0o640, "its group"), (0o755, "everybody")] {
        put(&folder.path().join("x.p12"), "old", old);
        let done = attempt(folder.path(), "umask 0", &with(FORMS[0].1, &forced));
        assert_eq!(mode(&folder.path().join("x.p12")), 0o600, "{old:o}");
        let warning = format!("[WARNING] x.p12: a private key that {others} could use: its mode is now 0600");
        assert!(done.stderr.contains(&warning), "{}", done.stderr);
    }
    put(&folder.path().join("x.p12"), "old", 0o700);
    let done = ours(folder.path(), &with(FORMS[0].1, &[&forced[..], &["-strict"]].concat()));
    assert_eq!(mode(&folder.path().join("x.p12")), 0o600, "{}", done.stderr);
    put(&folder.path().join("x.p12"), "old", 0o644);
    let done = attempt(folder.path(), "umask 0", &with(FORMS[0].1, &[&forced[..], &["-strict"]].concat()));
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""), "{}", done.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("x.p12")).unwrap(), "old");
}

#[test]
fn no_file_is_replaced_and_no_key_is_made_for_nothing() {
    let folder = prepared();
    let place = folder.path().join("x.p12");
    ours(folder.path(), &with(FORMS[0].1, FROM_VARIABLE));
    let whole = fs::read(&place).unwrap();
    let pkcs8 = ["pkey", "-in", "ca-key.pem", "-outform", "DER", "-out", "key.der"];
    let sealed = [
        "pkcs8",
        "-topk8",
        "-in",
        "ca-key.pem",
        "-passout",
        "pass:x",
        "-outform",
        "DER",
        "-out",
        "sealed.der",
    ];
    for arguments in [&pkcs8[..], &sealed] {
        assert_eq!(run_after(":", "openssl", folder.path(), arguments, "").status, Some(0));
    }
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for (what, old) in [
        ("PKCS #12", whole.clone()),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("a key in PEM", read("ca-key.pem")),
        ("a key in DER", read("key.der")),
        ("an encrypted key in DER", read("sealed.der")),
        ("a Java keystore", b"\xfe\xed\xfe\xed\0\0\0\x02".to_vec()),
        ("a kubeconfig file", b"users:\n- user:\n    client-key-data: LS0tLS1CRUdJTg==\n".to_vec()),
        ("a key of PuTTY", b"PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\n".to_vec()),
        ("a certificate", read("ca.pem")),
        ("notes", b"notes".to_vec()),
    ] {
        fs::write(&place, &old).unwrap();
        for (name, form) in FORMS {
            // There is neither a password nor a terminal: nobody is asked for one in vain.
            let done = attempt(folder.path(), "unset P12", &with(form, FROM_VARIABLE));
            let last = (done.status, done.last_line());
            assert_eq!(last, (Some(1), "refusing to replace x.p12"), "{what}, {name}: {}", done.stderr);
            let advice = "x.p12 exists already; choose another -p12, or replace it with -force";
            assert!(done.stderr.contains(advice), "{}", done.stderr);
            assert!(!done.stderr.contains("generating key"), "{what}, {name}: {}", done.stderr);
            assert_eq!(fs::read(&place).unwrap(), old, "{what}, {name}");
        }
    }
    ours(folder.path(), &with(FORMS[0].1, &[FROM_VARIABLE, &["-force"]].concat()));
    assert!(opened(&place, PASSWORD).key.is_some());
    // An empty file is no loss, and a link is what it leads to.
    fs::write(&place, "").unwrap();
    ours(folder.path(), &with(FORMS[0].1, FROM_VARIABLE));
    symlink("ca.json", folder.path().join("link")).unwrap();
    let done = attempt(folder.path(), ":", &with(FORMS[0].1, &["-p12=link", "-p12-password=env:P12"]));
    assert_eq!((done.status, done.last_line()), (Some(1), "refusing to replace link"), "{}", done.stderr);
}

#[test]
fn a_place_that_makes_no_sense_is_refused_before_a_key_is_made() {
    let folder = prepared();
    let before = files(folder.path());
    symlink(folder.path(), folder.path().join("here")).unwrap();
    symlink("y.csr", folder.path().join("link")).unwrap();
    symlink("y-key.pem", folder.path().join("to-come")).unwrap();
    fs::write(folder.path().join("y.csr"), "old").unwrap();
    for (flags, fault) in [
        (&["-p12=y.pem", "-out=y"][..], "-p12 names y.pem, which -out writes"),
        (&["-p12=./y-key.pem", "-out=y"], "-p12 names y-key.pem, which -out writes"),
        (&["-p12=here/y.pem", "-out=y"], "-p12 names y.pem, which -out writes"),
        (&["-p12=link", "-out=here/y"], "-p12 names here/y.csr, which -out writes"),
        (&["-p12=to-come", "-out=y"], "-p12 names y-key.pem, which -out writes"),
        (&["-p12=-"], "-p12 writes a file, not standard output"),
        (&["-p12=ca.pem", "-force"], "refusing to replace ca.pem"),
        (&["-p12=here/request.json", "-force"], "refusing to replace here/request.json"),
        (&["-p12=missing/x.p12"], "open missing/x.p12: no such file or directory"),
        (&["-p12=x.p12", "-out=missing/y"], "open missing/y.pem: no such file or directory"),
    ] {
        let done =
            attempt(folder.path(), ":", &with(FORMS[0].1, &[flags, &["-p12-password=env:P12"]].concat()));
        assert_eq!((done.status, done.last_line()), (Some(1), fault), "{}", done.stderr);
        assert!(!done.stderr.contains("generating key"), "{}", done.stderr);
    }
    fs::remove_file(folder.path().join("y.csr")).unwrap();
    assert_eq!(files(folder.path()), before);
}

#[test]
fn the_password_comes_from_a_variable_or_a_file_and_never_from_the_command_line() {
    let folder = prepared();
    let place = folder.path().join("x.p12");
    let put_password = |text: &[u8]| fs::write(folder.path().join("pass"), text).unwrap();
    for (text, password) in [("söme päss", "söme päss"), ("x\n", "x"), ("x\r\n", "x"), (" x \n", " x ")] {
        put_password(text.as_bytes());
        let done =
            ours(folder.path(), &with(FORMS[0].1, &["-p12=x.p12", "-p12-password=file:pass", "-force"]));
        assert!(opened(&place, password).key.is_some(), "{text:?}");
        let warning =
            "[WARNING] the password of x.p12 has letters outside ASCII, with which Java cannot open it\n";
        assert_eq!(done.stderr.contains(warning), !text.is_ascii(), "{}", done.stderr);
    }
    fs::remove_file(&place).unwrap();
    let before = files(folder.path());
    for (text, words) in [
        (&b""[..], "the password is empty"),
        (b"\n", "the password is empty"),
        (b"one\ntwo\n", "the password has several lines"),
        (b"bell\x07", "the password holds a control character, which nobody could type"),
        (b"\xff", "the password is not text in UTF-8"),
        (&[b'x'; 1025], "the password is longer than 1024 bytes, which openssl could not read"),
    ] {
        put_password(text);
        let done = attempt(folder.path(), ":", &with(FORMS[0].1, &["-p12=x.p12", "-p12-password=file:pass"]));
        assert_eq!((done.status, done.last_line()), (Some(1), words), "{}", done.stderr);
        assert!(!done.stderr.contains("generating key") && done.stdout.is_empty(), "{}", done.stderr);
    }
    for (flag, words) in [
        ("-p12-password=env:NO_SUCH", "the environment variable NO_SUCH is not set"),
        ("-p12-password=env:EMPTY", "the password is empty"),
        ("-p12-password=file:missing", "open missing: no such file or directory"),
        ("-p12-password=geheim", "-p12-password does not take the password itself"),
        ("-p12-password=pass:geheim", "-p12-password does not take the password itself"),
        ("-p12-password=", "-p12-password does not take the password itself"),
    ] {
        let setting = "EMPTY=; export EMPTY";
        let done = attempt(folder.path(), setting, &with(FORMS[0].1, &["-p12=x.p12", flag]));
        assert_eq!((done.status, done.last_line()), (Some(1), words), "{flag}: {}", done.stderr);
        assert!(!done.stderr.contains("geheim") && !done.stderr.contains("generating"), "{}", done.stderr);
    }
    fs::remove_file(folder.path().join("pass")).unwrap();
    let after = files(folder.path());
    assert!(after.keys().all(|name| before.contains_key(name)), "{:?}", names(folder.path()));
}

#[test]
fn an_empty_password_has_to_be_asked_for_and_is_warned_about() {
    let folder = prepared();
    let form = with(FORMS[0].1, &["-p12=x.p12", "-p12-password=empty"]);
    let done = ours(folder.path(), &form);
    let warning = "[WARNING] x.p12 has an empty password: whoever can read the file has the key\n";
    assert!(done.stderr.contains(warning), "{}", done.stderr);
    assert!(opened(&folder.path().join("x.p12"), "").key.is_some());
    assert_eq!(openssl(folder.path(), "x.p12", "\n").status, Some(0));
    fs::remove_file(folder.path().join("x.p12")).unwrap();
    let done = attempt(folder.path(), ":", &with(&form, &["-strict"]));
    assert_eq!((done.status, done.last_line()), (Some(1), "refused under -strict: 1 warning"));
    assert!(!folder.path().join("x.p12").exists());
}

#[test]
fn forms_without_a_certificate_or_a_key_say_so() {
    let folder = prepared();
    let done = attempt(folder.path(), ":", &with(&["genkey", "request.json"], FROM_VARIABLE));
    let fault = "-p12 needs a certificate: genkey makes one only with -initca";
    assert_eq!((done.status, done.last_line(), done.stdout.as_str()), (Some(1), fault, ""));
    let done = ours(folder.path(), &with(&["gencsr", "-key=ca-key.pem", "request.json"], FROM_VARIABLE));
    assert!(done.stderr.contains("[WARNING] -p12 has no effect on gencsr\n"), "{}", done.stderr);
    let done = ours(folder.path(), &with(FORMS[0].1, &["-p12-password=env:P12"]));
    assert!(done.stderr.contains("[WARNING] -p12-password has no effect without -p12\n"), "{}", done.stderr);
    assert!(!folder.path().join("x.p12").exists());
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let folder = prepared();
    for flags in [&["-p12=x.p12"][..], &["-p12=x.p12", "-p12-password=prompt"]] {
        let words = [&["-w", OURS], &with(FORMS[0].1, flags)[..]].concat();
        let done = run_after("unset CFSSL_STRICT", "setsid", folder.path(), &words, "");
        assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""), "{}", done.stderr);
        assert!(done.last_line().starts_with("open /dev/tty: "), "{}", done.stderr);
        let advice =
            "there is no terminal to ask for the password of x.p12 on; add -p12-password env:VARIABLE";
        assert!(done.stderr.contains(advice), "{}", done.stderr);
        assert!(!done.stderr.contains("generating key"), "{}", done.stderr);
    }
}

/// A command on a terminal of its own.
struct Typist {
    script: Child,
    seen: String,
}

impl Typist {
    /// Runs gencert with `-p12 x.p12`, and tells afterwards how it ended and whether the terminal still echoes.
    fn start(folder: &Path) -> Self {
        let line = format!(
            "{OURS} {} </dev/null >out 2>err; echo \"status=$?\"; stty -a",
            with(FORMS[0].1, &["-p12=x.p12", "-force"]).join(" ")
        );
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(folder);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .env("SHELL", "/bin/sh")
            .env_remove("CFSSL_STRICT");
        let script =
            command.spawn().unwrap_or_else(|error| panic!("script: {error}; apt-get install bsdutils"));
        Self { script, seen: String::new() }
    }

    /// Waits until the terminal shows `text`; whatever was shown before is forgotten.
    fn wait_for(&mut self, text: &str) {
        let mut byte = [0];
        let output = self.script.stdout.as_mut().unwrap();
        while !self.seen.ends_with(text) {
            let count = output.read(&mut byte).unwrap();
            assert!(count == 1, "no {text:?} in {:?}", self.seen);
            self.seen.push(char::from(byte[0]));
        }
        self.seen.clear();
    }

    fn type_in(&mut self, keys: &str) {
        self.script.stdin.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Answers both prompts.
    fn answer(&mut self, first: &str, second: &str) {
        self.wait_for("Password for x.p12: ");
        self.type_in(first);
        self.wait_for("The same again: ");
        self.type_in(second);
    }

    /// All that is still shown, with the exit status of the command.
    fn finish(mut self) -> String {
        let mut rest = Vec::new();
        self.script.stdout.as_mut().unwrap().read_to_end(&mut rest).unwrap();
        self.script.wait().unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    }
}

#[test]
fn on_a_terminal_the_password_is_asked_for_twice_and_not_shown() {
    let folder = prepared();
    let place = folder.path().join("x.p12");

    let mut typist = Typist::start(folder.path());
    typist.answer("sesamf\x7fe\r", "sesame\r");
    let shown = typist.finish();
    assert!(shown.contains("status=0") && !shown.contains("ses"), "{shown}");
    assert!(shown.contains(" echo ") && shown.contains(" icanon "), "{shown}");
    assert!(opened(&place, "sesame").key.is_some());
    assert!(fs::read_to_string(folder.path().join("out")).unwrap().starts_with("{\"cert\":"));
    assert!(!fs::read_to_string(folder.path().join("err")).unwrap().contains("Password"));

    let mut typist = Typist::start(folder.path());
    typist.answer("one\r", "another\r");
    typist.wait_for("The two differ.\r\n");
    typist.answer("鑰匙\r", "鑰匙\r");
    assert!(typist.finish().contains("status=0"));
    assert!(opened(&place, "鑰匙").key.is_some());

    let before = fs::read(&place).unwrap();
    let mut typist = Typist::start(folder.path());
    for _ in 0..3 {
        typist.answer("one\r", "another\r");
    }
    assert!(typist.finish().contains("status=1"));
    let errors = fs::read_to_string(folder.path().join("err")).unwrap();
    assert!(errors.ends_with("two different passwords were typed\n"), "{errors}");

    for (keys, fault) in [
        ("\r", "the password is empty"),
        ("ses\x03", "no password was typed"),
        ("\x04", "no password was typed"),
    ] {
        let mut typist = Typist::start(folder.path());
        typist.wait_for("Password for x.p12: ");
        typist.type_in(keys);
        let shown = typist.finish();
        assert!(shown.contains("status=1") && shown.contains(" echo "), "{shown}");
        let errors = fs::read_to_string(folder.path().join("err")).unwrap();
        assert!(errors.ends_with(&format!("{fault}\n")), "{errors}");
        assert!(!errors.contains("generating key"), "{errors}");
    }
    assert_eq!(fs::read(&place).unwrap(), before);
}

#[test]
fn a_pipe_takes_the_file_as_it_is() {
    let folder = prepared();
    let line = format!(
        "umask 022; P12={PASSWORD} {OURS} {} > made.p12",
        with(FORMS[0].1, &["-p12=/dev/stdout", "-p12-password=env:P12", "-out=y"]).join(" ")
    );
    let done = run_after(":", "sh", folder.path(), &["-c", &line], "");
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(opened(&folder.path().join("made.p12"), PASSWORD).key.is_some());
}
