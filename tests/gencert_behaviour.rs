//! What `gencert` writes, byte by byte, and the texts of its refusals.

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
use std::time::{SystemTime, UNIX_EPOCH};
use support::facts::{self, Certificate, Facts};
use support::run::{OURS, Run, run};
use tempfile::TempDir;

/// A folder with a CA of our own.
struct Shop(TempDir);

impl Shop {
    fn new() -> Self {
        let shop = Self(TempDir::new().unwrap());
        let made = shop.authority(r#"{"CN":"Root CA","names":[{"C":"US","O":"Org"}]}"#);
        shop.write("ca.pem", &made.part("cert").unwrap());
        shop.write("ca-key.pem", &made.part("key").unwrap());
        shop
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn authority(&self, request: &str) -> Run {
        self.write("ca.json", request);
        run(OURS, self.0.path(), &["gencert", "-initca", "ca.json"])
    }

    fn leaf(&self, request: &str, more: &[&str]) -> Run {
        self.write("request.json", request);
        let head = ["gencert", "-ca=ca.pem", "-ca-key=ca-key.pem"];
        run(OURS, self.0.path(), &[&head, more, &["request.json"]].concat())
    }

    /// A leaf under a default profile of these fields.
    fn under(&self, profile: &str, request: &str) -> Run {
        self.write("config.json", &format!(r#"{{"signing":{{"default":{{{profile}}}}}}}"#));
        self.leaf(request, &["-config=config.json"])
    }

    fn ca(&self) -> Certificate {
        facts::certificate(&fs::read_to_string(self.0.path().join("ca.pem")).unwrap(), None)
    }

    fn facts(&self, run: &Run) -> Facts {
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        run.facts(Some(&self.ca()))
    }
}

fn extension<'f>(facts: &'f Facts, id: &str) -> Option<&'f str> {
    facts.get(&format!("certificate: extension {id}")).map(String::as_str)
}

fn in_csr(run: &Run) -> Vec<(String, bool, String)> {
    facts::csr_extensions(&run.part("csr").unwrap())
}

fn held(id: &str, critical: bool, value: &str) -> (String, bool, String) {
    (id.to_owned(), critical, value.to_owned())
}

/// General names of tags and texts.
fn names(names: &[(u8, &[u8])]) -> String {
    let inside: Vec<u8> = names
        .iter()
        .flat_map(|(tag, value)| [&[*tag, u8::try_from(value.len()).unwrap()][..], value].concat())
        .collect();
    support::der::hex(&[&[0x30, u8::try_from(inside.len()).unwrap()][..], &inside].concat())
}

#[test]
fn hosts_stand_by_kind_in_the_order_given() {
    let shop = Shop::new();
    let made = shop.leaf(
        r#"{"CN":"x","hosts":["spiffe://b/c","10.0.0.2","b.example","m@x","localhost:443","10.0.0.1","a.example","l@x","HTTP://X.Com/a b"]}"#,
        &[],
    );
    let expected = names(&[
        (0x82, b"b.example"),
        (0x82, b"a.example"),
        (0x81, b"m@x"),
        (0x81, b"l@x"),
        (0x87, &[10, 0, 0, 2]),
        (0x87, &[10, 0, 0, 1]),
        (0x86, b"spiffe://b/c"),
        (0x86, b"localhost:443"),
        (0x86, b"http://X.Com/a%20b"),
    ]);
    assert_eq!(extension(&shop.facts(&made), "2.5.29.17"), Some(expected.as_str()));
    assert_eq!(in_csr(&made), [held("2.5.29.17", false, &expected)]);
}

#[test]
fn hosts_without_subject_are_critical_in_the_certificate_only() {
    let shop = Shop::new();
    let made = shop.leaf(r#"{"hosts":["only.san"]}"#, &[]);
    assert!(shop.facts(&made)["certificate: extensions"].ends_with("2.5.29.17 critical"));
    assert!(!in_csr(&made)[0].1);
}

#[test]
fn mail_and_other_attributes_follow_the_standard_ones() {
    let shop = Shop::new();
    let request = r#"{"CN":"c","serialnumber":"9","names":[{"O":"o","E":"m@x","OID":{"1.2.3.4":"v"}},{"OU":"u","E":"n@x","SerialNumber":"ignored"}]}"#;
    let facts = shop.facts(&shop.leaf(request, &[]));
    let subject = "2.5.4.10=printable:o; 2.5.4.11=printable:u; 2.5.4.3=printable:c; 2.5.4.5=printable:9; \
                   1.2.3.4=printable:v; 1.2.840.113549.1.9.1=utf8:m@x; 1.2.840.113549.1.9.1=utf8:n@x";
    assert_eq!(facts["CSR: subject"], subject);
    assert_eq!(facts["certificate: subject"], subject);

    let made =
        shop.authority(r#"{"CN":"c","names":[{"O":"lost","C":"US","OID":{"2.5.4.10":"kept"}}]}"#).facts(None);
    assert_eq!(made["CSR: subject"], "2.5.4.6=printable:US; 2.5.4.3=printable:c; 2.5.4.10=printable:kept");
}

#[test]
fn attribute_types_that_are_none_are_refused() {
    let shop = Shop::new();
    for (id, message) in [
        ("1.x", "invalid OID part x"),
        ("3.1", "invalid OID 3.1"),
        ("5", "invalid OID 5"),
        ("-1.2", "invalid OID part -1"),
    ] {
        let made = shop.leaf(&format!(r#"{{"CN":"c","names":[{{"OID":{{"{id}":"v"}}}}]}}"#), &[]);
        assert_eq!((made.exit, made.stdout.as_str()), (Some(1), ""), "{id}");
        assert_eq!(made.final_line(), format!(r#"{{"code":9300,"message":"{message}"}}"#));
    }
}

#[test]
fn requested_extensions_stand_in_the_csr_and_are_copied_on_demand() {
    let shop = Shop::new();
    // SAN DNS:own, key usage keyAgreement, an unknown one that is critical, basic constraints of a leaf.
    let request = r#"{"CN":"c","hosts":["generated"],"extensions":[
        {"Id":[2,5,29,17],"Value":"MAWCA293bg=="},{"Id":[2,5,29,15],"Critical":true,"Value":"AwIDCA=="},
        {"id":[1,2,3,4],"critical":true,"value":"BQA="},{"Id":[2,5,29,19],"Critical":true,"Value":"MAA="}]}"#;
    let asked = [
        held("2.5.29.17", false, "300582036F776E"),
        held("2.5.29.15", true, "03020308"),
        held("1.2.3.4", true, "0500"),
        held("2.5.29.19", true, "3000"),
    ];
    let plain = shop.under(r#""expiry":"1h","usages":["signing"]"#, request);
    assert_eq!(in_csr(&plain), asked);
    let facts = shop.facts(&plain);
    assert_eq!(
        facts["certificate: extensions"],
        "2.5.29.15 critical, 2.5.29.19 critical, 2.5.29.14, 2.5.29.35, 2.5.29.17"
    );
    assert_eq!(extension(&facts, "2.5.29.17"), Some("300582036F776E"));
    assert_eq!(extension(&facts, "2.5.29.15"), Some("03020780"));

    let copied =
        shop.facts(&shop.under(r#""expiry":"1h","usages":["signing"],"copy_extensions":true"#, request));
    assert_eq!(
        copied["certificate: extensions"],
        "2.5.29.19 critical, 2.5.29.14, 2.5.29.35, 2.5.29.17, 2.5.29.15 critical, 1.2.3.4 critical"
    );
    assert_eq!(extension(&copied, "2.5.29.15"), Some("03020308"));
}

#[test]
fn policies_of_profile_and_csr_are_not_doubled() {
    let shop = Shop::new();
    let request = r#"{"CN":"c","extensions":[{"Id":[2,5,29,32],"Value":"MAYwBAYCKgQ="}]}"#;
    let both = shop.under(
        r#""expiry":"1h","usages":["signing"],"copy_extensions":true,"policies":[{"id":"1.2.3"}]"#,
        request,
    );
    assert_eq!(extension(&shop.facts(&both), "2.5.29.32"), Some("3006300406022A03"));
}

#[test]
fn delegation_is_asked_for_and_granted() {
    let shop = Shop::new();
    let made = shop.leaf(r#"{"CN":"c","hosts":["h"],"delegation_enabled":true}"#, &[]);
    assert_eq!(in_csr(&made)[1], held("1.3.6.1.4.1.44363.44", false, "0500"));
    let facts = shop.facts(&made);
    assert!(facts["certificate: extensions"].ends_with("2.5.29.17, 1.3.6.1.4.1.44363.44"));
    // cfssl loses the basic constraints here.
    let authority = shop.authority(r#"{"CN":"c","delegation_enabled":true,"ca":{"pathlen":1}}"#);
    assert_eq!(
        in_csr(&authority),
        [held("2.5.29.19", true, "30060101FF020101"), held("1.3.6.1.4.1.44363.44", false, "0500")]
    );
}

#[test]
fn a_new_authority_has_its_crl_address_and_its_start() {
    let shop = Shop::new();
    let request = r#"{"CN":"c","crl_url":"http://c/","ca":{"backdate":"24h","expiry":"48h"}}"#;
    let facts = shop.authority(request).facts(None);
    assert_eq!(extension(&facts, "2.5.29.31"), Some("3011300FA00DA00B8609687474703A2F2F632F"));
    let start = |facts: &Facts| facts["certificate: time of start"].parse::<i64>().unwrap();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    assert!((now - start(&facts) - 86_400).abs() <= 60);
    assert_eq!(start(&facts) % 60, 0);
    assert_eq!(facts["certificate: time between"], "172800");

    // With a key that is there, both are without effect, and a warning says so.
    let again = run(OURS, shop.0.path(), &["gencert", "-initca", "-ca-key=ca-key.pem", "ca.json"]);
    let facts = again.facts(None);
    assert_eq!(extension(&facts, "2.5.29.31"), None);
    assert!((now - start(&facts) - 300).abs() <= 60);
    assert_eq!(again.stderr.matches("[WARNING]").count(), 2, "{}", again.stderr);
}

#[test]
fn ed25519_keys_sign_and_are_signed() {
    let shop = Shop::new();
    let made = shop.authority(r#"{"CN":"c","key":{"algo":"ed25519"}}"#);
    let facts = made.facts(None);
    for fact in ["certificate: signature", "CSR: signature"] {
        assert_eq!(facts[fact], "300506032B6570");
    }
    assert!(made.stderr.contains("generating key: ed25519-256\n"), "{}", made.stderr);
    shop.write("ca.pem", &made.part("cert").unwrap());
    shop.write("ca-key.pem", &made.part("key").unwrap());
    let leaf = shop.leaf(r#"{"CN":"l","hosts":["h"]}"#, &[]);
    assert_eq!(shop.facts(&leaf)["certificate: signature"], "300506032B6570");
    shop.write("leaf.pem", &leaf.part("cert").unwrap());
    let verified = run("openssl", shop.0.path(), &["verify", "-CAfile", "ca.pem", "leaf.pem"]);
    assert_eq!(verified.exit, Some(0), "{}", verified.stderr);
}

#[test]
fn content_commitment_is_a_usage() {
    let shop = Shop::new();
    let facts = shop.facts(&shop.under(r#""expiry":"1h","usages":["content commitment"]"#, r#"{"CN":"c"}"#));
    assert_eq!(extension(&facts, "2.5.29.15"), Some("03020640"));
}

#[test]
fn times_from_2050_on_have_four_digits_of_year() {
    let shop = Shop::new();
    for (end, types) in [("2049-12-31T23:59:59Z", "0x17 0x17"), ("2050-01-01T00:00:00Z", "0x17 0x18")] {
        let profile = format!(r#""expiry":"1h","usages":["any"],"not_after":"{end}""#);
        assert_eq!(shop.facts(&shop.under(&profile, r#"{"CN":"c"}"#))["certificate: time types"], types);
    }
}

#[test]
fn requests_that_are_not_json_are_refused_in_the_words_of_go() {
    let shop = Shop::new();
    for (request, words) in [
        (
            r#"{"names":[{"E":5}]}"#,
            "json: cannot unmarshal number into Go struct field Name.names.E of type string",
        ),
        (
            r#"{"delegation_enabled":1}"#,
            "json: cannot unmarshal number into Go struct field CertificateRequest.delegation_enabled of type bool",
        ),
        (
            r#"{"crl_url":[]}"#,
            "json: cannot unmarshal array into Go struct field CertificateRequest.crl_url of type string",
        ),
        (
            r#"{"ca":{"backdate":5}}"#,
            "json: cannot unmarshal number into Go struct field CAConfig.ca.backdate of type string",
        ),
        (
            r#"{"key":"rsa"}"#,
            "json: cannot unmarshal string into Go struct field CertificateRequest.key of type csr.KeyRequest",
        ),
        (
            r#"{"key":{"size":"256"}}"#,
            "json: cannot unmarshal string into Go struct field KeyRequest.key.size of type int",
        ),
        (
            r#"{"key":{"size":2.56e2}}"#,
            "json: cannot unmarshal number 2.56e2 into Go struct field KeyRequest.key.size of type int",
        ),
        (r#"{"CN":"a","ca":{}}"#, "ca section only permitted in initca"),
    ] {
        let made = shop.leaf(request, &[]);
        assert_eq!(
            (made.exit, made.stdout.as_str(), made.final_line()),
            (Some(1), "", words.to_owned()),
            "{request}"
        );
    }
}

#[test]
fn configurations_are_refused_in_the_words_of_cfssl() {
    let shop = Shop::new();
    let keys = r#""auth_keys":{"k":{"type":"standard","key":"0011"},"h":{"type":"standard","key":"zz"},"t":{"type":"x","key":""}},"remotes":{"r":"h:1"}"#;
    for (profile, words) in [
        (r#""usages":["any"]"#, "empty expiry string"),
        (r#""expiry":"0s","usages":["any"]"#, "invalid configuration"),
        (r#""expiry":"1y","usages":["any"]"#, r#"time: unknown unit \"y\" in duration \"1y\""#),
        (r#""expiry":"1h","backdate":"5""#, r#"time: missing unit in duration \"5\""#),
        (
            r#""expiry":"1h","policies":[{"id":"1.2","qualifiers":[{"type":"x"}]}]"#,
            "invalid policy qualifier type",
        ),
        (r#""expiry":"1h","policies":[{"id":"x.y"}]"#, "failed to unmarshal configuration: Invalid OID"),
        // cfssl finds this one out when it signs.
        (
            r#""expiry":"1h","policies":[{"id":"12"}]"#,
            "failed to unmarshal configuration: asn1: structure error: invalid object identifier",
        ),
        (
            r#""expiry":"1h","policies":[{"id":"1.x"}]"#,
            r#"failed to unmarshal configuration: strconv.Atoi: parsing \"x\": invalid syntax"#,
        ),
        (
            r#""expiry":"1h","policies":[{"id":5}]"#,
            "failed to unmarshal configuration: OID JSON string not wrapped in quotes.5",
        ),
        (r#""expiry":"1h","allowed_extensions":["x"]"#, "failed to unmarshal configuration: Invalid OID"),
        (
            r#""expiry":"1h","allowed_extensions":[5]"#,
            "failed to unmarshal configuration: OID JSON string not wrapped in quotes.5",
        ),
        (
            r#""expiry":"1h","not_before":"2020-01-01""#,
            r#"failed to unmarshal configuration: parsing time \"2020-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""#,
        ),
        (r#""expiry":"1h","name_whitelist":"(""#, "failed to compile name whitelist section"),
        (r#""expiry":"1h","auth_key":"q""#, "failed to find auth_key in auth_keys section"),
        (r#""expiry":"1h","prev_auth_key":"q""#, "failed to find prev_auth_key in auth_keys section"),
        (
            r#""auth_remote":{"remote":"r","auth_key":"q"}"#,
            "failed to find auth_remote's auth_key in auth_keys section",
        ),
        (r#""expiry":"1h","auth_key":"t""#, "unknown authentication type"),
        (r#""expiry":"1h","auth_key":"h""#, "failed to create new standard auth provider"),
        (r#""remote":"q""#, "failed to find remote in remotes section"),
        (r#""auth_remote":{"remote":"q"}"#, "failed to find remote in remotes section"),
        (r#""auth_remote":{"auth_key":"k"}"#, "empty expiry string"),
        (r#""expiry":"1h","auth_remote":{"auth_key":"k"}"#, "invalid configuration"),
        (r#""auth_remote":{"remote":"r"}"#, "invalid configuration"),
        (r#""remote":"r","auth_remote":{"remote":"r","auth_key":"k"}"#, "Invalid or unknown policy"),
        (
            r#""expiry":"1h","usages":["any"],"not_before":"2021-01-01T00:00:00Z","not_after":"2020-01-01T00:00:00Z""#,
            "Invalid or unknown policy",
        ),
        (
            r#""expiry":"1h","lint_error_level":3"#,
            "failed to unmarshal configuration: bad LintStatus JSON value: 3",
        ),
    ] {
        shop.write("config.json", &format!(r#"{{"signing":{{"default":{{{profile}}}}},{keys}}}"#));
        let made = run(OURS, shop.0.path(), &["version", "-config=config.json"]);
        let expected = format!(r#"Failed to load config file: {{"code":5200,"message":"{words}"}}"#);
        assert_eq!((made.exit, made.final_line()), (Some(1), expected), "{profile}");
    }
    for (config, words) in [
        (r#"{}"#, r#"No "signing" field present"#),
        (r#"{"signing":{"profiles":{"p":null}}}"#, r#"{"code":5200,"message":"can't parse nil profile"}"#),
        (
            r#"{"signing":{"profiles":{"p":{"expiry":"1h"}}}}"#,
            r#"{"code":5200,"message":"invalid configuration"}"#,
        ),
        (
            r#"{"signing":{"profiles":{"p":{"expiry":"1h","usages":["bogus"]}}}}"#,
            r#"{"code":5200,"message":"invalid configuration"}"#,
        ),
        ("{", r#"{"code":5200,"message":"failed to unmarshal configuration: unexpected end of JSON input"}"#),
    ] {
        shop.write("config.json", config);
        let made = run(OURS, shop.0.path(), &["version", "-config=config.json"]);
        assert_eq!((made.exit, made.final_line()), (Some(1), format!("Failed to load config file: {words}")));
    }
}

#[test]
fn signing_is_refused_with_the_codes_of_cfssl() {
    let shop = Shop::new();
    for (profile, request, words) in [
        (r#""expiry":"1h""#, "{}", r#"{"code":5100,"message":"Invalid policy: no key usage available"}"#),
        (
            r#""expiry":"1h","usages":["any"],"name_whitelist":"^b""#,
            r#"{"CN":"a"}"#,
            r#"{"code":5500,"message":"Request does not match policy whitelist"}"#,
        ),
        (
            r#""expiry":"1h","usages":["any"],"name_whitelist":"^b""#,
            r#"{"hosts":["http://b/"]}"#,
            r#"{"code":5500,"message":"Request does not match policy whitelist"}"#,
        ),
        (
            r#""expiry":"1h","usages":["any"],"policies":[{"id":"1.2","qualifiers":[{"value":"x"}]}]"#,
            "{}",
            r#"{"code":5200,"message":"Invalid qualifier type in Policies "}"#,
        ),
        (
            r#""expiry":"1h","usages":["any"],"ClientProvidesSerialNumbers":true"#,
            "{}",
            r#"{"code":1400,"message":"Missing serial number in request"}"#,
        ),
        (
            r#""expiry":"1h","usages":["any"]"#,
            r#"{"extensions":[{"Id":[2,5,29,19],"Value":"MAMBAf8="}]}"#,
            r#"{"code":5300,"message":"Policy violation request"}"#,
        ),
    ] {
        let made = shop.under(profile, request);
        assert_eq!(
            (made.exit, made.stdout.as_str(), made.final_line()),
            (Some(1), "", words.to_owned()),
            "{profile}"
        );
    }
    // Addresses are free.
    let free = shop.under(
        r#""expiry":"1h","usages":["any"],"name_whitelist":"^b""#,
        r#"{"CN":"b","hosts":["10.0.0.1"]}"#,
    );
    assert_eq!(free.exit, Some(0), "{}", free.stderr);
    shop.write("config.json", r#"{"signing":{"default":{"expiry":"1h","usages":["any"]},"profiles":{"r":{"remote":"r"}}},"remotes":{"r":"h:1"}}"#);
    let mixed = shop.leaf("{}", &["-config=config.json", "-profile=nosuch"]);
    assert_eq!(mixed.final_line(), r#"{"code":5400,"message":"Unknown policy profile"}"#);
}
