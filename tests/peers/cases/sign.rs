//! `sign`, `genkey` and `selfsign`.

use super::super::case::Case;
use super::super::inputs::csr_names;

/// A CSR signed by a CA.
fn sign(name: &str, issuer: &'static str, arguments: &[&str]) -> Case {
    let (ca, key) = (format!("-ca={issuer}.pem"), format!("-ca-key={issuer}-key.pem"));
    Case::new("sign", name, &[&[ca.as_str(), key.as_str()], arguments].concat()).by(issuer)
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    // What depends on the age of cfssl, and what does not.
    let (mut aged, mut ageless) = (Vec::new(), Vec::new());
    csrs(&mut aged);
    selfsign(&mut aged);
    arguments(&mut aged);
    overrides(&mut ageless);
    profiles(&mut ageless);
    authorities(&mut ageless);
    genkey(&mut ageless);
    aged.into_iter().map(Case::old).chain(ageless).collect()
}

fn csrs(cases: &mut Vec<Case>) {
    for name in csr_names() {
        cases.push(sign(&format!("CSR {name}"), "p256", &[&format!("{name}.csr")]));
    }
    for name in ["every host", "text around", "nothing", "old label"] {
        cases.push(sign(&format!("stdin {name}"), "p256", &["-"]).stdin_file(&format!("{name}.csr")));
    }
    for issuer in ["p384", "p521", "rsa2048"] {
        cases.push(sign(&format!("by {issuer}"), issuer, &["every host.csr"]));
    }
}

