//! Openssl, certtool and cfssl itself work with what our programs make.

use super::case::Case;
use super::outcome::Outcome;
use super::support::facts;
use super::support::peer::{NEW, OLD};
use super::support::run::{OURS, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// What a run of ours made.
pub(crate) struct Made {
    case: String,
    issuer: Option<String>,
    request: Vec<u8>,
    certificate: String,
    csr: Option<String>,
    key: Option<String>,
}

impl Made {
    /// What there is to be shown, if there is a certificate.
    pub(crate) fn of(case: &Case, ours: &Outcome) -> Option<Self> {
        // Some are made to be refused: below a certificate that is no CA or forbids CAs, with hosts that are none.
        let hopeless =
            ["below leaf", "below bare", "below server", "CA below pathlen0"].contains(&case.name.as_str());
        if hopeless || case.command != "gencert" {
            return None;
        }
        Some(Self {
            case: case.name.clone(),
            issuer: case.issuer.clone(),
            request: case
                .files
                .iter()
                .find(|(name, _)| *name == "request.json")
                .map(|file| file.1.clone())?,
            certificate: ours.run.part("cert")?,
            csr: ours.run.part("csr"),
            key: ours.run.part("key"),
        })
    }
}

/// Openssl verifies all certificates and CSRs, and finds one public key in all three.
pub(crate) fn by_openssl(inputs: &Path, made: &[Made]) {
    let folder = TempDir::new().unwrap();
    let openssl = |arguments: &[&str], case: &str| {
        let done = run("openssl", folder.path(), arguments);
        assert_eq!(done.exit, Some(0), "{case}: openssl {arguments:?}: {}{}", done.stdout, done.stderr);
        done.stdout
    };
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let mut below: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut requests = BTreeMap::new();
    for (at, one) in made.iter().enumerate() {
        let file = format!("{at}.pem");
        write(&file, &one.certificate);
        match &one.issuer {
            Some(issuer) => below.entry(issuer).or_default().push(file),
            None => drop(openssl(&["verify", "-no_check_time", "-CAfile", &file, &file], &one.case)),
        }
        requests.insert(&one.request, at);
    }
    for (issuer, files) in below {
        let authority = inputs.join(format!("{issuer}.pem"));
        // Some requests bring a critical extension that nobody knows.
        let mut arguments = vec!["verify", "-no_check_time", "-partial_chain", "-ignore_critical"];
        arguments.extend(["-CAfile", authority.to_str().unwrap()]);
        arguments.extend(files.iter().map(String::as_str));
        let told = run("openssl", folder.path(), &arguments);
        let verified = |file: &String| told.stdout.lines().any(|line| line == format!("{file}: OK"));
        let refused = files.iter().filter(|file| !verified(file));
        let refused: Vec<_> =
            refused.map(|file| &made[file.trim_end_matches(".pem").parse::<usize>().unwrap()].case).collect();
        assert!(refused.is_empty(), "openssl refuses below {issuer}: {refused:?}: {}", told.stderr);
    }
    // Once for each request: its CSR is the same below all profiles.
    for at in requests.into_values() {
        let one = &made[at];
        let key = openssl(&["x509", "-in", &format!("{at}.pem"), "-noout", "-pubkey"], &one.case);
        if let Some(csr) = &one.csr {
            write("csr.pem", csr);
            let read = openssl(&["req", "-in", "csr.pem", "-noout", "-verify", "-pubkey"], &one.case);
            assert_eq!(key, read, "{}", one.case);
        }
        if let Some(text) = &one.key {
            write("key.pem", text);
            assert_eq!(key, openssl(&["pkey", "-in", "key.pem", "-pubout"], &one.case), "{}", one.case);
        }
    }
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
    for (peer, algorithm, size) in [
        (NEW, "ecdsa", 256),
        (NEW, "ecdsa", 384),
        (NEW, "ecdsa", 521),
        (NEW, "ed25519", 0),
        (NEW, "rsa", 2048),
        (NEW, "rsa", 2096),
        (OLD, "ecdsa", 256),
        (OLD, "rsa", 2048),
    ] {
        let request = format!(r#"{{"CN":"{algorithm}","key":{{"algo":"{algorithm}","size":{size}}}}}"#);
        make(folder.path(), "ca", &request, &["-initca"]);
        make(
            folder.path(),
            "leaf",
            r#"{"CN":"leaf","hosts":["h","10.0.0.1"]}"#,
            &["-ca=ca.pem", "-ca-key=ca-key.pem"],
        );
        let theirs = |arguments: &[&str]| {
            let done = run(&peer.program("cfssl"), folder.path(), arguments);
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
