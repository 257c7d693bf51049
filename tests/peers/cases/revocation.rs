//! `gencrl` and `ocspsign`.

use super::super::case::Case;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    gencrl(&mut cases);
    ocspsign(&mut cases);
    cases
}

fn gencrl(cases: &mut Vec<Case>) {
    let list = |name: &str, serials: &str, words: &[&str]| {
        Case::new("gencrl", name, &[&["serials"], words].concat()).file("serials", serials)
    };
    let p256 = ["p256.pem", "p256-key.pem"];
    for serials in [
        "",
        "\n",
        "1",
        "1\n2\n",
        "1\r\n2\r\n",
        "\n\n3\n\n",
        " 7\n",
        "7 \n",
        "\t7\n",
        "abc\n",
        "12abc\n",
        "0x10\n",
        "-5\n",
        "+5\n",
        "- 5\n",
        "0\n",
        "007\n",
        "127\n128\n255\n256\n",
        "1\n1\n",
        "1_000\n",
        "1.5\n",
        "1,2\n",
        "340282366920938463463374607431768211456\n",
        "6277101735386680763835789423207666416102355444464034512895\n",
        "é\n",
        "1\n# remark\n",
        "\u{feff}1\n",
        "٣\n",
    ] {
        cases.push(list(&format!("serials {serials:?}"), serials, &p256));
    }
    for seconds in ["60", "0", "-60", "0x3c", "0b11", "1_000", "01", "+5", "2147483647", "31536000"] {
        cases.push(list(&format!("seconds {seconds}"), "1\n", &[&p256[..], &[seconds]].concat()));
    }
    for seconds in ["", "1h", "x", "1.5", "9999999999999999999999", "4294967296", "2147483648", " 1", "1 "] {
        cases.push(list(&format!("no seconds {seconds:?}"), "1\n", &[&p256[..], &[seconds]].concat()));
    }
    for issuer in ["p384", "p521", "rsa2048", "mail", "bare", "leaf", "pathlen0", "many", "short"] {
        let (ca, key) = (format!("{issuer}.pem"), format!("{issuer}-key.pem"));
        cases.push(list(&format!("by {issuer}"), "1\n", &[&ca, &key]));
    }
    for (name, words) in [
        ("no key", &["p256.pem"][..]),
        ("no certificate", &[]),
        ("a missing certificate", &["nosuch.pem", "p256-key.pem"]),
        ("a missing key", &["p256.pem", "nosuch.pem"]),
        ("a key for the certificate", &["p256-key.pem", "p256-key.pem"]),
        ("a certificate for the key", &["p256.pem", "p256.pem"]),
        ("a chain", &["chain.pem", "p256-key.pem"]),
        ("text behind the certificate", &["junk.pem", "p256-key.pem"]),
        ("DER", &["DER.pem", "p256-key.pem"]),
        ("words for the certificate", &["words.csr", "p256-key.pem"]),
        ("nothing for the certificate", &["nothing.csr", "p256-key.pem"]),
        ("five words", &["p256.pem", "p256-key.pem", "60", "x"]),
        ("a directory", &[".", "p256-key.pem"]),
        ("a prefix", &["file:p256.pem", "p256-key.pem"]),
    ] {
        cases.push(list(name, "1\n", words));
    }
    cases.push(Case::new("gencrl", "missing serials", &["nosuch", "p256.pem", "p256-key.pem"]));
    cases.push(Case::new("gencrl", "a directory of serials", &[".", "p256.pem", "p256-key.pem"]));
    cases.push(Case::new("gencrl", "standard input", &["-", "p256.pem", "p256-key.pem"]).stdin("1\n2\n"));
    let certificate = list("certificate of standard input", "1\n", &["-", "p256-key.pem"]);
    cases.push(certificate.stdin_file("p256.pem"));
    cases.push(list("key of standard input", "1\n", &["p256.pem", "-"]).stdin_file("p256-key.pem"));
}

