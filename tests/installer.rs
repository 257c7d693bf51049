//! The library's example makes a whole cluster's certificates, and openssl accepts every one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use certmint::ErrorKind;
use certmint::json::GoDuration;
use certmint::keys::{PrivateKey, SigningKey};
use certmint::model::{CertificateRequest, KeyRequest, SigningConfig};
use certmint::signer::{Authority, Issuance, Issued, LocalSigner, OcspResponder, ResponseTimes};
use certmint::x509::{Certificate, CertificateStatus};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;

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

fn authority() -> Issued {
    let request = CertificateRequest {
        common_name: "CA".to_owned(),
        key: KeyRequest::ecdsa(256),
        ..CertificateRequest::default()
    };
    Authority::init(&request, Issuance::now().unwrap()).unwrap().into_issued()
}

#[test]
fn a_signer_owns_its_key_or_shares_it_between_threads() {
    fn is_shared<T: Send + Sync + 'static>(_: &T) {}
    let Issued { certificate, key, .. } = authority();
    let key = Arc::new(key.unwrap());
    let config = r#"{"signing": {"default": {"expiry": "1h", "usages": ["server auth"]}}}"#;
    let config = Arc::new(SigningConfig::from_json(config.as_bytes()).unwrap());
    let boxed: Box<dyn SigningKey + Send + Sync> = Box::new(Arc::clone(&key));
    let one = LocalSigner::new(&certificate, boxed, Arc::clone(&config)).unwrap();
    let other = LocalSigner::new(&certificate, Arc::clone(&key), config).unwrap();
    is_shared(&one);
    is_shared(&other);
    is_shared(&OcspResponder::new(&certificate, &certificate, key).unwrap());
    let request =
        CertificateRequest { hosts: vec!["a".to_owned()], key: KeyRequest::ecdsa(256), ..Default::default() };
    let issue = || one.generate(&request, "", Issuance::now().unwrap()).unwrap();
    let issued = std::thread::scope(|scope| scope.spawn(issue).join().unwrap());
    assert!(issued.warnings.is_empty());
}

#[test]
fn an_authority_is_loaded_from_what_was_written() {
    let Issued { certificate, key, .. } = authority();
    let key = key.unwrap();
    assert_eq!(Certificate::from_pem(certificate.to_pem().as_bytes()).unwrap(), certificate);
    assert_eq!(Certificate::from_der(certificate.der()).unwrap(), certificate);
    let twice = certificate.to_pem().repeat(2);
    assert_eq!(Certificate::from_pem(twice.as_bytes()).unwrap_err().kind(), ErrorKind::CertificateParse);
    let key_pem = key.expose_pem();
    assert_eq!(Certificate::from_pem(key_pem.as_bytes()).unwrap_err().kind(), ErrorKind::CertificateParse);
    assert_eq!(Certificate::from_der(b"\x30\x00").unwrap_err().kind(), ErrorKind::CertificateParse);
    assert!(PrivateKey::from_pem(key_pem.as_bytes(), None).is_ok());
}

#[test]
fn a_response_at_the_end_of_time_is_signed() {
    let Issued { certificate, key, .. } = authority();
    let responder = OcspResponder::new(&certificate, &certificate, key.unwrap()).unwrap();
    let last = time::macros::datetime!(9999-12-31 23:59:59 UTC);
    let times = ResponseTimes { produced_at: last, this_update: last, next_update: last };
    let status = CertificateStatus::Revoked { at: last, reason: Default::default() };
    assert!(responder.sign(&certificate, status, &times).is_ok());
    assert!(ResponseTimes::at(last, GoDuration::from_nanoseconds(i64::MAX)).is_err());
}

#[test]
fn a_folder_that_is_not_there_is_told_apart_from_other_faults() {
    let folder = tempfile::tempdir().unwrap();
    let error = authority().write_to(folder.path().join("nowhere"), "ca").unwrap_err();
    assert_eq!((error.kind(), error.io_kind()), (ErrorKind::Io, Some(std::io::ErrorKind::NotFound)));
    assert_eq!(Certificate::from_pem(b"").unwrap_err().io_kind(), None);
}
