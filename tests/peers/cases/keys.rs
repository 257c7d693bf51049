//! `gencsr`, and what a private key's file may be for every command.

use super::super::case::Case;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    gencsr(&mut cases);
    files(&mut cases);
    cases
}

fn gencsr(cases: &mut Vec<Case>) {
    let request = |name: &str, words: &[&str], text: &str| {
        let words = [&["-key", "p256-key.pem"], words, &["request.json"]].concat();
        Case::new("gencsr", name, &words).file("request.json", text)
    };
    for text in [
        "{}",
        "null",
        "[]",
        "",
        r#"{"CN":"a"}"#,
        r#"{"CN":"a","hosts":["a.example","10.0.0.1","m@x.example","https://u/","*"]}"#,
        r#"{"CN":"a","hosts":["é"]}"#,
        r#"{"CN":"a","hosts":[""]}"#,
        r#"{"CN":"a","ca":{}}"#,
        r#"{"CN":"a","ca":{"pathlen":2}}"#,
        r#"{"CN":"a","ca":{"pathlenzero":true}}"#,
        r#"{"CN":"a","ca":{"expiry":"1h","backdate":"x"}}"#,
        r#"{"CN":"a","key":{"algo":"rsa","size":1}}"#,
        r#"{"CN":"a","names":[{"C":"US","O":"b","E":"m@x","OID":{"1.2.3":"v"}},{"O":"a"}],"serialnumber":"1"}"#,
        r#"{"CN":"a","names":[{"OID":{"x":"v"}}]}"#,
        r#"{"CN":"a","names":[{"OID":{"1.x":"v"}}]}"#,
        r#"{"CN":"a","names":[{"OID":{"":"v"}}]}"#,
        r#"{"CN":"a","names":[{"OID":{"2.5.4.3":"other"}}]}"#,
        r#"{"CN":"a","names":[{"OID":{"1.2.3":""}}]}"#,
        r#"{"CN":"a","names":[{"OID":{"1.2.3":5}}]}"#,
        r#"{"CN":"a","names":[{"OID":["1.2.3"]}]}"#,
        r#"{"CN":"a","names":[{"E":""},{"E":" "},{"E":"b"}]}"#,
        r#"{"CN":"a","delegation_enabled":true}"#,
        r#"{"CN":"a","delegation_enabled":true,"hosts":["h"]}"#,
        r#"{"CN":"a","delegation_enabled":"x"}"#,
        r#"{"CN":"a","extensions":[{"Id":[1,2,3],"Critical":true,"Value":"BQA="}]}"#,
        r#"{"CN":"a","extensions":[{"id":[1,2,3],"value":"BQA="},{"Id":[1,2,4],"Value":""}],"hosts":["h"]}"#,
        r#"{"CN":"a","extensions":[{"Id":"1.2.3","Value":"BQA="}]}"#,
        r#"{"CN":"a","extensions":[{"Id":[1,2,3],"Value":"x"}]}"#,
        r#"{"CN":"a","extensions":[{"Id":[1,2,3],"Value":[5,0]}]}"#,
        r#"{"CN":"a","extensions":{}}"#,
        r#"{"CN":"a","extensions":null,"crl_url":"http://c/"}"#,
        r#"{"CN":"a","crl_url":5}"#,
    ] {
        cases.push(request(&format!("request {text}"), &[], text));
        // The same with a new key, for what 1.2.0 cannot show.
        let fresh = Case::new("genkey", &format!("genkey request {text}"), &["request.json"]);
        cases.push(fresh.file("request.json", text));
        let initca = Case::new("gencert", &format!("new CA {text}"), &["-initca", "request.json"]);
        cases.push(initca.file("request.json", text));
    }
    let full = r#"{"CN":"a","hosts":["lost"]}"#;
    cases.push(request("-hostname", &["-hostname", "h,10.0.0.1,, b"], full));
    cases.push(request("-hostname empty", &["-hostname="], full));
    cases.push(Case::new("gencsr", "standard input", &["-key=p256-key.pem", "-"]).stdin(full));
    cases.push(Case::new("gencsr", "no key", &["request.json"]).file("request.json", full));
    cases.push(Case::new("gencsr", "no request", &["-key=p256-key.pem"]));
    cases.push(Case::new("gencsr", "two requests", &["-key=p256-key.pem", "a", "b"]));
    cases.push(Case::new("gencsr", "a missing request", &["-key=p256-key.pem", "nosuch.json"]));
    cases.push(Case::new("gencsr", "a missing key", &["-key=nosuch.pem", "nosuch.json"]));
    cases.push(Case::new("gencsr", "a key of the environment", &["-key=env:NOSUCH", "nosuch.json"]));
    cases.push(Case::new("gencsr", "certificate and request", &["-key=p256-key.pem", "-cert=p256.pem", "x"]));
    for name in
        ["p256", "many", "mail", "leaf", "bare", "every name", "odd names", "server", "pathlen1", "pathlen0"]
    {
        let words = ["-key=p256-key.pem", &format!("-cert={name}.pem")];
        cases.push(Case::new("gencsr", &format!("certificate {name}"), &words));
    }
    for name in ["nosuch.pem", "words.csr", "p256-key.pem", "chain.pem", "DER.pem", ""] {
        let words = ["-key=p256-key.pem", &format!("-cert={name}")];
        cases.push(Case::new("gencsr", &format!("no certificate {name}"), &words));
    }
    cases.push(Case::new(
        "gencsr",
        "certificate and hosts",
        &["-key=p256-key.pem", "-cert=server.pem", "-hostname=x"],
    ));
}

