//! What `certinfo` prints, compared byte for byte with the cfssl that is installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "certinfo/der.rs"]
mod der;

use certmint::inspect;
use der::{
    Certificate, attribute, bits, csr, extension, extension_request, name, oid, pem, rsa_key, san, seq,
    sha256_rsa, tlv,
};
use std::io::Write;
use std::process::{Command, Stdio};

fn cfssl(flag: &str, input: &str) -> (String, String) {
    let mut child = Command::new("/opt/cfssl-1.6.5/usr/bin/cfssl")
        .args(["certinfo", flag, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cfssl 1.6.5 is missing; `make peers` installs it");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

fn assert_same_certificate(what: &str, pem: &str) {
    let (theirs, complaint) = cfssl("-cert", pem);
    assert!(!theirs.is_empty(), "{what}: cfssl refuses it: {complaint}");
    let certificate =
        inspect::read_certificate_pem(pem.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
    let info = inspect::describe(&certificate).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(info.to_json_text(), theirs, "{what}");
}

fn assert_same_csr(what: &str, pem: &str) {
    let (theirs, complaint) = cfssl("-csr", pem);
    assert!(!theirs.is_empty(), "{what}: cfssl refuses it: {complaint}");
    let request = inspect::read_csr_pem(pem.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
    let ours = inspect::describe_csr(&request).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(certmint::json::indented(&ours, "  ") + "\n", theirs, "{what}");
}

fn validity(not_before: (u8, &str), not_after: (u8, &str)) -> Vec<u8> {
    let time = |(tag, text): (u8, &str)| tlv(tag, text.as_bytes());
    seq(&[time(not_before), time(not_after)])
}

fn rsa_signature(last_arc: u64) -> Vec<u8> {
    seq(&[oid(&[1, 2, 840, 113_549, 1, 1, last_arc]), tlv(5, &[])])
}

fn rsa_pss(digest: u64, salt: u8) -> Vec<u8> {
    let hash = seq(&[oid(&[2, 16, 840, 1, 101, 3, 4, 2, digest]), tlv(5, &[])]);
    let mask = seq(&[oid(&[1, 2, 840, 113_549, 1, 1, 8]), hash.clone()]);
    let parameters = seq(&[tlv(0xa0, &hash), tlv(0xa1, &mask), tlv(0xa2, &tlv(2, &[salt]))]);
    seq(&[oid(&[1, 2, 840, 113_549, 1, 1, 10]), parameters])
}

fn one(arcs: &[u64], tag: u8, value: &[u8]) -> Vec<u8> {
    seq(&[tlv(0x31, &attribute(arcs, tag, value))])
}

#[test]
fn odd_certificates_are_described_as_cfssl_does() {
    let plain = Certificate::default;
    let with_serial = |bytes: &[u8]| Certificate { serial: tlv(2, bytes), ..plain() };
    let with_subject = |subject| Certificate { subject, ..plain() };
    let with_algorithm = |algorithm| Certificate { algorithm, ..plain() };
    let with_validity = |validity| Certificate { validity, ..plain() };
    let with_extensions = |extensions: &[Vec<u8>]| Certificate { extensions: extensions.to_vec(), ..plain() };
    let cn = [2, 5, 4, 3];
    let mixed_set = [
        attribute(&[2, 5, 4, 10], 0x13, b"Org"),
        attribute(&[2, 5, 4, 11], 0x13, b"Unit"),
        attribute(&[2, 5, 4, 10], 0x13, b"Other Org"),
    ];
    let many = name(&[
        (6, "CN"),
        (8, "SH"),
        (7, "BS"),
        (9, "Street 1"),
        (9, "Street 2"),
        (17, "12345"),
        (10, "etcd"),
        (10, "system:masters"),
        (11, "System"),
        (3, "first"),
        (3, "last"),
        (5, "77"),
        (5, "78"),
        (12, "title"),
    ]);
    let skid = |bytes: &[u8]| extension(&[2, 5, 29, 14], false, &tlv(4, bytes));
    let akid = |parts: &[Vec<u8>]| extension(&[2, 5, 29, 35], false, &seq(parts));

    let shapes: Vec<(&str, Certificate)> = vec![
        ("plain", plain()),
        ("version 1", Certificate { version: Vec::new(), ..plain() }),
        (
            "unique ids",
            Certificate { after_key: [tlv(0x81, &[0, 1]), tlv(0x82, &[0, 2])].concat(), ..plain() },
        ),
        ("serial 0", with_serial(&[0])),
        ("serial 127", with_serial(&[127])),
        ("serial 128", with_serial(&[0, 128])),
        ("serial -1", with_serial(&[0xff])),
        ("serial -128", with_serial(&[0x80])),
        ("serial of 20 bytes", with_serial(&[0x7f; 20])),
        (
            "negative serial of 20 bytes",
            with_serial(&[0x80, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        ("serial of 21 bytes", with_serial(&[[0].as_slice(), &[0xff; 20]].concat())),
        ("serial of 40 bytes", with_serial(&[0x5a; 40])),
        ("serial with inner zeros", with_serial(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("empty subject", with_subject(seq(&[]))),
        ("empty relative name", with_subject(seq(&[tlv(0x31, &[]), tlv(0x31, &attribute(&cn, 0x13, b"x"))]))),
        ("empty values", with_subject(name(&[(3, ""), (10, ""), (10, ""), (11, "")]))),
        ("many attributes", with_subject(many.clone())),
        ("many in the issuer", Certificate { issuer: many, ..plain() }),
        ("several in one set", with_subject(seq(&[tlv(0x31, &mixed_set.concat())]))),
        (
            "e-mail, DC and a private type",
            with_subject(seq(&[
                tlv(0x31, &attribute(&[1, 2, 840, 113_549, 1, 9, 1], 0x16, b"a@example.com")),
                tlv(0x31, &attribute(&[0, 9, 2342, 19_200_300, 100, 1, 25], 0x16, b"example")),
                tlv(0x31, &attribute(&[1, 3, 6, 1, 4, 1, 99_999, 1], 0x0c, b"private")),
                tlv(0x31, &attribute(&[2, 5, 4, 42], 0x13, b"Given")),
            ])),
        ),
        (
            "HTML letters",
            with_subject(name(&[(3, "<a>&\"b\"\\'c'"), (10, "\u{2028}\u{2029}\u{7f}\t\n\u{1}")])),
        ),
        ("other scripts", with_subject(name(&[(3, "證書"), (10, "Ünïcödé"), (11, "😀")]))),
        ("U+FFFD itself is told from a wrong byte", with_subject(name(&[(3, "plain")]))),
        ("PrintableString with * and &", with_subject(one(&cn, 0x13, b"*.a&b"))),
        ("IA5String", with_subject(one(&cn, 0x16, b"a_b@c"))),
        ("NumericString", with_subject(one(&cn, 0x12, b"12 34"))),
        ("T61String", with_subject(one(&cn, 0x14, b"plain"))),
        ("T61String in Latin-1", with_subject(one(&cn, 0x14, b"M\xfcller & \xe2\x82"))),
        ("BMPString", with_subject(one(&cn, 0x1e, &[0, b'a', 0x4e, 0x2d, 0, b'&']))),
        ("BMPString with a terminator", with_subject(one(&cn, 0x1e, &[0, b'a', 0, 0]))),
        ("BMPString with a surrogate pair", with_subject(one(&cn, 0x1e, &[0xd8, 0x3d, 0xde, 0]))),
        ("empty BMPString", with_subject(one(&cn, 0x1e, &[]))),
        ("GeneralizedTime", with_validity(validity((0x18, "20260101000000Z"), (0x18, "99991231235959Z")))),
        ("year 1950", with_validity(validity((0x17, "500101000000Z"), (0x17, "491231235959Z")))),
        ("year 1", with_validity(validity((0x18, "00010101000000Z"), (0x17, "491231235959Z")))),
        ("no seconds", with_validity(validity((0x17, "2601010000Z"), (0x17, "2701010000Z")))),
        ("an offset", with_validity(validity((0x17, "260101000000+0100"), (0x17, "270101000000-0330")))),
        ("no DNS name", with_extensions(&[san(&[(0x81, b"a@b"), (0x86, b"http://x/")])])),
        (
            "all kinds of name",
            with_extensions(&[san(&[
                (0x87, &[10, 0, 0, 1]),
                (0x82, b"b.example"),
                (0x81, b"m@example"),
                (0x82, b"a.example"),
                (0x86, b"spiffe://x/y"),
                (0x88, &[0x2a, 3]),
                (0xa0, &[6, 1, 0x2a, 0xa0, 3, 0x0c, 1, b'x']),
                (0x87, &[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
            ])]),
        ),
        (
            "IPv6 forms",
            with_extensions(&[san(&[
                (0x87, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4]),
                (0x87, &[0; 16]),
                (0x87, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
                (0x87, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
                (0x87, &[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
                (0x87, &[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd, 0, 0]),
                (0x87, &[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 8]),
                (0x87, &[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
            ])]),
        ),
        (
            "odd DNS names",
            with_extensions(&[san(&[(0x82, b""), (0x82, b"*.a b"), (0x82, b"<&>"), (0x82, b"a\nb")])]),
        ),
        ("empty list of names", with_extensions(&[extension(&[2, 5, 29, 17], true, &seq(&[]))])),
        (
            "key identifiers",
            with_extensions(&[skid(&[0, 1, 0x0a, 0x10, 0xff]), akid(&[tlv(0x80, &[0x0f, 0xf0, 0])])]),
        ),
        ("empty key identifiers", with_extensions(&[skid(&[]), akid(&[tlv(0x80, &[])])])),
        ("authority without a key identifier", with_extensions(&[akid(&[tlv(0x81, &[]), tlv(0x82, &[1])])])),
        ("empty authority key identifier", with_extensions(&[akid(&[])])),
        ("unknown critical extension", with_extensions(&[extension(&[1, 2, 3, 4], true, b"x")])),
        ("RSA-PSS", with_algorithm(rsa_pss(1, 32))),
        ("SHA-1", with_algorithm(rsa_signature(5))),
        ("SHA-384", with_algorithm(rsa_signature(12))),
        ("SHA-512", with_algorithm(rsa_signature(13))),
        ("MD5", with_algorithm(rsa_signature(4))),
        ("MD2", with_algorithm(rsa_signature(2))),
        ("SHA-224", with_algorithm(rsa_signature(14))),
        ("SHA-1 of ISO", with_algorithm(seq(&[oid(&[1, 3, 14, 3, 2, 29]), tlv(5, &[])]))),
        ("RSA without parameters", with_algorithm(seq(&[oid(&[1, 2, 840, 113_549, 1, 1, 11])]))),
        ("DSA", with_algorithm(seq(&[oid(&[1, 2, 840, 10_040, 4, 3])]))),
        ("DSA with SHA-256", with_algorithm(seq(&[oid(&[2, 16, 840, 1, 101, 3, 4, 3, 2])]))),
        ("ECDSA with SHA-1", with_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 1])]))),
        ("ECDSA with SHA-224", with_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 3, 1])]))),
        ("ECDSA with SHA-256", with_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 3, 2])]))),
        ("ECDSA with SHA-384", with_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 3, 3])]))),
        ("ECDSA with SHA-512", with_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 3, 4])]))),
        ("unknown key", Certificate { key: seq(&[seq(&[oid(&[1, 2, 3])]), bits(b"x")]), ..plain() }),
        ("unknown algorithm", with_algorithm(seq(&[oid(&[1, 2, 3, 4, 5])]))),
    ];
    assert!(shapes.len() >= 60);
    for (what, certificate) in &shapes {
        assert_same_certificate(what, &pem("CERTIFICATE", &certificate.der()));
    }
}

