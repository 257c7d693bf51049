//! Differences in what is said: log lines, help, words.

use super::{Difference, is_log, last};

pub(super) const TABLE: &[Difference] = &[
    Difference {
        row: "8-unknown-keys",
        reason: "warnings where cfssl is silent and people are hurt",
        applies: |seen| seen.fact == "said besides: warnings",
    },
    Difference {
        row: "positions",
        reason: "before cfssl's own line, an error for people: file, JSON path, line, column, what to do",
        applies: |seen| seen.fact == "said besides: errors" && !seen.ours.contains('\n'),
    },
    Difference {
        row: "help-words",
        reason: "the help is worded anew",
        applies: |seen| {
            let start = |text: &str| text.split_once(" -- ").map(|(start, _)| start.to_owned());
            let helped = seen.case.contains("-h");
            is_log(seen)
                && helped
                && (start(&seen.theirs).is_some() && start(&seen.theirs) == start(&seen.ours)
                    || seen.theirs == "Usage of mkbundle:"
                        && seen.ours.trim_start().starts_with("mkbundle -- "))
        },
    },
    Difference {
        row: "version",
        reason: "the version says what is taken for what",
        applies: |seen| {
            seen.fact == "stdout"
                && seen.theirs.starts_with("Version: ")
                && seen.ours.starts_with("Version: 1.6.5\nRuntime: certmint ")
        },
    },
    Difference {
        row: "log-zero",
        reason: "steps for the search of faults are our own",
        applies: |seen| {
            let info = |text: &str| -> Vec<String> {
                text.lines().filter(|line| !line.starts_with("[DEBUG]")).map(str::to_owned).collect()
            };
            is_log(seen) && seen.theirs.contains("[DEBUG]") && info(&seen.theirs) == info(&seen.ours)
        },
    },
    Difference {
        row: "repeated-fault",
        reason: "where cfssl logs the final line a second time, the error for people stands",
        applies: |seen| {
            let repeated = format!("[ERROR] {}", last(&seen.theirs));
            let once: Vec<_> = seen.theirs.split('\n').filter(|line| *line != repeated).collect();
            is_log(seen)
                && seen.command == "gencert"
                && seen.theirs.starts_with("[INFO] re-generate a CA certificate from ")
                && once.join("\n") == seen.ours
        },
    },
    Difference {
        row: "both-remotes",
        reason: "both remotes in one profile: cfssl's explanation stands in the error for people",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.starts_with("[ERROR] profile has both a remote and an auth remote specified\n")
                && last(&seen.theirs) == seen.ours
        },
    },
    Difference {
        row: "not-yet-options",
        reason: "settings of a profile beside its remote signer are passed over in silence",
        applies: |seen| {
            let skipped =
                |line: &&str| !line.starts_with("[WARNING] default profile points to a remote signer");
            is_log(seen)
                && seen.case == "selfsign with a remote profile"
                && seen.theirs.split('\n').filter(skipped).collect::<Vec<_>>().join("\n") == seen.ours
        },
    },
    Difference {
        row: "ca-policy-log",
        reason: "cfssl's explanation of a refused CA stands in the error for people",
        applies: |seen| {
            is_log(seen)
                && seen.theirs.starts_with("[ERROR] local signer ")
                && last(&seen.theirs) == seen.ours
                && seen.ours.contains("5300")
        },
    },
    Difference {
        row: "expiry-before-key",
        reason: "a CA that would live for no time is refused before its key is generated, not after",
        applies: |seen| {
            is_log(seen)
                && seen.case.ends_with("ca section: expiry 0")
                && last(&seen.theirs) == last(&seen.ours)
        },
    },
    Difference {
        row: "csr-der-faults",
        reason: "what is wrong with the DER stands in the error for people, not in the words of Go's parser",
        applies: |seen| {
            let theirs = last(&seen.theirs).trim_start_matches(r#"{"code":9003,"message":""#);
            is_log(seen)
                && (theirs.starts_with("asn1: ")
                    && last(&seen.ours) == r#"{"code":9003,"message":"CSR Parsing failed"}"#
                    || seen.case.contains("URI of bad escapes")
                        && seen.ours.contains("x509: cannot parse URI "))
        },
    },
    Difference {
        row: "several-faults",
        reason: "of several faults of a file another one is told first",
        applies: |seen| is_log(seen) && seen.case.contains(r#"\"hosts\":5,\"names\":[{\"C\":5}]"#),
    },
    Difference {
        row: "bundle-metadata",
        reason: "a warning says what an error of its own says in cfssl",
        applies: |seen| {
            seen.case == "metadata, missing keystore"
                && is_log(seen)
                && seen.theirs == format!("[ERROR] open nosuch.pem: no such file or directory\n{}", seen.ours)
        },
    },
    Difference {
        row: "bundle-domain",
        reason: "which server did not know a name is not told",
        applies: |seen| seen.case == "no address" && is_log(seen) && seen.ours.contains("no such host"),
    },
    Difference {
        row: "certinfo-forms",
        reason: "files without a flag before them are read",
        applies: |seen| {
            matches!(seen.command, "certinfo" | "cfssl-certinfo")
                && (seen.case == "a file only"
                    || is_log(seen)
                        && last(&seen.theirs).starts_with("Must specify certinfo target")
                        && !seen.ours.starts_with(&format!("{}\n", seen.theirs)))
        },
    },
    Difference {
        row: "certinfo-usage",
        reason: "cfssl-certinfo without a flag shows its help, too",
        applies: |seen| {
            seen.command == "cfssl-certinfo"
                && is_log(seen)
                && seen.ours.starts_with(&format!("{}\n", seen.theirs))
        },
    },
    Difference {
        row: "csr-bytes",
        reason: "bytes around the CSR that are no text: the sign for them is written as it is, not escaped",
        applies: |seen| {
            seen.case == "CSR bytes around"
                && seen.fact == "stdout"
                && seen.theirs.replace("\\ufffd", "\u{fffd}") == seen.ours
        },
    },
];
