//! What `gencert` makes, compared fact by fact with the cfssl that is installed, and shown to the programs that
//! have to accept it.

#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "peers_gencert/cases.rs"]
mod cases;
#[path = "peers_gencert/differences.rs"]
mod differences;
mod support;

use cases::{AUTHORITIES, Case, Form};
use differences::{DIFFERENCES, Seen};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::facts::{self, Certificate};
use support::run::{OURS, Run, THEIRS, run};
use tempfile::TempDir;

#[test]
fn facts_are_those_of_cfssl_but_for_the_listed_differences() {
    let folder = authorities();
    let cases = cases::all();
    assert!(cases.len() > 200, "{}", cases.len());
    let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");

    let next = AtomicUsize::new(0);
    let seen = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let differences = compare(folder.path(), case);
                    seen.lock().unwrap().extend(differences);
                }
            });
        }
    });
    let mut used = BTreeSet::new();
    let mut unlisted = Vec::new();
    for one in seen.into_inner().unwrap() {
        match DIFFERENCES.iter().position(|row| (row.applies)(&one)) {
            Some(row) => drop(used.insert(row)),
            None => unlisted.push(one),
        }
    }
    unlisted.sort_by(|one, other| (&one.fact, &one.case).cmp(&(&other.fact, &other.case)));
    for one in &unlisted {
        eprintln!("{}: {}\n  theirs {}\n  ours   {}\n", one.case, one.fact, one.theirs, one.ours);
    }
    assert!(unlisted.is_empty(), "{} differences are not listed", unlisted.len());
    let stale: Vec<_> = (0..DIFFERENCES.len()).filter(|row| !used.contains(row)).collect();
    let stale: Vec<_> = stale.into_iter().map(|row| DIFFERENCES[row].reason).collect();
    assert!(stale.is_empty(), "listed differences that do not occur: {stale:#?}");
}

