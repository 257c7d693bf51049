//! Where we differ from the installed cfssl on purpose, and where that one, being 1.2.0, lags behind 1.6.5.

use super::cases::Form;

/// A fact that differs.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) case: String,
    pub(crate) form: Form,
    pub(crate) fact: String,
    pub(crate) theirs: String,
    pub(crate) ours: String,
}

/// A difference that is meant.
pub(crate) struct Difference {
    pub(crate) reason: &'static str,
    pub(crate) applies: fn(&Seen) -> bool,
}

const ABSENT: &str = "absent";

fn of_extension(seen: &Seen, id: &str) -> bool {
    match seen.fact.as_str() {
        "certificate: extensions" => {
            seen.theirs.replace(&format!(", {id}"), "") == seen.ours.replace(&format!(", {id}"), "")
        }
        fact => fact == format!("certificate: extension {id}"),
    }
}

/// The subject alternative name, in the certificate and in the CSR.
fn of_hosts(seen: &Seen) -> bool {
    seen.fact == "CSR: attributes" || of_extension(seen, "2.5.29.17")
}

fn is_log(seen: &Seen) -> bool {
    seen.fact == "log"
}

fn last(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// All of them. A row that nothing needs any more fails the test.
pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        reason: "warnings where cfssl is silent and people are hurt",
        applies: |seen| seen.fact == "said besides: warnings",
    },
    Difference {
        reason: "before cfssl's own line, an error for people: file, JSON path, line, column, what to do",
        applies: |seen| seen.fact == "said besides: errors" && !seen.ours.contains('\n'),
    },
    Difference {
        reason: "the authority key identifier is there for a leaf with its CA's subject, so that openssl verifies it",
        applies: |seen| {
            seen.case == "leaf: the subject of its CA"
                && of_extension(seen, "2.5.29.35")
                && (seen.theirs == ABSENT) == (seen.ours == "that of the issuer")
        },
    },
    Difference {
        reason: "the authority key identifier is there below a CA without a subject key identifier: its key's SHA-1",
        applies: |seen| {
            seen.case == "below bare"
                && of_extension(seen, "2.5.29.35")
                && (seen.theirs == ABSENT) == (seen.ours == "SHA-1 of the issuer's key")
        },
    },
    Difference {
        reason: "a blank host is left out",
        applies: |seen| {
            [
                "hosts [\"\"]",
                "hosts [\"a\",\"\",\"b\"]",
                "hosts [null,\"a\"]",
                "-hostname \",\"",
                "-hostname \"a,,b\"",
            ]
            .contains(&seen.case.as_str())
                && of_hosts(seen)
                && (seen.ours.len() < seen.theirs.len())
        },
    },
    Difference {
        reason: "the blanks around a name in -hostname are cut off",
        applies: |seen| {
            seen.case == "-hostname \"a, b\"" && of_hosts(seen) && seen.theirs.contains("82022062")
        },
    },
    Difference {
        reason: "cfssl 1.2.0 knows no URIs, 1.6.5 does",
        applies: |seen| {
            ["hosts [\"localhost:443\",\"*\"]", "hosts [\"http://a/b\",\"spiffe://x/y\"]"]
                .contains(&seen.case.as_str())
                && of_hosts(seen)
                && seen.ours.replace("86", "82") == seen.theirs.replace("86", "82")
        },
    },
    Difference {
        reason: "the Go of cfssl 1.2.0 reads no mail address whose domain is an address in brackets",
        applies: |seen| {
            seen.case == "hosts [\"x@[1.2.3.4]\"]"
                && of_hosts(seen)
                && seen.ours.replace("810B", "820B") == seen.theirs
        },
    },
    Difference {
        reason: "a host that no certificate can hold is an error; cfssl crashes with 2",
        applies: |seen| {
            seen.case == "hosts [\"é.example\"]"
                && match seen.fact.as_str() {
                    "exit" => (seen.theirs.as_str(), seen.ours.as_str()) == ("Some(2)", "Some(1)"),
                    fact => fact == "log" && last(&seen.theirs).ends_with(last(&seen.ours)),
                }
        },
    },
    Difference {
        reason: "cfssl 1.2.0 knows no Ed25519, 1.6.5 does",
        applies: |seen| {
            seen.case == "key {\"algo\":\"ed25519\"}"
                && (seen.theirs == ABSENT || ["exit", "log", "stdout"].contains(&seen.fact.as_str()))
        },
    },
    Difference {
        reason: "cfssl 1.2.0 called the key of a request csr.BasicKeyRequest, 1.6.5 csr.KeyRequest",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.contains("BasicKeyRequest")
                && seen.theirs.replace("BasicKeyRequest", "KeyRequest") == seen.ours
        },
    },
    Difference {
        reason: "the Go of cfssl 1.2.0 quotes a malformed time once more",
        applies: |seen| is_log(seen) && seen.theirs.contains(r#"parsing time \"\\\"2020-01-01\\\"\""#),
    },
    Difference {
        reason: "cfssl 1.2.0 ignores a second request, 1.6.5 refuses it",
        applies: |seen| {
            seen.case == "two requests"
                && (seen.ours == ABSENT || ["exit", "log", "stdout"].contains(&seen.fact.as_str()))
        },
    },
    Difference {
        reason: "cfssl 1.2.0 gives a code to the whitelist without PublicKey, 1.6.5 the bare text",
        applies: |seen| {
            is_log(seen)
                && seen.case.ends_with("\"CSRWhitelist\":{}")
                && last(&seen.theirs).contains(r#""code":1000"#)
                && last(&seen.ours) == "x509: unsupported public key type: <nil>"
        },
    },
    Difference {
        reason: "steps for the search of faults (-loglevel 0) are our own",
        applies: |seen| {
            let info = |text: &str| {
                text.lines()
                    .filter(|line| !line.starts_with("[DEBUG]"))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            is_log(seen) && seen.case == "-loglevel 0" && info(&seen.theirs) == info(&seen.ours)
        },
    },
    Difference {
        reason: "a CA that would live for no time is refused before its key is generated, not after",
        applies: |seen| {
            is_log(seen)
                && seen.case.ends_with("ca section: expiry 0")
                && last(&seen.theirs) == last(&seen.ours)
        },
    },
    Difference {
        reason: "where cfssl logs the final line a second time, the error for people stands",
        applies: |seen| {
            let repeated = format!("[ERROR] {}", last(&seen.theirs));
            let once: Vec<_> = seen.theirs.split('\n').filter(|line| *line != repeated).collect();
            is_log(seen)
                && once.join("\n") == seen.ours
                && matches!(seen.form, Form::Again(_) | Form::Renew(_))
        },
    },
    Difference {
        reason: "both remotes in one profile: cfssl's explanation stands in the error for people",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.starts_with("[ERROR] profile has both a remote and an auth remote specified\n")
                && last(&seen.theirs) == seen.ours
        },
    },
    Difference {
        reason: "-renewca keeps the subject's bytes, where cfssl writes it anew and loses attributes",
        applies: |seen| {
            seen.case == "renewed: mail"
                && ["certificate: subject", "certificate: issuer"].contains(&seen.fact.as_str())
                && seen.ours.contains("ia5:a@b.example")
                && !seen.theirs.contains("a@b.example")
        },
    },
    Difference {
        reason: "-renewca keeps the subject key identifier, which the issued certificates name",
        applies: |seen| {
            seen.case == "renewed: mail"
                && seen.fact == "certificate: extension 2.5.29.14"
                && seen.ours == "040400112233"
        },
    },
];
