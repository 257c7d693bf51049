//! NIST's Public Key Interoperability Test Suite: what an audit says of each chain, beside what openssl says.
//! docs/pkits.md has the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "corpora/files.rs"]
#[allow(dead_code)]
mod files;

use certmint::inspect::audit::{AuditOptions, Report, Verdict, audit};
use certmint::inspect::evidence::Evidence;
use certmint::inspect::read::GatherOptions;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use time::macros::datetime;

/// A day on which the suite's certificates are valid, all but those that are never to be.
const NOW: time::OffsetDateTime = datetime!(2026-11-26 0:00 UTC);

/// Why a chain that openssl takes is refused here: a part of our reason, how many there are, and the heading
/// of the explanation in docs/pkits.md.
const DIFFERENCES: [(&str, usize, &str); 8] = [
    ("a critical extension is not known", 42, "Policies"),
    ("a name is outside the name constraints above it", 13, "Directory, mail and URI constraints"),
    ("a signature does not hold, or its key is too small", 3, "Keys that changed"),
    ("cannot be checked here: DSAWithSHA1", 1, "DSA"),
    ("is not written as the certificate below has it", 5, "Names that are equal and differ"),
    ("is not strict DER", 1, "Unique identifiers"),
    ("authorities below it, and there are", 6, "Authorities that may issue nothing"),
    ("a time is not written as DER asks", 1, "Times"),
];

/// What openssl says of each certificate, by the name of its file without the ending.
fn openssl() -> BTreeMap<String, bool> {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let mut all = String::new();
    for path in files::below(&files::root().join("cryptography_vectors/x509/PKITS_data/certs")) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = files::pem(&fs::read(&path).unwrap());
        fs::write(folder.path().join(&name), &text).unwrap();
        all.push_str(&text);
        names.push(name);
    }
    fs::write(folder.path().join("all"), all).unwrap();
    let output = Command::new("openssl")
        .args(["verify", "-attime", &NOW.unix_timestamp().to_string()])
        .args(["-CAfile", "TrustAnchorRootCertificate", "-untrusted", "all"])
        .args(&names)
        .current_dir(folder.path())
        .output()
        .expect("openssl is missing: scripts/install-peers.sh test brings it");
    let text = String::from_utf8(output.stdout).unwrap();
    let good: Vec<&str> = text.lines().filter_map(|line| line.strip_suffix(": OK")).collect();
    names.into_iter().map(|name| (name.clone(), good.contains(&name.as_str()))).collect()
}

fn ours() -> BTreeMap<String, Option<String>> {
    let mut evidence = Evidence::default();
    let folder = files::root().join("cryptography_vectors/x509/PKITS_data/certs");
    evidence.gather(&[&folder], &GatherOptions::default(), &mut |_| {});
    let mut options = AuditOptions::new(NOW);
    options.threads = 2;
    let report: Report = audit(evidence, &options);
    let mut verdicts = BTreeMap::new();
    for certificate in &report.certificates {
        for place in &certificate.places {
            let path = &report.sources[place.source as usize].name;
            let name = path.rsplit('/').next().unwrap().trim_end_matches(".crt").to_owned();
            let refused = match &certificate.verdict {
                Verdict::Refused(reason) => Some(reason.clone()),
                Verdict::Trusted | Verdict::Anchor => None,
            };
            verdicts.insert(name, refused);
        }
    }
    verdicts
}

#[test]
fn verdicts_are_those_of_openssl_but_for_the_listed_reasons() {
    let (openssl, ours) = (openssl(), ours());
    assert_eq!(openssl.len(), 405);
    assert_eq!(ours.keys().collect::<Vec<_>>(), openssl.keys().collect::<Vec<_>>());
    let mut counts = [0; DIFFERENCES.len()];
    let (mut both_take, mut both_refuse) = (0, 0);
    let mut unexplained = Vec::new();
    for (name, openssl_takes) in &openssl {
        match (openssl_takes, &ours[name]) {
            (true, None) => both_take += 1,
            (false, Some(_)) => both_refuse += 1,
            (true, Some(reason)) => match DIFFERENCES.iter().position(|(part, ..)| reason.contains(part)) {
                Some(at) => counts[at] += 1,
                None => unexplained.push(format!("{name}: openssl takes it, we refuse it: {reason}")),
            },
            (false, None) => unexplained.push(format!("{name}: openssl refuses it, we take it")),
        }
    }
    assert_eq!(unexplained, [""; 0]);
    assert_eq!(counts, DIFFERENCES.map(|(_, count, _)| count));
    assert_eq!((both_take, both_refuse), (281, 52));
    let page = fs::read_to_string("docs/pkits.md").unwrap();
    for (_, count, heading) in DIFFERENCES {
        assert!(page.contains(&format!("| {heading} | {count} |")), "docs/pkits.md: {heading}: {count}");
    }
    assert!(page.contains(&format!("| both take the chain | {both_take} |")));
    assert!(page.contains(&format!("| both refuse it | {both_refuse} |")));
}

/// PKITS says of each of its end certificates whether its path is valid; policies and revocation are not asked here.
#[test]
fn no_chain_is_taken_that_the_suite_calls_invalid_for_its_form() {
    let asks_more = [
        "Polic",
        "policy",
        "Mapping",
        "Revo",
        "CRL",
        "IDP",
        "Delta",
        "OnlySome",
        "deltaCRL",
        "distribution",
        "keyUsage",
        "RolloverCA",
        "KeyRollover",
        "Issuer",
    ];
    let taken: Vec<String> = ours()
        .into_iter()
        .filter(|(name, refused)| name.starts_with("Invalid") && name.ends_with("EE") && refused.is_none())
        .map(|(name, _)| name)
        .filter(|name| !asks_more.iter().any(|word| name.contains(word)))
        .collect();
    // Revoked, by lists that are not looked at here.
    let revoked = [
        "InvalidBasicSelfIssuedNewWithOldTest5EE",
        "InvalidBasicSelfIssuedOldWithNewTest2EE",
        "InvalidLongSerialNumberTest18EE",
        "InvalidNegativeSerialNumberTest15EE",
        "InvalidonlyContainsAttributeCertsTest14EE",
        "InvalidonlyContainsCACertsTest12EE",
        "InvalidonlyContainsUserCertsTest11EE",
        "InvalidonlySomeReasonsTest15EE",
        "InvalidonlySomeReasonsTest16EE",
        "InvalidonlySomeReasonsTest17EE",
        "InvalidonlySomeReasonsTest20EE",
        "InvalidonlySomeReasonsTest21EE",
    ];
    assert_eq!(taken, revoked);
}