#[test]
fn certtool_verifies_our_certificates() {
    let folder = TempDir::new().unwrap();
    let key = |algorithm: &str, size: u32| format!(r#""key":{{"algo":"{algorithm}","size":{size}}}"#);
    for (algorithm, size) in [("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("ed25519", 0)] {
        let key = key(algorithm, size);
        make(
            folder.path(),
            "ca",
            &format!(r#"{{"CN":"CA","names":[{{"O":"a"}},{{"O":"b"}}],{key}}}"#),
            &["-initca"],
        );
        // The subject of the CA, as in the etcd walkthrough.
        let request =
            r#"{"CN":"CA","names":[{"O":"a"},{"O":"b"}],"hosts":["h.example","10.0.0.1","m@x.example"]}"#;
        make(folder.path(), "leaf", request, &["-ca=ca.pem", "-ca-key=ca-key.pem"]);
        let arguments = ["--verify", "--load-ca-certificate=ca.pem", "--infile=leaf.pem"];
        let done = run("certtool", folder.path(), &arguments);
        assert_eq!(done.exit, Some(0), "{algorithm}-{size}: {}{}", done.stdout, done.stderr);
        assert!(done.stdout.contains("Chain verification output: Verified."), "{}", done.stdout);
        let shown = run("certtool", folder.path(), &["--crq-info", "--infile=leaf.csr"]);
        assert!(shown.stdout.contains("Self signature: verified"), "{}", shown.stdout);
    }
}

#[test]
fn cfssl_itself_works_with_our_keys_csrs_and_certificates() {
    let folder = TempDir::new().unwrap();
    for (algorithm, size) in [("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("rsa", 2096)] {
        let request = format!(r#"{{"CN":"{algorithm}","key":{{"algo":"{algorithm}","size":{size}}}}}"#);
        make(folder.path(), "ca", &request, &["-initca"]);
        make(
            folder.path(),
            "leaf",
            r#"{"CN":"leaf","hosts":["h","10.0.0.1"]}"#,
            &["-ca=ca.pem", "-ca-key=ca-key.pem"],
        );
        let theirs = |arguments: &[&str]| {
            let done = run(THEIRS, folder.path(), arguments);
            assert_eq!(done.exit, Some(0), "{arguments:?}: {}", done.stderr);
            done
        };
        fs::write(folder.path().join("ca.json"), &request).unwrap();
        let again = theirs(&["gencert", "-initca", "-ca-key=ca-key.pem", "ca.json"]).part("cert").unwrap();
        let ours = fs::read_to_string(folder.path().join("ca.pem")).unwrap();
        let ours = facts::certificate(&ours, None);
        assert_eq!(facts::certificate(&again, None).key, ours.key);
        let signed = theirs(&["sign", "-ca=ca.pem", "-ca-key=ca-key.pem", "leaf.csr"]).part("cert").unwrap();
        let leaf = fs::read_to_string(folder.path().join("leaf.pem")).unwrap();
        let (signed, leaf) =
            (facts::certificate(&signed, Some(&ours)), facts::certificate(&leaf, Some(&ours)));
        assert_eq!(signed.key, leaf.key);
        assert_eq!(signed.facts["extensions"], leaf.facts["extensions"]);
        let described = theirs(&["certinfo", "-cert", "leaf.pem"]).stdout;
        assert!(described.contains("\"10.0.0.1\""), "{described}");
    }
}

/// Makes `NAME.pem`, `NAME-key.pem` and `NAME.csr` with our own program.
fn make(folder: &Path, name: &str, request: &str, arguments: &[&str]) {
    fs::write(folder.join("request.json"), request).unwrap();
    let made = run(OURS, folder, &[&["gencert"], arguments, &["request.json"]].concat());
    assert_eq!(made.exit, Some(0), "{}", made.stderr);
    for (part, ending) in [("cert", ".pem"), ("key", "-key.pem"), ("csr", ".csr")] {
        fs::write(folder.join(format!("{name}{ending}")), made.part(part).unwrap()).unwrap();
    }
}

/// Both programs on one request: what differs. What we made is shown to openssl on the way.
fn compare(folder: &Path, case: &Case) -> Vec<Seen> {
    let mut seen = Vec::new();
    // The second try is for a minute that ended between the two runs.
    for _ in 0..2 {
        let authority = authority(folder, case.form);
        let theirs = put(THEIRS, folder, case);
        let ours = put(OURS, folder, case);
        accepted(folder, case, &ours);
        seen = differing(case, &theirs, &ours, authority.as_ref());
        if !seen.iter().any(|one| one.fact.contains("time of")) {
            break;
        }
    }
    seen
}

fn differing(case: &Case, theirs: &Run, ours: &Run, authority: Option<&Certificate>) -> Vec<Seen> {
    let (mut old, mut new) = (theirs.facts(authority), ours.facts(authority));
    // The human half of an error and warnings stand between cfssl's lines.
    let more = |lines: &[&str], known: &str| -> (Vec<String>, Vec<String>) {
        let extra = |line: &&&str| {
            (line.starts_with("[WARNING] ") || line.starts_with("[ERROR] ")) && !known.contains(**line)
        };
        let said = lines.iter().filter(extra).map(|line| (*line).to_owned()).collect();
        (said, lines.iter().filter(|line| !extra(line)).map(|line| (*line).to_owned()).collect())
    };
    let log = new["log"].clone();
    let (said, kept) = more(&log.split('\n').collect::<Vec<_>>(), &old["log"]);
    new.insert("log".to_owned(), kept.join("\n"));
    let said = |level: &str| {
        said.iter().filter(|line| line.starts_with(level)).cloned().collect::<Vec<_>>().join("\n")
    };
    for (fact, level) in [("said besides: warnings", "[WARNING]"), ("said besides: errors", "[ERROR]")] {
        old.insert(fact.to_owned(), String::new());
        new.insert(fact.to_owned(), said(level));
    }
    let facts: BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    let absent = || "absent".to_owned();
    facts
        .into_iter()
        .map(|fact| Seen {
            case: case.name.clone(),
            form: case.form,
            theirs: old.remove(&fact).unwrap_or_else(absent),
            ours: new.remove(&fact).unwrap_or_else(absent),
            fact,
        })
        .filter(|one| one.theirs != one.ours)
        .collect()
}

/// Puts the request to one of the programs, in a folder of its own below that of the authorities.
fn put(program: &str, folder: &Path, case: &Case) -> Run {
    let own = TempDir::new_in(folder).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::os::unix::fs::symlink(entry.path(), own.path().join(entry.file_name())).unwrap();
        }
    }
    fs::write(own.path().join("request.json"), &case.request).unwrap();
    let mut arguments = vec!["gencert".to_owned()];
    if case.form == Form::Initca || matches!(case.form, Form::Again(_)) {
        arguments.push("-initca".to_owned());
    }
    if let Form::Renew(_) = case.form {
        arguments.push("-renewca".to_owned());
    }
    if let Form::Leaf(authority) | Form::Renew(authority) = case.form {
        arguments.push(format!("-ca={authority}.pem"));
    }
    if let Form::Leaf(authority) | Form::Renew(authority) | Form::Again(authority) = case.form {
        arguments.push(format!("-ca-key={authority}-key.pem"));
    }
    if let Some(config) = &case.config {
        fs::write(own.path().join("config.json"), config).unwrap();
        arguments.push("-config=config.json".to_owned());
    }
    let positional = case.arguments.last().filter(|last| last.ends_with("extra.json"));
    arguments.extend(case.arguments.iter().filter(|argument| Some(*argument) != positional).cloned());
    if !matches!(case.form, Form::Renew(_)) {
        arguments.push("request.json".to_owned());
    }
    arguments.extend(positional.cloned());
    run(program, own.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn authority(folder: &Path, form: Form) -> Option<Certificate> {
    let (Form::Leaf(name) | Form::Renew(name)) = form else {
        return None;
    };
    let text = fs::read_to_string(folder.join(format!("{name}.pem"))).unwrap();
    // A renewed one is compared as one that signs itself.
    matches!(form, Form::Leaf(_)).then(|| facts::certificate(&text, None))
}

/// Openssl verifies the certificate and the CSR, and finds one public key in all three.
fn accepted(folder: &Path, case: &Case, ours: &Run) {
    let Some(certificate) = ours.part("cert") else {
        return;
    };
    let own = TempDir::new_in(folder).unwrap();
    let write = |name: &str, text: &str| fs::write(own.path().join(name), text).unwrap();
    let openssl = |arguments: &[&str]| {
        let done = run("openssl", own.path(), arguments);
        assert_eq!(
            done.exit,
            Some(0),
            "{}: openssl {arguments:?}: {}{}",
            case.name,
            done.stdout,
            done.stderr
        );
        done.stdout
    };
    write("cert.pem", &certificate);
    let above = match case.form {
        Form::Leaf(name) => format!("../{name}.pem"),
        _ => "cert.pem".to_owned(),
    };
    // Some are made to be refused: below a certificate that is no CA or forbids CAs, or never valid.
    let hopeless = ["below leaf", "below bare", "CA below pathlen0"].contains(&case.name.as_str());
    if !hopeless {
        openssl(&["verify", "-no_check_time", "-CAfile", &above, "cert.pem"]);
    }
    let key = openssl(&["x509", "-in", "cert.pem", "-noout", "-pubkey"]);
    if let Some(csr) = ours.part("csr") {
        write("csr.pem", &csr);
        assert_eq!(key, openssl(&["req", "-in", "csr.pem", "-noout", "-verify", "-pubkey"]), "{}", case.name);
    }
    if let Some(text) = ours.part("key").filter(|text| !text.contains("Ed25519")) {
        write("key.pem", &text);
        assert_eq!(key, openssl(&["pkey", "-in", "key.pem", "-pubout"]), "{}", case.name);
    }
}

/// A folder with the authorities: those of the installed cfssl, and some that only openssl makes.
fn authorities() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: String, text: &str| fs::write(folder.path().join(name), text).unwrap();
    for (name, request) in AUTHORITIES {
        write("request.json".to_owned(), request);
        let made = run(THEIRS, folder.path(), &["gencert", "-initca", "request.json"]);
        write(format!("{name}.pem"), &made.part("cert").unwrap_or_else(|| panic!("{name}: {}", made.stderr)));
        write(format!("{name}-key.pem"), &made.part("key").unwrap());
    }
    let openssl = |name: &str, subject: &str, settings: &str| {
        write(
            "openssl.cnf".to_owned(),
            &format!(
                "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nCN=x\n[x]\n{settings}"
            ),
        );
        let (key, certificate) = (format!("{name}-key.pem"), format!("{name}.pem"));
        let curve = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", &key];
        let request = [
            "req",
            "-x509",
            "-new",
            "-key",
            &key,
            "-config",
            "openssl.cnf",
            "-subj",
            subject,
            "-days",
            "30",
            "-out",
            &certificate,
        ];
        for arguments in [&curve[..], &request[..]] {
            let done = run("openssl", folder.path(), arguments);
            assert_eq!(done.exit, Some(0), "{}", done.stderr);
        }
        // Nothing but the section itself may stand in the file.
        let text = fs::read_to_string(folder.path().join(&certificate)).unwrap();
        write(certificate, &text[text.find("-----BEGIN").unwrap()..]);
    };
    let authority = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n";
    openssl(
        "mail",
        "/emailAddress=a@b.example/O=x/CN=mail/O=y/DC=z",
        &format!("{authority}subjectKeyIdentifier=00112233\nsubjectAltName=IP:10.9.8.7,DNS:lost\n"),
    );
    openssl(
        "leaf",
        "/CN=no CA",
        "basicConstraints=critical,CA:false\nkeyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n",
    );
    openssl("bare", "/CN=bare", "subjectKeyIdentifier=none\nbasicConstraints=CA:true,pathlen:0\n");
    for left in ["request.json", "openssl.cnf"] {
        fs::remove_file(folder.path().join(left)).unwrap();
    }
    write("mixed.pem".to_owned(), &fs::read_to_string(folder.path().join("p256.pem")).unwrap());
    write("mixed-key.pem".to_owned(), &fs::read_to_string(folder.path().join("p384-key.pem")).unwrap());
    folder
}
