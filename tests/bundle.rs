//! `cfssl bundle`: compared with the cfssl that is installed, and judged by openssl.
//!
//! cfssl lists host names in an order that changes from run to run; everything else must be equal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

use certmint::ErrorKind;
use certmint::bundle::{BundleInput, Bundler, ChainCertificate, Flavor, read_certificates, read_input};
use certmint::csr::CertificateSigningRequest;
use certmint::keys::PrivateKey;
use certmint::model::SigningConfig;
use certmint::signer::{Ask, Issuance, LocalSigner};
use certmint::x509::Certificate;
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const OURS: &str = env!("CARGO_BIN_EXE_cfssl");
const PEER: &str = "/opt/cfssl-1.6.5/usr/bin/cfssl";

/// Runs shell commands, in which `$CFSSL` and `$JSON` are our programs.
fn sh(place: &Path, script: &str) {
    let output = Command::new("sh")
        .args(["-ec", script])
        .current_dir(place)
        .env("CFSSL", OURS)
        .env("JSON", env!("CARGO_BIN_EXE_cfssljson"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}

const PKI: &str = r#"
cat >config.json <<'END'
{"signing": {"default": {"expiry": "8760h", "usages": ["signing", "server auth"]}, "profiles": {
  "ca": {"expiry": "43800h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true}},
  "ca0": {"expiry": "43800h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true, "max_path_len": 0, "max_path_len_zero": true}},
  "oldca": {"expiry": "8760h", "usages": ["cert sign", "crl sign"], "not_before": "2020-01-01T00:00:00Z", "not_after": "2021-01-01T00:00:00Z", "ca_constraint": {"is_ca": true}},
  "old": {"expiry": "8760h", "usages": ["server auth"], "not_before": "2020-01-01T00:00:00Z", "not_after": "2021-01-01T00:00:00Z"},
  "soon": {"usages": ["server auth"], "expiry": "240h"},
  "ocsp": {"usages": ["server auth"], "expiry": "8760h", "ocsp_url": "http://ocsp.example", "crl_url": "http://crl.example/ca.crl"}
}}}
END
csr() { echo "{\"CN\": \"$1\", \"hosts\": [$3], \"key\": {\"algo\": \"$2\", \"size\": ${4:-256}}, \"names\": [{\"O\": \"Org, Inc\", \"C\": \"US\"}]}"; }
root() { csr "$2" "${3:-ecdsa}" "" "${4:-256}" | $CFSSL gencert -initca - 2>/dev/null | $JSON -bare $1; }
issue() { csr "$4" "${5:-ecdsa}" "\"$4\", \"www.example.com\"" "${6:-256}" | $CFSSL gencert -ca $1.pem -ca-key $1-key.pem -config config.json -profile "$3" - 2>/dev/null | $JSON -bare $2; }
root root "Root CA"
root other "Other Root"
issue root int ca "Intermediate CA"
issue int sub ca "Issuing CA" rsa 2048
issue root direct default direct.example
issue int leaf default leaf.example
issue sub deep default deep.example
issue int rsa default rsa.example rsa 2048
issue int p384 default p384.example ecdsa 384
issue int soon soon soon.example
issue int old old old.example
issue int ocsp ocsp ocsp.example
issue root ocspdirect ocsp ocspdirect.example
issue root oldint oldca "Old Intermediate"
issue oldint below default below.example
issue root zero ca0 "Narrow CA"
issue zero toolow ca "Too Low CA"
issue toolow lowleaf default lowleaf.example
# The same authority as int, under the other root.
$CFSSL sign -ca other.pem -ca-key other-key.pem -config config.json -profile ca int.csr 2>/dev/null | $JSON -bare cross
cat root.pem other.pem >roots.pem
cat int.pem sub.pem >ints.pem
cat int.pem cross.pem sub.pem >both.pem
cat leaf.pem int.pem >chain.pem
cat int.pem leaf.pem >reversed.pem
cat leaf.pem other.pem >broken.pem
cat deep.pem sub.pem int.pem >deepchain.pem
openssl crl2pkcs7 -nocrl -certfile leaf.pem -out leaf.p7 >/dev/null
openssl x509 -in leaf.pem -outform der -out leaf.der
echo junk >junk
: >empty
"#;

fn pki() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    sh(place.path(), PKI);
    place
}

/// Exit status, standard output, last line of standard error.
fn bundle(program: &str, place: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(program)
        .arg("bundle")
        .args(arguments)
        .current_dir(place)
        .env_remove("CFSSL_STRICT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cfssl 1.6.5 is missing; `make peers` installs it");
    // A program that needs no input may end before it gets any.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What both programs can agree on.
fn facts(text: &str) -> Value {
    let mut value = json(text);
    value.as_object_mut().unwrap().remove("leaf_expires");
    let mut names: Vec<String> =
        value["hostnames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    names.sort();
    value["hostnames"] = names.into();
    value
}

fn last_line(text: &str) -> String {
    let line = text.lines().last().unwrap_or_default();
    // The moment of the check is in the words.
    match line.split_once("current time ") {
        Some((before, after)) => format!("{before}{}", after.split_once(' ').unwrap_or_default().1),
        None => line.to_owned(),
    }
}

#[test]
fn makes_the_bundles_that_cfssl_makes() {
    let place = pki();
    let place = place.path();
    let leaves = ["direct", "leaf", "deep", "rsa", "p384", "soon", "ocsp", "ocspdirect"];
    let mut count = 0;
    let mut compare = |arguments: &[&str]| {
        let (code, ours, errors) = bundle(OURS, place, arguments, b"");
        let (peer_code, theirs, peer_errors) = bundle(PEER, place, arguments, b"");
        assert_eq!((code, peer_code), (0, 0), "{arguments:?}\n{errors}\n{peer_errors}");
        assert_eq!(facts(&ours), facts(&theirs), "{arguments:?}");
        let without_time = |text: &str| {
            text.lines().map(|line| line.get(20..).unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(without_time(&errors), without_time(&peer_errors), "{arguments:?}");
        count += 1;
    };
    for leaf in leaves {
        let file = format!("{leaf}.pem");
        let key = format!("{leaf}-key.pem");
        for flavor in ["ubiquitous", "optimal", "force"] {
            for roots in ["root.pem", "roots.pem"] {
                let arguments =
                    ["-cert", &file, "-ca-bundle", roots, "-int-bundle", "ints.pem", "-flavor", flavor];
                compare(&arguments);
            }
        }
        compare(&["-cert", &file, "-key", &key, "-ca-bundle", "root.pem", "-int-bundle", "ints.pem"]);
    }
    for file in ["chain.pem", "reversed.pem", "deepchain.pem", "leaf.der"] {
        compare(&["-cert", file, "-ca-bundle", "root.pem", "-int-bundle", "ints.pem"]);
        compare(&["-cert", file, "-ca-bundle", "roots.pem", "-flavor", "force"]);
    }
    // The chain comes with the certificate.
    compare(&["-cert", "deepchain.pem", "-ca-bundle", "root.pem"]);
    // Two ways up, and only one that is trusted.
    compare(&["-cert", "deep.pem", "-ca-bundle", "root.pem", "-int-bundle", "both.pem"]);
    compare(&["-cert", "deep.pem", "-ca-bundle", "other.pem", "-int-bundle", "both.pem"]);
    // An authority of its own.
    compare(&["-cert", "int.pem", "-ca-bundle", "root.pem"]);
    assert!(count > 60);
}

#[test]
fn fails_as_cfssl_does() {
    let place = pki();
    let place = place.path();
    let cases: [(&[&str], &str); 17] = [
        (&[], "Must specify bundle target through -cert or -domain"),
        (&["-cert", "nosuch"], r#"{"code":1001,"message":"open nosuch: no such file or directory"}"#),
        (
            &["-cert", "junk", "-ca-bundle", "root.pem"],
            r#"{"code":1002,"message":"Failed to decode certificate"}"#,
        ),
        (
            &["-cert", "empty", "-ca-bundle", "root.pem"],
            r#"{"code":1002,"message":"Failed to decode certificate"}"#,
        ),
        (
            &["-cert", "leaf-key.pem", "-ca-bundle", "root.pem"],
            r#"{"code":1003,"message":"Failed to parse certificate"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-ca-bundle", "root.pem"],
            r#"{"code":1220,"message":"x509: certificate signed by unknown authority"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-ca-bundle", "other.pem", "-int-bundle", "ints.pem"],
            r#"{"code":1220,"message":"x509: certificate signed by unknown authority"}"#,
        ),
        (
            &["-cert", "root.pem", "-ca-bundle", "root.pem"],
            r#"{"code":1100,"message":"Certificate is self signed"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-key", "rsa-key.pem", "-ca-bundle", "root.pem"],
            r#"{"code":2300,"message":"Private key does not match public key"}"#,
        ),
        (
            &["-cert", "rsa.pem", "-key", "leaf-key.pem", "-ca-bundle", "root.pem"],
            r#"{"code":2300,"message":"Private key does not match public key"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-key", "nosuch", "-ca-bundle", "root.pem"],
            r#"{"code":2001,"message":"open nosuch: no such file or directory"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-ca-bundle", "nosuch"],
            r#"{"code":4001,"message":"open nosuch: no such file or directory"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-ca-bundle", "junk"],
            r#"{"code":4003,"message":"Failed to parse root certificate"}"#,
        ),
        (
            &["-cert", "leaf.pem", "-ca-bundle", "root.pem", "-int-bundle", "nosuch"],
            r#"{"code":3001,"message":"open nosuch: no such file or directory"}"#,
        ),
        (
            &["-cert", "broken.pem", "-flavor", "force"],
            r#"{"code":1200,"message":"Unable to verify the certificate chain"}"#,
        ),
        (
            &["-cert", "old.pem", "-ca-bundle", "root.pem", "-int-bundle", "ints.pem"],
            r#"{"code":1211,"message":"x509: certificate has expired or is not yet valid: is after 2021-01-01T00:00:00Z"}"#,
        ),
        (
            &["-cert", "below.pem", "-ca-bundle", "root.pem", "-int-bundle", "oldint.pem"],
            r#"{"code":1211,"message":"x509: certificate has expired or is not yet valid: is after 2021-01-01T00:00:00Z"}"#,
        ),
    ];
    for (arguments, words) in cases {
        let (code, out, errors) = bundle(OURS, place, arguments, b"");
        assert_eq!((code, out.as_str(), last_line(&errors).as_str()), (1, "", words), "{arguments:?}");
        let (peer_code, _, peer_errors) = bundle(PEER, place, arguments, b"");
        assert_eq!((peer_code, last_line(&peer_errors).as_str()), (1, words), "cfssl {arguments:?}");
    }
    sh(place, "cat zero.pem toolow.pem >low.pem");
    let arguments = ["-cert", "lowleaf.pem", "-ca-bundle", "root.pem", "-int-bundle", "low.pem"];
    let (ours, theirs) = (bundle(OURS, place, &arguments, b""), bundle(PEER, place, &arguments, b""));
    assert!(ours.2.contains(r#"{"code":1213,"#), "{}", ours.2);
    assert_eq!(last_line(&ours.2), last_line(&theirs.2));
}

#[test]
fn names_are_not_compared_with_constraints_without_end() {
    let place = pki();
    let place = place.path();
    let many = |count: usize, text: fn(usize) -> String| (0..count).map(text).collect::<Vec<_>>().join(",");
    let domains = many(3_000, |number| format!("\"d{number}.example\""));
    let config = format!(
        r#"{{"signing": {{"default": {{"expiry": "1h", "usages": ["cert sign"], "ca_constraint": {{"is_ca": true}},
           "name_constraints": {{"permitted": {{"dns": [{domains}]}}}}}}}}}}"#
    );
    fs::write(place.join("many.json"), config).unwrap();
    let hosts = many(3_000, |number| format!("\"a.d{}.example\"", 2_999 - number));
    let request = format!(r#"{{"CN": "many", "hosts": [{hosts}], "key": {{"algo": "ecdsa", "size": 256}}}}"#);
    fs::write(place.join("hosts.json"), request).unwrap();
    sh(
        place,
        r#"echo '{"CN": "narrow"}' | $CFSSL gencert -ca root.pem -ca-key root-key.pem -config many.json - 2>/dev/null | $JSON -bare narrow
        $CFSSL gencert -ca narrow.pem -ca-key narrow-key.pem hosts.json 2>log | $JSON -bare many"#,
    );
    let log = fs::read_to_string(place.join("log")).unwrap();
    assert!(log.contains("the CA has too many name constraints to be compared with all names; Go"), "{log}");
    let arguments = ["-cert", "many.pem", "-ca-bundle", "root.pem", "-int-bundle", "narrow.pem"];
    let words = r#"{"code":1218,"message":"x509: unknown error"}"#;
    for program in [OURS, PEER] {
        let (code, _, errors) = bundle(program, place, &arguments, b"");
        assert_eq!((code, last_line(&errors).as_str()), (1, words), "{program}");
    }
}

#[test]
fn takes_time_in_proportion_to_the_certificates_at_hand() {
    let place = pki();
    let pem = fs::read(place.path().join("leaf.pem")).unwrap();
    let mut der = Certificate::from_pem(&pem).unwrap().der().to_vec();
    // They differ in the last octets of the signature only.
    let certificates: Vec<_> = (0..50_000u32)
        .map(|number| {
            let at = der.len() - 4;
            der[at..].copy_from_slice(&number.to_be_bytes());
            ChainCertificate::from_der(&der).unwrap()
        })
        .collect();
    let started = Instant::now();
    let bundler = Bundler::new(Vec::new(), certificates);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop(bundler);
}

#[test]
fn takes_time_in_proportion_to_the_certificates_that_come_with_one() {
    let place = pki();
    let place = place.path();
    sh(
        place,
        r#"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca-key.pem -out ca.pem -subj /CN=CA -days 9 2>/dev/null
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other-key.pem -out other.pem -subj /CN=Other -days 9 2>/dev/null
        $CFSSL sign -ca other.pem -ca-key other-key.pem -config config.json leaf.csr 2>/dev/null | $JSON -bare stranger"#,
    );
    let ca = read_certificates(&fs::read(place.join("ca.pem")).unwrap()).unwrap();
    let certificate = Certificate::from_pem(&fs::read(place.join("ca.pem")).unwrap()).unwrap();
    let key = PrivateKey::from_pem(&fs::read(place.join("ca-key.pem")).unwrap(), None).unwrap();
    let config = SigningConfig::from_json(&fs::read(place.join("config.json")).unwrap()).unwrap();
    let signer = LocalSigner::new(&certificate, &key, config).unwrap();
    let csr = CertificateSigningRequest::from_pem(&fs::read(place.join("leaf.csr")).unwrap()).unwrap();
    // The first leads nowhere; all others lead to the root, and none to the first.
    let mut certificates = read_certificates(&fs::read(place.join("stranger.pem")).unwrap()).unwrap();
    for _ in 0..3_000 {
        let issued = signer.sign(csr.content(), "", &Ask::default(), Issuance::now().unwrap()).unwrap();
        certificates.push(ChainCertificate::from_der(issued.certificate.der()).unwrap());
    }
    let started = Instant::now();
    let input = BundleInput { certificates, key: None };
    let now = time::OffsetDateTime::now_utc();
    let error = Bundler::new(ca, Vec::new()).bundle(input, Flavor::Optimal, now, &mut |_| None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownAuthority);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn heeds_name_constraints() {
    let place = pki();
    let place = place.path();
    sh(
        place,
        r#"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout nc-key.pem -out nc.pem -subj /CN=Narrow -days 900 \
           -addext 'nameConstraints=critical,permitted;DNS:example.net' 2>/dev/null
        $CFSSL sign -ca nc.pem -ca-key nc-key.pem -config config.json leaf.csr 2>/dev/null | $JSON -bare outside"#,
    );
    let arguments = ["-cert", "outside.pem", "-ca-bundle", "nc.pem"];
    let (ours, theirs) = (bundle(OURS, place, &arguments, b""), bundle(PEER, place, &arguments, b""));
    let words = r#"{"code":1212,"message":"x509: a root or intermediate certificate is not authorized to sign for this name: DNS name \"leaf.example\" is not permitted by any constraint"}"#;
    assert_eq!((ours.0, last_line(&ours.2).as_str()), (1, words));
    assert_eq!(last_line(&theirs.2), words);
}

#[test]
fn openssl_accepts_the_bundle() {
    let place = pki();
    let place = place.path();
    for (leaf, length) in [("direct", 1), ("leaf", 2), ("deep", 3), ("ocsp", 2), ("ocspdirect", 2)] {
        let file = format!("{leaf}.pem");
        let arguments = ["-cert", &file, "-ca-bundle", "root.pem", "-int-bundle", "ints.pem"];
        let (code, out, errors) = bundle(OURS, place, &arguments, b"");
        assert_eq!(code, 0, "{errors}");
        assert!(!out.ends_with('\n'));
        let value = json(&out);
        let text = value["bundle"].as_str().unwrap();
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), length, "{leaf}");
        fs::write(place.join("bundle.pem"), text).unwrap();
        assert_eq!(value["leaf_expires"], value["expires"]);
        sh(place, "openssl verify -CAfile root.pem -untrusted bundle.pem bundle.pem");
        let names = [format!("{leaf}.example"), "www.example.com".to_owned()];
        assert_eq!(value["hostnames"], Value::from(names.to_vec()));
    }
}

#[test]
fn reads_standard_input_and_every_container() {
    let place = pki();
    let place = place.path();
    sh(
        place,
        "for kind in '' -legacy '-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1'; do n=$((n+1))
           openssl pkcs12 -export $kind -in leaf.pem -inkey leaf-key.pem -passout pass:sesam -out $n.p12
         done
         openssl pkcs12 -export -in leaf.pem -inkey leaf-key.pem -passout pass: -out bare.p12
         openssl pkcs12 -export -in leaf.pem -inkey leaf-key.pem -certfile int.pem -passout pass:sésame -out chain.p12
         certtool --to-p12 --load-privkey leaf-key.pem --load-certificate leaf.pem --p12-name x --password sesam --outder --outfile 4.p12 2>/dev/null
         certtool --to-p12 --pkcs-cipher 3des-pkcs12 --load-privkey leaf-key.pem --load-certificate leaf.pem --p12-name x --password sesam --outder --outfile 5.p12 2>/dev/null
         openssl crl2pkcs7 -nocrl -certfile chain.pem -outform der -out chain.p7b",
    );
    let plain = ["-ca-bundle", "root.pem", "-int-bundle", "ints.pem"];
    let expected = |key: bool| {
        let keyed: &[&str] = if key { &["-key", "leaf-key.pem"] } else { &[] };
        bundle(OURS, place, &[&["-cert", "leaf.pem"], keyed, &plain].concat(), b"").1
    };
    let (with_key, without_key) = (expected(true), expected(false));
    for file in ["1.p12", "2.p12", "3.p12", "4.p12", "5.p12"] {
        let arguments = [&["-cert", file, "-password", "sesam"][..], &plain].concat();
        let (code, out, errors) = bundle(OURS, place, &arguments, b"");
        assert_eq!((code, &out), (0, &with_key), "{file}: {errors}");
        let arguments = [&["-cert", file, "-password", "wrong"][..], &plain].concat();
        let (code, _, errors) = bundle(OURS, place, &arguments, b"");
        assert_eq!(last_line(&errors), r#"{"code":1002,"message":"Failed to decode certificate"}"#);
        assert!(code == 1 && errors.contains("the password does not open"), "{errors}");
    }
    for (file, password) in [("bare.p12", None), ("chain.p12", Some("sésame"))] {
        let password: Vec<&str> = password.into_iter().flat_map(|password| ["-password", password]).collect();
        let arguments =
            [&["-cert", file][..], &password, &["-ca-bundle", "root.pem", "-int-bundle", "ints.pem"]];
        let (code, out, errors) = bundle(OURS, place, &arguments.concat(), b"");
        assert_eq!((code, &json(&out)["bundle"]), (0, &json(&with_key)["bundle"]), "{file}: {errors}");
        assert_eq!(json(&out)["key"], json(&with_key)["key"]);
    }
    for file in ["leaf.pem", "leaf.der", "leaf.p7", "chain.p7b"] {
        let bytes = fs::read(place.join(file)).unwrap();
        for path in [file, "-"] {
            let (code, out, errors) = bundle(OURS, place, &[&["-cert", path][..], &plain].concat(), &bytes);
            assert_eq!((code, &json(&out)["bundle"]), (0, &json(&without_key)["bundle"]), "{file}: {errors}");
        }
    }
}

#[test]
fn fetches_missing_issuers_and_keeps_them() {
    let place = pki();
    let place = place.path();
    sh(place, "openssl x509 -in int.pem -outform der -out int.der");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let files = [("/sub.crt", "sub.pem"), ("/int.crt", "int.der")]
        .map(|(at, file)| (at, fs::read(place.join(file)).unwrap()));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            let answer = match files.iter().find(|(at, _)| *at == path) {
                Some((_, body)) => {
                    let mut answer =
                        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
                    answer.extend(body);
                    answer
                }
                None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
            };
            let _ = stream.write_all(&answer);
        }
    });
    let script = format!(
        r#"
aia() {{ echo "{{\"signing\": {{\"default\": {{\"expiry\": \"8760h\", \"usages\": [\"server auth\", \"cert sign\"], \"issuer_urls\": [\"{url}/$1\"], \"ca_constraint\": {{\"is_ca\": $2}}}}}}}}"; }}
aia int.crt true >aiaca.json
aia sub.crt false >aialeaf.json
aia nosuch.crt false >aianone.json
$CFSSL sign -ca int.pem -ca-key int-key.pem -config aiaca.json sub.csr 2>/dev/null | $JSON -bare subaia
cp subaia.pem sub.new
$CFSSL sign -ca sub.pem -ca-key sub-key.pem -config aialeaf.json leaf.csr 2>/dev/null | $JSON -bare aialeaf
$CFSSL sign -ca sub.pem -ca-key sub-key.pem -config aianone.json leaf.csr 2>/dev/null | $JSON -bare aianone
"#
    );
    sh(place, &script);
    // The issuing CA is fetched; it leads no further, so the intermediate is given.
    for program in [OURS, PEER] {
        let arguments =
            ["-cert", "aialeaf.pem", "-ca-bundle", "root.pem", "-int-bundle", "int.pem", "-int-dir"];
        let stash = if program == OURS { "ours" } else { "theirs" };
        let (code, out, errors) = bundle(program, place, &[&arguments[..], &[stash]].concat(), b"");
        assert_eq!(code, 0, "{program}: {errors}");
        assert_eq!(json(&out)["bundle"].as_str().unwrap().matches("BEGIN").count(), 3);
        assert!(errors.contains("stashed new intermediate IssuingCA_"), "{errors}");
    }
    let names = |directory: &str| {
        let entries = fs::read_dir(place.join(directory)).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_owned(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    assert_eq!(names("ours"), names("theirs"));
    // A chain given with the certificate leads on to what is fetched.
    sh(place, "cat aialeaf.pem subaia.pem >aiachain.pem");
    let arguments = ["-cert", "aiachain.pem", "-ca-bundle", "root.pem"];
    let (ours, theirs) = (bundle(OURS, place, &arguments, b""), bundle(PEER, place, &arguments, b""));
    assert_eq!(ours.0, 0, "{}", ours.2);
    assert_eq!(facts(&ours.1), facts(&theirs.1));
    let (code, _, errors) = bundle(OURS, place, &["-cert", "aianone.pem", "-ca-bundle", "root.pem"], b"");
    assert_eq!(code, 1);
    assert!(last_line(&errors).starts_with(r#"{"code":1220,"#), "{errors}");
}

#[test]
fn a_fetched_certificate_does_not_choose_where_it_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    sh(
        place,
        r"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out slash.pem \
            -subj '/CN=..\/..\/slash' -days 90 2>/dev/null
        openssl x509 -in slash.pem -noout -subject | grep -q 'CN = \.\./\.\./slash'",
    );
    let input = read_input(&fs::read(place.join("slash.pem")).unwrap(), &[]).unwrap();
    let name = input.certificates.first().unwrap().file_name();
    assert!(name.starts_with("slash_") && !name.contains('/'), "{name}");
}

#[test]
fn reports_what_platforms_trust() {
    let place = pki();
    let place = place.path();
    fs::create_dir(place.join("meta")).unwrap();
    sh(place, "cp other.pem meta/; cp root.pem meta/");
    let metadata = r#"[
        {"name": "P1", "weight": 50, "hash_algo": "SHA2", "key_algo": "ECDSA256", "keystore": "root.pem"},
        {"name": "P2", "weight": 60, "hash_algo": "SHA2", "key_algo": "ECDSA256", "keystore": "other.pem"},
        {"name": "P3", "weight": 5, "hash_algo": "SHA1", "key_algo": "RSA"}]"#;
    fs::write(place.join("meta/m.json"), metadata).unwrap();
    for roots in ["root.pem", "other.pem", "roots.pem"] {
        let arguments =
            ["-cert", "deep.pem", "-ca-bundle", roots, "-int-bundle", "both.pem", "-metadata", "meta/m.json"];
        let (ours, theirs) = (bundle(OURS, place, &arguments, b""), bundle(PEER, place, &arguments, b""));
        assert_eq!(ours.0, 0, "{}", ours.2);
        assert_eq!(facts(&ours.1), facts(&theirs.1), "{roots}");
        assert!(ours.2.contains("[INFO] Platform metadata is loaded: P2 1"), "{}", ours.2);
    }
    fs::write(place.join("meta/m.json"), "[1]").unwrap();
    let arguments = [
        "-cert",
        "leaf.pem",
        "-ca-bundle",
        "root.pem",
        "-int-bundle",
        "ints.pem",
        "-metadata",
        "meta/m.json",
    ];
    let (code, _, errors) = bundle(OURS, place, &arguments, b"");
    assert!(code == 0 && errors.contains("[WARNING] the platform metadata is not used"), "{errors}");
}

#[test]
fn bundles_the_certificate_of_a_server() {
    let place = pki();
    let place = place.path();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &address.to_string()])
        .args(["-key", "deep-key.pem", "-cert", "deep.pem", "-cert_chain", "ints.pem"])
        .current_dir(place)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl is missing: apt-get install openssl");
    for _ in 0..200 {
        if std::net::TcpStream::connect(address).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let ask = |name: &str| {
        let target = format!("{name}:{}", address.port());
        bundle(OURS, place, &["-domain", &target, "-ip", "127.0.0.1", "-ca-bundle", "root.pem"], b"")
    };
    let results = [ask("deep.example"), ask("other.example")];
    server.kill().unwrap();
    server.wait().unwrap();
    let [(code, out, errors), (other_code, _, other_errors)] = results;
    assert_eq!(code, 0, "{errors}");
    assert_eq!(json(&out)["bundle"].as_str().unwrap().matches("BEGIN").count(), 3);
    assert_eq!(
        json(&out)["status"]["rebundled"],
        Value::from(true),
        "the server sends its CAs in another order"
    );
    let words = "x509: certificate is valid for deep.example, www.example.com, not other.example";
    assert_eq!(
        (other_code, last_line(&other_errors)),
        (1, format!(r#"{{"code":1200,"message":"{words}"}}"#))
    );
    let (code, _, errors) = ask("deep.example");
    assert!(code == 1 && last_line(&errors).starts_with(r#"{"code":6000,"message":"dial tcp"#), "{errors}");
}

#[test]
fn never_panics_on_damaged_files() {
    let place = pki();
    let place = place.path();
    sh(
        place,
        "openssl pkcs12 -export -legacy -in leaf.pem -inkey leaf-key.pem -passout pass:0 -nomac -iter 8 -out a.p12
               openssl crl2pkcs7 -nocrl -certfile chain.pem -outform der -out chain.p7b",
    );
    for file in ["a.p12", "leaf.der", "chain.p7b"] {
        let whole = fs::read(place.join(file)).unwrap();
        assert!(read_input(&whole, &["0"]).is_ok(), "{file}");
        for end in 0..whole.len() {
            assert!(read_input(&whole[..end], &["0"]).is_err(), "{file} to {end}");
            let mut damaged = whole.clone();
            damaged[end] ^= 0xff;
            let _ = read_input(&damaged, &["0"]);
        }
    }
}

proptest! {
    #[test]
    fn never_panics_on_garbage(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_input(&bytes, &["0", ""]);
        let _ = read_certificates(&bytes);
    }
}

#[test]
fn a_signature_that_cannot_be_verified_is_told_as_such() {
    let place = tempfile::tempdir().unwrap();
    sh(
        place.path(),
        "openssl ecparam -name secp224r1 -genkey -noout -out root-key.pem
         openssl req -x509 -key root-key.pem -subj /CN=root -days 90 -out root.pem
         openssl ecparam -name prime256v1 -genkey -noout -out leaf-key.pem
         openssl req -new -key leaf-key.pem -subj /CN=leaf -out leaf.csr
         openssl x509 -req -in leaf.csr -CA root.pem -CAkey root-key.pem -days 30 -out leaf.pem 2>/dev/null",
    );
    for (command, place_of_words) in [
        ("bundle -cert leaf.pem -ca-bundle root.pem", "the issuer \"CN=root\" is at hand, but "),
        (
            "ocspsign -ca root.pem -responder leaf.pem -responder-key leaf-key.pem -cert leaf.pem",
            "leaf.pem: ",
        ),
    ] {
        let output = Command::new(OURS)
            .args(command.split(' '))
            .current_dir(place.path())
            .env_remove("CFSSL_STRICT")
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{log}");
        assert!(!log.contains("did not sign it") && !log.contains("not signed with its key"), "{log}");
        let why =
            format!("{place_of_words}the signature cannot be verified: the key is neither RSA nor Ed25519");
        assert!(log.contains(&why), "{log}");
    }
}
