//! Command lines: help, flags, arguments that are too many or too few, files that are none.

use super::super::case::Case;

/// The commands of cfssl 1.6.5 that we have, by name.
const COMMANDS: [&str; 13] = [
    "bundle",
    "certinfo",
    "crl",
    "gencert",
    "gencrl",
    "gencsr",
    "genkey",
    "ocspdump",
    "ocspsign",
    "print-defaults",
    "selfsign",
    "sign",
    "version",
];

/// The commands that are to come.
const LATER: [&str; 6] = ["info", "ocsprefresh", "ocspserve", "revoke", "scan", "serve"];

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    top(&mut cases);
    every_command(&mut cases);
    values(&mut cases);
    levels(&mut cases);
    configurations(&mut cases);
    small_commands(&mut cases);
    cases
}

fn top(cases: &mut Vec<Case>) {
    let cfssl = |name: &str, arguments: &[&str]| Case::new("cfssl", name, arguments).usage();
    for arguments in [
        &[][..],
        &["-h"],
        &["-help"],
        &["--help"],
        &["--", "-h"],
        &["-version"],
        &["--version"],
        &["-bogus"],
        &["-bogus=1", "version"],
        &["---x"],
        &["-="],
        &["bogus"],
        &["bogus", "-h"],
        &["Gencert"],
        &["gen"],
        &[""],
        &["-"],
        &["--"],
        &["--", "version"],
        &["-h", "gencert"],
        &["-loglevel=0", "version"],
    ] {
        cases.push(cfssl(&format!("{arguments:?}"), arguments));
    }
}

fn every_command(cases: &mut Vec<Case>) {
    for command in COMMANDS {
        for flag in ["-h", "-help", "--help", "-h=1", "-bogus", "--bogus=x", "---ca", "-=v", "-loglevel"] {
            cases.push(Case::new(command, &format!("{command} {flag}"), &[flag]).usage());
        }
        cases.push(Case::new(command, &format!("{command} -loglevel x"), &["-loglevel", "x"]).usage());
        cases.push(
            Case::new(command, &format!("{command} -h among others"), &["-ca", "x", "-h", "y"]).usage(),
        );
        cases.push(Case::new(command, &format!("{command} without anything"), &[]));
        cases.push(Case::new(command, &format!("{command} a b c d"), &["a", "b", "c", "d"]));
        cases.push(Case::new(command, &format!("{command} with an empty word"), &[""]));
        let missing = ["-config", "nosuch.json"];
        cases.push(Case::new(command, &format!("{command} with a missing configuration"), &missing));
    }
    for command in LATER {
        cases.push(Case::new(command, &format!("{command} -h"), &["-h"]).usage());
        cases.push(Case::new(command, &format!("{command} -bogus"), &["-bogus"]).usage());
    }
}

fn values(cases: &mut Vec<Case>) {
    for words in [
        &["-loglevel=1"][..],
        &["--loglevel=1"],
        &["-loglevel", "1"],
        &["-loglevel=0x1"],
        &["-loglevel=0b1"],
        &["-loglevel=0o1"],
        &["-loglevel=01"],
        &["-loglevel=1_0"],
        &["-loglevel=_1"],
        &["-loglevel=+1"],
        &["-loglevel=-1"],
        &["-loglevel=1.0"],
        &["-loglevel=1e1"],
        &["-loglevel= 1"],
        &["-loglevel="],
        &["-loglevel=9223372036854775807"],
        &["-loglevel=9223372036854775808"],
        &["-loglevel=-9223372036854775809"],
        &["-loglevel=é"],
        &["-loglevel=a\"b\\c\n"],
        &["-loglevel=\u{1}\u{7f}\u{a0}\u{200b}"],
        &["-port=70000"],
        &["-expiry=1h"],
        &["-expiry=0"],
        &["-expiry=-1.5h"],
        &["-expiry=1h1m1s1ms1us1ns"],
        &["-expiry=1µs"],
        &["-expiry=1d"],
        &["-expiry=5"],
        &["-expiry=5x"],
        &["-expiry="],
        &["-expiry=.h"],
        &["-expiry=1 h"],
        &["-expiry=9999999h"],
        &["-expiry=1.h"],
        &["-interval=x"],
        &["-timeout=5"],
        &["-initca"],
        &["-initca=true"],
        &["-initca=T"],
        &["-initca=0"],
        &["-initca=yes"],
        &["-initca="],
        &["-initca=TrUe"],
        &["-renewca=maybe"],
        &["-list=2"],
        &["-ca"],
        &["-ca", "-h"],
        &["-ca=-h"],
        &["-ca", "--"],
        &["-usage=x", "-pgp-name", "y", "-pgp-private=z", "-authkey=a", "-intermediates=b"],
        &["-max-hosts=x"],
        &["-num-workers=x"],
        &["-CA=x"],
        &["-mutual-tls-cert=x"],
        &["-h=false"],
        &["-help=x"],
        &["x", "-loglevel"],
        &["--", "-loglevel"],
        &["-", "-x"],
    ] {
        // `version` does nothing with them.
        cases.push(Case::new("version", &format!("{words:?}"), words).usage());
    }
}