fn ocspsign(cases: &mut Vec<Case>) {
    let common =
        ["-ca=p256.pem", "-responder=responder.pem", "-responder-key=responder-key.pem", "-cert=below.pem"];
    let sign = |name: &str, words: &[&str]| Case::new("ocspsign", name, &[&common, words].concat());
    cases.push(sign("plain", &[]));
    for status in ["good", "revoked", "unknown", "Good", "", "x"] {
        cases.push(sign(&format!("status {status:?}"), &["-status", status]));
        cases.push(sign(&format!("status {status:?} with a reason"), &["-status", status, "-reason=1"]));
    }
    for reason in [
        "",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "11",
        "-1",
        "keyCompromise",
        "KEYCOMPROMISE",
        "unspecified",
        "caCompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "removeFromCRL",
        "privilegeWithdrawn",
        "aACompromise",
        "x",
        " 1",
        "0x1",
        "1.0",
    ] {
        cases.push(sign(&format!("reason {reason:?}"), &["-status=revoked", "-reason", reason]));
    }
    for time in [
        "now",
        "Now",
        "",
        "2020-01-02",
        "2020-1-2",
        "2020-13-01",
        "2020-02-30",
        "2020-01-02T00:00:00Z",
        "x",
        "0001-01-01",
        "9999-12-31",
        "2050-01-01",
        "20200102",
    ] {
        let words = ["-status=revoked", "-reason=1", "-revoked-at", time];
        cases.push(sign(&format!("revoked at {time:?}"), &words));
        cases.push(sign(&format!("good and revoked at {time:?}"), &["-revoked-at", time]));
    }
    for interval in ["1h", "0", "-1h", "1ns", "90s", "876000h"] {
        cases.push(sign(&format!("interval {interval}"), &["-interval", interval]));
    }
    for (name, words) in [
        (
            "-key for the responder's",
            &["-ca=p256.pem", "-responder=responder.pem", "-key=responder-key.pem", "-cert=below.pem"][..],
        ),
        (
            "the CA itself",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=below.pem"],
        ),
        (
            "the RSA CA itself",
            &[
                "-ca=rsa2048.pem",
                "-responder=rsa2048.pem",
                "-responder-key=rsa2048-key.pem",
                "-cert=below rsa.pem",
            ],
        ),
        (
            "another CA",
            &[
                "-ca=p384.pem",
                "-responder=responder.pem",
                "-responder-key=responder-key.pem",
                "-cert=below.pem",
            ],
        ),
        (
            "the CA's own certificate",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=p256.pem"],
        ),
        ("no CA", &["-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=below.pem"]),
        ("no responder", &["-ca=p256.pem", "-responder-key=p256-key.pem", "-cert=below.pem"]),
        ("no key", &["-ca=p256.pem", "-responder=p256.pem", "-cert=below.pem"]),
        ("no certificate", &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=p256-key.pem"]),
        (
            "missing certificate",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=nosuch.pem"],
        ),
        (
            "missing CA",
            &["-ca=nosuch.pem", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=below.pem"],
        ),
        (
            "missing responder",
            &["-ca=p256.pem", "-responder=nosuch.pem", "-responder-key=p256-key.pem", "-cert=below.pem"],
        ),
        (
            "missing key",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=nosuch.pem", "-cert=below.pem"],
        ),
        (
            "words for the certificate",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=words.csr"],
        ),
        (
            "words for the CA",
            &["-ca=words.csr", "-responder=p256.pem", "-responder-key=p256-key.pem", "-cert=below.pem"],
        ),
        (
            "words for the responder",
            &["-ca=p256.pem", "-responder=words.csr", "-responder-key=p256-key.pem", "-cert=below.pem"],
        ),
        (
            "words for the key",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=words.csr", "-cert=below.pem"],
        ),
        (
            "prefixes",
            &[
                "-ca=file:p256.pem",
                "-responder=responder.pem",
                "-responder-key=responder-key.pem",
                "-cert=below.pem",
            ],
        ),
        (
            "prefix of the responder",
            &[
                "-ca=p256.pem",
                "-responder=file:responder.pem",
                "-responder-key=responder-key.pem",
                "-cert=below.pem",
            ],
        ),
        (
            "a chain for the certificate",
            &[
                "-ca=p256.pem",
                "-responder=responder.pem",
                "-responder-key=responder-key.pem",
                "-cert=chain.pem",
            ],
        ),
        (
            "a chain for the CA",
            &[
                "-ca=chain.pem",
                "-responder=responder.pem",
                "-responder-key=responder-key.pem",
                "-cert=below.pem",
            ],
        ),
        (
            "an encrypted key",
            &["-ca=p256.pem", "-responder=p256.pem", "-responder-key=legacy-key.pem", "-cert=below.pem"],
        ),
    ] {
        cases.push(Case::new("ocspsign", name, words));
    }
    for (certificate, ca, key) in [
        ("below leaf", "leaf", "leaf-key"),
        ("below bare", "bare", "bare-key"),
        ("below", "same name", "p256"),
        ("below SHA-1", "rsa2048", "rsa2048-key"),
        ("below MD5", "rsa2048", "rsa2048-key"),
        ("below ECDSA SHA-1", "p256", "p256-key"),
        ("below PSS", "rsa2048", "rsa2048-key"),
    ] {
        let key = if key == "p256" { "p256.key".to_owned() } else { format!("{key}.pem") };
        let words = [
            format!("-ca={ca}.pem"),
            format!("-responder={ca}.pem"),
            format!("-responder-key={key}"),
            format!("-cert={certificate}.pem"),
        ];
        let words = words.each_ref().map(String::as_str);
        cases.push(Case::new("ocspsign", &format!("{certificate} by {ca}"), &words));
    }
    cases.push(sign("a word more", &["x"]));
}
