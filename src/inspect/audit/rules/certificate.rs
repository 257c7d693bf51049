//! The fields of a certificate (RFC 5280 section 4.1).

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::facts::{is_early, is_over};
use crate::inspect::audit::text::{count, few, moment};
use crate::inspect::audit::weak::broken_hash;
use crate::inspect::view::{Defect, Role};
use time::Duration;

/// Leaves that live longer than this are worth a word.
const LONG_LIFE: Duration = Duration::days(5 * 366);

pub(super) static RULES: [CertificateRule; 18] = [
    CertificateRule {
        rule: Rule {
            id: "certificate-malformed",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1",
            title: "the certificate does not follow its grammar",
            meaning: "Programs differ in what they forgive: one reads it, the next refuses it, and Go and Rust \
                      refuse most faults of this kind.",
            remedy: "Issue it anew; if the file was damaged on its way, copy it again.",
        },
        check: |case| {
            let faults: Vec<String> =
                case.view.defects.iter().filter(|one| is_structural(one)).map(defect_text).collect();
            (!faults.is_empty()).then(|| few(&faults))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "time-encoding",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.5",
            title: "a time is not written as RFC 5280 asks",
            meaning: "Times up to 2049 are UTCTime, later ones GeneralizedTime, both with seconds and `Z`. Go and \
                      Rust refuse other forms, older programs read them.",
            remedy: "Issue it anew with another program.",
        },
        check: |case| {
            let faults: Vec<&str> =
                case.view.defects.iter().filter(|one| is_about_time(one)).map(|one| one.fault).collect();
            (!faults.is_empty()).then(|| few(&faults))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "version-mismatch",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.1",
            title: "the certificate has extensions and is not of version 3",
            meaning: "Only version 3 has extensions. Programs refuse it, or pass over what the extensions say.",
            remedy: "Issue it anew as version 3.",
        },
        check: |case| {
            let view = &case.view;
            let is_wrong = view.version != 3 && !view.extensions.is_empty();
            is_wrong.then(|| {
                let extensions = count(view.extensions.len(), "extension", "extensions");
                format!("it says that it is of version {} and has {extensions}", view.version)
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "version-old",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.1",
            title: "the certificate is of version 1 or 2",
            meaning: "It can say neither whether it is an authority nor for which names it is. Rust refuses it \
                      unless it is a root, and every client that looks for a server's name finds none.",
            remedy: "Issue it anew with extensions; with openssl give `-extfile` or `-copy_extensions`.",
        },
        check: |case| {
            let view = &case.view;
            let is_old = view.version < 3 && view.extensions.is_empty() && !view.to_be_signed.is_empty();
            is_old.then(|| format!("it is of version {}", view.version))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "serial-zero",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.2",
            title: "the serial number is zero",
            meaning: "Serial numbers are to be positive. Some programs refuse zero, and two certificates with it \
                      cannot be told apart by a revocation list.",
            remedy: "Issue it anew with a random serial number.",
        },
        // Roots of kubeadm have had it for years, and no list names a root.
        check: |case| {
            let serial = case.view.serial_number;
            let is_zero = !serial.is_empty() && serial.iter().all(|octet| *octet == 0);
            (is_zero && case.certificate.facts.role != Role::RootAuthority)
                .then(|| "its serial number is 0".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "serial-negative",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.2",
            title: "the serial number is negative",
            meaning: "Serial numbers are to be positive. Go refuses the certificate since version 1.23.",
            remedy: "Issue it anew with a positive serial number.",
        },
        check: |case| {
            let first = case.view.serial_number.first()?;
            (first & 0x80 != 0).then(|| "the first bit of its serial number, the sign, is set".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "serial-too-long",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.2",
            title: "the serial number has more than 20 octets",
            meaning: "Programs need not be able to handle longer ones; GnuTLS and some smart cards do not.",
            remedy: "Issue it anew with a serial number of at most 20 octets.",
        },
        check: |case| {
            let length = case.view.serial_number.len();
            (length > 20).then(|| format!("its serial number has {length} octets"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "signature-algorithms-differ",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.1.2",
            title: "the two signature algorithms differ",
            meaning: "The algorithm stands inside what is signed and beside the signature, and must be the same. \
                      Where it differs, programs refuse the certificate.",
            remedy: "Issue it anew.",
        },
        check: |case| {
            let view = &case.view;
            let has_both =
                !view.signature_algorithm.is_empty() && !view.signed_signature_algorithm.is_empty();
            (has_both && view.signature_algorithm != view.signed_signature_algorithm)
                .then(|| "the algorithm inside what is signed is not the one beside the signature".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "signature-md5",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 6151, 2",
            title: "the signature rests on MD5 or MD2",
            meaning: "Certificates with such signatures have been forged. No program of today takes them.",
            remedy: "Issue it anew with SHA-256, and look at what else this authority signed.",
        },
        check: |case| broken_signature(case, |hash| hash != "SHA-1"),
    },
    CertificateRule {
        rule: Rule {
            id: "signature-sha1",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 9155, 2",
            title: "the signature rests on SHA-1",
            meaning: "Collisions of SHA-1 can be bought. Go, Rust, browsers and OpenSSL 3 refuse it.",
            remedy: "Issue it anew with SHA-256.",
        },
        check: |case| broken_signature(case, |hash| hash == "SHA-1"),
    },
    CertificateRule {
        rule: Rule {
            id: "issuer-empty",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.4",
            title: "the issuer has no name",
            meaning: "Chains are found by the issuer's name. Without one no program finds the authority.",
            remedy: "Give the authority a name and issue everything below it anew.",
        },
        check: |case| (case.view.issuer == [0x30, 0]).then(|| "the name of its issuer is empty".to_owned()),
    },
    CertificateRule {
        rule: Rule {
            id: "authority-without-name",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.6",
            title: "an authority has no name",
            meaning: "What it signs names its issuer by this name. Without one no chain is found.",
            remedy: "Give the authority a name and issue everything below it anew.",
        },
        check: |case| {
            let is_nameless = case.view.subject == [0x30, 0] && case.view.is_authority();
            is_nameless.then(|| "its subject is empty, and it is an authority".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "validity-reversed",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.5",
            title: "the certificate ends before it begins",
            meaning: "There is no moment at which it is valid.",
            remedy: "Issue it anew; look at `expiry` and `backdate`, and at the clock of the issuing machine.",
        },
        check: |case| {
            let (start, end) = (case.view.not_before?, case.view.not_after?);
            (end < start).then(|| format!("it begins on {} and ends on {}", moment(start), moment(end)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "expired",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.5",
            title: "the certificate has expired",
            meaning: "Every program refuses it, and if it is an authority, all that it issued.",
            remedy: "Issue it anew, or remove it if nobody uses it any more.",
        },
        check: |case| {
            let end = case.view.not_after.filter(|_| is_over(&case.view, case.now()))?;
            let days = (case.now() - end).whole_days();
            Some(format!("it expired on {}, {} ago", moment(end), days_text(days)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "expires-soon",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "practice",
            title: "the certificate expires soon",
            meaning: "From that moment every program refuses it, and if it is an authority, all that it issued.",
            remedy: "Renew it in time and restart or reload what uses it.",
        },
        check: |case| {
            let end = case.view.not_after?;
            let left = end - case.now();
            let is_soon = !left.is_negative() && left <= case.set.options.within;
            is_soon.then(|| format!("it expires on {}, in {}", moment(end), days_text(left.whole_days())))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "not-yet-valid",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.5",
            title: "the certificate is not valid yet",
            meaning: "Every program refuses it until then.",
            remedy: "Look at the clocks of this machine and of the one that issued it, else wait.",
        },
        check: |case| {
            let start = case.view.not_before.filter(|_| is_early(&case.view, case.now()))?;
            Some(format!("it is not valid before {}", moment(start)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "long-lived",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "practice",
            title: "a certificate that is no authority lives longer than five years",
            meaning: "A key that leaks is good for as long, and when it ends nobody remembers how it was made.",
            remedy: "Issue for a year or less, and renew by a program.",
        },
        check: |case| {
            let life = case.view.not_after? - case.view.not_before?;
            (!case.is_authority() && life > LONG_LIFE)
                .then(|| format!("it is valid for {} years", life.whole_days() / 365))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "unique-identifiers",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.8",
            title: "the certificate has unique identifiers",
            meaning: "They are a relic of version 2 that authorities must not write, and Rust refuses.",
            remedy: "Issue it anew without them.",
        },
        check: |case| {
            case.view
                .has_unique_identifiers
                .then(|| "its issuer or subject has a unique identifier".to_owned())
        },
    },
];

/// A hash that is broken, on a signature that anybody looks at: that of a root is not.
fn broken_signature(
    case: &crate::inspect::audit::case::Case<'_>,
    is_meant: fn(&str) -> bool,
) -> Option<String> {
    let hash = broken_hash(&case.view).filter(|hash| is_meant(hash))?;
    (case.certificate.facts.role != Role::RootAuthority).then(|| format!("its signature rests on {hash}"))
}

fn is_about_time(defect: &Defect) -> bool {
    defect.part == "validity" && defect.fault.starts_with("a time ")
}

/// True for what no other rule is about.
fn is_structural(defect: &Defect) -> bool {
    let is_twice = defect.part == "extensions" && defect.fault.ends_with("twice");
    !is_about_time(defect) && !defect.part.starts_with("extension ") && !is_twice
}

fn defect_text(defect: &Defect) -> String {
    format!("{}: {}", defect.part, defect.fault)
}

/// `3 days`, `1 day`, `less than a day`.
fn days_text(days: i64) -> String {
    match days {
        ..1 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
