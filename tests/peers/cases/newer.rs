//! What cfssl has had since 1.2.0, which cannot show it.

use super::super::case::Case;
use super::super::inputs::ASKED;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    extensions(&mut cases);
    profiles(&mut cases);
    hosts(&mut cases);
    authorities(&mut cases);
    cases
}

/// A CSR signed by a CA under a default profile.
fn sign(name: &str, csr: &str, words: &[&str], profile: &str) -> Case {
    let words = [&["-ca=p256.pem", "-ca-key=p256-key.pem"], words, &[csr]].concat();
    Case::new("sign", name, &words).by("p256").profile(profile)
}

/// A request for a leaf.
pub(super) fn leaf(name: &str, request: &str, words: &[&str]) -> Case {
    let words = [&["-ca=p256.pem", "-ca-key=p256-key.pem"], words, &["request.json"]].concat();
    Case::new("gencert", name, &words).by("p256").file("request.json", request)
}

fn extensions(cases: &mut Vec<Case>) {
    let copied = r#"{"expiry":"1h","usages":["signing","server auth"],"copy_extensions":true}"#;
    for asked in ASKED {
        let csr = format!("{}.csr", asked.name);
        cases.push(sign(&format!("copied extensions of {csr}"), &csr, &[], copied));
    }
    for csr in ["every host.csr", "usages.csr", "identifiers.csr", "plain.csr", "certtool full.csr"] {
        for (what, more) in [
            ("with policies", r#","policies":[{"id":"1.2.9"}]"#),
            (
                "with addresses",
                r#","crl_url":"http://c/","ocsp_url":"http://o/","issuer_urls":["http://i/"]"#,
            ),
            ("with OCSP unchecked", r#","ocsp_no_check":true"#),
            (
                "with a whitelist",
                r#","CSRWhitelist":{"PublicKey":true,"PublicKeyAlgorithm":true,"DNSNames":true}"#,
            ),
            ("into a CA", r#","ca_constraint":{"is_ca":true}"#),
            ("without client and server", r#","allowed_extensions":["1.2.3.4"]"#),
        ] {
            let profile = format!(
                r#"{{"expiry":"1h","usages":["signing","server auth"],"copy_extensions":true{more}}}"#
            );
            cases.push(sign(&format!("copied extensions of {csr} {what}"), csr, &[], &profile));
        }
        cases.push(sign(&format!("copied extensions of {csr}, -hostname"), csr, &["-hostname=f"], copied));
        cases.push(sign(
            &format!("nothing copied of {csr}"),
            csr,
            &[],
            r#"{"expiry":"1h","usages":["any"]}"#,
        ));
    }
    for list in [
        r#"[{"Id":[1,2,3,4],"Critical":true,"Value":"BQA="}]"#,
        r#"[{"Id":[2,5,29,17],"Value":"MAWCA293bg=="}]"#,
        r#"[{"Id":[2,5,29,19],"Critical":true,"Value":"MAMBAf8="}]"#,
        r#"[{"Id":[2,5,29,15],"Critical":true,"Value":"AwIBBg=="}]"#,
        r#"[{"Id":[1,2,3,4]}]"#,
        r#"[{"Id":[1,2,3,4],"Value":"AA=="},{"Id":[1,2,3,4],"Value":"AQ=="}]"#,
        r#"[null]"#,
        r#"[{"Id":[1]}]"#,
        r#"[{"Id":[1,-2]}]"#,
        r#"[{"Id":[1.5]}]"#,
        r#"[{"Id":["1"]}]"#,
        r#"[{"Id":[1,2,3],"Value":[256]}]"#,
        r#"[{"Id":[1,2,3],"Value":["x"]}]"#,
        r#"[{"Id":[1,2,3],"Value":5}]"#,
        r#"[{"Id":[1,2,3],"Value":{}}]"#,
        r#"[{"Id":[1,2,3],"Critical":1}]"#,
        r#"[5]"#,
    ] {
        let request = format!(r#"{{"CN":"a","hosts":["h"],"extensions":{list}}}"#);
        cases.push(leaf(&format!("extensions {list}"), &request, &[]));
        cases.push(leaf(&format!("extensions copied {list}"), &request, &[]).profile(copied));
    }
}

fn profiles(cases: &mut Vec<Case>) {
    for usage in [
        "content commitment",
        "content committment",
        "non repudiation",
        "digital signature",
        "any",
        "ocsp signing",
        "s/mime",
        "ipsec intermediate",
        "microsoft kernel code signing",
        "document signing",
        "S/MIME",
        "",
    ] {
        let profile = format!(r#"{{"expiry":"1h","usages":["{usage}","signing"]}}"#);
        cases.push(sign(&format!("usage {usage:?}"), "plain.csr", &[], &profile));
    }
    for fields in [
        r#""ClientProvidesSerialNumbers":true"#,
        r#""lint_error_level":"error""#,
        r#""lint_error_level":"NA""#,
        r#""lint_error_level":"reserved""#,
        r#""ignored_lints":["x"]"#,
        r#""ct_log_servers":[]"#,
        r#""ct_log_servers":null"#,
        r#""allowed_extensions":["1.2.3"]"#,
        r#""CSRWhitelist":{"PublicKey":true,"Subject":true,"URIs":true}"#,
        r#""CSRWhitelist":{"PublicKey":true,"EmailAddresses":true}"#,
        r#""CSRWhitelist":{"PublicKey":true,"SignatureAlgorithm":true}"#,
        r#""CSRWhitelist":{"PublicKey":true,"IPAddresses":true,"DNSNames":true,"EmailAddresses":true,"URIs":true}"#,
        r#""CSRWhitelist":{"PublicKey":null}"#,
        r#""name_whitelist":"example""#,
        r#""name_whitelist":"^(h|a.example|.*b.example|m@x.example)$""#,
        r#""name_whitelist":"^(h|a.example|.*b.example|m@x.example|https.*)$""#,
        r#""name_whitelist":"(?i)EXAMPLE|h""#,
        r#""name_whitelist":"\\pL""#,
        r#""name_whitelist":"[[:alpha:]]""#,
        r#""name_whitelist":"\\x{68}|example""#,
        r#""name_whitelist":".{1,1000}""#,
        r#""name_whitelist":"(a|b)*?\\z|.*\\Q.\\Ee|h""#,
        r#""name_whitelist":"[[h]]|example""#,
        r#""name_whitelist":"^[a-z&&[^x]]+$|[.@/]""#,
        r#""name_whitelist":"\\<h|example""#,
        r#""name_whitelist":"(?x)h | example""#,
        r#""name_whitelist":"h**|example""#,
        r#""name_whitelist":"h{,2}|h{|example""#,
        r#""name_whitelist":"h{1001}|example""#,
        r#""name_whitelist":"[[:foo:]]|example""#,
        r#""name_whitelist":"\\u0068|example""#,
        r#""name_whitelist":"(?P<a>h)|(?<b>example)""#,
        r#""name_whitelist":"\\150|\\bexample\\b""#,
        r#""not_before":"2020-01-01T00:00:00Z","not_after":"2019-01-01T00:00:00Z""#,
        r#""not_before":"2020-01-01T00:00:00Z","not_after":"2020-01-01T00:00:00Z""#,
        r#""not_before":"1940-01-01T00:00:00Z""#,
        r#""not_before":"1950-01-01T00:00:00Z""#,
        r#""not_before":"0001-01-01T00:00:00Z""#,
        r#""not_before":"0000-01-01T00:00:00Z""#,
        r#""not_before":"9999-01-01T00:00:00Z""#,
        r#""not_after":"9999-12-31T23:59:59Z""#,
        r#""not_after":"9999-12-31T23:59:59-01:00""#,
        r#""not_after":"2050-01-01T00:00:00+14:00""#,
        r#""not_after":"2049-12-31T23:59:60Z""#,
        r#""not_after":"2049-12-31t23:59:59z""#,
        r#""not_after":"2049-12-31 23:59:59Z""#,
        r#""not_after":"2049-12-31T23:59:59.123456789Z""#,
        r#""not_after":"2049-12-31T23:59:59,5Z""#,
        r#""not_after":"2049-12-31T24:00:00Z""#,
        r#""not_after":"2049-12-31T23:59:59+24:00""#,
        r#""expiry":"2540400h""#,
        r#""expiry":"2562047h""#,
        r#""expiry":"1ns""#,
        r#""expiry":"1.999s""#,
        r#""expiry":"-0h""#,
        r#""expiry":"+1h""#,
        r#""expiry":"1h1""#,
        r#""expiry":"h""#,
        r#""expiry":".5h""#,
        r#""expiry":"1H""#,
        r#""expiry":"1µs""#,
        r#""expiry":"1e3s""#,
        r#""backdate":"1000000h""#,
        r#""backdate":"29s""#,
        r#""backdate":"1ns""#,
        r#""ca_constraint":{"is_ca":true,"max_path_len":-2}"#,
        r#""ca_constraint":{"is_ca":true,"max_path_len":1.0}"#,
        r#""ca_constraint":{"is_ca":true,"max_path_len":null}"#,
        r#""ca_constraint":{"is_ca":null,"max_path_len_zero":true}"#,
        r#""ca_constraint":{"IS_CA":true,"Max_Path_Len":3}"#,
        r#""issuer_urls":[""]"#,
        r#""issuer_urls":["a","a"]"#,
        r#""ocsp_url":"é""#,
        r#""crl_url":"é""#,
        r#""crl_url":" ""#,
        r#""crl_url":"ldap:///x""#,
        r#""policies":[]"#,
        r#""policies":[{"id":"1.2.3","qualifiers":[{"type":"id-qt-cps","value":"é"}]}]"#,
        r#""policies":[{"id":"1.2.3","qualifiers":[{"type":"id-qt-cps"}]}]"#,
        r#""policies":[{"id":"1.2.3"},{"id":"1.2.3"}]"#,
        r#""policies":[{"id":"01.02"}]"#,
        r#""policies":[{"id":"1."}]"#,
        r#""policies":[{"id":"."}]"#,
        r#""usages":["signing"],"usages":["server auth"]"#,
    ] {
        let expiry = if fields.contains("expiry") { "" } else { r#""expiry":"1h","# };
        let usages = if fields.contains("usages") { "" } else { r#""usages":["signing","server auth"],"# };
        let profile = format!("{{{expiry}{usages}{fields}}}");
        cases.push(sign(&format!("profile {fields}"), "every host.csr", &[], &profile));
    }
    let key = r#""auth_keys":{"k":{"type":"standard","key":"0011"}}"#;
    for (name, config) in [
        ("auth_key", format!(r#"{{"signing":{{"default":{{"expiry":"1h","usages":["any"],"auth_key":"k"}}}},{key}}}"#)),
        ("remote", r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"remote":"r"}},"remotes":{"r":"127.0.0.1:1"}}"#.to_owned()),
        ("auth_remote", format!(r#"{{"signing":{{"default":{{"auth_remote":{{"remote":"r","auth_key":"k"}}}}}},"remotes":{{"r":"127.0.0.1:1"}},{key}}}"#)),
        ("a profile of two keys", r#"{"signing":{"default":{"expiry":"1h","usages":["any"]},"profiles":{"p":{"expiry":"1h","usages":["any"]},"p":{"crl_url":"http://c/"}}}}"#.to_owned()),
        ("capitals", r#"{"Signing":{"Default":{"EXPIRY":"1h","Usages":["any"],"Copy_Extensions":true,"csrwhitelist":null}}}"#.to_owned()),
        ("OCSP", r#"{"ocsp":{"interval":"1h"},"signing":{"default":{"expiry":"1h","usages":["any"]}}}"#.to_owned()),
    ] {
        let words = ["-ca=p256.pem", "-ca-key=p256-key.pem", "plain.csr"];
        let case = Case::new("sign", &format!("configuration with {name}"), &words).by("p256");
        cases.push(case.config(&config));
        let words = ["-ca=p256.pem", "-ca-key=p256-key.pem", "-profile=p", "plain.csr"];
        let case = Case::new("sign", &format!("profile of a configuration with {name}"), &words).by("p256");
        cases.push(case.config(&config));
    }
}

fn hosts(cases: &mut Vec<Case>) {
    for host in [
        "localhost:443",
        "*",
        "/",
        "/abs/path",
        "//host/path",
        "http://a b/",
        "HTTP://X.Com/a b",
        "HTTP://X.Com/A%7e",
        "http://é/",
        "http://a/é",
        "http://a/?q=é b#f g",
        "http://user:pw@a/",
        "http://[::1]:80/",
        "http://[::1",
        "http://a:b/",
        "http://",
        "http:",
        "tel:+1",
        "ftp:foo",
        "x:y",
        "a:b:c",
        "1x:y",
        "-x:y",
        "urn:uuid:1",
        "spiffe://td/ns/x",
        "fe80::1%eth0",
        "mailto:a@b",
        "a@b.example?x",
        "http://a/%zz",
        "http://a/%",
        "HTTP://A/\\",
        "http://a/<>\"{}|^`",
        "%41",
        "?q",
        "#f",
        "a?b#c",
        "::ffff:10.0.0.1",
        "0:0:0:0:0:0:0:1",
        "1::2::3",
        "1.2.3.4 ",
        "1.2.3.4\\n",
        "x@y",
        "\\\"a b\\\"@y",
        "x@[::1]",
        "x@[IPv6:::1]",
        "a <b@c>",
        "a,b",
        "=?utf-8?q?x?= <a@b>",
        "xn--bcher-kva.example",
        "a\\u0000b",
        "a\\tb",
        "\\u007f",
        "x@é",
        "é@x",
        "a..b",
        "*.*.x",
    ] {
        let request = format!(r#"{{"CN":"a","hosts":["{host}"]}}"#);
        cases.push(leaf(&format!("host {host}"), &request, &[]));
    }
    for list in ["localhost:443,*", "http://a/,b", "/x", "a;b", " ", "a,b,", "'a'"] {
        cases.push(leaf(&format!("-hostname {list:?}"), r#"{"CN":"a"}"#, &["-hostname", list]));
    }
}

fn authorities(cases: &mut Vec<Case>) {
    for section in [
        r#"{"backdate":"1h"}"#,
        r#"{"backdate":"90s","expiry":"2h"}"#,
        r#"{"backdate":"-1h"}"#,
        r#"{"backdate":"0s"}"#,
        r#"{"backdate":"x"}"#,
        r#"{"backdate":"","expiry":""}"#,
        r#"{"expiry":"2562047h"}"#,
        r#"{"expiry":"x","backdate":"y"}"#,
        r#"{"pathlen":-5}"#,
        r#"{"pathlen":2147483647}"#,
        r#"{"pathlen":1,"pathlen":2}"#,
        r#"{"PathLen":1,"PATHLENZERO":false}"#,
    ] {
        let request = format!(r#"{{"CN":"CA","ca":{section}}}"#);
        let words = ["-initca", "request.json"];
        cases
            .push(Case::new("gencert", &format!("new CA: {section}"), &words).file("request.json", &request));
        let words = ["-initca", "-ca-key=p256-key.pem", "request.json"];
        cases.push(Case::new("gencert", &format!("again: {section}"), &words).file("request.json", &request));
    }
    for (name, request) in [
        ("CRL address", r#"{"CN":"CA","crl_url":"http://c/"}"#),
        ("delegation", r#"{"CN":"CA","delegation_enabled":true}"#),
        ("delegation and a section", r#"{"CN":"CA","delegation_enabled":true,"ca":{"pathlen":1}}"#),
        ("extensions", r#"{"CN":"CA","extensions":[{"Id":[1,2,3,4],"Value":"BQA="}]}"#),
        ("URIs", r#"{"CN":"CA","hosts":["https://u/","10.0.0.1"]}"#),
        ("mail", r#"{"CN":"CA","names":[{"E":"m@x","O":"o"}]}"#),
        ("mail alone", r#"{"names":[{"E":"m@x"}]}"#),
        ("identifiers", r#"{"CN":"CA","names":[{"OID":{"1.2.3.4":"v"}}]}"#),
        ("identifiers alone", r#"{"names":[{"OID":{"1.2.3.4":"v"}}]}"#),
        ("Ed25519", r#"{"CN":"CA","key":{"algo":"ed25519"}}"#),
        ("Ed25519 with a size", r#"{"CN":"CA","key":{"algo":"ed25519","size":256}}"#),
        ("a host that is none", r#"{"CN":"CA","hosts":["é"]}"#),
        ("an identifier that is none", r#"{"CN":"CA","names":[{"OID":{"x":"v"}}]}"#),
    ] {
        let words = ["-initca", "request.json"];
        cases.push(Case::new("gencert", &format!("new CA: {name}"), &words).file("request.json", request));
        let words = ["-initca", "-ca-key=p256-key.pem", "request.json"];
        cases.push(Case::new("gencert", &format!("again: {name}"), &words).file("request.json", request));
        let words = ["-initca", "request.json"];
        cases.push(Case::new("genkey", &format!("new CA: {name}"), &words).file("request.json", request));
    }
    for name in ["every name", "odd names", "server", "inter", "ed25519", "PSS", "SHA-512", "v1", "letters"] {
        let key = match name {
            "PSS" | "SHA-512" => "rsa2048.key".to_owned(),
            "ed25519" => "ed25519.key".to_owned(),
            "every name" | "letters" | "v1" => "p256.key".to_owned(),
            _ => format!("{name}-key.pem"),
        };
        let words = ["-renewca", &format!("-ca={name}.pem"), &format!("-ca-key={key}")];
        cases.push(Case::new("gencert", &format!("renewed {name}"), &words));
        if name == "v1" {
            continue;
        }
        let words = [&format!("-ca={name}.pem"), &format!("-ca-key={key}"), "request.json"];
        let below = Case::new("gencert", &format!("below {name}"), &words).by(name);
        cases.push(below.file("request.json", r#"{"CN":"a","hosts":["h"]}"#));
    }
}
