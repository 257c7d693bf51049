//! What `gencert` refuses.

use super::gencert::{Form, Put};

/// Adds all cases.
pub(super) fn add(cases: &mut Vec<Put>) {
    for request in [
        "",
        "x",
        "{",
        "[]",
        r#"{"CN":"a",}"#,
        r#"{"CN":"a"}x"#,
        r#"{"CN":5}"#,
        r#"{"hosts":"a"}"#,
        r#"{"hosts":[1]}"#,
        r#"{"names":{}}"#,
        r#"{"names":["x"]}"#,
        r#"{"names":[{"C":5}]}"#,
        r#"{"key":"rsa"}"#,
        r#"{"key":{"size":"256"}}"#,
        r#"{"key":{"size":256.0}}"#,
        r#"{"key":{"algo":1}}"#,
        r#"{"ca":[]}"#,
        r#"{"ca":{"pathlen":"1"}}"#,
        r#"{"ca":{"pathlenzero":1}}"#,
        r#"{"ca":{"expiry":1}}"#,
        r#"{"serialnumber":1}"#,
        "{\"CN\":\"a\nb\"}",
        r#"{"CN":"\x"}"#,
        r#"{"CN":tru}"#,
        "\u{feff}{}",
        r#"{"CN":"x","ca":{}}"#,
    ] {
        cases.push(Put::new(&format!("refused request {request:?}"), Form::Leaf("p256"), request));
        cases.push(Put::new(&format!("refused CA {request:?}"), Form::Initca, request));
    }
    for request in [
        "{}",
        r#"{"names":[]}"#,
        r#"{"names":[{}]}"#,
        r#"{"names":[{"O":"x"},{"O":" "}]}"#,
        r#"{"serialnumber":"1"}"#,
    ] {
        cases.push(Put::new(&format!("nameless CA {request}"), Form::Initca, request));
    }
    let leaf = |name: &str| Put::new(name, Form::Leaf("p256"), r#"{"CN":"leaf","hosts":["h"]}"#);
    for config in [
        "",
        "{}",
        "[]",
        r#"{"signing":null}"#,
        r#"{"signing":{}}"#,
        r#"{"signing":{"default":{}}}"#,
        r#"{"signing":{"default":null,"profiles":null}}"#,
        r#"{"signing":{"default":{"expiry":"0s","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"10y","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"8760","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1 h","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"9999999h","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":1,"usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","backdate":"x","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":"any"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":[1]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ca_constraint":true}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ca_constraint":{"max_path_len":"1"}}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_before":"2020-01-01"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"("}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"x"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.x"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":5}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.2.3","qualifiers":[{"type":"x"}]}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}},"auth_keys":{"k":{"type":"other","key":"00"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}},"auth_keys":{"k":{"type":"standard","key":"zz"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}},"auth_keys":{"k":{"type":"standard","key":"0011"}}}"#,
        r#"{"signing":{"default":{"remote":"r"}}}"#,
        r#"{"signing":{"default":{"auth_remote":{"remote":"r"}}}}"#,
        r#"{"signing":{"default":{"auth_remote":{"auth_key":"k"}}}}"#,
        r#"{"signing":{"default":{"remote":"r","auth_remote":{"remote":"r","auth_key":"k"}}},"remotes":{"r":"h:1"},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"profiles":{"p":{"expiry":"1h"}}}}"#,
        r#"{"signing":{"profiles":{"p":{"usages":["any"]}}}}"#,
        r#"{"signing":{"profiles":{"p":{"expiry":"1h","usages":["bogus"]}}}}"#,
        r#"{"signing":{"profiles":{"p":null}}}"#,
        r#"{"signing":{"profiles":[]}}"#,
        r#"{"signing":5}"#,
    ] {
        cases.push(leaf(&format!("config {config}")).config(config));
    }
    cases.push(leaf("config missing").with(&["-config", "nosuch.json"]));
    cases.push(leaf("two requests").with(&["extra.json"]));
    cases.push(leaf("-ca missing file").with(&["-ca", "nosuch.pem"]));
    cases.push(leaf("-ca-key missing file").with(&["-ca-key", "nosuch.pem"]));
    cases.push(leaf("-ca empty").with(&["-ca="]));
    cases.push(leaf("-ca-key empty").with(&["-ca-key="]));
    cases.push(leaf("-ca is a key").with(&["-ca", "p256-key.pem"]));
    cases.push(leaf("-ca-key is a certificate").with(&["-ca-key", "p256.pem"]));
    cases.push(leaf("-ca-key of another").with(&["-ca-key", "p384-key.pem"]));
    cases.push(leaf("-ca empty, with a config").config(two_profiles()).with(&["-ca="]));
    cases.push(leaf("-ca-key empty, with a config").config(two_profiles()).with(&["-ca-key="]));
    cases.push(leaf("-loglevel 2").with(&["-loglevel", "2"]));
    cases.push(leaf("-loglevel 0").with(&["-loglevel=0"]));
}

fn two_profiles() -> &'static str {
    r#"{"signing":{"default":{"expiry":"1h","usages":["any"]}}}"#
}
