//! `-out PREFIX`: the files that `cfssljson -bare PREFIX` would have written, without the pipe.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod cfssljson_support;
mod support;

use cfssljson_support::{Outcome, files, names, put, run_after, run_as_nobody};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use support::facts;
use support::run::{OURS, run};
use tempfile::{TempDir, tempdir};

const REQUEST: &str = r#"{"CN":"a","hosts":["a.example"]}"#;

/// The forms of the commands that make something, each on `request.json`, `ca.pem` and `asked.csr`.
const FORMS: [(&str, &[&str]); 7] = [
    ("gencert", &["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "request.json"]),
    ("gencert -initca", &["gencert", "-initca", "request.json"]),
    ("genkey", &["genkey", "request.json"]),
    ("genkey -initca", &["genkey", "-initca", "request.json"]),
    ("selfsign", &["selfsign", "host", "request.json"]),
    ("sign", &["sign", "-ca=ca.pem", "-ca-key=ca-key.pem", "asked.csr"]),
    ("gencsr", &["gencsr", "-key=ca-key.pem", "request.json"]),
];

fn prepared() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("request.json"), REQUEST).unwrap();
    ours(folder.path(), &["gencert", "-initca", "-out=ca", "request.json"]);
    ours(folder.path(), &["genkey", "-out=asked", "request.json"]);
    folder
}

/// A run that has to succeed.
fn ours(folder: &Path, arguments: &[&str]) -> Outcome {
    let done = attempt(folder, "umask 022", arguments);
    assert_eq!(done.status, Some(0), "{arguments:?}: {}", done.stderr);
    done
}

fn attempt(folder: &Path, before: &str, arguments: &[&str]) -> Outcome {
    run_after(&format!("unset CFSSL_STRICT; {before}"), OURS, folder, arguments, "")
}

