//! The library's example makes a whole cluster's certificates, and openssl accepts every one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

#[path = "../examples/installer.rs"]
#[allow(dead_code, missing_docs, reason = "the example's main is not called; the program is run by cargo")]
mod installer;

#[test]
fn issues_a_cluster_that_openssl_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = ["node1=10.0.0.1", "node2=10.0.0.2", "node3=10.0.0.3"].map(|node| {
        node.split_once('=').map(|(name, address)| (name.to_owned(), address.to_owned())).unwrap()
    });
    let warnings = installer::install(folder.path(), &nodes).unwrap();
    assert_eq!(warnings, []);

    let file = |name: &str| folder.path().join(name);
    let verify = |purpose: &str, extra: &[&str], leaf: &str| {
        let output = Command::new("openssl")
            .args(["verify", "-x509_strict", "-purpose", purpose, "-CAfile"])
            .arg(file("ca.pem"))
            .args(extra)
            .arg(file(leaf))
            .output()
            .unwrap_or_else(|error| panic!("openssl is missing ({error}); `make peers` installs it"));
        assert!(output.status.success(), "{leaf}: {}", String::from_utf8_lossy(&output.stderr));
    };
    for (name, address) in &nodes {
        verify("sslserver", &["-verify_ip", address], &format!("{name}-server.pem"));
        verify("sslserver", &["-verify_hostname", name], &format!("{name}-peer.pem"));
        verify("sslclient", &[], &format!("{name}-peer.pem"));
    }
    verify("sslclient", &[], "client.pem");

    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 3 * (3 * 2 + 2), "certificate, key and CSR for 3 nodes twice, client and CA");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        if entry.file_name().to_string_lossy().ends_with("-key.pem") {
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
    }
}
