//! The scripts that people use, unchanged, from end to end: with our programs, and with the installed cfssl.
//! Both leave the same files, which say the same; openssl judges ours.

#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::facts::{self, Facts};
use support::run::{OURS, run};
use tempfile::TempDir;

/// What a script left behind.
struct Done {
    folder: TempDir,
    stderr: String,
}

/// Runs `tests/scripts/NAME.sh` with the programs of `programs` before all others.
fn script(name: &str, programs: &Path) -> Done {
    let folder = TempDir::new().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/scripts/{name}.sh"));
    let output = Command::new("bash")
        .arg("-c")
        .arg("umask 022 && exec bash \"$0\"")
        .arg(path)
        .current_dir(folder.path())
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .env_remove("CFSSL_STRICT")
        .env_remove("CFSSL_CA_PK_PASSWORD")
        .output()
        .unwrap_or_else(|error| panic!("bash cannot be run: {error}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{name} with {}: {stderr}", programs.display());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{name} prints nothing");
    Done { folder, stderr }
}

fn with_ours(name: &str) -> Done {
    script(name, Path::new(OURS).parent().unwrap())
}

fn with_theirs(name: &str) -> Done {
    script(name, Path::new(&support::peer::NEW.program("cfssl")).parent().unwrap())
}

impl Done {
    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn openssl(&self, arguments: &[&str]) -> String {
        let done = run("openssl", self.folder.path(), arguments);
        assert_eq!(done.exit, Some(0), "openssl {arguments:?}: {}{}", done.stdout, done.stderr);
        done.stdout
    }

    /// The subject as `type=value` lines, sorted.
    fn subject(&self, file: &str) -> Vec<String> {
        let shown = self.openssl(&[
            "x509",
            "-in",
            file,
            "-noout",
            "-subject",
            "-nameopt",
            "sep_multiline,utf8,sname",
        ]);
        let mut lines: Vec<String> = shown.lines().skip(1).map(|line| line.trim().to_owned()).collect();
        lines.sort();
        lines
    }

    /// The value of an extension as openssl shows it, or nothing where the certificate has none.
    fn extension(&self, file: &str, name: &str) -> String {
        let shown = self.openssl(&["x509", "-in", file, "-noout", "-ext", name]);
        shown.lines().nth(1).unwrap_or_default().trim().to_owned()
    }

    fn modulus_matches(&self, certificate: &str, key: &str) {
        let of_certificate = self.openssl(&["x509", "-in", certificate, "-noout", "-pubkey"]);
        assert_eq!(of_certificate, self.openssl(&["pkey", "-in", key, "-pubout"]), "{certificate} {key}");
    }

    /// The log's INFO lines without times and serial numbers, in which no two runs agree.
    fn steps(&self, further: &str) -> Vec<String> {
        let text = format!("{}{further}", self.stderr);
        let steps = text.lines().filter_map(|line| line.split_once("[INFO] "));
        steps
            .map(|(_, step)| step.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned())
            .collect()
    }

    /// All facts of all files, by `FILE: FACT`. `issuer` names the file of a certificate's issuer.
    fn facts(&self, issuer: fn(&str) -> Option<&'static str>) -> Facts {
        let mut all = Facts::new();
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            let file = entry.file_name().into_string().unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            all.insert(format!("{file}: mode"), format!("{mode:o}"));
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            let found: Facts = match text.lines().next() {
                Some("-----BEGIN CERTIFICATE-----") if text.matches("BEGIN").count() == 1 => {
                    let above = issuer(&file).map(|name| {
                        facts::certificate(
                            &self.text(name),
                            issuer(name).map(|root| facts::certificate(&self.text(root), None)).as_ref(),
                        )
                    });
                    let mut found = facts::certificate(&text, above.as_ref()).facts;
                    // The scripts run at different minutes.
                    found.remove("time of start");
                    found.remove("time of end");
                    found
                }
                Some("-----BEGIN CERTIFICATE REQUEST-----") => facts::csr(&text).0,
                Some(line) if line.ends_with("PRIVATE KEY-----") => facts::private_key(&text),
                _ => continue,
            };
            all.extend(found.into_iter().map(|(fact, value)| (format!("{file}: {fact}"), value)));
        }
        all
    }
}

/// The facts that differ, by name, as theirs and ours.
fn differing(theirs: &Facts, ours: &Facts) -> BTreeMap<String, (String, String)> {
    let of = |facts: &Facts, fact: &str| facts.get(fact).cloned().unwrap_or_else(|| "absent".to_owned());
    let names = theirs.keys().chain(ours.keys());
    names
        .map(|fact| (fact.clone(), (of(theirs, fact), of(ours, fact))))
        .filter(|(_, (one, other))| one != other)
        .collect()
}

