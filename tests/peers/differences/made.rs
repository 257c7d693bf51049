//! Differences in what is made: certificates, CSRs, keys, CRLs.

use super::{ABSENT, Difference, ended, of_extension, of_hosts};
use crate::support::peer::NEW;

/// The cases with a host that is blank.
const BLANK: &[&str] = &[
    "hosts [\"\"]",
    "hosts [\"a\",\"\",\"b\"]",
    "hosts [null,\"a\"]",
    "-hostname \",\"",
    "-hostname \"a,,b\"",
    "-hostname \"a,b,\"",
    "-hostname \" \"",
    "-hostname a,,b",
    "{\"CN\":\"a\",\"hosts\":[\"\"]}",
    "-hostname",
];

pub(super) const TABLE: &[Difference] = &[
    Difference {
        row: "1-same-subject",
        reason: "the authority key identifier is there for a leaf with its CA's subject, so that openssl verifies it",
        applies: |seen| {
            ["leaf: the subject of its CA", "CSR root", "copied extensions of root.csr"]
                .contains(&seen.case.as_str())
                && of_extension(seen, "2.5.29.35")
                && (seen.theirs == ABSENT) == (seen.ours == "that of the issuer")
        },
    },
    Difference {
        row: "no-ca-identifier",
        reason: "the authority key identifier is there below a CA without a subject key identifier: its key's SHA-1",
        applies: |seen| {
            seen.case.starts_with("below ")
                && of_extension(seen, "2.5.29.35")
                && (seen.theirs == ABSENT) == (seen.ours == "SHA-1 of the issuer's key")
        },
    },
    Difference {
        row: "blank-hosts",
        reason: "a blank host is left out",
        applies: |seen| {
            BLANK.iter().any(|blank| seen.case.ends_with(blank))
                && of_hosts(seen)
                && (seen.ours.len() < seen.theirs.len())
        },
    },
    Difference {
        row: "11-hostname-blanks",
        reason: "the blanks around a name in -hostname are cut off",
        applies: |seen| {
            ["-hostname \"a, b\"", "-hostname a, b"].contains(&seen.case.as_str())
                && of_hosts(seen)
                && seen.theirs.contains("82022062")
        },
    },
    Difference {
        row: "17-ed25519-label",
        reason: "an Ed25519 key has the label that RFC 8410 gives it",
        applies: |seen| {
            seen.fact == "private key: label"
                && (seen.theirs.as_str(), seen.ours.as_str()) == ("Ed25519 PRIVATE KEY", "PRIVATE KEY")
        },
    },
    Difference {
        row: "24-copy-extensions",
        reason: "no extension is written twice",
        applies: |seen| {
            let twice = ", 2.5.29.32, 2.5.29.32";
            seen.case == "copied extensions of identifiers.csr with policies"
                && (seen.fact == "certificate: extension 2.5.29.32, first" && seen.ours == ABSENT
                    || seen.fact == "certificate: extensions"
                        && seen.theirs.replace(twice, ", 2.5.29.32") == seen.ours)
        },
    },
    Difference {
        row: "26-renewca",
        reason: "-renewca keeps the subject's bytes, where cfssl writes it anew and loses attributes",
        applies: |seen| {
            seen.case.starts_with("renewed")
                && ["certificate: subject", "certificate: issuer"].contains(&seen.fact.as_str())
        },
    },
    Difference {
        row: "26-renewca",
        reason: "-renewca keeps the subject key identifier, which the issued certificates name",
        applies: |seen| {
            seen.case == "renewed: mail"
                && seen.fact == "certificate: extension 2.5.29.14"
                && seen.ours == "040400112233"
        },
    },
    Difference {
        row: "27-delegation",
        reason: "the delegation usage does not displace the basic constraints",
        applies: |seen| {
            let wanted = seen.case.contains("delegation and a section")
                || seen.case.contains(r#""delegation_enabled":true,"ca":{}"#);
            wanted
                && match seen.fact.as_str() {
                    "CSR: attributes" => seen.ours.contains("0603551D130101FF"),
                    "certificate: extension 2.5.29.19" => seen.theirs == "3000",
                    fact => fact == "certificate: extensions" && seen.command == "selfsign",
                }
        },
    },
    Difference {
        row: "selfsign-path-length",
        reason: "selfsign keeps the path length of the profile: a limit must not get lost",
        applies: |seen| {
            seen.case == "selfsign -profile ca"
                && seen.fact == "certificate: extension 2.5.29.19"
                && (seen.theirs.as_str(), seen.ours.as_str()) == ("30030101FF", "30060101FF020101")
        },
    },
    Difference {
        row: "selfsign-subject",
        reason: "selfsign keeps the whole subject",
        applies: |seen| {
            seen.command == "selfsign"
                && seen.case.contains(r#""E":"m@x""#)
                && ["certificate: subject", "certificate: issuer"].contains(&seen.fact.as_str())
                && seen.ours.starts_with(&format!("{}; 1.2.840.113549.1.9.1=", seen.theirs))
        },
    },
    Difference {
        row: "gencsr-subject",
        reason: "gencsr -cert keeps the whole subject",
        applies: |seen| {
            seen.command == "gencsr" && seen.case.starts_with("certificate ") && seen.fact == "CSR: subject"
        },
    },
    Difference {
        row: "crl-number",
        reason: "a CRL has a number",
        applies: |seen| seen.fact == "CRL: extension 2.5.29.20" && seen.theirs == ABSENT,
    },
    Difference {
        row: "crl-number",
        reason: "a CRL names its issuer's key, also where the CA has no identifier",
        applies: |seen| {
            seen.fact == "CRL: extension 2.5.29.35" && seen.theirs == ABSENT && seen.case == "by bare"
        },
    },
    Difference {
        row: "crl-empty",
        reason: "a CRL without entries has no list",
        applies: |seen| {
            seen.fact == "CRL: entries" && (seen.theirs.as_str(), seen.ours.as_str()) == ("30()", ABSENT)
        },
    },
    Difference {
        row: "crl-issuer-name",
        reason: "the CRL has the issuer's name as the CA has it",
        applies: |seen| seen.fact == "CRL: issuer" && seen.case.starts_with("by "),
    },
    Difference {
        row: "odd-certificates",
        reason: "certinfo shows what can be read of certificates that Go refuses",
        applies: |seen| {
            let odd = ["odd names", "secp256k1", "CSR key secp256k1", "CSR URI of ", "outside ASCII"];
            seen.peer == NEW
                && seen.command.ends_with("certinfo")
                && odd.iter().any(|odd| seen.case.contains(odd))
                && (ended(seen, 1, 0) || seen.theirs.is_empty() || seen.ours.is_empty())
        },
    },
    Difference {
        row: "45-pkcs7",
        reason: "PKCS #7 without a CRL is read",
        applies: |seen| {
            ["certificate p7", "PKCS #7", "of standard input server.p7b"].contains(&seen.case.as_str())
                && (ended(seen, 1, 0) || seen.theirs.is_empty() || seen.ours.is_empty())
        },
    },
];
