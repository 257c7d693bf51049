//! Broken, mistaken and hostile inputs of `cfssl gencert`: what it says, how it ends, and how soon.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CFSSL: &str = env!("CARGO_BIN_EXE_cfssl");
const CFSSLJSON: &str = env!("CARGO_BIN_EXE_cfssljson");

/// Longer than this, and an input keeps the program busy out of proportion.
const PATIENCE: Duration = Duration::from_secs(10);

struct Place(tempfile::TempDir);

struct Outcome {
    status: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Outcome {
    fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }

    /// The line for people, which stands before cfssl's own.
    fn sentence(&self) -> &str {
        self.stderr.lines().rfind(|line| line.contains("[ERROR]")).unwrap_or_default()
    }
}

impl Place {
    /// A directory with a CA, a request and a configuration that are in order.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.put("ca.json", r#"{"CN":"Test CA"}"#);
        place.put("leaf.json", r#"{"CN":"etcd","hosts":["etcd"]}"#);
        place.put("config.json", config(r#""expiry":"1h""#));
        place.shell(&format!("{CFSSL} gencert -initca ca.json | {CFSSLJSON} -bare ca"));
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), contents).unwrap();
    }

    fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn shell(&self, command: &str) {
        let output = Command::new("sh").args(["-c", command]).current_dir(self.path()).output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs `cfssl gencert`, which must come to an orderly end in time and leave no file.
    fn gencert(&self, arguments: &[&str], password: Option<&str>) -> Outcome {
        let before = self.files();
        let mut command = Command::new(CFSSL);
        command.arg("gencert").args(arguments).current_dir(self.path()).env_remove("CFSSL_STRICT");
        match password {
            Some(password) => command.env("CFSSL_CA_PK_PASSWORD", password),
            None => command.env_remove("CFSSL_CA_PK_PASSWORD"),
        };
        let outcome = finished(&mut command);
        assert_eq!(self.files(), before, "{arguments:?} left a file");
        outcome
    }

    /// Issues from the good files, with some of them replaced.
    fn issue(&self, replaced: &[(&str, &str)], password: Option<&str>) -> Outcome {
        let name = |flag: &str, usual: &'static str| {
            let found = replaced.iter().find(|(replaced, _)| *replaced == flag);
            found.map_or(usual.to_owned(), |(_, name)| (*name).to_owned())
        };
        let (ca, key) = (name("-ca", "ca.pem"), name("-ca-key", "ca-key.pem"));
        let (config, request) = (name("-config", "config.json"), name("", "leaf.json"));
        let arguments = ["-ca", &ca, "-ca-key", &key, "-config", &config, "-profile", "etcd", &request];
        self.gencert(&arguments, password)
    }

    /// What a request fails with.
    fn request(&self, text: impl AsRef<[u8]>) -> Outcome {
        self.put("request.json", text);
        self.issue(&[("", "request.json")], None)
    }

    fn config(&self, text: impl AsRef<[u8]>) -> Outcome {
        self.put("hostile.json", text);
        self.issue(&[("-config", "hostile.json")], None)
    }

    fn authority(&self, text: impl AsRef<[u8]>) -> Outcome {
        self.put("request.json", text);
        self.gencert(&["-initca", "request.json"], None)
    }
}

