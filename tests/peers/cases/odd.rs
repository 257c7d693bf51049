//! Odd requests, `selfsign`, and flags that do not belong together.

use super::super::case::Case;
use super::newer::leaf;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    requests(&mut cases);
    selfsign(&mut cases);
    configurations(&mut cases);
    flags(&mut cases);
    cases
}

fn requests(cases: &mut Vec<Case>) {
    for request in [
        r#"{"CN":"a","names":[{"E":"m@x","O":"o"},{"E":"n@x"}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"1.2.3.4":"v"},"E":"m@x"}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"2.5.4.3":"other"}}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"2.5.4.10":"other"},"O":"lost"}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":null,"E":null}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"1.2.3.4":null}}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"5":"v"}}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"OID":{"3.1":"v"}}],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"SerialNumber":"5"}],"hosts":["h"]}"#,
        r#"{"CN":"a","delegation_enabled":true,"hosts":["h"]}"#,
        r#"{"CN":"a","DELEGATION_ENABLED":true,"hosts":["h"]}"#,
        r#"{"CN":"a","crl_url":"http://c/","hosts":["h"]}"#,
        r#"{"CN":"a","\u017ferialnumber":"7","ho\u017fts":["h"]}"#,
        r#"{"CN":"a","key":{"algo":"ecdsa","size":null},"hosts":["h"]}"#,
        r#"{"CN":"a","key":{"algo":null,"size":384},"hosts":["h"]}"#,
        r#"{"CN":"a","key":null,"hosts":["h"]}"#,
        r#"{"CN":"a","key":{"ALGO":"rsa","SIZE":2048},"hosts":["h"]}"#,
        r#"{"CN":"a","key":{"algo":"ed25519","size":5},"hosts":["h"]}"#,
        r#"{"CN":"a","key":{"algo":"ecdsa","size":1e3}}"#,
        r#"{"CN":"a","key":{"algo":"ecdsa","size":99999999999999999999}}"#,
        r#"{"CN":"a","key":{"algo":"ecdsa","size":true}}"#,
        r#"{"CN":"a","key":[]}"#,
        r#"{"CN":"a","hosts":{}}"#,
        r#"{"CN":"a","hosts":[{}]}"#,
        r#"{"CN":"a","hosts":[[]]}"#,
        r#"{"CN":"a","hosts":[true]}"#,
        r#"{"CN":"a","names":"x"}"#,
        r#"{"CN":"a","names":[[]]}"#,
        r#"{"CN":"a","names":[null],"hosts":["h"]}"#,
        r#"{"CN":"a","names":[{"O":{}}]}"#,
        r#"{"CN":true}"#,
        r#"{"CN":[]}"#,
        r#"{"CN":{}}"#,
        r#"{"CN":"a","ca":"x"}"#,
        r#"{"CN":"a","ca":{"pathlen":1.5}}"#,
        r#"{"CN":"a","ca":{"expiry":[]}}"#,
        r#"{"CN":"a","ca":{"backdate":5}}"#,
        r#"{"CN":"a","names":[{"C":5}],"hosts":5}"#,
        r#"{"CN":"a","hosts":5,"names":[{"C":5}]}"#,
        r#"{"CN":"a" "b":1}"#,
        r#"{"CN":"a",,}"#,
        r#"{"CN" "a"}"#,
        r#"{CN:"a"}"#,
        r#"{'CN':'a'}"#,
        r#"{"CN":"a"}{}"#,
        r#"{"CN":"a"}]"#,
        r#"{"CN":"a""#,
        r#"{"CN":"a"#,
        r#"{"CN":"\u12"}"#,
        r#"{"CN":"\u{1}"}"#,
        r#"{"CN":nul}"#,
        r#"{"CN":01}"#,
        r#"{"CN":-}"#,
        r#"{"CN":1.}"#,
        r#"{"CN":1e}"#,
        r#"{"CN":+1}"#,
        r#"{"CN":.5}"#,
        r#"{"CN":NaN}"#,
        "{\"CN\":\"a\u{0}\"}",
        "{\"CN\":\"a\"}\u{0}",
        "/* x */{\"CN\":\"a\"}",
        "\u{a0}{}",
        "\r\n\t {\"CN\":\"a\",\"hosts\":[\"h\"]} \r\n",
    ] {
        cases.push(leaf(&format!("request {request:?}"), request, &[]));
    }
    let bytes = Case::new("gencert", "request of other bytes", &["-initca", "request.json"]);
    cases.push(bytes.file("request.json", b"{\"CN\":\"a\xff\xfeb\"}"));
    let bytes = Case::new("gencert", "request in UTF-16", &["-initca", "request.json"]);
    cases.push(bytes.file("request.json", b"\xff\xfe{\0}\0"));
    for depth in [100, 400] {
        let nested = format!(r#"{{"CN":"a","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let case =
            Case::new("gencert", &format!("request {depth} levels deep"), &["-initca", "request.json"]);
        cases.push(case.file("request.json", nested));
    }
}

fn selfsign(cases: &mut Vec<Case>) {
    let selfsign = |name: &str, words: &[&str], request: &str| {
        Case::new("selfsign", name, &[words, &["request.json"]].concat()).file("request.json", request)
    };
    for request in [
        r#"{"CN":"a","hosts":["a.example","10.0.0.1","m@x","https://u/"],"ca":{"pathlen":1}}"#,
        r#"{"CN":"a","hosts":["a.example"],"ca":{"pathlenzero":true}}"#,
        r#"{"CN":"a","delegation_enabled":true,"hosts":["a"]}"#,
        r#"{"CN":"a","delegation_enabled":true,"ca":{}}"#,
        r#"{"CN":"a","extensions":[{"Id":[1,2,3,4],"Value":"BQA="}],"ca":{},"hosts":["a"]}"#,
        r#"{"CN":"a","extensions":[{"Id":[2,5,29,15],"Critical":true,"Value":"AwIBBg=="}]}"#,
        r#"{"CN":"a","ca":{"expiry":"1h","backdate":"1h"}}"#,
        r#"{"CN":"a","hosts":[""]}"#,
        r#"{"CN":"a","hosts":["é"]}"#,
        r#"{"CN":"a","crl_url":"http://c/"}"#,
        r#"{"CN":"a","key":{"algo":"ed25519"}}"#,
        r#"{"hosts":["a"]}"#,
        r#"{"CN":"a","names":[{"E":"m@x","O":"o"}]}"#,
        r#"{"CN":"a","names":[{"OID":{"x":"y"}}]}"#,
    ] {
        cases.push(selfsign(&format!("selfsign {request}"), &["host"], request));
    }
    for words in [
        &["-initca"][..],
        &["-initca", "x"],
        &["-hostname=h", "x"],
        &["-hostname=a, b"],
        &["-hostname=é"],
        &["-hostname="],
        &["-profile=p", "host"],
        &["-cn=x", "host"],
        &["-loglevel=5", "host"],
    ] {
        cases.push(selfsign(&format!("selfsign {words:?}"), words, r#"{"CN":"a"}"#));
    }
    for profile in [
        r#"{"expiry":"1h"}"#,
        r#"{"expiry":"1h","usages":["any"],"backdate":"1h","not_before":"2020-01-01T00:00:00Z","not_after":"2050-01-01T00:00:00Z"}"#,
        r#"{"expiry":"1h","usages":["any"],"policies":[{"id":"1.2.3"}],"ocsp_no_check":true}"#,
        r#"{"expiry":"1h","usages":["any"],"name_whitelist":"^x$"}"#,
        r#"{"expiry":"1h","usages":["any"],"CSRWhitelist":{}}"#,
        r#"{"expiry":"1h","usages":["any"],"ca_constraint":{"is_ca":true}}"#,
        r#"{"expiry":"-1h","usages":["any"]}"#,
        r#"{"expiry":"1h30m","usages":["any"]}"#,
    ] {
        cases
            .push(selfsign(&format!("selfsign with {profile}"), &["host"], r#"{"CN":"a"}"#).profile(profile));
    }
    let remote = r#"{"remotes":{"r":"127.0.0.1:1"},"signing":{"default":{"expiry":"1h","usages":["any"],"remote":"r"}}}"#;
    cases.push(selfsign("selfsign with a remote profile", &["host"], r#"{"CN":"a"}"#).config(remote));
}

fn configurations(cases: &mut Vec<Case>) {
    let gencert = |name: &str, request: &str| {
        let words = ["-ca=p256.pem", "-ca-key=p256-key.pem", "request.json"];
        Case::new("gencert", name, &words).by("p256").file("request.json", request)
    };
    let request = r#"{"CN":"a","hosts":["h"]}"#;
    for (name, profile) in [
        ("a provider in the profile", r#"{"expiry":"1h","usages":["any"],"Provider":{}}"#),
        ("a backdate in nanoseconds", r#"{"expiry":"1h","usages":["any"],"Backdate":7200000000000}"#),
    ] {
        cases.push(gencert(name, request).profile(profile));
    }
    let keys = r#"{"auth_keys":{"k":{"type":"standard","key":"file:nosuch"}},"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}}}"#;
    cases.push(gencert("an authentication key in no file", request).config(keys));
    let twice = r#"{"CN":"a","hosts":["h"],"names":[{"O":5,"O":"o"}]}"#;
    cases.push(gencert("a wrong type, then the right one", twice));
}

fn flags(cases: &mut Vec<Case>) {
    let request = r#"{"CN":"a","hosts":["h"]}"#;
    for words in [
        &["-crl=http://c/"][..],
        &["-crl="],
        &["-cn="],
        &["-cn=é"],
        &["-label=x"],
        &["-remote=127.0.0.1:1"],
        &["-remote="],
        &["-db-config=nosuch.json"],
        &["-initca=false"],
        &["-renewca=false"],
        &["-profile="],
        &["-loglevel=-5"],
        &["-mutual-tls-client-cert=x"],
        &["-tls-remote-ca=x"],
        &["-csr=x"],
        &["-responder=x"],
    ] {
        cases.push(leaf(&format!("flags {words:?}"), request, words));
    }
    for words in [
        &["-ca=p256.pem"][..],
        &["-profile=x"],
        &["-hostname=x"],
        &["-crl=http://c/"],
        &["-cn=x"],
        &["-cn="],
        &["-remote=127.0.0.1:1"],
        &["-db-config=nosuch.json"],
        &["-renewca"],
        &["-renewca", "-ca=p256.pem"],
    ] {
        let words = [&["-initca"], words, &["request.json"]].concat();
        cases.push(Case::new("gencert", &format!("flags {words:?}"), &words).file("request.json", request));
    }
    for words in [
        &[][..],
        &["-ca=p256.pem"],
        &["-ca-key=p256-key.pem"],
        &["-ca=p256.pem", "-ca-key=p256-key.pem", "x"],
        &["-ca=nosuch.pem", "-ca-key=p256-key.pem"],
        &["-ca=p256.pem", "-ca-key=nosuch.pem"],
        &["-ca=p256.pem", "-ca-key=p384-key.pem"],
        &["-ca=words.csr", "-ca-key=p256-key.pem"],
        &["-ca=chain.pem", "-ca-key=p256-key.pem"],
        &["-ca=p256.pem", "-ca-key=p256-key.pem", "-hostname=x", "-cn=y", "-profile=z"],
    ] {
        let words = [&["-renewca"], words].concat();
        cases.push(Case::new("gencert", &format!("flags {words:?}"), &words));
    }
    for words in [
        &["-remote=127.0.0.1:1"][..],
        &["-db-config=nosuch.json"],
        &["-label=x"],
        &["-cn=x"],
        &["-crl=http://c/"],
    ] {
        let words = [&["-ca=p256.pem", "-ca-key=p256-key.pem"], words, &["every host.csr"]].concat();
        cases.push(Case::new("sign", &format!("flags {words:?}"), &words).by("p256"));
    }
    for subject in [
        r#"{"CN":"new","names":[{"E":"m@x","OID":{"1.2.3":"v"}}]}"#,
        r#"{"names":[null]}"#,
        r#"{"names":{}}"#,
        r#"{"names":[{"O":5}]}"#,
        r#"{"CN":null,"SerialNumber":null}"#,
        r#"{"SerialNumber":5}"#,
        r#"{"serialnumber":"1","SerialNumber":"2"}"#,
        "{\"CN\":\"a\"} x",
        "x",
    ] {
        let words = ["-ca=p256.pem", "-ca-key=p256-key.pem", "rewritten.csr", "subject.json"];
        let case = Case::new("sign", &format!("newer subject {subject}"), &words).by("p256");
        cases.push(case.file("subject.json", subject));
    }
}