fn overrides(cases: &mut Vec<Case>) {
    for subject in [
        "{}",
        "null",
        "[]",
        "",
        r#"{"CN":"new"}"#,
        r#"{"CN":5}"#,
        r#"{"cn":"lower","NAMES":[{"o":"x"}],"serialnumber":"7"}"#,
        r#"{"names":[{"O":"NewOrg"}]}"#,
        r#"{"names":[{"O":"b","OU":"u"},{"O":"a","C":"DE"}],"SerialNumber":"8"}"#,
        r#"{"names":[{"C":"US","ST":"s","L":"l","O":"o","OU":"u","E":"e@x","SerialNumber":"9"}]}"#,
        r#"{"CN":"*_&@","names":[{"O":""},{}]}"#,
        r#"{"CN":"a","hosts":["h"],"key":{"algo":"rsa"}}"#,
    ] {
        cases.push(
            sign(&format!("subject {subject}"), "p256", &["rewritten.csr", "subject.json"])
                .file("subject.json", subject),
        );
    }
    cases.push(sign("subject missing", "p256", &["rewritten.csr", "nosuch.json"]));
    cases.push(sign("subject -", "p256", &["rewritten.csr", "-"]).stdin_file("words.csr"));
    cases.push(
        sign("subject behind -csr", "p256", &["-csr=rewritten.csr", "subject.json"])
            .file("subject.json", r#"{"CN":"new"}"#),
    );
    for hosts in
        ["a.example", "a,10.0.0.1,m@x.example,::1", "a,a", "A.Example", "1.2.3.4:80", "a,,b", "a, b", "é"]
    {
        cases.push(sign(&format!("-hostname {hosts}"), "p256", &["-hostname", hosts, "every host.csr"]));
    }
    cases.push(sign("-hostname for no hosts", "p256", &["-hostname=a", "plain.csr"]));
    cases.push(sign("-hostname for an empty subject", "p256", &["-hostname=a", "empty.csr"]));
    cases.push(sign("-hostname empty", "p256", &["-hostname=", "every host.csr"]));
    cases.push(sign("-csr", "p256", &["-csr", "every host.csr"]));
    cases.push(sign("-csr -", "p256", &["-csr", "-"]).stdin_file("every host.csr"));
}

fn profiles(cases: &mut Vec<Case>) {
    let usages = r#""expiry":"1h","usages":["signing","server auth"]"#;
    for (name, profile) in [
        ("plain", format!("{{{usages}}}")),
        (
            "URLs",
            format!(
                r#"{{{usages},"issuer_urls":["http://i/"],"ocsp_url":"http://o/","crl_url":"http://c/"}}"#
            ),
        ),
        (
            "dates",
            format!(r#"{{{usages},"not_before":"2020-01-01T00:00:00Z","not_after":"2060-01-01T00:00:00Z"}}"#),
        ),
        ("backdate", format!(r#"{{{usages},"backdate":"1h","ocsp_no_check":true}}"#)),
        ("policies", format!(r#"{{{usages},"policies":[{{"ID":"1.2.3"}}]}}"#)),
        ("no usages", r#"{"expiry":"1h"}"#.to_owned()),
        ("client serial", format!(r#"{{{usages},"ClientProvidesSerialNumbers":true}}"#)),
        ("names allowed", format!(r#"{{{usages},"name_whitelist":"example|^h$"}}"#)),
        ("names refused", format!(r#"{{{usages},"name_whitelist":"^[a-z.]*\\.example$"}}"#)),
        ("subject kept", format!(r#"{{{usages},"CSRWhitelist":{{"PublicKey":true,"Subject":true}}}}"#)),
        (
            "DNS names kept",
            format!(
                r#"{{{usages},"CSRWhitelist":{{"PublicKey":true,"PublicKeyAlgorithm":true,"DNSNames":true}}}}"#
            ),
        ),
        (
            "addresses kept",
            format!(
                r#"{{{usages},"CSRWhitelist":{{"PublicKey":true,"PublicKeyAlgorithm":true,"Subject":true,"IPAddresses":true}}}}"#
            ),
        ),
        (
            "mail kept",
            format!(
                r#"{{{usages},"CSRWhitelist":{{"PublicKey":true,"PublicKeyAlgorithm":true,"Subject":true,"EmailAddresses":true}}}}"#
            ),
        ),
        ("nothing kept", format!(r#"{{{usages},"CSRWhitelist":{{}}}}"#)),
    ] {
        let case = sign(&format!("profile {name}"), "p256", &["every host.csr"]).profile(&profile);
        // The one whose words 1.2.0 has differently.
        cases.push(if name == "nothing kept" { case.old() } else { case });
        let flag =
            sign(&format!("profile {name}, -hostname"), "p256", &["-hostname=f.example", "every host.csr"]);
        cases.push(flag.profile(&profile));
    }
    let two = r#"{"signing":{"default":{"expiry":"1h","usages":["signing"]},"profiles":{"p":{"expiry":"2h","usages":["client auth"]}}}}"#;
    for profile in ["p", "unknown"] {
        let arguments = ["-config=config.json", "-profile", profile, "every host.csr"];
        cases.push(sign(&format!("-profile {profile}"), "p256", &arguments).file("config.json", two));
    }
    cases.push(sign("-profile without a configuration", "p256", &["-profile=x", "every host.csr"]));
}

fn authorities(cases: &mut Vec<Case>) {
    let profile = |more: &str| {
        format!(r#"{{"expiry":"1h","usages":["cert sign"],"ca_constraint":{{"is_ca":true{more}}}}}"#)
    };
    for issuer in ["p256", "pathlen0", "pathlen1"] {
        for csr in ["plain", "no CA", "CA", "CA 0", "CA 1", "CA 2"] {
            let file = format!("{csr}.csr");
            let name = format!("{csr} below {issuer}");
            cases.push(sign(&format!("CA profile: {name}"), issuer, &[&file]).profile(&profile("")));
            cases.push(sign(&format!("leaf profile: {name}"), issuer, &[&file]));
        }
    }
    for more in
        [r#","max_path_len":1"#, r#","max_path_len":0,"max_path_len_zero":true"#, r#","max_path_len":-1"#]
    {
        let case = sign(&format!("CA profile {more}"), "p256", &["CA 2.csr"]);
        cases.push(case.profile(&profile(more)));
    }
    for (name, ca, key) in [
        ("no CA file", "nosuch.pem", "p256-key.pem"),
        ("no CA key file", "p256.pem", "nosuch.pem"),
        ("a chain", "chain.pem", "p256-key.pem"),
        ("text behind the CA", "junk.pem", "p256-key.pem"),
        ("DER", "DER.pem", "p256-key.pem"),
        ("a key for the CA", "p256-key.pem", "p256-key.pem"),
        ("a certificate for the key", "p256.pem", "p256.pem"),
        ("words for the key", "p256.pem", "words.csr"),
        ("an empty key", "p256.pem", "nothing.csr"),
        ("another key", "mixed.pem", "mixed-key.pem"),
        ("an encrypted key without a password", "p256.pem", "legacy-key.pem"),
        ("a directory for the CA", ".", "p256-key.pem"),
        ("a directory for the key", "p256.pem", "."),
    ] {
        let (ca, key) = (format!("-ca={ca}"), format!("-ca-key={key}"));
        let arguments = [ca.as_str(), &key, "every host.csr"];
        cases.push(Case::new("sign", &format!("authority: {name}"), &arguments));
    }
    for (name, password) in [("right", "secret"), ("wrong", "wrong")] {
        let arguments = ["-ca=p256.pem", "-ca-key=legacy-key.pem", "every host.csr"];
        let case = Case::new("sign", &format!("authority: an encrypted key, {name}"), &arguments);
        cases.push(case.by("p256").environment("CFSSL_CA_PK_PASSWORD", password));
    }
}

fn arguments(cases: &mut Vec<Case>) {
    for (name, arguments) in [
        ("nothing", &[][..]),
        ("no CA", &["every host.csr"][..]),
        ("no CA key", &["-ca=p256.pem", "every host.csr"]),
        ("no CA, a missing CSR", &["nosuch.csr"]),
        ("no CA, an unreadable subject", &["every host.csr", "nosuch.json"]),
        ("no CA, no CSR", &["words.csr"]),
        ("a missing CSR", &["-ca=p256.pem", "-ca-key=p256-key.pem", "nosuch.csr"]),
        ("a directory", &["-ca=p256.pem", "-ca-key=p256-key.pem", "."]),
        ("three", &["-ca=p256.pem", "-ca-key=p256-key.pem", "every host.csr", "a", "b"]),
        ("-csr and two", &["-ca=p256.pem", "-ca-key=p256-key.pem", "-csr=every host.csr", "a", "b"]),
        ("an empty CSR name", &["-ca=p256.pem", "-ca-key=p256-key.pem", ""]),
        ("no CA file and no CSR", &["-ca=nosuch.pem", "-ca-key=nosuch.pem", "words.csr"]),
        ("a broken configuration", &["-config=words.csr", "every host.csr"]),
    ] {
        cases.push(Case::new("sign", &format!("arguments: {name}"), arguments));
    }
    let config = r#"{"signing":{"default":{"expiry":"1h","usages":["signing"]}}}"#;
    for (name, arguments) in [
        ("neither", &["every host.csr"][..]),
        ("key only", &["-ca-key=p256-key.pem", "every host.csr"]),
        ("certificate only", &["-ca=p256.pem", "every host.csr"]),
    ] {
        let arguments = [&["-config=config.json"], arguments].concat();
        let case = Case::new("sign", &format!("configuration and {name}"), &arguments);
        cases.push(case.file("config.json", config));
    }
}

fn genkey(cases: &mut Vec<Case>) {
    let request = |name: &str, arguments: &[&str], request: &str| {
        Case::new("genkey", name, &[arguments, &["request.json"]].concat()).file("request.json", request)
    };
    for (algorithm, sizes) in [
        ("ecdsa", &[0, 224, 256, 384, 521][..]),
        ("rsa", &[512, 2047, 2048, 2056, 3072, 4096, 8193]),
        ("ed25519", &[0]),
        ("RSA", &[2048]),
        ("dsa", &[1024]),
    ] {
        for size in sizes {
            let key = format!(r#""key":{{"algo":"{algorithm}","size":{size}}}"#);
            cases.push(request(&format!("key {algorithm} {size}"), &[], &format!(r#"{{"CN":"k",{key}}}"#)));
        }
    }
    for text in [
        "{}",
        "null",
        "[]",
        "",
        r#"{"CN":"a","hosts":["a.example","10.0.0.1","m@x.example"]}"#,
        r#"{"CN":"a","names":[{"C":"US","O":"b"},{"O":"a"}],"serialnumber":"1"}"#,
        r#"{"CN":"a","ca":{}}"#,
        r#"{"CN":"a","ca":null}"#,
        r#"{"CN":"a","hosts":["é"]}"#,
        r#"{"CN":"a","key":"rsa"}"#,
        r#"{"CN":"räks_"}"#,
    ] {
        cases.push(request(&format!("genkey {text}"), &[], text));
        cases.push(request(&format!("genkey -initca {text}"), &["-initca"], text));
    }
    for text in [
        r#"{"CN":"a","ca":{"expiry":"1h","pathlen":1}}"#,
        r#"{"CN":"a","ca":{"pathlenzero":true}}"#,
        r#"{"names":[{"O":"x"}]}"#,
    ] {
        cases.push(request(&format!("genkey -initca {text}"), &["-initca"], text));
    }
    cases.push(Case::new("genkey", "genkey nothing", &[]));
    cases.push(Case::new("genkey", "genkey two", &["a", "b"]));
    cases.push(Case::new("genkey", "genkey missing", &["nosuch.json"]));
    cases.push(Case::new("genkey", "genkey stdin", &["-"]).stdin(r#"{"CN":"a"}"#));
}

fn selfsign(cases: &mut Vec<Case>) {
    let request = |name: &str, arguments: &[&str], request: &str| {
        Case::new("selfsign", name, &[arguments, &["request.json"]].concat()).file("request.json", request)
    };
    for text in [
        r#"{"CN":"a"}"#,
        "{}",
        r#"{"CN":"a","hosts":["a.example","10.0.0.1"]}"#,
        r#"{"CN":"a","names":[{"C":"US","O":"b"},{"O":"a"}],"key":{"algo":"ecdsa","size":384}}"#,
        r#"{"CN":"a","key":{"algo":"rsa","size":2048}}"#,
        r#"{"CN":"a","ca":{}}"#,
        r#"{"CN":"a","ca":{"pathlen":2}}"#,
        r#"{"CN":"a","key":{"algo":"rsa","size":1}}"#,
        "[]",
    ] {
        cases.push(request(&format!("selfsign {text}"), &["host"], text));
    }
    let profiles = r#"{"signing":{"default":{"expiry":"1h","usages":["signing"],"issuer_urls":["http://i/"],"ocsp_url":"http://o/","crl_url":"http://c/","backdate":"1h"},
        "profiles":{"ca":{"expiry":"2h","usages":["cert sign"],"ca_constraint":{"is_ca":true,"max_path_len":1}},"c":{"expiry":"3h","usages":["client auth"]}}}}"#;
    for profile in ["", "ca", "c", "unknown"] {
        let arguments = ["-config=config.json", "-profile", profile, "host"];
        let case = request(&format!("selfsign -profile {profile}"), &arguments, r#"{"CN":"a"}"#);
        cases.push(case.file("config.json", profiles));
    }
    cases.push(request("selfsign -hostname", &["-hostname=h"], r#"{"CN":"a"}"#));
    cases.push(request("selfsign without a host", &[], r#"{"CN":"a"}"#));
    cases.push(request("selfsign three", &["a", "b"], r#"{"CN":"a"}"#));
    cases.push(Case::new("selfsign", "selfsign nothing", &[]));
    cases.push(Case::new("selfsign", "selfsign missing", &["host", "nosuch.json"]));
    cases.push(Case::new("selfsign", "selfsign stdin", &["host", "-"]).stdin(r#"{"CN":"a"}"#));
}