fn levels(cases: &mut Vec<Case>) {
    for level in ["1", "2", "3", "4", "5", "99", "-1"] {
        let words = ["-initca", "-loglevel", level, "request.json"];
        let good = Case::new("gencert", &format!("a CA, level {level}"), &words);
        cases.push(good.file("request.json", r#"{"CN":"a"}"#));
        let bad = Case::new("gencert", &format!("no CA, level {level}"), &words);
        cases.push(bad.file("request.json", "{}"));
        let lacking =
            Case::new("gencert", &format!("no key, level {level}"), &["-loglevel", level, "request.json"]);
        cases.push(lacking.file("request.json", r#"{"CN":"a"}"#));
    }
}

fn configurations(cases: &mut Vec<Case>) {
    // It is read before the command does anything, whatever the command.
    for (command, words) in [
        ("version", &[][..]),
        ("print-defaults", &["csr"]),
        ("certinfo", &["-cert", "p256.pem"]),
        ("gencrl", &["serials", "p256.pem", "p256-key.pem"]),
        ("genkey", &["request.json"]),
        ("bundle", &["-cert", "p256.pem"]),
        ("gencert", &["-initca", "request.json"]),
        ("crl", &[]),
        ("ocspsign", &[]),
    ] {
        for (name, config) in [
            ("a bad one", r#"{"signing":{"profiles":{"p":{"expiry":"1h"}}}}"#),
            ("no JSON", "x"),
            ("none", ""),
        ] {
            let case = Case::new(command, &format!("{command} with {name}"), words).config(config);
            cases.push(case.file("request.json", r#"{"CN":"a"}"#).file("serials", "1\n"));
        }
    }
    cases.push(Case::new("version", "a directory for the configuration", &["-config", "."]));
    cases.push(Case::new("version", "an empty name for the configuration", &["-config="]));
    let good = r#"{"signing":{"default":{"expiry":"1h","usages":["any"]}}}"#;
    cases.push(Case::new("version", "a good configuration", &[]).config(good));
    cases.push(
        Case::new("version", "a prefix before the configuration", &["-config=file:x.json"])
            .file("x.json", good),
    );
    for text in [
        r#"{"auth_keys":{"k":{"type":"standard","key":"zz"}}}"#,
        r#"{"auth_keys":{"k":{"type":"standard","key":"0"}}}"#,
        r#"{"auth_keys":{"k":{"type":"other","key":"00"}}}"#,
        r#"{"auth_keys":{"k":{"key":"00"}}}"#,
        r#"{"auth_keys":{"k":{"type":"standard","key":"env:NOSUCHKEY"}}}"#,
        r#"{"auth_keys":{"k":{"type":"standard","key":"file:nosuch"}}}"#,
        r#"{"auth_keys":{"k":null}}"#,
        r#"{"auth_keys":[]}"#,
        r#"{"remotes":{"r":"127.0.0.1:1"}}"#,
        r#"{"remotes":{"r":5}}"#,
        r#"{"remotes":null,"auth_keys":null,"signing":null,"ocsp":null}"#,
        r#"{"ocsp":{}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k"}},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"K"}},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"auth_key":"k","prev_auth_key":"q"}},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"prev_auth_key":"q"}}}"#,
        r#"{"signing":{"default":{"auth_remote":{"remote":"r","auth_key":"k"}}},"remotes":{"r":"h:1"},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"auth_remote":{"remote":"x","auth_key":"k"}}},"remotes":{"r":"h:1"},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"auth_remote":{"remote":"r","auth_key":"x"}}},"remotes":{"r":"h:1"},"auth_keys":{"k":{"type":"standard","key":"00"}}}"#,
        r#"{"signing":{"default":{"auth_remote":{}}}}"#,
        r#"{"signing":{"default":{"auth_remote":null,"expiry":"1h","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"auth_remote":5}}}"#,
        r#"{"signing":{"default":{"remote":""}}}"#,
        r#"{"signing":{"default":{"remote":"r"}},"remotes":{"r":"h:1"}}"#,
        r#"{"signing":{"default":{"remote":"r"}},"remotes":{"r":""}}"#,
        r#"{"signing":{"profiles":{"p":{"remote":"r"}}},"remotes":{"r":"h:1"}}"#,
        r#"{"signing":{"profiles":{"p":{"remote":"x"}}},"remotes":{"r":"h:1"}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"[a-z"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"(?<a>x)"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"(?=x)"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"a{2,1}"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"*"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"\\"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":"\\p{Foo}"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"name_whitelist":5}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_before":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_before":"2020-13-01T00:00:00Z"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_before":5}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_after":""}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_after":"2050-02-30T00:00:00Z"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"not_after":null}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ocsp_no_check":"yes"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"copy_extensions":1}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ca_constraint":{"is_ca":"true"}}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ca_constraint":null}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ca_constraint":[]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"issuer_urls":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"issuer_urls":[5]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ocsp_url":5}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"crl_url":[]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":{}}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[null]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":""}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.-2"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1..2"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"9.9"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.99999999999999999999"}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.2.3","qualifiers":5}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"policies":[{"id":"1.2.3","qualifiers":[{"type":"id-qt-cps"}]}]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"CSRWhitelist":[]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"CSRWhitelist":{"Subject":1}}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ClientProvidesSerialNumbers":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"allowed_extensions":["1.2.3"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"allowed_extensions":["x"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"allowed_extensions":"1.2.3"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ct_log_servers":[]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ct_log_servers":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"lint_error_level":3}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"lint_error_level":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"lint_error_level":"error"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"lint_error_level":""}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ignored_lints":"x"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"ignored_lints":["x"],"ignored_lint_sources":["y"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"Expiry":"1h"}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"],"Expiry":5,"Backdate":7}}}"#,
        r#"{"signing":{"default":{"expiry":"","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":null,"usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","backdate":"","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","backdate":"1","usages":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":null}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":[null,"any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":[]}}}"#,
        r#"{"signing":{"profiles":{"p":{"expiry":"1h","usages":[]}}}}"#,
        r#"{"signing":{"profiles":{"p":{"expiry":"","usages":["any"]}}}}"#,
        r#"{"signing":{"profiles":{"p":{"expiry":"x","usages":["any"]}}}}"#,
        r#"{"signing":{"profiles":{"p":5}}}"#,
        r#"{"signing":{"profiles":{"p":{},"q":{}}}}"#,
        r#"{"signing":{"profiles":{}}}"#,
        r#"{"signing":[]}"#,
        r#"{"signing":{"default":[]}}"#,
        r#"{"SIGNING":{"DEFAULT":{"EXPIRY":5,"USAGES":["any"]}}}"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"]}}} x"#,
        r#"{"signing":{"default":{"expiry":"1h","usages":["any"]}}"#,
        "{\"signing\":{\"default\":{\"expiry\":\"1h\",\"usages\":[\"any\"]}}}\u{0}",
        "null",
        "true",
        "\"x\"",
        " ",
        "// x\n{}",
    ] {
        cases.push(Case::new("version", &format!("configuration {text}"), &[]).config(text));
    }
}

fn small_commands(cases: &mut Vec<Case>) {
    for word in ["config", "csr", "list", "Config", "x", ""] {
        cases.push(Case::new("print-defaults", &format!("print-defaults {word}"), &[word]));
    }
    cases.push(Case::new("print-defaults", "print-defaults csr config", &["csr", "config"]));
    cases.push(Case::new("version", "version x", &["x"]));
    for words in [
        &["-ca", "p256.pem"][..],
        &["-ca", "p256.pem", "-ca-key", "p256-key.pem"],
        &["-ca-key", "p256-key.pem"],
        &["-db-config", "nosuch.json"],
        &["-ca", "nosuch.pem", "-ca-key", "nosuch.pem"],
        &["-ca", "p256.pem", "-ca-key", "p256-key.pem", "-db-config", "nosuch.json"],
        &["-ca", "p256.pem", "-ca-key", "p256-key.pem", "x"],
    ] {
        cases.push(Case::new("crl", &format!("{words:?}"), words));
    }
    for words in [&["-db-config", "nosuch.json"][..], &["-db-config="], &["x"]] {
        cases.push(Case::new("ocspdump", &format!("{words:?}"), words));
    }
}
