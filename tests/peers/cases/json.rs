//! The program `cfssljson`.

use super::super::case::Case;

const GENCERT: &str = r#"{"cert":"C\n","csr":"R\n","key":"K\n"}"#;
const REPLY: &str = r#"{"success":true,"result":{"certificate":"C","certificate_request":"R","private_key":"K"},"errors":[],"messages":[]}"#;
const BUNDLED: &str =
    r#"{"success":true,"result":{"bundle":{"bundle":"B\n","root":"O\n"},"certificate":"C"}}"#;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let json = |name: &str, words: &[&str], input: &str| Case::new("cfssljson", name, words).stdin(input);
    for words in [
        &["-bare"][..],
        &["-bare", "a"],
        &["--bare", "a"],
        &["-bare=true", "-stdout=F", "a"],
        &["-bare", "-stdout=false", "-stdout", "a"],
        &["-bare", "true", "a"],
        &["-bare", "--", "-a"],
        &["-bare", "-", "a"],
        &["-bare", ""],
        &["-bare", "a", "b"],
        &["-bare", "a/b"],
        &["-bare", "/nosuch/b"],
        &["-bare", "-f", "-", "a"],
        &["-bare", "-f=nosuch.json", "a"],
        &["-bare", "-f=.", "a"],
        &["-bare", "-f=in.json", "a"],
        &["-bare", "-f=", "a"],
        &["-bare", "-stdout"],
        &["-bare", "-stdout", "-f", "in.json"],
        &["-stdout", "-bare=0"],
        &["-bare", "d"],
        &["a"],
        &[],
    ] {
        let case = json(&format!("{words:?}"), words, GENCERT).file("d.pem/", "");
        cases.push(case.file("in.json", r#"{"cert":"other"}"#));
    }
    for words in [
        &["-h"][..],
        &["-help"],
        &["-version"],
        &["-version=false", "-bare", "-h"],
        &["-bogus"],
        &["---bare"],
        &["-=1"],
        &["-f"],
        &["-bare=maybe"],
        &["-loglevel=1"],
    ] {
        cases.push(json(&format!("{words:?}"), words, GENCERT).usage());
    }
    for input in [
        "",
        " ",
        "[]",
        "5",
        "\"a\"",
        "null",
        "true",
        "{}",
        GENCERT,
        REPLY,
        BUNDLED,
        r#"{"success":"yes"}"#,
        r#"{"success":true}"#,
        r#"{"success":true,"result":"s"}"#,
        r#"{"success":true,"result":[]}"#,
        r#"{"success":true,"result":null}"#,
        r#"{"success":true,"result":{}}"#,
        r#"{"success":true,"errors":{}}"#,
        r#"{"success":false,"errors":[5]}"#,
        r#"{"success":false,"errors":[{"message":5}]}"#,
        r#"{"success":false,"errors":[{"message":"a","int":"q"}]}"#,
        r#"{"success":false,"errors":[{"message":"boom","code":5},{"message":"bang"}]}"#,
        r#"{"success":false,"errors":null}"#,
        r#"{"success":false,"messages":"x"}"#,
        r#"{"success":false,"result":{"certificate":"C"}}"#,
        r#"{"SUCCESS":true,"Result":{"cert":"A"},"result":{"key":"K"}}"#,
        r#"{"cert":"A""#,
        r#"{"cert":"A"} z"#,
        r#"{"cert":"A","ocspResponse":"!"}"#,
        r#"{"ocspResponse":"AA=A"}"#,
        r#"{"ocspResponse":"AAEC"}"#,
        r#"{"ocspResponse":"AA\nEC"}"#,
        r#"{"ocspResponse":""}"#,
        r#"{"ocspResponse":5}"#,
        r#"{"cert":5}"#,
        r#"{"cert":null,"key":"K"}"#,
        r#"{"key":["K"]}"#,
        r#"{"cert":"","certificate":"C"}"#,
        r#"{"cert":"A","certificate":"C"}"#,
        r#"{"certificate":"C","private_key":"K","certificate_request":"R"}"#,
        r#"{"Cert":"A","KEY":"K"}"#,
        r#"{"cert":"A","cert":"B"}"#,
        r#"{"encrypted_key":"E"}"#,
        r#"{"encrypted_key":"RQ=="}"#,
        r#"{"encrypted_key":""}"#,
        r#"{"key":"","encrypted_key":"E","csr":""}"#,
        r#"{"bundle":"B","root":"O","key":"K"}"#,
        r#"{"bundle":{"bundle":"B","root":"O"}}"#,
        r#"{"result":{"bundle":{"bundle":"B","root":"O"}}}"#,
        r#"{"result":{"bundle":{"bundle":"B"}}}"#,
        r#"{"result":{"bundle":{"root":"O"}}}"#,
        r#"{"result":{"bundle":{}}}"#,
        r#"{"result":{"bundle":"B"}}"#,
        r#"{"result":{"bundle":5}}"#,
        r#"{"result":{"bundle":{"bundle":5,"root":"O"}}}"#,
        r#"{"result":{"cert":"A"}}"#,
        r#"{"result":{"bundle":{"bundle":"B","root":"O"}},"cert":"A"}"#,
        r#"{"result":5}"#,
        r#"{"cert":"\ud800 \u00e9 <&>"}"#,
        "{\"cert\":\"a\u{7f}\u{e9}\"}",
        r#"{"sum":{"certificate":{"md5":"x"}},"certificate":"C"}"#,
    ] {
        for words in [&["-bare", "x"][..], &["x"], &["-bare", "-stdout"], &["-stdout"]] {
            cases.push(json(&format!("{words:?} {input}"), words, input));
        }
    }
    for umask in ["umask 000", "umask 002", "umask 022", "umask 027", "umask 077", "umask 777"] {
        for input in [
            GENCERT,
            r#"{"csr":"R","key":"K"}"#,
            r#"{"encrypted_key":"E","ocspResponse":"AAEC"}"#,
            r#"{"result":{"bundle":{"bundle":"B","root":"O"}}}"#,
        ] {
            for words in [&["-bare", "a"][..], &["-bare", "sub/.x*", "-"]] {
                let case = json(&format!("{umask} {words:?} {input}"), words, input);
                cases.push(case.after(umask).file("sub/", ""));
            }
        }
    }
    for modes in [
        "chmod 644 a.pem a.csr a-key.pem",
        "chmod 600 a.pem a.csr a-key.pem",
        "chmod 664 a.pem a.csr; chmod 640 a-key.pem",
        "chmod 755 a.pem a.csr; chmod 700 a-key.pem",
        "chmod 444 a.pem a.csr; chmod 400 a-key.pem",
    ] {
        let mut old = json(&format!("old files, {modes}"), &["-bare", "a"], GENCERT).after(modes);
        for name in ["a.pem", "a-key.pem", "a.csr"] {
            old = old.file(name, "old and longer than what is new");
        }
        cases.push(old);
    }
    cases
}
