//! Where 1.2.0 lags behind 1.6.5.

use super::{ABSENT, Difference, ended, is_log, last, of_extension, of_hosts};
use crate::compare::Seen;
use crate::support::peer::OLD;

/// They made nothing, or what they say differs because we made something.
fn alone(seen: &Seen) -> bool {
    seen.peer == OLD && (ended(seen, 1, 0) || seen.theirs == ABSENT)
}

pub(super) const TABLE: &[Difference] = &[
    Difference {
        row: "old-uris",
        reason: "no URIs",
        applies: |seen| {
            // Theirs is ours with DNS names for URIs, or without the URIs, which are the last of the names.
            let cut = |text: &str| text.get(4..).unwrap_or_default().to_owned();
            let without = |text: &str| text.replace(", 2.5.29.17", "");
            let dropped =
                cut(&seen.ours).strip_prefix(&cut(&seen.theirs)).is_some_and(|rest| rest.starts_with("86"));
            seen.peer == OLD
                && of_hosts(seen)
                && (seen.ours.replace("86", "82") == seen.theirs.replace("86", "82")
                    || seen.fact == "certificate: extension 2.5.29.17" && (seen.theirs == ABSENT || dropped)
                    || seen.case.contains("URI") && without(&seen.theirs) == without(&seen.ours))
        },
    },
    Difference {
        row: "old-mail",
        reason: "no mail address whose domain is an address in brackets",
        applies: |seen| {
            seen.peer == OLD
                && seen.case == "hosts [\"x@[1.2.3.4]\"]"
                && of_hosts(seen)
                && seen.ours.replace("810B", "820B") == seen.theirs
        },
    },
    Difference {
        row: "old-ed25519",
        reason: "no Ed25519",
        applies: |seen| alone(seen) && seen.case.contains("ed25519"),
    },
    Difference {
        row: "old-type-names",
        reason: "the key of a request is called csr.BasicKeyRequest",
        applies: |seen| {
            is_log(seen)
                && seen.peer == OLD
                && seen.theirs.contains("BasicKeyRequest")
                && seen.theirs.replace("BasicKeyRequest", "KeyRequest") == seen.ours
        },
    },
    Difference {
        row: "old-times",
        reason: "a malformed time is quoted once more",
        applies: |seen| {
            is_log(seen) && seen.peer == OLD && seen.theirs.contains(r#"parsing time \"\\\"2020-01-01\\\"\""#)
        },
    },
    Difference {
        row: "old-second-file",
        reason: "arguments that are too many are ignored or mistaken",
        applies: |seen| {
            seen.peer == OLD
                && last(&seen.ours).ends_with(", please check with usage")
                && (ended(seen, 0, 1) || is_log(seen))
        },
    },
    Difference {
        row: "old-whitelist",
        reason: "the whitelist without PublicKey has a code",
        applies: |seen| {
            is_log(seen)
                && seen.peer == OLD
                && last(&seen.theirs).contains(r#""code":1000"#)
                && last(&seen.ours) == "x509: unsupported public key type: <nil>"
        },
    },
    Difference {
        row: "old-subjects",
        reason: "attributes that there is no field for are dropped; 1.6.5 puts them last",
        applies: |seen| {
            seen.peer == OLD
                && seen.command == "sign"
                && seen.fact == "certificate: subject"
                && seen.ours.strip_prefix(&seen.theirs).is_some_and(|rest| rest.starts_with("; "))
        },
    },
    Difference {
        row: "old-csrs",
        reason: "the delegation usage is not copied",
        applies: |seen| {
            seen.peer == OLD && seen.case == "CSR delegation" && of_extension(seen, "1.3.6.1.4.1.44363.44")
        },
    },
    Difference {
        row: "old-csrs",
        reason: "no RSA-PSS, which 1.6.5 verifies where the salt is as long as the hash",
        applies: |seen| alone(seen) && seen.case.starts_with("CSR signed PSS"),
    },
    Difference {
        row: "old-csrs",
        reason: "MD5 is not implemented, where 1.6.5 says that it is insecure",
        applies: |seen| {
            seen.peer == OLD
                && seen.case == "CSR signed MD5"
                && is_log(seen)
                && last(&seen.ours).contains("insecure algorithm MD5-RSA")
        },
    },
    Difference {
        row: "old-csrs",
        reason: "`not a certificate or csr`, where 1.6.5 says `not a csr`",
        applies: |seen| {
            seen.peer == OLD
                && is_log(seen)
                && seen.theirs.replace("a certificate or csr", "a csr") == seen.ours
        },
    },
    Difference {
        row: "old-selfsign",
        reason: "the hosts and the CA section of a request for a certificate that signs itself are dropped",
        applies: |seen| {
            let extensions = ["2.5.29.17", "2.5.29.19"].map(|id| format!("certificate: extension {id}"));
            seen.peer == OLD
                && seen.command == "selfsign"
                && (extensions.contains(&seen.fact) || seen.fact == "certificate: extensions")
        },
    },
    Difference {
        row: "old-selfsign",
        reason: "selfsign takes no default profile",
        applies: |seen| {
            seen.peer == OLD
                && ["selfsign -profile ", "selfsign -profile unknown"].contains(&seen.case.as_str())
        },
    },
];