#[test]
fn odd_csrs_are_described_as_cfssl_does() {
    let subject = || name(&[(3, "subject")]);
    let names = |names: &[(u8, &[u8])]| vec![extension_request(&[san(names)])];
    let plain = |attributes: &[Vec<u8>]| csr(subject(), rsa_key(), sha256_rsa(), attributes);
    let of_subject = |subject| csr(subject, rsa_key(), sha256_rsa(), &[]);
    let of_algorithm = |algorithm| csr(subject(), rsa_key(), algorithm, &[]);
    let cn = [2, 5, 4, 3];
    let challenge = seq(&[oid(&[1, 2, 840, 113_549, 1, 9, 7]), tlv(0x31, &tlv(0x13, b"secret"))]);
    let uris: [&[u8]; 24] = [
        b"http://example.com",
        b"HTTP://u:p@Example.com:80/a%20b?q=1&r=<2>#frag%41",
        b"urn:x:y?z",
        b"/abs/path",
        b"//host/path",
        b"rel/path",
        b"*",
        b"mailto:a@b",
        b"http://[::1]:8080/",
        b"x:/a",
        b"x:///a",
        b"http://h/a(b)!*'c",
        b"http://h/?",
        b"http://h?",
        b"spiffe://cluster/ns/a",
        b"http://h/a%2Fb",
        b"http://h/%41%7e",
        b"http://h/#a b",
        b"http://h/#!()*",
        b"http://h/;a,b",
        b"",
        b"#f",
        b"http://h/a?b?c",
        b"x:a?",
    ];
    let uris: Vec<(u8, &[u8])> = uris.iter().map(|uri| (0x86, *uri)).collect();
    let odd_values = seq(&[
        tlv(0x31, &attribute(&cn, 2, &[0x12, 0x34])),
        tlv(0x31, &attribute(&cn, 4, b"bytes")),
        tlv(0x31, &attribute(&cn, 6, &[0x2a, 3, 0x88, 0x37])),
        tlv(0x31, &attribute(&cn, 3, &[4, 0xa0])),
        tlv(0x31, &attribute(&cn, 0x17, b"260101000000Z")),
        tlv(0x31, &attribute(&cn, 0x18, b"20260101000000Z")),
        tlv(0x31, &attribute(&cn, 1, &[0xff])),
        tlv(0x31, &attribute(&cn, 5, &[])),
        tlv(0x31, &attribute(&cn, 0x1b, b"general")),
        tlv(0x31, &attribute(&cn, 0x1c, &[0, 0, 0, b'a'])),
        tlv(0x31, &attribute(&cn, 0x30, &[2, 1, 1])),
        tlv(0x31, &attribute(&[2, 5, 4, 10], 0x1e, &[0, b'a', 0x4e, 0x2d])),
        tlv(0x31, &attribute(&[2, 5, 4, 10], 0x14, b"teletex")),
        tlv(0x31, &attribute(&[2, 5, 4, 11], 0x12, b"42")),
    ]);

    let shapes: Vec<(&str, Vec<u8>)> = vec![
        ("plain", plain(&[])),
        ("challenge password", plain(std::slice::from_ref(&challenge))),
        ("empty extension request", plain(&[extension_request(&[])])),
        (
            "two requests and a password",
            plain(&[
                extension_request(&[extension(&[1, 2, 3], true, b"a")]),
                challenge,
                extension_request(&[extension(&[1, 2, 4], false, b"")]),
            ]),
        ),
        (
            "names",
            plain(&names(&[
                (0x82, b"a.example"),
                (0x87, &[1, 2, 3, 4]),
                (0x81, b"m@x"),
                (0x82, b"<&>"),
                (0x87, &[0; 16]),
            ])),
        ),
        ("URIs", plain(&names(&uris))),
        ("empty subject", of_subject(seq(&[]))),
        (
            "all fields",
            of_subject(name(&[
                (6, "CN"),
                (8, "SH"),
                (7, "BS"),
                (9, "s"),
                (17, "p"),
                (10, "o1"),
                (10, "o2"),
                (11, "ou"),
                (3, "a&b"),
                (5, "9"),
            ])),
        ),
        ("values that are no text", of_subject(odd_values)),
        ("SHA-1", of_algorithm(rsa_signature(5))),
        ("SHA-384", of_algorithm(rsa_signature(12))),
        ("SHA-512", of_algorithm(rsa_signature(13))),
        ("MD5", of_algorithm(rsa_signature(4))),
        ("MD2", of_algorithm(rsa_signature(2))),
        ("RSA-PSS with SHA-256", of_algorithm(rsa_pss(1, 32))),
        ("RSA-PSS with SHA-384", of_algorithm(rsa_pss(2, 48))),
        ("RSA-PSS with SHA-512", of_algorithm(rsa_pss(3, 64))),
        ("RSA-PSS with another salt", of_algorithm(rsa_pss(1, 20))),
        ("unknown algorithm", of_algorithm(seq(&[oid(&[1, 2, 3])]))),
        ("ECDSA with SHA-1", of_algorithm(seq(&[oid(&[1, 2, 840, 10_045, 4, 1])]))),
        ("unknown key", csr(subject(), seq(&[seq(&[oid(&[1, 2, 3])]), bits(b"x")]), sha256_rsa(), &[])),
    ];
    for (what, der) in &shapes {
        assert_same_csr(what, &pem("CERTIFICATE REQUEST", der));
    }
}

fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("openssl is missing: apt-get install openssl");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "openssl {arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every kind of key that cfssl reads, as openssl makes certificates and CSRs of them.
#[test]
fn openssl_objects_of_every_key_are_described_as_cfssl_does() {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("key.pem");
    let key = key.to_str().unwrap();
    let kinds: [&[&str]; 7] = [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2047"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        &["-algorithm", "ED25519"],
    ];
    let subject = "/C=CN/ST=SH/O=a+OU=b/O=c/CN=<&>/emailAddress=e@x";
    let names = "subjectAltName=DNS:a.example,email:q@x,IP:::1,IP:1.2.3.4,URI:http://u@h:8/a%2Fb?q=1";
    for kind in kinds {
        openssl(&[&["genpkey", "-out", key], kind].concat());
        let common = ["req", "-new", "-utf8", "-key", key, "-subj", subject, "-addext", names];
        let request = openssl(&common);
        assert_same_csr(&format!("{kind:?}"), &request);
        let certificate = openssl(&[&common[..], &["-x509", "-days", "3"]].concat());
        assert_same_certificate(&format!("{kind:?}"), &certificate);
        let text = openssl(&[&common[..], &["-x509", "-text"]].concat());
        assert_same_certificate("text before", &text);
    }
    // cfssl reads DSA certificates too.
    let group = directory.path().join("dsa.pem");
    let group = group.to_str().unwrap();
    openssl(&[
        "genpkey",
        "-genparam",
        "-algorithm",
        "DSA",
        "-pkeyopt",
        "dsa_paramgen_bits:1024",
        "-out",
        group,
    ]);
    openssl(&["genpkey", "-paramfile", group, "-out", key]);
    let common = ["req", "-new", "-key", key, "-subj", "/CN=dsa"];
    assert_same_csr("DSA", &openssl(&common));
    assert_same_certificate("DSA", &openssl(&[&common[..], &["-x509"]].concat()));
}

