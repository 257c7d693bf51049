//! Where we differ from the installed cfssl on purpose, and where that one, being 1.2.0, lags behind 1.6.5.

/// A fact that differs.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) case: String,
    pub(crate) command: &'static str,
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

fn is_log(seen: &Seen) -> bool {
    seen.fact == "log"
}

fn last(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// They made nothing, we did.
fn made_by_us_alone(seen: &Seen) -> bool {
    seen.theirs == ABSENT || ["exit", "log", "stdout", "stdout begins"].contains(&seen.fact.as_str())
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
        reason: "cfssl 1.2.0 knows no URIs, 1.6.5 does",
        applies: |seen| {
            // Theirs is ours without the URIs, the last of the names.
            let cut = |text: &str| text.get(4..).unwrap_or_default().to_owned();
            seen.command == "sign"
                && of_extension(seen, "2.5.29.17")
                && (seen.theirs == ABSENT && seen.ours.starts_with("300E86")
                    || seen.fact == "certificate: extensions" && seen.case == "CSR one URI"
                    || cut(&seen.ours)
                        .strip_prefix(&cut(&seen.theirs))
                        .is_some_and(|rest| rest.starts_with("86")))
        },
    },
    Difference {
        reason: "cfssl 1.2.0 drops the attributes that it has no field for, 1.6.5 puts them last",
        applies: |seen| {
            seen.command == "sign"
                && seen.fact == "certificate: subject"
                && seen.ours.strip_prefix(&seen.theirs).is_some_and(|rest| rest.starts_with("; "))
        },
    },
    Difference {
        reason: "cfssl 1.2.0 knows no Ed25519, 1.6.5 does",
        applies: |seen| {
            ["key ed25519 0", "CSR key ed25519"].contains(&seen.case.as_str()) && made_by_us_alone(seen)
        },
    },
    Difference {
        reason: "cfssl 1.2.0 does not copy the delegation usage, 1.6.5 does",
        applies: |seen| seen.case == "CSR delegation" && of_extension(seen, "1.3.6.1.4.1.44363.44"),
    },
    Difference {
        reason: "cfssl 1.2.0 verifies no RSA-PSS, 1.6.5 does where the salt is as long as the hash",
        applies: |seen| {
            ["CSR signed PSS", "CSR signed PSS SHA-384", "CSR signed PSS SHA-512"]
                .contains(&seen.case.as_str())
                && made_by_us_alone(seen)
        },
    },
    Difference {
        reason: "cfssl 1.2.0 says of MD5 that it is not implemented, 1.6.5 that it is insecure",
        applies: |seen| {
            seen.case == "CSR signed MD5"
                && is_log(seen)
                && last(&seen.ours).contains("insecure algorithm MD5-RSA")
        },
    },
    Difference {
        reason: "cfssl 1.2.0 says `not a certificate or csr`, 1.6.5 `not a csr`",
        applies: |seen| is_log(seen) && seen.theirs.replace("a certificate or csr", "a csr") == seen.ours,
    },
    Difference {
        reason: "what is wrong with the DER stands in the error for people, not in cfssl's line",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.starts_with(r#"{"code":9003,"message":"asn1: syntax error: "#)
                && seen.ours == r#"{"code":9003,"message":"CSR Parsing failed"}"#
        },
    },
    Difference {
        reason: "the authority key identifier is there for a leaf with its CA's subject, so that openssl verifies it",
        applies: |seen| {
            seen.case == "CSR root"
                && of_extension(seen, "2.5.29.35")
                && (seen.theirs == ABSENT) == (seen.ours == "that of the issuer")
        },
    },
    Difference {
        reason: "cfssl's explanation of a refused CA stands in the error for people",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.starts_with("[ERROR] local signer ")
                && last(&seen.theirs) == seen.ours
                && seen.ours.contains("5300")
        },
    },
    Difference {
        reason: "a blank host is left out, and the blanks around a name are cut off",
        applies: |seen| {
            ["-hostname a, b", "-hostname a,,b"].contains(&seen.case.as_str())
                && of_extension(seen, "2.5.29.17")
                && seen.ours == "3006820161820162"
        },
    },
    Difference {
        reason: "cfssl 1.2.0 ignores or mistakes arguments that are too many, 1.6.5 refuses them",
        applies: |seen| {
            ["arguments: three", "arguments: -csr and two", "genkey two", "selfsign three"]
                .contains(&seen.case.as_str())
                && is_log(seen)
                && last(&seen.ours).ends_with(", please check with usage")
        },
    },
    Difference {
        reason: "a host that no certificate can hold is an error; cfssl crashes with 2",
        applies: |seen| {
            ["genkey {\"CN\":\"a\",\"hosts\":[\"é\"]}", "genkey -initca {\"CN\":\"a\",\"hosts\":[\"é\"]}"]
                .contains(&seen.case.as_str())
                && match seen.fact.as_str() {
                    "exit" => (seen.theirs.as_str(), seen.ours.as_str()) == ("Some(2)", "Some(1)"),
                    fact => fact == "log" && last(&seen.theirs).ends_with(last(&seen.ours)),
                }
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
        reason: "cfssl 1.2.0 gives a code to the whitelist without PublicKey, 1.6.5 the bare text",
        applies: |seen| {
            is_log(seen)
                && seen.case.starts_with("profile nothing kept")
                && last(&seen.theirs).contains(r#""code":1000"#)
                && last(&seen.ours) == "x509: unsupported public key type: <nil>"
        },
    },
    Difference {
        reason: "bytes around the CSR that are no text: the sign for them is written as it is, not escaped",
        applies: |seen| seen.case == "CSR bytes around" && seen.fact == "stdout begins",
    },
    Difference {
        reason: "the warning of a SerialNumber without effect comes before the serial number",
        applies: |seen| {
            seen.fact == "the log's ninth word is the serial number"
                && seen.case.contains("\"SerialNumber\":\"9\"")
        },
    },
    Difference {
        reason: "cfssl 1.2.0 drops the hosts and the CA section of a request for a certificate that signs itself",
        applies: |seen| {
            let hosts = seen.theirs == ABSENT && of_extension(seen, "2.5.29.17")
                || of_extension(seen, "2.5.29.17") && seen.fact == "certificate: extensions";
            let section = seen.fact == "certificate: extension 2.5.29.19" && seen.case.contains("\"ca\":{");
            seen.command == "selfsign" && (hosts || section)
        },
    },
    Difference {
        reason: "selfsign of cfssl 1.2.0 ignores -hostname, 1.6.5 puts the names into the CSR",
        applies: |seen| {
            seen.case == "selfsign -hostname" && seen.fact == "CSR: attributes" && seen.theirs == "A000"
        },
    },
    Difference {
        reason: "selfsign of cfssl 1.2.0 ignores the default profile, 1.6.5 takes it",
        applies: |seen| ["selfsign -profile ", "selfsign -profile unknown"].contains(&seen.case.as_str()),
    },
    Difference {
        reason: "selfsign keeps the path length of the profile: a limit must not get lost",
        applies: |seen| {
            seen.case == "selfsign -profile ca"
                && seen.fact == "certificate: extension 2.5.29.19"
                && (seen.theirs.as_str(), seen.ours.as_str()) == ("30030101FF", "30060101FF020101")
        },
    },
];
