//! `certinfo` in the forms that cfssl does not have: lines of JSON, text, tables, any number of inputs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "certinfo/der.rs"]
#[allow(dead_code, reason = "some of it is for CSRs")]
mod der;

use certmint::inspect::{self, details::CertificateDetails};
use certmint::output::certificate::{Look, fields, row, write_table, write_text};
use der::{Certificate, attribute, extension, name, oid, pem, san, seq, tlv};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Output, Stdio};
use time::OffsetDateTime;

const CFSSL: &str = env!("CARGO_BIN_EXE_cfssl");
const CERTINFO: &str = env!("CARGO_BIN_EXE_cfssl-certinfo");

fn run(program: &str, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut child = start(program, arguments);
    let mut input = child.stdin.take().unwrap();
    let Output { status, stdout, stderr } = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that needs no input may end before it gets any.
            let _ = input.write_all(stdin);
        });
        child.wait_with_output().unwrap()
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn start(program: &str, arguments: &[&str]) -> std::process::Child {
    Command::new(program)
        .args(arguments)
        .env_remove("CFSSL_STRICT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn certinfo(arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    run(CFSSL, &[&["certinfo"], arguments].concat(), stdin)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn line_of(der: &[u8]) -> Value {
    let mut line = String::new();
    CertificateDetails::new(der, OffsetDateTime::UNIX_EPOCH).write_json(&mut line, None);
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// A certificate that says a little of everything.
fn rich() -> Vec<u8> {
    let upn = [oid(&[1, 3, 6, 1, 4, 1, 311, 20, 2, 3]), tlv(0xa0, &tlv(0x0c, b"user@corp.example"))].concat();
    let names = san(&[
        (0x82, b"a.example"),
        (0x81, b"a@a.example"),
        (0x86, b"https://a.example/x"),
        (0x87, &[10, 0, 0, 1]),
        (0xa4, &name(&[(3, "dir")])),
        (0x88, &[0x2a, 3]),
        (0xa0, &upn),
    ]);
    let uri = |text: &[u8]| tlv(0x86, text);
    let access = |method, place: &[u8]| seq(&[oid(&[1, 3, 6, 1, 5, 5, 7, 48, method]), uri(place)]);
    let subtree = |name: Vec<u8>| seq(&[name]);
    let limits = seq(&[
        tlv(
            0xa0,
            &[subtree(tlv(0x82, b"example")), subtree(tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]))].concat(),
        ),
        tlv(0xa1, &subtree(tlv(0x81, b"b.example"))),
    ]);
    let cps = seq(&[oid(&[1, 3, 6, 1, 5, 5, 7, 2, 1]), tlv(0x16, b"http://cps.example")]);
    let notice = seq(&[oid(&[1, 3, 6, 1, 5, 5, 7, 2, 2]), seq(&[tlv(0x0c, b"Mind the gap")])]);
    let policy = seq(&[oid(&[2, 23, 140, 1, 2, 1]), seq(&[cps, notice])]);
    let template = seq(&[oid(&[1, 3, 6, 1, 4, 1, 311, 21, 8, 1]), tlv(2, &[100]), tlv(2, &[3])]);
    let extensions = vec![
        names,
        extension(&[2, 5, 29, 15], true, &[3, 2, 5, 0xa0]),
        extension(&[2, 5, 29, 37], false, &seq(&[oid(&[1, 3, 6, 1, 5, 5, 7, 3, 1]), oid(&[1, 2, 3])])),
        extension(&[2, 5, 29, 19], true, &seq(&[])),
        extension(&[2, 5, 29, 30], true, &limits),
        extension(&[2, 5, 29, 32], false, &seq(&[policy])),
        extension(
            &[1, 3, 6, 1, 5, 5, 7, 1, 1],
            false,
            &seq(&[access(1, b"http://ocsp.example"), access(2, b"http://ca.example")]),
        ),
        extension(
            &[2, 5, 29, 31],
            false,
            &seq(&[seq(&[tlv(0xa0, &tlv(0xa0, &uri(b"http://crl.example")))])]),
        ),
        extension(&[2, 5, 29, 14], false, &tlv(4, &[1, 0xab])),
        extension(
            &[2, 5, 29, 35],
            false,
            &seq(&[tlv(0x80, &[2, 0xcd]), tlv(0xa1, &tlv(0xa4, &name(&[(3, "above")]))), tlv(0x82, &[7])]),
        ),
        extension(&[1, 3, 6, 1, 4, 1, 11129, 2, 4, 2], false, &tlv(4, &[0, 7, 0, 1, 9, 0, 2, 9, 9])),
        extension(&[1, 3, 6, 1, 5, 5, 7, 1, 24], false, &seq(&[tlv(2, &[5])])),
        extension(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], false, &tlv(5, &[])),
        extension(&[2, 16, 840, 1, 113_730, 1, 1], false, &[3, 2, 6, 0x40]),
        extension(&[2, 16, 840, 1, 113_730, 1, 13], false, &tlv(0x16, b"made by hand")),
        extension(&[1, 3, 6, 1, 4, 1, 311, 21, 7], false, &template),
        extension(&[1, 2, 3, 4], false, &tlv(4, &[0xfe])),
    ];
    let attributes =
        [attribute(&[2, 5, 4, 11], 0x0c, b"a"), attribute(&[2, 5, 4, 3], 0x0c, b"b, c")].concat();
    let subject = seq(&[tlv(0x31, &attribute(&[2, 5, 4, 6], 0x13, b"CN")), tlv(0x31, &attributes)]);
    Certificate { subject, extensions, serial: tlv(2, &[0x12, 0x34]), ..Certificate::default() }.der()
}

