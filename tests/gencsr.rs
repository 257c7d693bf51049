//! `gencsr`, which the cfssl to compare with does not have, and what else of `sign` and `selfsign` it lacks.
#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod support;

use std::fs;
use std::path::Path;
use support::facts;
use support::run::{OURS, Run, run};
use tempfile::{TempDir, tempdir};

fn prepared(request: &str) -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("request.json"), request).unwrap();
    let made = run(OURS, folder.path(), &["genkey", "-initca", "-out=ca", "request.json"]);
    assert_eq!(made.exit, Some(0), "{}", made.stderr);
    folder
}

fn done(folder: &Path, arguments: &[&str]) -> Run {
    let made = run(OURS, folder, arguments);
    assert_eq!(made.exit, Some(0), "{arguments:?}: {}", made.stderr);
    made
}

fn openssl(folder: &Path, arguments: &[&str]) -> String {
    let shown = run("openssl", folder, arguments);
    assert_eq!(shown.exit, Some(0), "openssl {arguments:?}: {}", shown.stderr);
    shown.stdout
}

#[test]
fn the_key_is_handed_back_as_its_file_has_it() {
    let folder = prepared(r#"{"CN":"a","key":{"algo":"rsa","size":2048},"hosts":["h.example","10.0.0.1"]}"#);
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for (algorithm, option) in [("EC", "ec_paramgen_curve:P-384"), ("RSA", "rsa_keygen_bits:2048")] {
        openssl(folder.path(), &["genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", "k.pem"]);
        let key = fs::read_to_string(folder.path().join("k.pem")).unwrap();
        let text = format!("note\n{parameters}{key}rest\n");
        fs::write(folder.path().join("k.pem"), &text).unwrap();
        let made = done(folder.path(), &["gencsr", "-key=k.pem", "request.json"]);
        assert_eq!(made.part("key").unwrap(), text);
        assert!(made.stdout.starts_with(r#"{"csr":"#), "{}", made.stdout);
        let (facts, public) = facts::csr(&made.part("csr").unwrap());
        assert_eq!(facts["subject"], "2.5.4.3=printable:a");
        fs::write(folder.path().join("bare.pem"), &key).unwrap();
        let shown = openssl(folder.path(), &["pkey", "-in", "bare.pem", "-pubout"]);
        fs::write(folder.path().join("k.csr"), made.part("csr").unwrap()).unwrap();
        assert_eq!(shown, openssl(folder.path(), &["req", "-in", "k.csr", "-verify", "-noout", "-pubkey"]));
        assert!(!public.is_empty());
        let names = openssl(folder.path(), &["req", "-in", "k.csr", "-noout", "-text"]);
        assert!(names.contains("DNS:h.example, IP Address:10.0.0.1"), "{names}");
        let renamed = done(folder.path(), &["gencsr", "-key=k.pem", "-hostname=x,::1", "request.json"]);
        let extensions = facts::csr_extensions(&renamed.part("csr").unwrap());
        assert_eq!(extensions.len(), 1);
        assert_eq!(extensions[0].2, "3015820178871000000000000000000000000000000001");
    }
}

#[test]
fn a_certificate_brings_its_subject_its_hosts_and_its_being_a_ca() {
    let folder = prepared(
        r#"{"CN":"root","names":[{"C":"US","O":"b","E":"m@x.example"},{"O":"a"}],"serialnumber":"7","ca":{"pathlen":2},"hosts":["10.0.0.1"]}"#,
    );
    let made = done(folder.path(), &["gencsr", "-key=ca-key.pem", "-cert=ca.pem"]);
    let csr = made.part("csr").unwrap();
    let (facts, _) = facts::csr(&csr);
    let subject = "2.5.4.6=printable:US; 2.5.4.10=printable:a + 2.5.4.10=printable:b; 2.5.4.3=printable:root; 2.5.4.5=printable:7";
    assert!(facts["subject"].starts_with(subject), "{}", facts["subject"]);
    let extensions = facts::csr_extensions(&csr);
    let expected = [("2.5.29.17", false, "300687040A000001"), ("2.5.29.19", true, "30060101FF020102")];
    assert_eq!(extensions, expected.map(|(id, critical, value)| (id.to_owned(), critical, value.to_owned())));

    // A leaf brings all its names and no constraints.
    let hosts = r#"{"CN":"leaf","hosts":["d.example","10.0.0.1","m@x.example","https://u.example/"]}"#;
    fs::write(folder.path().join("leaf.json"), hosts).unwrap();
    done(folder.path(), &["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "-out=leaf", "leaf.json"]);
    let made = done(folder.path(), &["gencsr", "-key=leaf-key.pem", "-cert=leaf.pem"]);
    let again = facts::csr_extensions(&made.part("csr").unwrap());
    let first = facts::csr_extensions(&fs::read_to_string(folder.path().join("leaf.csr")).unwrap());
    assert_eq!(again, first);
    let made = done(folder.path(), &["gencsr", "-key=leaf-key.pem", "-cert=leaf.pem", "-hostname=new"]);
    assert_eq!(facts::csr_extensions(&made.part("csr").unwrap())[0].2, "300582036E6577");
}

#[test]
fn a_request_may_be_for_a_ca_and_its_key_has_no_effect() {
    let folder = prepared(r#"{"CN":"a"}"#);
    let request = r#"{"CN":"a","ca":{"pathlen":1},"key":{"algo":"rsa","size":1}}"#;
    fs::write(folder.path().join("request.json"), request).unwrap();
    let made = done(folder.path(), &["gencsr", "-key=ca-key.pem", "request.json"]);
    assert_eq!(facts::csr_extensions(&made.part("csr").unwrap())[0].2, "30060101FF020101");
    assert!(facts::csr(&made.part("csr").unwrap()).0["key"].ends_with("65 bytes"));
}

#[test]
fn faults_are_told_in_the_words_of_cfssl() {
    let folder = prepared(r#"{"CN":"a"}"#);
    fs::write(folder.path().join("words"), "no key\n").unwrap();
    fs::write(folder.path().join("host.json"), r#"{"hosts":["é"]}"#).unwrap();
    for (arguments, fault) in [
        (&["request.json"][..], "private key file is required through '-key', please check with usage"),
        (&["-key=ca-key.pem"], "not enough arguments are supplied --- please refer to the usage"),
        (&["-key=ca-key.pem", "a", "b"], "only one argument is accepted, please check with usage"),
        (
            &["-key=ca-key.pem", "-cert=ca.pem", "request.json"],
            "no argument is accepted with '-cert', please check with usage",
        ),
        (&["-key=missing", "request.json"], "open missing: no such file or directory"),
        (&["-key=ca-key.pem", "-cert=missing"], "open missing: no such file or directory"),
        (&["-key=words", "request.json"], r#"{"code":2002,"message":"Failed to decode private key"}"#),
        (&["-key=ca.pem", "request.json"], r#"{"code":2003,"message":"Failed to parse private key"}"#),
        (
            &["-key=ca-key.pem", "host.json"],
            r#"{"code":9300,"message":"x509: \"é\" cannot be encoded as an IA5String"}"#,
        ),
    ] {
        let made = run(OURS, folder.path(), &[&["gencsr"], arguments].concat());
        assert_eq!((made.exit, made.stdout.as_str()), (Some(1), ""), "{arguments:?}");
        assert_eq!(made.final_line(), fault, "{arguments:?}");
    }
}

#[test]
fn copied_extensions_take_the_place_of_the_profiles_own() {
    let folder = prepared(r#"{"CN":"root"}"#);
    // Value: extended key usage for code signing; critical, unlike ours; and one that nobody knows.
    let request = r#"{"CN":"a","hosts":["csr.example"],"extensions":[
        {"Id":[2,5,29,37],"Critical":true,"Value":"MAoGCCsGAQUFBwMD"},{"Id":[1,2,3],"Critical":false,"Value":"BQA="}]}"#;
    fs::write(folder.path().join("request.json"), request).unwrap();
    done(folder.path(), &["genkey", "-out=a", "request.json"]);
    let profile = |copy: bool| {
        format!(
            r#"{{"signing":{{"default":{{"expiry":"1h","usages":["signing","server auth"],"copy_extensions":{copy}}}}}}}"#
        )
    };
    for (copy, order, hosts) in [
        (
            true,
            "2.5.29.15 critical, 2.5.29.19 critical, 2.5.29.14, 2.5.29.35, 2.5.29.17, 2.5.29.37 critical, 1.2.3",
            "300D820B6373722E6578616D706C65",
        ),
        (
            false,
            "2.5.29.15 critical, 2.5.29.37, 2.5.29.19 critical, 2.5.29.14, 2.5.29.35, 2.5.29.17",
            "30068204666C6167",
        ),
    ] {
        fs::write(folder.path().join("config.json"), profile(copy)).unwrap();
        let flags = ["-config=config.json", "-ca=ca.pem", "-ca-key=ca-key.pem", "-hostname=flag"];
        let made = done(folder.path(), &[&["sign"], &flags[..], &["a.csr"]].concat());
        let authority = fs::read_to_string(folder.path().join("ca.pem")).unwrap();
        let authority = facts::certificate(&authority, None);
        let facts = facts::certificate(&made.part("cert").unwrap(), Some(&authority)).facts;
        assert_eq!(facts["extensions"], order);
        assert_eq!(facts["extension 2.5.29.17"], hosts);
        let code_signing = facts["extension 2.5.29.37"] == "300A06082B06010505070303";
        assert_eq!(code_signing, copy);
    }
}

#[test]
fn a_certificate_that_signs_itself_copies_the_extensions_of_its_request() {
    let folder = prepared(r#"{"CN":"root"}"#);
    let request = r#"{"CN":"a","hosts":["a.example","10.0.0.1"],"ca":{"pathlen":1},"extensions":[{"Id":[1,2,3],"Critical":false,"Value":"BQA="}]}"#;
    fs::write(folder.path().join("request.json"), request).unwrap();
    let config = r#"{"signing":{"default":{"expiry":"1h","usages":["signing"],"issuer_urls":["http://i/"],"ocsp_url":"http://o/","crl_url":"http://c/","backdate":"9h"}}}"#;
    fs::write(folder.path().join("config.json"), config).unwrap();
    let made = done(folder.path(), &["selfsign", "-config=config.json", "ignored", "request.json"]);
    let facts = facts::certificate(&made.part("cert").unwrap(), None).facts;
    assert_eq!(facts["extension 2.5.29.19"], "30060101FF020101");
    assert_eq!(facts["extension 2.5.29.17"], "30118209612E6578616D706C6587040A000001");
    assert_eq!(facts["extension 1.2.3"], "0500");
    assert_eq!(facts["extension 1.3.6.1.5.5.7.1.1"], "3017301506082B060105050730028609687474703A2F2F692F");
    assert!(!facts.contains_key("extension 2.5.29.31") && !facts.contains_key("extension 2.5.29.35"));
    assert_eq!(facts["time between"], "3900");
    assert!(made.stderr.contains("\nSelf-signed certificates are dangerous."), "{}", made.stderr);
}