fn config(members: &str) -> String {
    format!(r#"{{"signing":{{"profiles":{{"etcd":{{{members},"usages":["server auth"]}}}}}}}}"#)
}

/// The end of a process: not by a signal, not by a panic, not after half an eternity.
fn finished(command: &mut Command) -> Outcome {
    let started = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        err.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{command:?} is still busy after {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let stderr = String::from_utf8_lossy(&errors.join().unwrap()).into_owned();
    assert!(!stderr.contains("panicked"), "{command:?}: {stderr}");
    assert!(status.code().is_some(), "{command:?} ended by a signal: {status}");
    Outcome { status: status.code(), stdout: reader.join().unwrap(), stderr }
}

/// Fails with cfssl's line last and `words` in the sentence for people; nothing on standard output.
fn assert_fails(outcome: &Outcome, last: &str, words: &[&str]) {
    let shown = outcome.stderr.chars().take(3000).collect::<String>();
    assert_eq!((outcome.status, outcome.stdout.len()), (Some(1), 0), "{shown}");
    assert_eq!(outcome.last_line(), last, "{shown}");
    for word in words {
        assert!(outcome.sentence().contains(word), "{word:?} is not in {shown}");
    }
}

fn assert_issues(outcome: &Outcome) {
    let shown = outcome.stderr.chars().take(3000).collect::<String>();
    assert_eq!(outcome.status, Some(0), "{shown}");
    assert!(outcome.stdout.starts_with(b"{\"cert\":\"-----BEGIN CERTIFICATE"), "{shown}");
}

const DECODE: &str = r#"{"code":1002,"message":"Failed to decode certificate"}"#;
const PARSE: &str = r#"{"code":1003,"message":"Failed to parse certificate"}"#;
const KEY_DECODE: &str = r#"{"code":2002,"message":"Failed to decode private key"}"#;
const KEY_PARSE: &str = r#"{"code":2003,"message":"Failed to parse private key"}"#;

/// Files that are in nobody's place.
fn put_broken_files(place: &Place) {
    let (ca, key) = (place.get("ca.pem"), place.get("ca-key.pem"));
    place.put("empty", "");
    place.put("blank", " \n\t\n");
    place.put("binary", (0..=255).cycle().take(5000).collect::<Vec<u8>>());
    place.put("cut.pem", ca.get(..200).unwrap());
    place.put("cut-key.pem", key.get(..100).unwrap());
    place.put("damaged.pem", ca.replace('M', "*"));
    fs::create_dir(place.path().join("dir")).unwrap();
    place.shell(
        "openssl x509 -in ca.pem -outform der -out ca.der
        openssl pkey -in ca-key.pem -outform der -out key.der
        openssl ecparam -genkey -noout -name prime256v1 -out other-key.pem
        openssl ec -in ca-key.pem -aes128 -passout pass:secret -out legacy.pem
        openssl pkcs8 -topk8 -in ca-key.pem -passout pass:secret -out pkcs8.pem",
    );
}

#[test]
fn says_what_stands_in_the_place_of_the_authority() {
    let place = Place::new();
    put_broken_files(&place);
    for (file, last, words) in [
        ("nosuch", "open nosuch: no such file or directory", "-ca names a certificate's file"),
        ("dir", "read dir: is a directory", "-ca names a certificate's file"),
        ("", "open : no such file or directory", "add -ca FILE"),
        ("empty", DECODE, "empty: empty where a certificate is expected"),
        ("blank", DECODE, "blank: empty"),
        ("binary", DECODE, "binary: not PEM"),
        ("cut.pem", DECODE, "copy the file again"),
        ("damaged.pem", DECODE, "damaged"),
        ("leaf.json", DECODE, "leaf.json: JSON where PEM is expected"),
        ("ca.der", DECODE, "openssl x509 -inform der"),
        ("ca-key.pem", PARSE, "ca-key.pem: a private key where a certificate is expected"),
        ("ca.csr", PARSE, "ca.csr: a CSR where a certificate is expected"),
    ] {
        assert_fails(&place.issue(&[("-ca", file)], None), last, &[words]);
    }
}

#[test]
fn says_what_stands_in_the_place_of_the_key() {
    let place = Place::new();
    put_broken_files(&place);
    let unread = |reason: &str| format!(r#"{{"code":1001,"message":"{reason}"}}"#);
    let missing = unread("open nosuch: no such file or directory");
    let directory = unread("read dir: is a directory");
    for (file, last, words) in [
        ("nosuch", missing.as_str(), "-ca-key names a private key's file"),
        ("dir", &directory, "-ca-key names a private key's file"),
        ("", r#"{"code":2000,"message":"Unknown private key error"}"#, "add -ca-key FILE"),
        ("empty", KEY_DECODE, "it is empty"),
        ("binary", KEY_DECODE, "give a private key in PEM"),
        ("cut-key.pem", KEY_DECODE, "copy the file again"),
        ("leaf.json", KEY_DECODE, "cfssljson -bare NAME"),
        ("key.der", KEY_DECODE, "openssl pkey -inform der"),
        ("ca.pem", KEY_PARSE, "this is a certificate, not a private key"),
        ("ca.csr", KEY_PARSE, "certificate request, not a private key"),
        (
            "other-key.pem",
            r#"{"code":1000,"message":"x509: provided PrivateKey doesn't match parent's PublicKey"}"#,
            "does not belong to the CA certificate",
        ),
    ] {
        assert_fails(&place.issue(&[("-ca-key", file)], None), last, &[words]);
    }
}

#[test]
fn opens_encrypted_keys_with_the_password_only() {
    let place = Place::new();
    put_broken_files(&place);
    let encrypted = r#"{"code":2100,"message":"Private key is encrypted."}"#;
    for file in ["legacy.pem", "pkcs8.pem"] {
        let key = [("-ca-key", file)];
        for none in [None, Some("")] {
            assert_fails(&place.issue(&key, none), encrypted, &[file, "CFSSL_CA_PK_PASSWORD"]);
        }
        let wrong = place.issue(&key, Some("wrong"));
        assert_fails(&wrong, "x509: decryption password incorrect", &[file, "CFSSL_CA_PK_PASSWORD"]);
        assert_issues(&place.issue(&key, Some("secret")));
    }
}

#[test]
fn says_what_stands_in_the_place_of_the_request() {
    let place = Place::new();
    put_broken_files(&place);
    for (file, last, words) in [
        ("nosuch", "open nosuch: no such file or directory", "print-defaults csr"),
        ("dir", "read dir: is a directory", "a JSON file"),
        ("empty", "unexpected end of JSON input", "empty: it is empty"),
        ("binary", "invalid character '\\x00' looking for beginning of value", "(line 1, column 1)"),
        ("ca.pem", "invalid character '-' in numeric literal", "PEM where JSON is expected"),
        ("-", "unexpected end of JSON input", "standard input: it is empty"),
    ] {
        assert_fails(&place.issue(&[("", file)], None), last, &[words]);
    }
    let failed =
        |reason: &str| format!(r#"Failed to load config file: {{"code":5200,"message":"{reason}"}}"#);
    let unreadable = failed("could not read configuration file");
    let empty = failed("failed to unmarshal configuration: unexpected end of JSON input");
    for (file, last, words) in [
        ("nosuch", unreadable.as_str(), "open nosuch: no such file"),
        ("dir", &unreadable, "is a directory"),
        ("empty", &empty, "empty: "),
        ("leaf.json", "Failed to load config file: No \"signing\" field present", "looks like a request"),
    ] {
        assert_fails(&place.issue(&[("-config", file)], None), last, &[words]);
    }
}

#[test]
fn names_line_column_and_remedy_of_malformed_json() {
    let place = Place::new();
    let invalid = |rest: &str| format!("invalid character {rest}");
    for (text, last, words) in [
        (&b"\xef\xbb\xbf{}"[..], "'\u{ef}' looking for beginning of value", "byte order mark"),
        (b"\xff\xfe{\0}\0", "'\u{ff}' looking for beginning of value", "UTF-16"),
        (b"{\"CN\":\"a\" // x\n}", "'/' after object key:value pair", "no comments"),
        (b"{\"CN\":\"a\",\n}", "'}' looking for beginning of object key string", "(line 2, column 1)"),
        (b"{\"CN\":\"a\" \"b\":1}", "'\"' after object key:value pair", "a comma is missing"),
        (b"{'CN':1}", "'\\'' looking for beginning of object key string", "double quotes"),
        (b"{\"CN\":\"a\0\"}", "'\\x00' in string literal", "escapes"),
        (b"{}\0", "'\\x00' after top-level value", "(line 1, column 3)"),
        (b"{} x", "'x' after top-level value", "(line 1, column 4)"),
    ] {
        assert_fails(&place.request(text), &invalid(last), &["request.json: ", words]);
    }
    let mismatch = |rest: &str| format!("json: cannot unmarshal {rest}");
    for (text, last, path) in [
        ("[]", "array into Go value of type csr.CertificateRequest", "an object"),
        (r#"{"CN":5}"#, "number into Go struct field CertificateRequest.CN of type string", "CN: "),
        (
            r#"{"hosts":["a",1]}"#,
            "number into Go struct field CertificateRequest.hosts of type string",
            "hosts[1]: expected a string, found the number 1 (line 1, column 15)",
        ),
        (
            r#"{"names":[{},{"C":5}]}"#,
            "number into Go struct field Name.names.C of type string",
            "names[1].C: expected a string, found the number 5 (line 1, column 19)",
        ),
    ] {
        assert_fails(&place.request(text), &mismatch(last), &[path]);
    }
}

#[test]
fn points_at_every_fault_of_a_configuration_and_a_request() {
    let place = Place::new();
    for (file, text, sentence) in [
        (
            "config.json",
            config(r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":-2}"#),
            "ca_constraint.max_path_len: a path length of -2 cannot be written into a certificate (line 1, ",
        ),
        ("config.json", config(r#""expiry":"1h","not_before":"2020-01-01""#), " (line 1, "),
        ("config.json", config(r#""expiry":"1h","name_whitelist":"(""#), " (line 1, "),
        ("config.json", config(r#""expiry":"1h","remote":"x""#), " (line 1, "),
        ("config.json", config(r#""crl_url":"http://a""#), " (line 1, "),
        (
            "leaf.json",
            r#"{"CN":"a","extensions":[{"Id":[1,2,3],"Value":"!"}]}"#.to_owned(),
            "leaf.json: extensions[0].Value: the value is not Base64 (line 1, column 47)",
        ),
    ] {
        place.put("leaf.json", r#"{"CN":"a"}"#);
        place.put("config.json", config(r#""expiry":"1h""#));
        place.put(file, &text);
        let made = place.issue(&[], None);
        assert_eq!(made.status, Some(1), "{text}");
        assert!(made.sentence().contains(sentence), "{text}: {}", made.stderr);
    }
}

#[test]
fn a_profile_that_cannot_sign_is_named_with_its_file_by_gencert_and_sign() {
    let place = Place::new();
    place.put("config.json", r#"{"signing":{"default":{"expiry":"1h"}}}"#);
    place.shell(&format!("{CFSSL} gencert -initca leaf.json | {CFSSLJSON} -bare x"));
    for line in ["gencert CA leaf.json", "sign CA x.csr"] {
        let line = line.replace("CA", "-ca ca.pem -ca-key ca-key.pem -config config.json");
        let made = finished(Command::new(CFSSL).args(line.split(' ')).current_dir(place.path()));
        let expected = "[ERROR] config.json: signing.default: the profile has no usage";
        assert!(made.sentence().contains(expected), "{line}: {}", made.stderr);
    }
}

#[test]
fn a_misspelt_expiry_is_read_with_a_warning_and_refused_strictly() {
    let place = Place::new();
    place.put("config.json", config(r#""expire":"1h""#));
    let made = place.issue(&[], None);
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    assert!(made.stderr.contains("expire: unknown key, read as `expiry` (line 1, "), "{}", made.stderr);
    let strict = ["-strict", "-config", "config.json", "-ca", "ca.pem", "-ca-key", "ca-key.pem", "leaf.json"];
    assert_eq!(place.gencert(&strict, None).status, Some(1));
    place.put("config.json", config(r#""expire":"1h","expiry":"2h","expires":"3h""#));
    let made = place.issue(&[], None);
    assert!(made.stderr.contains("expire: unknown key, ignored (line 1, "), "{}", made.stderr);
    assert!(made.stderr.contains("did you mean `expiry`?"), "{}", made.stderr);
    place.put("config.json", config(r#""expire":"1y""#));
    assert_eq!(place.issue(&[], None).status, Some(1));
}

#[test]
fn reads_what_go_reads() {
    let place = Place::new();
    for text in [
        &br#"{"CN":"\ud800","hosts":["x"]}"#[..],
        b"{\"CN\":\"\xff\",\"hosts\":[\"x\"]}",
        br#"{"CN":"a","CN":"b","hosts":["x"],"hosts":["y"],"key":{"algo":"ecdsa"},"key":{"size":384}}"#,
        br#"{"CN":"a\u0000b","hosts":["a\u0000b"]}"#,
        b"null",
    ] {
        assert_issues(&place.request(text));
    }
}

#[test]
fn refuses_hosts_that_no_certificate_can_hold() {
    let place = Place::new();
    for (host, quoted) in [("é.example", "é.example"), ("ü@x.com", "ü@x.com"), ("\\ud800", "\u{fffd}")] {
        let outcome = place.request(format!(r#"{{"CN":"a","hosts":["ok","{host}"]}}"#));
        let last =
            format!(r#"{{"code":9300,"message":"x509: \"{quoted}\" cannot be encoded as an IA5String"}}"#);
        assert_fails(&outcome, &last, &["request.json: hosts[1]: ", "`xn--`"]);
    }
}

#[test]
fn refuses_key_sizes_and_algorithms_that_make_no_sense() {
    let place = Place::new();
    let fault = |message: &str| format!(r#"{{"code":2400,"message":"{message}"}}"#);
    let number = |text: &str| {
        format!("json: cannot unmarshal {text} into Go struct field KeyRequest.key.size of type int")
    };
    let weak = fault("RSA key is too weak");
    let large = fault("RSA key size too large");
    let curve = fault("invalid curve");
    let algorithm = fault("invalid algorithm");
    for (key, last, words) in [
        (r#""algo":"rsa","size":0"#, weak.clone(), "2048 to 8192"),
        (r#""algo":"rsa","size":-1"#, weak.clone(), "2048 to 8192"),
        (r#""algo":"rsa","size":1024"#, weak.clone(), "2048 to 8192"),
        (r#""algo":"rsa""#, weak, "2048 to 8192"),
        (r#""algo":"rsa","size":8193"#, large.clone(), "2048 to 8192"),
        (r#""algo":"rsa","size":1000000000"#, large, "2048 to 8192"),
        (r#""algo":"rsa","size":"2048""#, number("string"), "a whole number, found a string"),
        (r#""algo":"rsa","size":256.0"#, number("number 256.0"), "the number 256.0"),
        (r#""algo":"rsa","size":1e9"#, number("number 1e9"), "the number 1e9"),
        (r#""algo":"ecdsa","size":1024"#, curve.clone(), "256, 384 or 521"),
        (r#""algo":"ecdsa","size":-1"#, curve, "256, 384 or 521"),
        (r#""algo":"RSA","size":2048"#, algorithm, "`rsa`"),
    ] {
        let outcome = place.request(format!(r#"{{"CN":"a","hosts":["x"],"key":{{{key}}}}}"#));
        assert_fails(&outcome, &last, &["request.json: key.", words]);
    }
    assert_issues(&place.request(r#"{"CN":"a","hosts":["x"],"key":{"algo":"rsa","size":2049}}"#));
}

#[test]
fn refuses_every_bad_duration_in_every_place() {
    let place = Place::new();
    for (text, reason) in [
        ("zz", r#"invalid duration "zz""#),
        ("8760", r#"missing unit in duration "8760""#),
        ("10y", r#"unknown unit "y" in duration "10y""#),
        ("1 h", r#"unknown unit " h" in duration "1 h""#),
        ("1h ", r#"unknown unit "h " in duration "1h ""#),
        ("9999999h", r#"invalid duration "9999999h""#),
        ("2562047h47m17s", r#"invalid duration "2562047h47m17s""#),
        ("h", r#"invalid duration "h""#),
        (".h", r#"invalid duration ".h""#),
        ("+", r#"invalid duration "+""#),
        ("1e3h", r#"unknown unit "e" in duration "1e3h""#),
        // The clock package of Go quotes in its own way.
        ("∞", r#"invalid duration "\xe2\x88\x9e""#),
        ("1h\\u0000", r#"unknown unit "h\x00" in duration "1h\x00""#),
    ] {
        let bare = format!("time: {reason}");
        for field in ["expiry", "backdate"] {
            let outcome = place.authority(format!(r#"{{"CN":"a","ca":{{"{field}":"{text}"}}}}"#));
            assert_fails(&outcome, &bare, &["request.json: ca.", field, "`8760h`"]);
            let members = match field {
                "expiry" => format!(r#""expiry":"{text}""#),
                _ => format!(r#""expiry":"1h","backdate":"{text}""#),
            };
            let escaped = bare.replace('\\', r"\\").replace('"', "\\\"");
            let last = format!(r#"Failed to load config file: {{"code":5200,"message":"{escaped}"}}"#);
            let path = format!("hostile.json: signing.profiles.etcd.{field}: ");
            assert_fails(&place.config(config(&members)), &last, &[&path, "(line 1, column "]);
        }
    }
}

#[test]
fn refuses_lifetimes_and_path_lengths_that_cannot_be_written() {
    let place = Place::new();
    let last = r#"{"code":1000,"message":"asn1: structure error: cannot represent time as GeneralizedTime"}"#;
    for times in [
        r#""expiry":"2562047h","not_before":"9999-01-01T00:00:00Z""#,
        r#""expiry":"1h","not_after":"9999-12-31T23:59:59-10:00""#,
        r#""expiry":"1h","not_before":"0000-01-01T00:00:00+10:00""#,
    ] {
        assert_fails(&place.config(config(times)), last, &["years 0 to 9999"]);
    }
    for length in ["-2", "-5", "9223372036854775807"] {
        let outcome = place.authority(format!(r#"{{"CN":"a","ca":{{"pathlen":{length}}}}}"#));
        let last = format!(r#"{{"code":5300,"message":"invalid path length {length}"}}"#);
        assert_fails(&outcome, &last, &["request.json: ca.pathlen: "]);
    }
    let nothing = place.authority(r#"{"CN":"a","ca":{"expiry":"0h"}}"#);
    assert_fails(&nothing, r#"{"code":5200,"message":"Invalid or unknown policy"}"#, &["ca.expiry: "]);
    // The longest and the most negative durations of Go.
    for text in ["2562047h47m16.854775807s", "-2562047h47m16.854775807s"] {
        for field in ["expiry", "backdate"] {
            assert_issues(&place.authority(format!(r#"{{"CN":"a","ca":{{"{field}":"{text}"}}}}"#)));
        }
    }
}

#[test]
fn refuses_object_identifiers_that_are_none() {
    let place = Place::new();
    let long = format!("1.2.{}", "9".repeat(1000));
    let deep = format!("1{}", ".2".repeat(10_000));
    for oid in ["1", "", "a.b", "1..2", "3.1", "1.40", "-1.2", "1.2.3 ", &long, &deep] {
        let outcome =
            place.request(format!(r#"{{"CN":"a","hosts":["a"],"names":[{{"OID":{{"{oid}":"x"}}}}]}}"#));
        assert_eq!((outcome.status, outcome.stdout.len()), (Some(1), 0));
        assert!(outcome.last_line().starts_with(r#"{"code":9300,"message":"invalid OID"#), "{oid}");
        assert!(outcome.sentence().contains("request.json: names[0].OID."), "{}", outcome.sentence());
        assert!(outcome.sentence().len() < 3000);
    }
}

#[test]
fn stays_quick_and_brief_whatever_the_size() {
    let place = Place::new();
    let list =
        |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
    let hundred_thousand = |item: &dyn Fn(usize) -> String| list(100_000, item);
    let hosts = |items: String| format!(r#"{{"CN":"a","hosts":[{items}]}}"#);
    for text in [
        hosts(hundred_thousand(&|number| format!("\"h{number}.example\""))),
        hosts(hundred_thousand(&|_| "\"\"".to_owned())),
        hosts(hundred_thousand(&|_| "\"localhost:443\"".to_owned())),
        hosts(format!("\"{}\"", "a".repeat(1_000_000))),
        hosts(format!("\"{}@x\"", "(".repeat(300_000))),
        hosts(format!("\"{}@x\"", "a <".repeat(300_000))),
        hosts(format!("\"http://x/{}\"", "%20".repeat(300_000))),
        format!("{{{}}}", hundred_thousand(&|number| format!("\"k{number}\":1"))),
        format!("{{{}}}", hundred_thousand(&|number| format!(r#""names":[{{"O":"o{number}"}}]"#))),
        format!(r#"{{"names":[{}]}}"#, hundred_thousand(&|number| format!(r#"{{"O":"o{number}"}}"#))),
        format!(r#"{{"names":[{{"OID":{{{}}}}}]}}"#, list(30_000, &|n| format!("\"1.2.{n}\":\"a\""))),
        format!(r#"{{"{}":1}}"#, "a".repeat(10_000_000)),
    ] {
        let outcome = place.request(text);
        assert_issues(&outcome);
        assert!(outcome.stderr.lines().count() < 40 && outcome.stderr.len() < 20_000);
    }
    let usages = hundred_thousand(&|_| "\"bogus\"".to_owned());
    for text in [
        format!(r#"{{"signing":{{"profiles":{{"etcd":{{"expiry":"1h","usages":[{usages},"any"]}}}}}}}}"#),
        format!(
            r#"{{"signing":{{"profiles":{{{}}}}}}}"#,
            list(30_000, &|number| format!(r#""p{number}":{{"expiry":"1h","usages":["any"]}}"#))
        ),
    ] {
        let outcome = place.config(text);
        assert_issues(&outcome);
        assert!(outcome.stderr.lines().count() < 40 && outcome.stderr.len() < 20_000);
    }
    let depth = "invalid character '[' exceeded max depth";
    assert_fails(&place.request("[".repeat(10_000_000)), depth, &["request.json: "]);
    assert_fails(
        &place.request(format!("\"{}\"", "a".repeat(10_000_000))),
        "json: cannot unmarshal string into Go value of type csr.CertificateRequest",
        &["request.json: "],
    );
    let digits = place.request(format!(r#"{{"key":{{"size":{}}}}}"#, "9".repeat(1_000_000)));
    assert_eq!((digits.status, digits.stdout.len()), (Some(1), 0));
    assert!(digits.sentence().len() < 3000 && digits.sentence().contains("key.size: "));
}

#[test]
fn reads_pem_without_end_in_linear_time() {
    let place = Place::new();
    for text in [
        "-----BEGIN CERTIFICATE-----\n".repeat(400_000),
        "-----BEGIN CERTIFICATE-----\nAAAA\n".repeat(200_000),
        "-----BEGIN X-----\nAAAA\n-----END Y-----\n".repeat(200_000),
        "-----BEGIN ".repeat(1_000_000),
        "-----".repeat(2_000_000),
    ] {
        place.put("many.pem", text);
        assert_fails(&place.issue(&[("-ca", "many.pem")], None), DECODE, &["many.pem: "]);
        assert_fails(&place.issue(&[("-ca-key", "many.pem")], None), KEY_DECODE, &["many.pem: "]);
    }
}

#[test]
fn tells_of_a_full_disk_and_not_of_a_reader_that_has_gone() {
    let place = Place::new();
    let run = |command: &str| {
        let output = Command::new("sh")
            .args(["-c", &command.replace("cfssljson", CFSSLJSON).replace("cfssl ", &format!("{CFSSL} "))])
            .current_dir(place.path())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, stderr) = run("cfssl gencert -initca ca.json >/dev/full");
    assert_eq!(status, Some(1));
    assert!(stderr.contains("standard output"), "{stderr}");
    assert!(stderr.ends_with("write /dev/stdout: no space left on device\n"), "{stderr}");
    let (status, stderr) =
        run("(cfssl gencert -initca ca.json; echo $? >status) | true; cat status; rm status");
    assert_eq!(status, Some(0), "{stderr}");
    assert!(!stderr.contains("ERROR") && !stderr.contains("panicked"), "{stderr}");
    let (status, stderr) = run("cfssl gencert -initca - <&-");
    assert_eq!(status, Some(1), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    std::os::unix::fs::symlink("/dev/full", place.path().join("x-key.pem")).unwrap();
    place.put("x.pem", "old");
    let (status, stderr) = run("cfssl gencert -initca ca.json | cfssljson -bare x");
    assert_eq!((status, place.get("x.pem").as_str()), (Some(1), "old"), "{stderr}");
    assert!(stderr.ends_with("no space left on device\n"), "{stderr}");
    assert!(!place.files().iter().any(|name| name.starts_with(".certmint") || name == "x.csr"));
}

#[test]
fn a_failed_producer_is_named_and_nothing_is_touched() {
    let place = Place::new();
    let before = (place.get("ca.pem"), place.get("ca-key.pem"));
    let mut child = Command::new(CFSSLJSON)
        .args(["-bare", "ca"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&place.request("{").stdout).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("the command before the pipe failed"), "{stderr}");
    assert_eq!((place.get("ca.pem"), place.get("ca-key.pem")), before);
}

#[test]
fn strict_cfssljson_refuses_before_it_writes() {
    let place = Place::new();
    place.put("x-key.pem", "old");
    fs::set_permissions(place.path().join("x-key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    place.put("x.json", r#"{"key":"new","cert":"new"}"#);
    place.put("nothing.json", "{}");
    let before = place.files();
    for (arguments, variable) in [
        (vec!["-strict", "-bare", "-f", "x.json", "x"], ""),
        (vec!["-bare", "-f", "x.json", "x"], "1"),
        (vec!["-strict", "-bare", "-f", "nothing.json", "x"], ""),
        (vec!["-bare", "-strict", "-f", "x.json", "new", "superfluous"], "0"),
    ] {
        let mut command = Command::new(CFSSLJSON);
        let outcome =
            finished(command.args(&arguments).current_dir(place.path()).env("CFSSL_STRICT", variable));
        assert_eq!(outcome.status, Some(1), "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.last_line().starts_with("refused under -strict: 1 warning"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("[ERROR]"), "{}", outcome.stderr);
        assert_eq!((place.get("x-key.pem").as_str(), place.files()), ("old", before.clone()));
    }
    let mut command = Command::new(CFSSLJSON);
    command.args(["-strict=false", "-bare", "-f", "x.json", "x"]).current_dir(place.path());
    assert_eq!(finished(command.env("CFSSL_STRICT", "1")).status, Some(0));
    assert_eq!(place.get("x-key.pem"), "new\n".trim_end());
}

#[test]
fn no_log_line_drives_a_terminal_or_begins_another() {
    let place = Place::new();
    let hostile = r#""\u001b[31ma\u202e\n[INFO] forged": 1"#;
    let request = place.request(format!(r#"{{"CN":"x","hosts":["x"],{hostile}}}"#));
    assert_eq!(request.status, Some(0), "{}", request.stderr);
    assert!(
        request.stderr.contains(r"request.json: \u{1b}[31ma\u{202e}\u{a}[INFO] forged: unknown key"),
        "{}",
        request.stderr
    );
    let config = place.config(format!(r#"{{"signing":{{"default":{{{hostile},"expiry":"1h"}}}}}}"#));
    let algorithm = place.request(r#"{"CN":"x","key":{"algo":"\u001b[31m","size":256}}"#);
    let mut reply = Command::new("sh");
    let server =
        r#"{"success":false,"result":null,"errors":[{"code":1,"message":"\u001b[31m"}],"messages":[]}"#;
    let pipe = format!("printf '%s' '{server}' | {CFSSLJSON} -bare x");
    let reply = finished(reply.args(["-c", &pipe]).current_dir(place.path()));
    assert!(reply.stderr.contains(r"\u{1b}[31m"), "{}", reply.stderr);
    for outcome in [request, config, algorithm, reply] {
        assert!(!outcome.stderr.lines().any(|line| line.starts_with("[INFO]")), "{}", outcome.stderr);
        let drives =
            |letter: char| letter != '\n' && letter != '\t' && letter.is_control() || letter == '\u{202e}';
        assert!(!outcome.stderr.contains(drives), "{:?}", outcome.stderr);
    }
}
