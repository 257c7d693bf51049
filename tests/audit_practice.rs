//! What the programs in use make comes out of an audit clean: ours, cfssl and openssl in their usual ways.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod audit_support;

use audit_support::Scene;
use audit_support::support::run::{OURS, THEIRS, run};
use certmint::inspect::audit::{Report, Severity, UseProfile, Verdict};
use certmint::keys::PrivateKey;
use std::fs;
use std::path::Path;
use std::process::Command;

const CONFIG: &str = r#"{"signing": {"default": {"expiry": "8760h"}, "profiles": {
    "server": {"expiry": "8760h", "usages": ["signing", "key encipherment", "server auth"]},
    "client": {"expiry": "8760h", "usages": ["signing", "key encipherment", "client auth"]},
    "peer": {"expiry": "43800h", "usages": ["signing", "key encipherment", "server auth", "client auth"]},
    "intermediate": {"expiry": "43800h", "usages": ["cert sign", "crl sign"],
        "ca_constraint": {"is_ca": true, "max_path_len": 0, "max_path_len_zero": true}}}}}"#;

/// The two files of `gencert`'s output.
fn keep(folder: &Path, name: &str, json: &str) {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    fs::write(folder.join(format!("{name}.pem")), value["cert"].as_str().unwrap()).unwrap();
    fs::write(folder.join(format!("{name}-key.pem")), value["key"].as_str().unwrap()).unwrap();
}

fn der(folder: &Path, file: &str) -> Vec<u8> {
    let done = Command::new("openssl")
        .args(["x509", "-in", file, "-outform", "DER"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{file}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// All certificates and keys in a folder, as files of their names.
fn scene(folder: &Path, certificates: &[&str]) -> Scene {
    let mut scene = Scene::new();
    for name in certificates {
        scene = scene.certificates(&format!("{name}.pem"), &[&der(folder, &format!("{name}.pem"))]);
        if let Ok(pem) = fs::read(folder.join(format!("{name}-key.pem"))) {
            scene = scene.key(&format!("{name}-key.pem"), &PrivateKey::from_pem(&pem, None).unwrap());
        }
    }
    // They are made now.
    scene.options.now = time::OffsetDateTime::now_utc();
    scene
}

/// Findings from warnings upward.
fn grave(report: &Report) -> Vec<String> {
    report
        .findings
        .iter()
        .filter(|finding| finding.rule.severity >= Severity::Warning)
        .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
        .collect()
}

/// An authority, a server, a client, a peer, as every tutorial makes them, with keys of one kind.
fn tutorial(program: &str, key: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("config.json"), CONFIG).unwrap();
    let request = format!(
        r#"{{"CN": "Acme CA", "key": {key}, "names": [{{"C": "DE", "O": "Acme", "OU": "Operations"}}]}}"#
    );
    fs::write(path.join("ca.json"), request).unwrap();
    let done = run(program, path, &["gencert", "-initca", "ca.json"]);
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    keep(path, "ca", &done.stdout);
    for (name, profile, hosts) in [
        ("server", "server", r#"["server.example.com", "localhost", "10.0.0.1", "127.0.0.1"]"#),
        ("client", "client", "[]"),
        ("peer", "peer", r#"["node1", "10.0.0.1"]"#),
    ] {
        let request =
            format!(r#"{{"CN": "{name}", "key": {key}, "hosts": {hosts}, "names": [{{"O": "Acme"}}]}}"#);
        fs::write(path.join("request.json"), request).unwrap();
        let profile = format!("-profile={profile}");
        let arguments =
            ["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "-config=config.json", &profile, "request.json"];
        let done = run(program, path, &arguments);
        assert_eq!(done.exit, Some(0), "{}", done.stderr);
        keep(path, name, &done.stdout);
    }
    scene(path, &["ca", "server", "client", "peer"]).audit()
}

#[test]
fn certificates_of_our_gencert_are_clean() {
    for key in
        [r#"{"algo": "rsa", "size": 2048}"#, r#"{"algo": "ecdsa", "size": 256}"#, r#"{"algo": "ed25519"}"#]
    {
        let report = tutorial(OURS, key);
        assert_eq!(grave(&report), Vec::<String>::new(), "{key}");
        let trusted = report.certificates.iter().filter(|one| one.verdict == Verdict::Trusted).count();
        assert_eq!(trusted, 3, "{key}");
    }
}

#[test]
fn certificates_of_cfssl_are_clean() {
    for key in [r#"{"algo": "rsa", "size": 2048}"#, r#"{"algo": "ecdsa", "size": 256}"#] {
        let report = tutorial(THEIRS, key);
        assert_eq!(grave(&report), Vec::<String>::new(), "{key}");
        assert!(report.certificates.iter().all(|one| !matches!(one.verdict, Verdict::Refused(_))), "{key}");
    }
}

#[test]
fn an_etcd_cluster_of_our_gencert_is_clean_for_etcd_but_for_its_server_profile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("config.json"), CONFIG).unwrap();
    fs::write(path.join("ca.json"), r#"{"CN": "etcd CA"}"#).unwrap();
    keep(path, "ca", &run(OURS, path, &["gencert", "-initca", "ca.json"]).stdout);
    let mut names = vec!["ca".to_owned()];
    for (name, profile) in
        [("server-1", "peer"), ("server-2", "server"), ("peer-1", "peer"), ("peer-2", "peer")]
    {
        let last = name.rsplit('-').next().unwrap();
        fs::write(path.join("request.json"), format!(r#"{{"CN": "{name}", "hosts": ["10.0.0.{last}"]}}"#))
            .unwrap();
        let profile = format!("-profile={profile}");
        let arguments =
            ["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "-config=config.json", &profile, "request.json"];
        keep(path, name, &run(OURS, path, &arguments).stdout);
        names.push(name.to_owned());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let report = scene(path, &names).for_use(UseProfile::Etcd).hosts(&["10.0.0.1", "10.0.0.2"]).audit();
    assert_eq!(grave(&report), ["etcd-server-client-auth: it is used towards clients and lacks clientAuth"]);
}

#[test]
fn certificates_of_openssl_are_clean_where_it_is_told_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let openssl = |line: &str| {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let done = run("openssl", path, &arguments);
        assert_eq!(done.exit, Some(0), "{line}: {}", done.stderr);
    };
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 3650 -subj /CN=openssl-CA",
    );
    openssl("req -new -newkey rsa:2048 -nodes -keyout node-key.pem -out node.csr -subj /CN=node");
    let extensions = "basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\n\
                      extendedKeyUsage = serverAuth\nsubjectAltName = DNS:node, IP:10.0.0.1\n\
                      authorityKeyIdentifier = keyid\nsubjectKeyIdentifier = hash\n";
    fs::write(path.join("ext"), extensions).unwrap();
    openssl("x509 -req -in node.csr -CA ca.pem -CAkey ca-key.pem -out node.pem -days 365 -extfile ext");
    let report = scene(path, &["ca", "node"]).audit();
    assert_eq!(grave(&report), Vec::<String>::new());
    // An authority that is also the server's certificate.
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout own-key.pem -out own.pem -days 365 -subj /CN=localhost -addext \
         subjectAltName=DNS:localhost",
    );
    let report = scene(path, &["own"]).audit();
    assert_eq!(grave(&report), ["authority-as-server: it is an authority and has the name localhost"]);
}