#[test]
fn a_kubernetes_cluster_gets_its_certificates() {
    let (ours, theirs) = (with_ours("kubernetes"), with_theirs("kubernetes"));
    let issuer = |file: &str| (file != "ca.pem").then_some("ca.pem");
    let (old, new) = (theirs.facts(issuer), ours.facts(issuer));
    assert!(new.len() > 250, "{} facts", new.len());
    assert_eq!(differing(&old, &new), BTreeMap::new());
    assert_eq!(theirs.steps(""), ours.steps(""));

    for (name, user, group) in [
        ("admin", "admin", "system:masters"),
        ("worker-0", "system:node:worker-0", "system:nodes"),
        ("worker-1", "system:node:worker-1", "system:nodes"),
        ("worker-2", "system:node:worker-2", "system:nodes"),
        ("kube-controller-manager", "system:kube-controller-manager", "system:kube-controller-manager"),
        ("kube-scheduler", "system:kube-scheduler", "system:kube-scheduler"),
        ("kube-proxy", "system:kube-proxy", "system:node-proxier"),
        ("kubernetes", "kubernetes", "Kubernetes"),
        ("service-account", "service-accounts", "Kubernetes"),
    ] {
        let file = format!("{name}.pem");
        for purpose in ["sslclient", "sslserver"] {
            ours.openssl(&["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.pem", &file]);
        }
        let expected = [
            "C=TW".to_owned(),
            format!("CN={user}"),
            "L=Taipei".to_owned(),
            format!("O={group}"),
            "OU=cluster one".to_owned(),
            "ST=Taipei".to_owned(),
        ];
        assert_eq!(ours.subject(&file), expected);
        ours.modulus_matches(&file, &format!("{name}-key.pem"));
    }
    assert_eq!(
        ours.extension("worker-1.pem", "subjectAltName"),
        "DNS:worker-1, IP Address:203.0.113.11, IP Address:10.240.0.21"
    );
    let api = ours.extension("kubernetes.pem", "subjectAltName");
    assert_eq!(api.split(", ").count(), 11, "{api}");
    for host in ["kubernetes.default.svc", "kubernetes.svc.cluster.local"] {
        ours.openssl(&["verify", "-CAfile", "ca.pem", "-verify_hostname", host, "kubernetes.pem"]);
    }
    ours.openssl(&["verify", "-CAfile", "ca.pem", "-verify_ip", "10.32.0.1", "kubernetes.pem"]);
    assert_eq!(ours.extension("admin.pem", "subjectAltName"), "");
}

#[test]
fn the_fixtures_of_etcd_are_made() {
    let (ours, theirs) = (with_ours("etcd-fixtures"), with_theirs("etcd-fixtures"));
    let issuer = |file: &str| (file != "ca.crt").then_some("ca.crt");
    let (old, new) = (theirs.facts(issuer), ours.facts(issuer));
    assert!(new.len() > 300, "{} facts", new.len());
    assert_eq!(differing(&old, &new), BTreeMap::new());
    let steps = |done: &Done| done.steps(&done.text("revoked.stderr"));
    assert_eq!(steps(&theirs), steps(&ours));

    for (name, purposes) in [
        ("server", &["sslserver", "sslclient"][..]),
        ("server2", &["sslserver", "sslclient"]),
        ("server-ecdsa", &["sslserver", "sslclient"]),
        ("server-ipv6", &["sslserver", "sslclient"]),
        ("server-wildcard", &["sslserver", "sslclient"]),
        ("server-ip", &["sslserver", "sslclient"]),
        ("server-revoked", &["sslserver", "sslclient"]),
        ("server-serverusage", &["sslserver"]),
        ("client-clientusage", &["sslclient"]),
        ("client-nocn", &["sslserver", "sslclient"]),
    ] {
        let file = format!("{name}.crt");
        for purpose in ["sslserver", "sslclient"] {
            let arguments = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.crt", &file];
            let done = run("openssl", ours.folder.path(), &arguments);
            assert_eq!(
                done.exit == Some(0),
                purposes.contains(&purpose),
                "{name} {purpose}: {}",
                done.stderr
            );
        }
        ours.modulus_matches(&file, &format!("{name}.key.insecure"));
    }
    for (name, option, host) in [
        ("server", "-verify_hostname", "localhost"),
        ("server-ipv6", "-verify_ip", "::1"),
        ("server-wildcard", "-verify_hostname", "m1.etcd.local"),
        ("server-ip", "-verify_ip", "127.0.0.1"),
    ] {
        ours.openssl(&["verify", "-CAfile", "ca.crt", option, host, &format!("{name}.crt")]);
    }
    assert!(!ours.subject("client-nocn.crt").iter().any(|line| line.starts_with("CN=")));
    assert!(ours.text("ca.txt").contains("CA:TRUE"));
    // The log is where the serial number to revoke is found.
    for done in [&ours, &theirs] {
        let serial = done.openssl(&["x509", "-in", "server-revoked.crt", "-noout", "-serial"]);
        let digits = serial.trim().strip_prefix("serial=").unwrap();
        let padded = format!("{digits:0>40}");
        let bytes: Vec<u8> =
            (0..20).map(|at| u8::from_str_radix(&padded[2 * at..2 * at + 2], 16).unwrap()).collect();
        assert_eq!(done.text("revoke.txt"), format!("{}\n", support::der::decimal(&bytes)));
        done.openssl(&[
            "crl",
            "-inform",
            "DER",
            "-in",
            "revoke.crl",
            "-CAfile",
            "ca.crt",
            "-out",
            "revoke.pem",
        ]);
        let check = ["verify", "-crl_check", "-CAfile", "ca.crt", "-CRLfile", "revoke.pem"];
        done.openssl(&[&check[..], &["server.crt"]].concat());
        let revoked = run("openssl", done.folder.path(), &[&check[..], &["server-revoked.crt"]].concat());
        assert!(
            revoked.exit != Some(0) && revoked.stderr.contains("certificate revoked"),
            "{}",
            revoked.stderr
        );
    }
}

