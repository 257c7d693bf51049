//! Differences of the programs beside `cfssl`.

use super::{ABSENT, Difference, ended, holds, is_log};

pub(super) const TABLE: &[Difference] = &[
    Difference {
        row: "certinfo-csr-helper",
        reason: "cfssl-certinfo takes the flags of certinfo",
        applies: |seen| {
            seen.command == "cfssl-certinfo" && ended(seen, 2, 0) && holds(&seen.case, &["-csr", "-loglevel"])
        },
    },
    Difference {
        row: "mkbundle-flags",
        reason: "mkbundle has -loglevel and -strict",
        applies: |seen| {
            seen.command == "mkbundle"
                && seen.theirs.ends_with("flag provided but not defined: -loglevel")
                && (ended(seen, 2, 0) || is_log(seen))
        },
    },
    Difference {
        row: "mkbundle-status",
        reason: "mkbundle says by its exit status that there is no file",
        applies: |seen| seen.command == "mkbundle" && seen.case == "a missing folder" && ended(seen, 0, 1),
    },
    Difference {
        row: "cfssljson-types",
        reason: "a value that is no text is an error; cfssl crashes with 2",
        applies: |seen| {
            seen.command == "cfssljson"
                && ended(seen, 2, 1)
                && seen.ours.contains("expected a string, found ")
        },
    },
    Difference {
        row: "cfssljson-empty",
        reason: "no empty file for an encrypted key without contents",
        applies: |seen| {
            let empty = seen.case.ends_with(r#"{"encrypted_key":""}"#);
            empty
                && (seen.fact.starts_with("file ") && seen.ours == ABSENT
                    || seen.fact == "stdout" && seen.ours.is_empty())
        },
    },
    Difference {
        row: "api-reply",
        reason: "a server's reply is read with -bare, too: files are written, failures are failures",
        applies: |seen| {
            seen.command == "cfssljson"
                && seen.case.starts_with(r#"["-bare""#)
                && holds(&seen.case, &["success", "SUCCESS", r#"{"result":"#])
                && (ended(seen, 0, 1)
                    || seen.fact.starts_with("file ") && seen.theirs == ABSENT
                    || seen.fact == "stdout" && seen.ours.contains(&seen.theirs))
        },
    },
    Difference {
        row: "23-bundle-files",
        reason: "a bundle is written in whatever form it comes",
        applies: |seen| {
            seen.command == "cfssljson"
                && seen.case.contains(r#""bundle":"#)
                && (holds(&seen.fact, &["-bundle.pem", "-root.pem"]) && seen.theirs == ABSENT
                    || seen.fact == "stdout" && seen.ours.starts_with(&seen.theirs))
        },
    },
    Difference {
        row: "21-existing-files",
        reason: "a key does not stay open to others",
        applies: |seen| seen.fact == "file a-key.pem: mode" && seen.theirs == "644" && seen.ours == "640",
    },
];