fn with_names(texts: &[&str]) -> Vec<u8> {
    let text = |text: &str| tlv(0x31, &attribute(&[2, 5, 4, 10], 0x0c, text.as_bytes()));
    let subject = seq(&texts.iter().map(|one| text(one)).collect::<Vec<_>>());
    let names: Vec<(u8, &[u8])> = texts.iter().map(|text| (0x82, text.as_bytes())).collect();
    let comment = extension(&[2, 16, 840, 1, 113_730, 1, 13], false, &tlv(0x0c, texts.concat().as_bytes()));
    Certificate {
        issuer: subject.clone(),
        subject,
        extensions: vec![san(&names), comment],
        ..Certificate::default()
    }
    .der()
}

#[test]
fn a_line_of_json_has_everything() {
    let der = rich();
    let (code, out, err) = certinfo(
        &["-format", "jsonl", "-now", "2026-12-31T23:00:00Z", "-"],
        pem("CERTIFICATE", &der).as_bytes(),
    );
    assert_eq!((code, err.as_str()), (0, ""));
    let mut line: Value = serde_json::from_str(&out).unwrap();
    let members = line.as_object_mut().unwrap();
    // These have tests of their own.
    for computed in ["pem", "sha256", "sha1"] {
        assert!(members.remove(computed).is_some());
    }
    let extensions = members.remove("extensions").unwrap();
    members["key"].as_object_mut().unwrap().remove("sha256");
    let expected: Value = serde_json::from_str(r#"{
        "schema": "certmint.certificate/1",
        "source": { "name": "-", "position": 1, "line": 1 },
        "name": "b, c",
        "role": "server",
        "good_for": ["tls-server"],
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2027-01-01T00:00:00Z",
        "status": "valid",
        "days_left": 0,
        "version": 3,
        "subject": { "common_name": "b, c", "country": "CN", "organizational_unit": "a", "names": ["CN", "a", "b, c"] },
        "subject_text": "C=CN, OU=a + CN=b\\, c",
        "subject_rdns": [
            [{ "oid": "2.5.4.6", "type": "C", "value": "CN" }],
            [{ "oid": "2.5.4.11", "type": "OU", "value": "a" }, { "oid": "2.5.4.3", "type": "CN", "value": "b, c" }]
        ],
        "issuer": { "common_name": "issuer", "names": ["issuer"] },
        "issuer_text": "CN=issuer",
        "issuer_rdns": [[{ "oid": "2.5.4.3", "type": "CN", "value": "issuer" }]],
        "serial_number": "4660",
        "serial_hex": "1234",
        "sans": ["a.example", "10.0.0.1"],
        "alternative_names": [
            { "kind": "dns", "value": "a.example" },
            { "kind": "email", "value": "a@a.example" },
            { "kind": "uri", "value": "https://a.example/x" },
            { "kind": "ip", "value": "10.0.0.1" },
            { "kind": "directory", "value": "CN=dir" },
            { "kind": "registered-id", "value": "1.2.3" },
            { "kind": "other", "oid": "1.3.6.1.4.1.311.20.2.3", "type": "userPrincipalName", "value": "user@corp.example" }
        ],
        "sigalg": "SHA256WithRSA",
        "signature_oid": "1.2.840.113549.1.1.11",
        "authority_key_id": "02:CD",
        "subject_key_id": "01:AB",
        "key": { "kind": "RSA", "bits": 2048, "curve": null, "exponent": "65537", "oid": "1.2.840.113549.1.1.1" },
        "key_usage": ["digitalSignature", "keyEncipherment"],
        "extended_key_usage": ["serverAuth", "1.2.3"],
        "basic_constraints": { "ca": false, "path_len": null },
        "name_constraints": {
            "permitted": [{ "kind": "dns", "value": "example" }, { "kind": "ip", "value": "10.0.0.0/8" }],
            "excluded": [{ "kind": "email", "value": "b.example" }]
        },
        "policies": [
            { "oid": "2.23.140.1.2.1", "name": "domainValidated", "cps": ["http://cps.example"], "notices": ["Mind the gap"] }
        ],
        "authority_info_access": [
            { "method": "ocsp", "kind": "uri", "value": "http://ocsp.example" },
            { "method": "caIssuers", "kind": "uri", "value": "http://ca.example" }
        ],
        "crl_distribution_points": [{ "kind": "uri", "value": "http://crl.example" }],
        "authority_certificate": { "issuer": [{ "kind": "directory", "value": "CN=above" }], "serial_hex": "07" },
        "sct_count": 2,
        "must_staple": true,
        "tls_features": [5],
        "ocsp_no_check": true,
        "netscape_cert_type": ["sslServer"],
        "netscape_comment": "made by hand",
        "microsoft_template": { "oid": "1.3.6.1.4.1.311.21.8.1", "major_version": 100, "minor_version": 3 },
        "self_issued": false,
        "self_signed": false,
        "defects": []
    }"#).unwrap();
    assert_eq!(line, expected);
    assert_eq!(
        extensions[1],
        serde_json::json!({ "oid": "2.5.29.15", "name": "keyUsage", "critical": true, "size": 4 })
    );
    assert_eq!(
        extensions[16],
        serde_json::json!({ "oid": "1.2.3.4", "name": null, "critical": false, "size": 3, "hex": "0401fe" })
    );
    assert_eq!(extensions.as_array().unwrap().len(), 17);
}