#[test]
fn certtool_certificates_are_described_as_cfssl_does() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let template = "cn = \"müller & co\"\norganization = o1\norganization = o2\nunit = u\ndc = d1\ndc = d2\n\
        serial = 0x7fffffffffffffffffffffffffffffffffffffff\nexpiration_days = 20000\ndns_name = a\nip_address = ::1\n\
        uri = http://x/\nemail = e@x\nca\ncert_signing_key\n";
    std::fs::write(path("template"), template).unwrap();
    let certtool = |arguments: &[&str]| {
        let output = Command::new("certtool")
            .args(arguments)
            .output()
            .expect("certtool is missing: apt-get install gnutls-bin");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    for kind in ["rsa", "ecdsa", "ed25519"] {
        certtool(&["--generate-privkey", "--key-type", kind, "--outfile", &path("key")]);
        let files = [path("key"), path("template"), path("certificate")];
        certtool(&[
            "--generate-self-signed",
            "--load-privkey",
            &files[0],
            "--template",
            &files[1],
            "--outfile",
            &files[2],
        ]);
        assert_same_certificate(kind, &std::fs::read_to_string(&files[2]).unwrap());
    }
}

#[test]
fn installed_authorities_are_described_as_cfssl_does() {
    let mut count = 0;
    for entry in std::fs::read_dir("/etc/ssl/certs").expect("apt-get install ca-certificates") {
        let path = entry.unwrap().path();
        let is_single = path.extension().is_some_and(|extension| extension == "pem");
        if is_single && let Ok(text) = std::fs::read_to_string(&path) {
            assert_same_certificate(&path.display().to_string(), &text);
            count += 1;
        }
    }
    assert!(count > 100, "only {count} certificates: apt-get install ca-certificates");
}