/// The arguments with further flags before the positionals.
fn with<'a>(form: &[&'a str], flags: &[&'a str]) -> Vec<&'a str> {
    [&form[..1], flags, &form[1..]].concat()
}

/// What is random is replaced by its shape.
fn shapes(folder: &Path, name: &str) -> BTreeMap<String, (u32, String)> {
    let of_name = |(file, kept): (String, (u32, String))| Some((file.strip_prefix(name)?.to_owned(), kept));
    let shape = |(file, (mode, text)): (String, (u32, String))| {
        let facts = match file.as_str() {
            ".pem" => facts::certificate(&text, None).facts,
            ".csr" => facts::csr(&text).0,
            "-key.pem" => facts::private_key(&text),
            other => panic!("{other}"),
        };
        let facts: Vec<_> = facts
            .into_iter()
            .filter(|(fact, _)| !fact.contains("time of") && !fact.ends_with("14"))
            .collect();
        (file, (mode, format!("{facts:?}")))
    };
    files(folder).into_iter().filter_map(of_name).map(shape).collect()
}

#[test]
fn files_are_those_of_the_pipe() {
    let folder = prepared();
    let cfssljson = Path::new(OURS).with_file_name("cfssljson");
    for (name, form) in FORMS {
        let done = ours(folder.path(), &with(form, &["-out=direct"]));
        assert_eq!(done.stdout, "", "{name}");
        let pipe = r#"umask 022; json=$1; shift; "$@" 2>/dev/null | "$json" -bare piped"#;
        let words = [&["-c", pipe, "sh", cfssljson.to_str().unwrap(), OURS], form].concat();
        let piped = run("sh", folder.path(), &words);
        assert_eq!(piped.exit, Some(0), "{name}: {}", piped.stderr);
        let direct = shapes(folder.path(), "direct");
        assert_eq!(direct, shapes(folder.path(), "piped"), "{name}");
        assert!(direct.len() >= 2, "{name}");
        for made in direct.keys() {
            assert!(done.stderr.contains(&format!("[INFO] wrote direct{made}\n")), "{name}: {}", done.stderr);
            fs::remove_file(folder.path().join(format!("direct{made}"))).unwrap();
            fs::remove_file(folder.path().join(format!("piped{made}"))).unwrap();
        }
    }
}

#[test]
fn a_key_in_use_is_not_replaced_and_no_key_is_generated_for_nothing() {
    let folder = prepared();
    let before = files(folder.path());
    for (name, form) in FORMS.iter().filter(|(name, _)| !["sign", "gencsr"].contains(name)) {
        let done = attempt(folder.path(), "umask 022", &with(form, &["-out=ca"]));
        assert_eq!(done.status, Some(1), "{name}");
        assert_eq!((done.last_line(), done.stdout.as_str()), ("refusing to replace ca-key.pem", ""));
        assert!(done.stderr.contains("replace it with -force"), "{}", done.stderr);
        assert!(!done.stderr.contains("generating key"), "{name}: {}", done.stderr);
        assert_eq!(files(folder.path()), before, "{name}");
        // A certificate that is not the key's is none to protect.
        fs::copy(folder.path().join("ca.pem"), folder.path().join("other.pem")).unwrap();
        fs::copy(folder.path().join("asked-key.pem"), folder.path().join("other-key.pem")).unwrap();
        ours(folder.path(), &with(form, &["-out=other"]));
        for made in names(folder.path()).iter().filter(|made| made.starts_with("other")) {
            fs::remove_file(folder.path().join(made)).unwrap();
        }
    }
    // The same key once more is no replacement, and without a key nothing can be orphaned.
    ours(folder.path(), &["gencsr", "-key=ca-key.pem", "-cert=ca.pem", "-out=ca"]);
    ours(folder.path(), &["gencert", "-renewca", "-ca=ca.pem", "-ca-key=ca-key.pem", "-out=ca"]);
    assert_eq!(files(folder.path())["ca-key.pem"], before["ca-key.pem"]);
    ours(folder.path(), &with(FORMS[1].1, &["-out=ca", "-force"]));
    assert_ne!(files(folder.path())["ca-key.pem"], before["ca-key.pem"]);
}

#[test]
fn a_key_of_a_certificate_by_any_name_is_in_use() {
    let folder = prepared();
    let path = |name: &str| folder.path().join(name);
    let der = ["x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.bin"];
    assert_eq!(run("openssl", folder.path(), &der).exit, Some(0));
    let [pem, der] = ["ca.pem", "ca.bin"].map(|name| fs::read(path(name)).unwrap());
    let chain = [&fs::read(path("asked.csr")).unwrap()[..], &pem].concat();
    let [key, other] = ["ca-key.pem", "asked-key.pem"].map(|name| fs::read(path(name)).unwrap());
    let two = [&other[..], &key].concat();
    fs::rename(path("ca.pem"), path("kept")).unwrap();
    fs::remove_file(path("ca.bin")).unwrap();
    for (name, contents, key) in [
        ("x.crt", &pem, &key),
        ("x.der", &der, &key),
        ("zzz.cer", &chain, &key),
        ("Other.CERT", &pem, &two),
        ("x.pem", &pem, &two),
    ] {
        fs::write(path(name), contents).unwrap();
        fs::write(path("x-key.pem"), key).unwrap();
        let done = attempt(folder.path(), ":", &["genkey", "-out=x", "request.json"]);
        assert_eq!(done.last_line(), "refusing to replace x-key.pem", "{name}");
        let why = format!("x-key.pem is the private key of the certificate {name} beside it; choose another");
        assert!(done.stderr.contains(&why), "{name}: {}", done.stderr);
        assert_eq!(&fs::read(path("x-key.pem")).unwrap(), key, "{name}");
        fs::remove_file(path(name)).unwrap();
    }
    // A link stays, and the file behind it would be replaced.
    fs::create_dir(path("store")).unwrap();
    fs::write(path("store/any.crt"), &pem).unwrap();
    fs::rename(path("x-key.pem"), path("store/key")).unwrap();
    symlink("store/key", path("x-key.pem")).unwrap();
    let done = attempt(folder.path(), ":", &["genkey", "-out=x", "request.json"]);
    assert_eq!(done.last_line(), "refusing to replace x-key.pem");
    assert!(done.stderr.contains("of the certificate store/any.crt beside it"), "{}", done.stderr);
    fs::remove_file(path("store/any.crt")).unwrap();
    // No certificate is left that the key belongs to.
    fs::write(path("x.pem"), "no certificate").unwrap();
    ours(folder.path(), &["genkey", "-out=x", "request.json"]);
}

#[test]
fn an_input_is_not_replaced_even_with_force() {
    let folder = prepared();
    let path = |name: &str| folder.path().join(name);
    fs::copy(path("request.json"), path("x.csr")).unwrap();
    fs::copy(path("ca-key.pem"), path("k.csr")).unwrap();
    symlink("ca.pem", path("link.pem")).unwrap();
    let authority = ["-ca=ca.pem", "-ca-key=ca-key.pem"];
    let before = files(folder.path());
    for (form, why) in [
        (&["sign", "-out=ca", "asked.csr"][..], "ca.pem is read by the same command; choose another -out"),
        (&["sign", "-out=ca", "-csr=asked.csr"], "ca.pem is read by the same command"),
        (&["sign", "-out=link", "asked.csr"], "link.pem is the file ca.pem, which the same command reads"),
        (&["gencert", "-out=./ca", "request.json"], "./ca.pem is the file ca.pem"),
        (&["gencert", "-out=x", "x.csr"], "x.csr is read by the same command"),
    ] {
        let done = attempt(folder.path(), ":", &with(&with(form, &authority), &["-force"]));
        assert_eq!(done.status, Some(1), "{form:?}");
        assert!(done.last_line().starts_with("refusing to replace "), "{form:?}: {}", done.stderr);
        assert!(done.stderr.contains(why), "{form:?}: {}", done.stderr);
        assert!(!done.stderr.contains("generating key"), "{form:?}: {}", done.stderr);
    }
    let done = attempt(folder.path(), ":", &["gencsr", "-key=k.csr", "-out=k", "request.json"]);
    assert_eq!(done.last_line(), "refusing to replace k.csr");
    assert_eq!(files(folder.path()), before);
    // Where that is the purpose, or the file stays as it is.
    ours(folder.path(), &["gencert", "-renewca", authority[0], authority[1], "-out=ca"]);
    ours(folder.path(), &["gencert", "-initca", authority[1], "-out=ca", "request.json"]);
    ours(folder.path(), &["sign", authority[0], authority[1], "-out=asked", "asked.csr"]);
    ours(folder.path(), &["gencsr", "-key=ca-key.pem", "-out=ca", "request.json"]);
    assert_eq!(files(folder.path())["asked.csr"], before["asked.csr"]);
}

#[test]
fn a_key_that_cannot_be_read_counts_as_in_use() {
    let folder = prepared();
    let path = folder.path().join("ca-key.pem");
    let sealed = ["pkcs8", "-topk8", "-in", "ca-key.pem", "-passout", "pass:x", "-out", "sealed"];
    assert_eq!(run("openssl", folder.path(), &sealed).exit, Some(0));
    fs::rename(folder.path().join("sealed"), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let sealed = before.as_slice();
    for (key, what) in [
        (sealed, "is encrypted"),
        (&sealed[..sealed.len() / 2], "holds no private key that can be read"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read"),
    ] {
        fs::write(&path, key).unwrap();
        let done = attempt(folder.path(), ":", &with(FORMS[1].1, &["-out=ca"]));
        assert_eq!(done.last_line(), "refusing to replace ca-key.pem");
        let why = format!(
            "ca-key.pem {what}: it may be the private key of the certificate ca.pem beside it; choose"
        );
        assert!(done.stderr.contains(&why), "{}", done.stderr);
        assert_eq!(fs::read(&path).unwrap(), key);
    }
    // An empty file is no loss.
    fs::write(&path, "").unwrap();
    ours(folder.path(), &with(FORMS[1].1, &["-out=ca"]));
}

#[test]
fn a_place_that_cannot_be_written_is_a_fault() {
    let folder = prepared();
    let before = files(folder.path());
    for (name, form) in FORMS {
        let first = if ["genkey", "gencsr"].contains(&name) { "-key.pem" } else { ".pem" };
        let done = attempt(folder.path(), ":", &with(form, &["-out=missing/x"]));
        let fault = format!("open missing/x{first}: no such file or directory");
        assert_eq!(
            (done.status, done.last_line(), done.stdout.as_str()),
            (Some(1), fault.as_str(), ""),
            "{name}"
        );
        assert!(done.stderr.contains("; make the directory missing first\n"), "{name}: {}", done.stderr);
        assert!(!done.stderr.contains("generating key"), "{name}: {}", done.stderr);
        let done = attempt(folder.path(), ":", &with(form, &["-out=ca.pem/x"]));
        assert_eq!(done.last_line(), format!("open ca.pem/x{first}: not a directory"), "{name}");
        assert_eq!(files(folder.path()), before, "{name}");
    }
    symlink("/dev/full", folder.path().join("full.csr")).unwrap();
    let done = attempt(folder.path(), ":", &with(FORMS[0].1, &["-out=full"]));
    assert_eq!((done.status, done.last_line()), (Some(1), "write full.csr: no space left on device"));
    assert!(!names(folder.path()).contains(&"full.pem".to_owned()));
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let arguments = with(FORMS[1].1, &["-out=x"]);
    let done = run_as_nobody("unset CFSSL_STRICT", OURS, folder.path(), &arguments, "");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!((done.status, done.last_line()), (Some(1), "open x.pem: permission denied"));
}

#[test]
fn strictly_a_warning_about_the_files_comes_before_they_change() {
    let folder = prepared();
    for name in ["x.pem", "x-key.pem", "x.csr"] {
        put(&folder.path().join(name), "old", 0o644);
    }
    let before = files(folder.path());
    // The key is no key, and still the user's: force is needed.
    let done = attempt(folder.path(), ":", &with(FORMS[2].1, &["-out=x", "-force", "-strict"]));
    assert_eq!(done.status, Some(1), "{}", done.stderr);
    assert!(done.stderr.contains("x-key.pem: a private key that everybody could use"), "{}", done.stderr);
    assert_eq!(files(folder.path()), before);
}

#[test]
fn keys_in_pkcs8_are_read_by_openssl() {
    let folder = prepared();
    for key in [r#""ecdsa","size":256"#, r#""ecdsa","size":521"#, r#""rsa","size":2048"#, r#""ed25519""#] {
        let request = format!(r#"{{"CN":"a.example","hosts":["a.example"],"key":{{"algo":{key}}}}}"#);
        fs::write(folder.path().join("request.json"), request).unwrap();
        for (name, form) in FORMS.iter().filter(|(name, _)| !["sign", "gencsr"].contains(name)) {
            ours(folder.path(), &with(form, &["-out=x", "-force", "-key-format=pkcs8"]));
            let text = fs::read_to_string(folder.path().join("x-key.pem")).unwrap();
            assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{name} {key}: it begins otherwise");
            let public = run("openssl", folder.path(), &["pkey", "-in", "x-key.pem", "-pubout"]);
            let asked = run("openssl", folder.path(), &["req", "-in", "x.csr", "-noout", "-pubkey"]);
            assert_eq!(public.exit, Some(0), "{name} {key}: {}", public.stderr);
            assert_eq!(public.stdout, asked.stdout, "{name} {key}");
        }
    }
    let done = attempt(folder.path(), ":", &with(FORMS[2].1, &["-key-format=der"]));
    assert_eq!((done.status, done.last_line()), (Some(1), r#"unknown key format "der""#));
    assert!(!done.stderr.contains("generating key"), "{}", done.stderr);
}

#[test]
fn encrypted_keys_and_keys_from_the_environment_sign() {
    let folder = prepared();
    let openssl = |arguments: &[&str]| assert_eq!(run("openssl", folder.path(), arguments).exit, Some(0));
    openssl(&["pkcs8", "-topk8", "-in", "ca-key.pem", "-passout", "pass:secret", "-out", "pbes2.pem"]);
    openssl(&["ec", "-in", "ca-key.pem", "-aes256", "-passout", "pass:secret", "-out", "legacy.pem"]);
    let sign = |key: &str| {
        ["sign".to_owned(), "-ca=ca.pem".to_owned(), format!("-ca-key={key}"), "asked.csr".to_owned()]
    };
    let gencsr =
        |key: &str| ["gencsr".to_owned(), format!("-key={key}"), "-cert=ca.pem".to_owned(), String::new()];
    for form in [&sign as &dyn Fn(&str) -> [String; 4], &gencsr] {
        for key in ["pbes2.pem", "legacy.pem", "file:pbes2.pem", "env:KEY"] {
            let words = form(key);
            let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
            let with = |password: &str| {
                attempt(folder.path(), &format!("export KEY=\"$(cat legacy.pem)\"; {password}"), &words)
            };
            let done = with("export CFSSL_CA_PK_PASSWORD=secret");
            assert_eq!(done.status, Some(0), "{words:?}: {}", done.stderr);
            let done = with("unset CFSSL_CA_PK_PASSWORD");
            let fault = r#"{"code":2100,"message":"Private key is encrypted."}"#;
            assert_eq!((done.status, done.last_line()), (Some(1), fault), "{words:?}");
            let done = with("export CFSSL_CA_PK_PASSWORD=wrong");
            let fault = "x509: decryption password incorrect";
            assert_eq!(done.status, Some(1), "{words:?}");
            assert!(done.last_line().contains(fault), "{words:?}: {}", done.stderr);
            assert_eq!(done.stdout, "");
        }
    }
    let done = attempt(
        folder.path(),
        r#"export CA="$(cat ca.pem)""#,
        &["sign", "-ca=env:CA", "-ca-key=file:ca-key.pem", "asked.csr"],
    );
    assert_eq!(done.status, Some(0), "{}", done.stderr);
}

#[test]
fn a_reader_that_has_gone_away_is_success_and_a_full_output_is_not() {
    let folder = prepared();
    for (name, form) in FORMS {
        let script = r#"{ sleep 0.2; "$@" 2>err; echo $? >status; } | true; wait; sleep 0.1"#;
        run("sh", folder.path(), &[&["-c", script, "sh", OURS], form].concat());
        for _ in 0..100 {
            if fs::read_to_string(folder.path().join("status")).is_ok_and(|text| !text.is_empty()) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert_eq!(fs::read_to_string(folder.path().join("status")).unwrap(), "0\n", "{name}");
        fs::remove_file(folder.path().join("status")).unwrap();
        let done = attempt(folder.path(), "exec >/dev/full", form);
        assert_eq!(done.status, Some(1), "{name}");
        assert_eq!(done.last_line(), "write /dev/stdout: no space left on device", "{name}");
        let done = attempt(folder.path(), "exec 2>/dev/full", form);
        assert_eq!(done.status, Some(0), "{name}");
    }
}
