//! Differences in what is refused, and in how runs end.

use super::{Difference, ended, holds, is_log, last};

pub(super) const TABLE: &[Difference] = &[
    Difference {
        row: "12-non-ascii-host",
        reason: "a host that no certificate can hold is an error; cfssl crashes with 2",
        applies: |seen| {
            let words = |text: &str| text.rsplit_once(r#"{"code":9300"#).map(|(_, words)| words.to_owned());
            ended(seen, 2, 1)
                && seen.ours.contains("cannot be encoded as an IA5String")
                && words(&seen.theirs) == words(&seen.ours)
        },
    },
    Difference {
        row: "18-flags-last",
        reason: "flags are read wherever they stand",
        applies: |seen| {
            ended(seen, 2, 0) && seen.case == r#"["-loglevel=0", "version"]"#
                || ended(seen, 0, 2)
                    && [r#"["x", "-loglevel"]"#, r#"["-", "-x"]"#].contains(&seen.case.as_str())
        },
    },
    Difference {
        row: "19-ca-chain",
        reason: "the first certificate of a file is the CA's, whatever follows it",
        applies: |seen| {
            let files = ["a chain", "text behind the CA", "text behind the certificate", "-ca=chain.pem"];
            ended(seen, 1, 0) && seen.command != "bundle" && holds(&seen.case, &files)
        },
    },
    Difference {
        row: "20-encrypted-ca-key",
        reason: "encrypted keys of every form are opened with the password, whatever the command",
        applies: |seen| {
            let opened = ended(seen, 1, 0) && seen.case.ends_with("a password, right");
            let told = r#"{"code":2100,"message":"Private key is encrypted."}"#;
            let words = [told, "x509: decryption password incorrect"];
            opened
                || is_log(seen)
                    && holds(&seen.case, &["encrypted", "legacy"])
                    && words.contains(&last(&seen.ours))
        },
    },
    Difference {
        row: "weak-ca-keys",
        reason: "keys that are too weak are refused, whatever they are to sign",
        applies: |seen| {
            holds(&seen.case, &["key p224.key", "key rsa1024.key"])
                && last(&seen.ours).contains(r#""code":2200"#)
        },
    },
    Difference {
        row: "38-panics",
        reason: "an error where cfssl crashes",
        applies: |seen| {
            let cases = [
                "configuration null",
                r#"profile "not_before":"2020-01-01T00:00:00Z","not_after":"2019-01-01T00:00:00Z""#,
                r#"request "{\"CN\":\"a\",\"names\":[{\"OID\":{\"5\":\"v\"}}],\"hosts\":[\"h\"]}""#,
                r#"request "{\"CN\":\"a\",\"names\":[{\"OID\":{\"3.1\":\"v\"}}],\"hosts\":[\"h\"]}""#,
            ];
            ended(seen, 2, 1) && cases.contains(&seen.case.as_str())
        },
    },
    Difference {
        row: "extension-ids",
        reason: "an object identifier that is none is an error; cfssl crashes, or writes garbage",
        applies: |seen| {
            seen.case.starts_with("extensions ")
                && (ended(seen, 2, 1) && seen.ours.contains("invalid object identifier")
                    || ended(seen, 0, 1) && seen.case.ends_with(r#"[{"Id":[1,-2]}]"#))
        },
    },
    Difference {
        row: "path-length-range",
        reason: "a path length that cannot be written is an error",
        applies: |seen| {
            ended(seen, 0, 1) && holds(&seen.case, &[r#""max_path_len":-2"#, r#"{"pathlen":-5}"#])
        },
    },
    Difference {
        row: "wrong-then-right",
        reason: "of two values under one key, the first of a wrong type, the last counts",
        applies: |seen| ended(seen, 1, 0) && seen.case.ends_with("a wrong type, then the right one"),
    },
    Difference {
        row: "internal-keys",
        reason: "fields of cfssl's own program are unknown keys",
        applies: |seen| {
            ended(seen, 1, 0) && seen.case.ends_with("a provider in the profile")
                || seen.fact.starts_with("certificate: time of ")
                    && seen.case.ends_with("a backdate in nanoseconds")
        },
    },
    Difference {
        row: "auth-keys",
        reason: "the file of an authentication key is not read, as nothing uses the key",
        applies: |seen| ended(seen, 1, 0) && seen.case.ends_with("an authentication key in no file"),
    },
    Difference {
        row: "csr-constraints",
        reason: "basic constraints of a CSR that are no CA's have no effect, however odd",
        applies: |seen| {
            // Where both sign, the profile's or the copied constraints count.
            ended(seen, 1, 0)
                && seen.case.contains("path length of no CA")
                && seen.theirs.contains("only CAs are allowed to specify MaxPathLen")
        },
    },
    Difference {
        row: "policy-ids",
        reason: "a policy's identifier that is none is an error before anything is signed",
        applies: |seen| ended(seen, 0, 1) && seen.case.contains(r#""policies":["#),
    },
    Difference {
        row: "37-lint",
        reason: "the levels and names of lints have no effect",
        applies: |seen| ended(seen, 1, 0) && holds(&seen.case, &["lint_error_level", "ignored_lint"]),
    },
    Difference {
        row: "config-ocsp",
        reason: "the section `ocsp` has no effect, whatever stands in it",
        applies: |seen| ended(seen, 1, 0) && seen.case.ends_with("configuration with OCSP"),
    },
    Difference {
        row: "not-yet-options",
        reason: "remote signers and the database are refused in one plain sentence",
        applies: |seen| {
            let words = ["is not supported yet", "which this release does not have"];
            is_log(seen)
                && words.iter().any(|words| last(&seen.ours).ends_with(words))
                && holds(&seen.theirs, &["could not read configuration file", "failed to connect to remote"])
        },
    },
    Difference {
        row: "unused-flags",
        reason: "a file that nothing needs is not read",
        applies: |seen| ended(seen, 1, 0) && seen.case.contains("-tls-remote-ca"),
    },
    Difference {
        row: "crl-key-mismatch",
        reason: "a CRL that nobody can verify is not made",
        applies: |seen| seen.command == "gencrl" && ended(seen, 0, 1) && seen.ours.contains(r#""code":2300"#),
    },
    Difference {
        row: "ocsp-prefix",
        reason: "file: and env: name the responder's files, too",
        applies: |seen| seen.case == "prefix of the responder" && ended(seen, 1, 0),
    },
    Difference {
        row: "bundle-text",
        reason: "text behind a certificate is passed over",
        applies: |seen| seen.command == "bundle" && seen.case == "text behind" && ended(seen, 1, 0),
    },
];