/// A key's file, as each command reads it.
fn files(cases: &mut Vec<Case>) {
    let request = r#"{"CN":"a"}"#;
    for key in [
        "p256.key",
        "p384.key",
        "p521.key",
        "rsa1024.key",
        "rsa2048.key",
        "ed25519.key",
        "ed448.key",
        "secp256k1.key",
        "p224.key",
        "sec1.key",
        "sec1 bare.key",
        "pkcs1.key",
        "explicit.key",
        "DER.key",
        "legacy-key.pem",
        "pkcs8 encrypted.key",
        "pkcs8 text.key",
        "key after certificate.key",
        "wrong label.key",
        "ed25519 cfssl.key",
        "words.csr",
        "nothing.csr",
        "p256.pem",
        ".",
        "public.key",
        "two.key",
        "CRLF.key",
        "dsa.key",
        "pss.key",
        "x25519.key",
    ] {
        let name = format!("key {key}");
        let flag = format!("-key={key}");
        cases.push(Case::new("gencsr", &name, &[&flag, "request.json"]).file("request.json", request));
        let again = ["-initca", &format!("-ca-key={key}"), "request.json"];
        cases.push(Case::new("gencert", &format!("again with {name}"), &again).file("request.json", request));
        let list = ["serials", "p256.pem", key];
        cases.push(Case::new("gencrl", &name, &list).file("serials", "1\n"));
        let sign = ["-ca=p256.pem", &format!("-ca-key={key}"), "plain.csr"];
        cases.push(Case::new("sign", &format!("CA {name}"), &sign).by("p256"));
    }
    for (name, password) in [("right", "secret"), ("wrong", "wrong"), ("empty", "")] {
        for key in ["legacy-key.pem", "pkcs8 encrypted.key"] {
            let words = [&format!("-key={key}"), "request.json"];
            let case = Case::new("gencsr", &format!("{key} and a password, {name}"), &words);
            cases.push(case.file("request.json", request).environment("CFSSL_CA_PK_PASSWORD", password));
            let words = ["-initca", &format!("-ca-key={key}"), "request.json"];
            let case = Case::new("gencert", &format!("{key} and a password, {name}"), &words);
            cases.push(case.file("request.json", request).environment("CFSSL_CA_PK_PASSWORD", password));
            let case =
                Case::new("gencrl", &format!("{key} and a password, {name}"), &["serials", "p256.pem", key]);
            cases.push(case.file("serials", "1\n").environment("CFSSL_CA_PK_PASSWORD", password));
            let words = ["-renewca", "-ca=p256.pem", &format!("-ca-key={key}")];
            let case = Case::new("gencert", &format!("renewed, {key} and a password, {name}"), &words);
            cases.push(case.environment("CFSSL_CA_PK_PASSWORD", password));
        }
    }
    // Where certificates and keys come from.
    let sign = |name: &str, words: &[&str]| Case::new("sign", name, &[words, &["plain.csr"]].concat());
    cases.push(sign("prefix file", &["-ca=file:p256.pem", "-ca-key=file:p256-key.pem"]).by("p256"));
    cases.push(sign("prefix unknown", &["-ca=foo:p256.pem", "-ca-key=p256-key.pem"]));
    cases.push(sign("prefix unknown for the key", &["-ca=p256.pem", "-ca-key=foo:p256-key.pem"]));
    cases.push(sign("prefix empty", &["-ca=:p256.pem", "-ca-key=p256-key.pem"]));
    cases.push(sign("prefix env, unset", &["-ca=env:NOSUCH", "-ca-key=p256-key.pem"]));
    cases.push(sign("prefix env, unset for the key", &["-ca=p256.pem", "-ca-key=env:NOSUCH"]));
    cases.push(sign("prefix env", &["-ca=p256.pem", "-ca-key=env:KEY"]).environment("KEY", "words"));
    cases.push(sign("prefix and a missing file", &["-ca=file:nosuch.pem", "-ca-key=p256-key.pem"]));
    cases.push(sign("prefix and a missing file for the key", &["-ca=p256.pem", "-ca-key=file:nosuch.pem"]));
    cases.push(sign("the standard input", &["-ca=-", "-ca-key=p256-key.pem"]).stdin_file("p256.pem"));
    cases.push(
        sign("the standard input for the key", &["-ca=p256.pem", "-ca-key=-"]).stdin_file("p256-key.pem"),
    );
}