#[test]
fn an_authority_of_two_tiers_signs() {
    let (ours, theirs) = (with_ours("two-tier"), with_theirs("two-tier"));
    let issuer = |file: &str| match file {
        "root.pem" => None,
        "intermediate.pem" => Some("root.pem"),
        _ => Some("intermediate.pem"),
    };
    let (old, new) = (theirs.facts(issuer), ours.facts(issuer));
    // docs/compatibility.md, blank-hosts: an empty name is left out.
    let differing = differing(&old, &new);
    let names: Vec<&str> = differing.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["bob.csr: attributes", "bob.pem: extension 2.5.29.17", "bob.pem: extensions"],
        "{differing:#?}"
    );
    assert_eq!(theirs.steps(""), ours.steps(""));

    for (name, purpose) in [("server", "sslserver"), ("db", "sslserver"), ("bob", "sslclient")] {
        let file = format!("{name}.pem");
        let chain = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "root.pem"];
        ours.openssl(&[&chain[..], &["-untrusted", "intermediate.pem", &file]].concat());
        let alone = run("openssl", ours.folder.path(), &[&chain[..], &[&file]].concat());
        assert_ne!(alone.exit, Some(0), "the root did not sign {name}");
        ours.modulus_matches(&file, &format!("{name}-key.pem"));
    }
    assert_eq!(ours.subject("db.pem"), ["CN=db1.example.com", "O=databases"]);
    assert_eq!(
        ours.extension("db.pem", "subjectAltName"),
        "DNS:db1.example.com, DNS:db2.example.com, IP Address:2001:DB8:0:0:0:0:0:1"
    );
    assert_eq!(ours.extension("intermediate.pem", "basicConstraints"), "CA:TRUE, pathlen:0");
    assert_eq!(ours.extension("root.pem", "basicConstraints"), "CA:TRUE, pathlen:1");

    // What certinfo says, but for what no two runs agree in.
    let said = |done: &Done, file: &str| {
        let mut said: serde_json::Value = serde_json::from_str(&done.text(file)).unwrap();
        let chance = [
            "serial_number",
            "not_before",
            "not_after",
            "authority_key_id",
            "subject_key_id",
            "pem",
            "Raw",
            "RawTBSCertificateRequest",
            "RawSubjectPublicKeyInfo",
            "Signature",
            "PublicKey",
        ];
        for key in chance {
            said.as_object_mut().unwrap().remove(key);
        }
        said
    };
    assert_eq!(said(&theirs, "server.json"), said(&ours, "server.json"));
    let (mut old, mut new) = (said(&theirs, "bob.json"), said(&ours, "bob.json"));
    for value in [&mut old, &mut new] {
        // The blank host again.
        for key in ["Attributes", "Extensions", "DNSNames"] {
            value.as_object_mut().unwrap().remove(key);
        }
    }
    assert_eq!(old, new);
}