#[test]
fn documentation_has_every_member_and_every_column() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inspection.md")).unwrap();
    let line = line_of(&rich());
    for member in line.as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{member}`")), "{member}");
    }
    let columns: Vec<&str> = page
        .split("| column | what it holds |")
        .nth(1)
        .unwrap()
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let known: Vec<&str> = certmint::output::certificate::FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(columns, known);
}

#[test]
fn fingerprints_are_those_of_openssl() {
    let folder = tempfile::tempdir().unwrap();
    let der = rich();
    fs::write(folder.path().join("c.der"), &der).unwrap();
    let line = line_of(&der);
    for hash in ["sha256", "sha1"] {
        let arguments =
            ["x509", "-inform", "DER", "-in", "c.der", "-noout", "-fingerprint", &format!("-{hash}")];
        let output = Command::new("openssl").args(arguments).current_dir(folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let theirs = text.trim().rsplit('=').next().unwrap().replace(':', "").to_ascii_lowercase();
        assert_eq!(line[hash], theirs);
    }
}

#[test]
fn lines_of_json_have_all_that_certinfo_prints() {
    let mut all =
        vec![rich(), with_names(&["é\u{fffd}", "<&>\u{2028}", "\"\\\n"]), Certificate::default().der()];
    // Extensions that stand there twice, and some that are broken.
    let broken = vec![
        san(&[(0x82, b"a"), (0x87, &[1, 2, 3])]),
        san(&[(0x82, b"\xff")]),
        extension(&[2, 5, 29, 14], false, b"x"),
        extension(&[2, 5, 29, 14], false, &tlv(4, &[1])),
        extension(&[2, 5, 29, 14], false, &tlv(4, &[2])),
        extension(&[2, 5, 29, 35], false, &seq(&[tlv(0x80, &[])])),
    ];
    all.push(Certificate { extensions: broken, ..Certificate::default() }.der());
    for serial in [&[0xffu8][..], &[0x80, 0, 0, 0, 0], &[0; 30]] {
        all.push(Certificate { serial: tlv(2, serial), ..Certificate::default() }.der());
    }
    for der in all {
        is_superset(&der);
    }
}

fn is_superset(der: &[u8]) {
    let line = line_of(der);
    let Ok(described) = inspect::describe(der) else { return };
    let described: Value = serde_json::from_str(&described.to_json_text()).unwrap();
    for (member, value) in described.as_object().unwrap() {
        assert_eq!(line.get(member), Some(value), "{member}");
    }
}

/// True for what drives a terminal, or shows in another order than it stands.
fn is_hostile(letter: char) -> bool {
    letter != '\n'
        && (letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter) || letter == '\u{2066}')
}

#[test]
fn names_of_strangers_do_not_reach_the_terminal() {
    let der = with_names(&["\u{1b}[2J\u{1b}]0;x\u{7}", "a\u{202e}b\u{2066}", "\u{9b}1m\r\n\t", "\0"]);
    let pem = pem("CERTIFICATE", &der);
    for arguments in [
        &["-format", "text", "-"][..],
        &["-format", "jsonl", "-"],
        &["-fields", "name,subject,issuer,sans,dns", "-"],
    ] {
        let (code, out, err) = certinfo(arguments, pem.as_bytes());
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(!out.chars().any(is_hostile), "{out:?}");
    }
    let (_, out, _) = certinfo(&["-format", "text", "-"], pem.as_bytes());
    assert!(out.contains("\\u{202e}") && out.contains("\\u{1b}[2J"), "{out}");
    // No colours where nobody can see them.
    let (_, out, _) = certinfo(&["-format", "text", "-"], self::pem("CERTIFICATE", &rich()).as_bytes());
    assert!(!out.contains('\u{1b}'), "{out}");
}

fn any_name() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..40).prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #[test]
    fn any_damage_is_shown(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut der = rich();
        for (at, octet) in &changes {
            let at = at.index(der.len());
            der[at] = *octet;
        }
        is_superset(&der);
        shows(&der);
    }

    #[test]
    fn any_bytes_are_shown(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        line_of(&bytes);
        shows(&bytes);
    }

    #[test]
    fn any_names_are_shown_harmlessly(names in proptest::collection::vec(any_name(), 1..5)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let der = with_names(&names);
        is_superset(&der);
        let text = shows(&der);
        assert!(!text.chars().any(is_hostile), "{text:?}");
    }
}

#[test]
fn of_a_very_long_name_people_see_the_beginning_and_programs_all() {
    let long = "x".repeat(12_000);
    let pem = pem("CERTIFICATE", &with_names(&[&long]));
    let (code, text, _) = certinfo(&["-format", "text", "-cert", "-"], pem.as_bytes());
    assert_eq!(code, 0);
    assert!(text.len() < 15_000 && text.contains("xxx…"), "{}", text.len());
    let (code, json, _) = certinfo(&["-format", "jsonl", "-cert", "-"], pem.as_bytes());
    assert_eq!(code, 0);
    assert!(json.contains(&long));
}

/// The certificate as text and in every column of a table.
fn shows(der: &[u8]) -> String {
    let details = CertificateDetails::new(der, OffsetDateTime::UNIX_EPOCH);
    let origin = inspect::details::Origin { name: "x", position: Some(1), line: None, member: None };
    let mut text = String::new();
    write_text(&mut text, &details, &origin, &Look::PLAIN);
    let all: Vec<&str> = certmint::output::certificate::FIELDS.iter().map(|field| field.name).collect();
    let fields = fields(&all.join(",")).unwrap();
    let rows = [row(&details, &origin, &fields)];
    for columns in [None, Some(1), Some(200)] {
        write_table(&mut text, &fields, &rows, &Look { columns, ..Look::PLAIN });
    }
    text
}

/// A bundle of certificates that differ in their serial numbers.
fn different(count: u32) -> String {
    let section = |number: u32| {
        let serial = tlv(2, &number.to_be_bytes().map(|octet| octet & 0x7f));
        pem("CERTIFICATE", &Certificate { serial, ..Certificate::default() }.der())
    };
    (0..count).map(section).collect()
}

#[test]
fn certificates_of_a_long_bundle_come_in_their_order() {
    let bundle = different(3_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.pem");
    fs::write(&path, &bundle).unwrap();
    let (code, out, err) = certinfo(&["-format", "jsonl", path.to_str().unwrap()], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    let begins: Vec<usize> = bundle
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("-----BEGIN"))
        .map(|(number, _)| number + 1)
        .collect();
    let lines = lines(&out);
    assert_eq!(lines.len(), 3_000);
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["source"]["position"], number + 1);
        assert_eq!(line["source"]["line"], begins[number]);
        let octets = u32::try_from(number).unwrap().to_be_bytes().map(|octet| octet & 0x7f);
        let serial: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(line["serial_hex"], serial);
    }
    // The same in pieces, from a pipe.
    let (_, piped, _) = certinfo(&["-format", "jsonl", "-"], bundle.as_bytes());
    assert_eq!(piped.replace("\"name\":\"-\"", &format!("\"name\":\"{}\"", path.display())), out);
}

/// Runs `cfssl` where no process and no thread can be started besides it.
fn run_alone(arguments: &[&str]) -> (i32, String, String) {
    // The limit is not for root, and the build directory need not be open to anybody else.
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = place.path().join("cfssl");
    fs::copy(CFSSL, &copy).unwrap();
    let alone = ["prlimit", "--nproc=1", copy.to_str().unwrap()];
    let as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let words = [if is_root { &as_nobody[..] } else { &[] }, &alone, arguments].concat();
    run(words[0], &words[1..], b"")
}

#[test]
fn where_no_thread_can_be_started_one_does_it_all() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path().join("bundle.pem");
    fs::write(&path, different(1_000)).unwrap();
    let path = path.to_str().unwrap();
    for arguments in [&["certinfo", "-format", "jsonl"][..], &["audit", "-format", "jsonl"]] {
        let arguments = [arguments, &[path]].concat();
        let (status, out, err) = run_alone(&arguments);
        let (expected, lines, _) = run(CFSSL, &arguments, b"");
        assert_eq!((status, out.lines().count()), (expected, lines.lines().count()), "{err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

/// The most memory the process had so far, in KiB.
fn peak(child: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn memory_does_not_grow_with_the_bundle() {
    let section = pem("CERTIFICATE", &rich());
    let junk = "some text that is not PEM\n".repeat(100);
    for piece in [section.repeat(60), format!("{section}{junk}"), "x".repeat(1 << 16)] {
        let mut child = start(CFSSL, &["certinfo", "-format", "jsonl", "-"]);
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
        // It begins as a bundle does.
        stdin.write_all(section.as_bytes()).unwrap();
        let mut written = 0;
        let mut early = 0;
        while written < 24 << 20 {
            stdin.write_all(piece.as_bytes()).unwrap();
            written += piece.len();
            if early == 0 && written > 4 << 20 {
                early = peak(child.id());
            }
        }
        let late = peak(child.id());
        drop(stdin);
        assert!(child.wait().unwrap().success());
        assert!(reader.join().unwrap() > 0);
        assert!(late < 24 << 10 && late < early + 4096, "{early} KiB, then {late} KiB");
    }
}

#[test]
fn a_section_without_end_is_told_and_takes_no_memory() {
    let good = pem("CERTIFICATE", &rich());
    let endless = format!("{good}-----BEGIN CERTIFICATE-----\n{}", "TUlJ\n".repeat(1 << 20));
    for (end, more, code) in [("", 1, 1), ("-----END CERTIFICATE-----\n", 2, 1)] {
        let bundle = format!("{endless}{end}{}", if more == 2 { good.as_str() } else { "" });
        let (status, out, err) = certinfo(&["-format", "jsonl", "-"], bundle.as_bytes());
        assert_eq!(status, code);
        assert_eq!(out.lines().count(), more, "{err}");
        let line = good.lines().count() + 1;
        assert!(err.contains(&format!("line {line}: the section is longer than a mebibyte")), "{err}");
    }
}

#[test]
fn a_certificate_that_breaks_off_is_shown_as_far_as_it_goes() {
    let der = rich();
    let cut = pem("CERTIFICATE", &der[..der.len() - 5]);
    let (code, out, err) = certinfo(&["-format", "jsonl", "-"], cut.as_bytes());
    assert_eq!(code, 0, "{err}");
    let [line] = lines(&out).try_into().unwrap();
    let whole = line_of(&der);
    for member in ["subject_text", "serial_number", "not_after", "sans", "extensions"] {
        assert_eq!(line[member], whole[member], "{member}");
    }
    let defects = line["defects"].as_array().unwrap();
    assert_eq!(defects[0]["fault"], "it is no DER SEQUENCE of the length it says");
    // Wherever it breaks off, nothing is shown that is not there.
    for length in 0..der.len() {
        let text = shows(&der[..length]);
        assert!(text.contains("Broken"), "{length}");
    }
}

#[test]
fn what_is_damaged_does_not_stop_the_rest() {
    let good = pem("CERTIFICATE", &rich());
    let bundle = format!(
        "{good}{}{}{good}{}",
        good.replace("MII", "M*I"),
        pem("CERTIFICATE", &[0x30, 0]),
        good.replace("-----END CERTIFICATE-----\n", "")
    );
    for format in ["json", "jsonl", "text", "table"] {
        let (code, out, err) = certinfo(&["-format", format, "-"], bundle.as_bytes());
        assert_eq!(code, 1, "{format}");
        assert_eq!(out.matches("b, c").count().min(2), 2, "{format}: {out}");
        let faults: Vec<&str> =
            err.lines().filter(|line| line.contains("[ERROR] standard input: line ")).collect();
        assert_eq!(faults.len(), 3, "{err}");
        assert!(
            err.ends_with("\n{\"code\":1001,\"message\":\"3 parts of the input could not be read\"}\n"),
            "{err}"
        );
    }
}

#[test]
fn everything_that_holds_certificates_is_read() {
    let der = rich();
    let text = pem("CERTIFICATE", &der);
    let data = oid(&[1, 2, 840, 113_549, 1, 7, 1]);
    let content = seq(&[
        tlv(2, &[1]),
        tlv(0x31, &[]),
        seq(&[data]),
        tlv(0xa0, &[der.clone(), der.clone()].concat()),
        tlv(0x31, &[]),
    ]);
    let pkcs7 = seq(&[oid(&[1, 2, 840, 113_549, 1, 7, 2]), tlv(0xa0, &content)]);
    let base64: String = pem("X", text.as_bytes()).lines().filter(|line| !line.starts_with('-')).collect();
    let kubeconfig = format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    certificate-authority-data: {base64}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    for (file, bytes, count) in [
        ("der", der.clone(), 1),
        ("pem", format!("words\n{text}more\n{text}").into_bytes(), 2),
        ("p7.pem", pem("PKCS7", &pkcs7).into_bytes(), 2),
        ("p7", pkcs7, 2),
        ("trusted.pem", pem("TRUSTED CERTIFICATE", &[der.clone(), seq(&[])].concat()).into_bytes(), 1),
        ("kubeconfig", kubeconfig.into_bytes(), 1),
        ("json", serde_json::to_vec(&serde_json::json!({ "cert": text })).unwrap(), 1),
    ] {
        let path = folder.path().join(file);
        fs::write(&path, &bytes).unwrap();
        let (code, out, err) = certinfo(&["-format", "jsonl", path.to_str().unwrap()], b"");
        assert_eq!((code, err.as_str()), (0, ""), "{file}");
        let found = lines(&out);
        assert_eq!(found.len(), count, "{file}");
        assert!(found.iter().all(|line| line["serial_hex"] == "1234"), "{file}: {out}");
        let (code, piped, _) = certinfo(&["-format", "jsonl", "-"], &bytes);
        assert_eq!((code, piped.lines().count()), (0, count), "{file}");
    }
    let (code, out, err) = certinfo(&["-format", "jsonl", folder.path().to_str().unwrap()], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(lines(&out).len(), 10);
    let members: Vec<Value> = lines(&out).iter().map(|line| line["source"]["member"].clone()).collect();
    assert!(members.contains(&"clusters[0].cluster.certificate-authority-data".into()), "{members:?}");
    assert!(members.contains(&"cert".into()), "{members:?}");
}

#[test]
fn requests_lists_and_keys_are_described_with_what_belongs_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(
        path.join("ca.cnf"),
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=3\n",
    )
    .unwrap();
    fs::write(path.join("index.txt"), "").unwrap();
    for command in [
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
        "req -x509 -new -key key.pem -subj /CN=me -days 9 -out cert.pem",
        "req -new -key key.pem -subj /CN=wanted -out x.csr",
        "pkey -in key.pem -pubout -out pub.pem",
        "pkey -in key.pem -outform der -out key.der",
        "ca -config ca.cnf -gencrl -keyfile key.pem -cert cert.pem -out root.crl",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes-128-cbc -pass pass:x -out closed.pem",
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let done = Command::new("openssl").args(arguments).current_dir(path).output().unwrap();
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let names = ["key.pem", "x.csr", "root.crl", "pub.pem", "key.der", "closed.pem", "cert.pem"];
    let files: Vec<String> = names.map(|name| path.join(name).to_str().unwrap().to_owned()).to_vec();
    let ask = |format: &[&str]| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let (code, out, err) = certinfo(&[format, &files].concat(), b"");
        assert_eq!((code, err.as_str()), (0, ""), "{format:?}");
        out
    };
    let found = lines(&ask(&["-format", "jsonl"]));
    let types: Vec<&str> = found.iter().map(|line| line["type"].as_str().unwrap_or("certificate")).collect();
    assert_eq!(
        types,
        ["certificate", "private-key", "csr", "crl", "public-key", "private-key", "private-key"]
    );
    let spki = Command::new("openssl")
        .args(["pkey", "-in", &files[0], "-pubout", "-outform", "der"])
        .output()
        .unwrap()
        .stdout;
    let hash: String = certmint::keys::sha256(&spki).iter().map(|octet| format!("{octet:02x}")).collect();
    for at in [1, 2, 4, 5] {
        let key = &found[at]["key"];
        assert_eq!(
            (&key["kind"], &key["bits"], &key["curve"]),
            (&"ECDSA".into(), &256.into(), &"P-256".into())
        );
        assert_eq!(key["sha256"], hash.as_str());
        let matches = found[at]["matches"].as_array().unwrap();
        assert_eq!(matches.len(), 4, "{matches:?}");
        assert_eq!((&matches[0]["type"], &matches[0]["name"]), (&"certificate".into(), &"me".into()));
        assert_eq!(matches[0]["source"], files[6].as_str());
    }
    assert_eq!((&found[1]["form"], &found[1]["encrypted"]), (&"PKCS #8".into(), &false.into()));
    assert_eq!((&found[2]["name"], &found[2]["form"]), (&"CN=wanted".into(), &Value::Null));
    assert_eq!((&found[3]["name"], &found[3]["list"]["revoked"]), (&"CN=me".into(), &0.into()));
    assert_eq!(found[3]["matches"].as_array().unwrap().len(), 1);
    assert_eq!((&found[6]["encrypted"], &found[6]["key"]), (&true.into(), &Value::Null));
    assert_eq!(found[6]["fault"], "it is encrypted, and no password is given");
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inspection.md")).unwrap();
    let section = docs.split("## Lines of JSON for other objects").nth(1).unwrap();
    for member in found[1].as_object().unwrap().keys() {
        assert!(section.contains(&format!("\n| `{member}` |")), "{member}");
    }
    let text = ask(&["-format", "text"]);
    for words in
        ["private key, encrypted", "certificate revocation list", "request of CN=wanted", "certificate me in"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let table = ask(&["-fields", "role,key"]);
    assert!(table.contains("csr          ECDSA P-256"), "{table}");
    // cfssl's own form has certificates only.
    let (code, out, err) = certinfo(&["-format", "json", &files[6], &files[1], &files[2]], b"");
    assert_eq!((code, out.matches("\"sigalg\"").count()), (1, 1));
    assert!(err.contains("root.crl: a certificate revocation list where a certificate is expected"), "{err}");
    assert!(err.contains("x.csr: a CSR where a certificate is expected"), "{err}");
}

#[test]
fn certinfo_and_audit_agree_on_what_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let text = pem("CERTIFICATE", &rich());
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [
        ("flat.pem", text.replace('\n', " ").into_bytes()),
        ("literal.pem", text.replace('\n', "\\n").into_bytes()),
        ("utf16.pem", [&[0xff, 0xfe][..], &utf16].concat()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        let (code, out, err) = certinfo(&["-format", "jsonl", path], b"");
        assert_eq!((code, out.lines().count()), (1, 1), "{name}: {err}");
        assert!(err.contains("it could be read here, but other programs do not read it"), "{name}: {err}");
        let (_, out, _) = run(CFSSL, &["audit", "-format", "json", path], b"");
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["summary"]["certificates"], 1, "{name}");
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["rule"] == "object-damaged"), "{name}: {findings:?}");
    }
    // What a wrong file holds is called by its name.
    let config = folder.path().join("kubelet.conf");
    fs::write(&config, "kind: Config\nclusters: []\nusers:\n- user: {client-certificate: pki/a.pem}\n")
        .unwrap();
    let (_, _, err) = certinfo(&["-format", "text", config.to_str().unwrap()], b"");
    assert!(err.contains("a kubeconfig without certificates of its own: it names pki/a.pem"), "{err}");
}

#[test]
fn several_inputs_are_read_and_one_that_is_missing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("a, b.pem"), pem("CERTIFICATE", &rich())).unwrap();
    fs::write(path("key.pem"), pem("EC PRIVATE KEY", &seq(&[tlv(2, &[1]), tlv(4, &[1; 32])]))).unwrap();
    let (one, key, missing) = (path("a, b.pem"), path("key.pem"), path("missing.pem"));
    for program in [CFSSL, CERTINFO] {
        let command: &[&str] = if program == CFSSL { &["certinfo"] } else { &[] };
        let with = |arguments: &[&str]| run(program, &[command, arguments].concat(), b"");
        let plain = inspect::describe(&rich()).unwrap().to_json_text();
        // cfssl's objects one after the other.
        assert_eq!(with(&[&one, &one]), (0, plain.repeat(2), String::new()));
        assert_eq!(
            with(&["-cert", &one, "-cert", &one, "-format", "json", &one]),
            (0, plain.repeat(3), String::new())
        );
        let (code, out, err) = with(&["-format", "table", &one, &missing, &key, &one]);
        assert_eq!((code, out.lines().count()), (1, 4));
        assert!(err.contains("missing.pem: no such file or directory"), "{err}");
        assert!(err.ends_with("\"1 part of the input could not be read\"}\n"), "{err}");
        let (code, out, err) = with(&["-format", "json", &one, &key]);
        assert_eq!((code, out), (1, plain.clone()));
        assert!(err.contains("key.pem: ") && err.contains("a private key where"), "{err}");
        let (code, out, err) = with(&["-format", "jsonl", &missing]);
        assert_eq!(
            (code, out.as_str(), err.as_str()),
            (1, "", format!("open {missing}: no such file or directory\n").as_str())
        );
        let (code, _, err) = with(&["-format", "text", "-csr", &one]);
        assert!(code == 1 && err.contains("-csr"), "{err}");
    }
}

#[test]
fn a_reader_that_has_gone_away_ends_the_work() {
    let bundle = pem("CERTIFICATE", &rich()).repeat(20_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.pem");
    fs::write(&path, bundle).unwrap();
    let mut child = start(CFSSL, &["certinfo", "-format", "jsonl", path.to_str().unwrap()]);
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_terminal_has_colours_and_a_width() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.pem"), pem("CERTIFICATE", &rich())).unwrap();
    let shown = |environment: &str, arguments: &str| {
        let command = format!("stty cols 50; TERM=xterm {environment} {CFSSL} certinfo {arguments} c.pem");
        // script(1) runs it on a terminal of its own.
        let output = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(folder.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .expect("script is missing: apt-get install bsdutils");
        String::from_utf8(output.stdout).unwrap().replace('\r', "")
    };
    let text = shown("", "-format text");
    assert!(text.starts_with("\u{1b}[1mb, c\u{1b}[0m\n"), "{text:?}");
    for environment in ["NO_COLOR=1", "env TERM=dumb"] {
        let text = shown(environment, "-format text");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        assert!(text.lines().all(|line| line.chars().count() <= 50), "{text}");
    }
    let table = shown("NO_COLOR=1 LC_ALL=C.UTF-8", "-fields name,subject,sans,dns,good_for");
    assert!(table.lines().all(|line| line.chars().count() <= 50), "{table}");
    assert!(table.contains('…'), "{table}");
}
