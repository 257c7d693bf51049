//! What every format says of a certificate, a place and a count, in one wording.

use crate::inspect::audit::{AuditedCertificate, Finding, Report, Severity, Subject, Where};
use crate::inspect::evidence::Container;
use crate::quote::{NAME_LETTERS, cut};
use std::borrow::Cow;
use time::{Duration, Month, OffsetDateTime};

/// How a certificate stands at the report's moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum State {
    /// Its end has passed.
    Expired,
    /// It ends within the time that was asked about.
    Expiring,
    /// Its time has not begun.
    NotYetValid,
    /// None of the others.
    Valid,
    /// Its end cannot be read.
    Unknown,
}

impl State {
    pub(super) fn of(report: &Report, certificate: &AuditedCertificate) -> Self {
        let Some(not_after) = certificate.not_after else { return Self::Unknown };
        if not_after < report.now {
            Self::Expired
        } else if certificate.not_before.is_some_and(|not_before| not_before > report.now) {
            Self::NotYetValid
        } else if not_after - report.now <= report.within {
            Self::Expiring
        } else {
            Self::Valid
        }
    }

    /// The word that JSON and pages show.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Expiring => "expiring",
            Self::NotYetValid => "not yet valid",
            Self::Valid => "valid",
            Self::Unknown => "unknown",
        }
    }
}

/// Whole days until the end: 0 within the last day; once it has passed, the whole days since, negative, and -1
/// within the first.
pub(super) fn days_left(report: &Report, not_after: OffsetDateTime) -> i64 {
    let left = not_after - report.now;
    if left.is_negative() { left.whole_days().min(-1) } else { left.whole_days() }
}

/// `in 9 days`, `in 5 hours`, `3 days ago`.
pub(super) fn distance(report: &Report, moment: OffsetDateTime) -> String {
    let between = moment - report.now;
    let length = length(between.abs());
    if between.is_negative() { format!("{length} ago") } else { format!("in {length}") }
}

/// `9 days`, `8.0 years`, `12 days ago`: for places with little room.
pub(super) fn short_distance(report: &Report, moment: OffsetDateTime) -> String {
    let between = moment - report.now;
    let days = between.abs().whole_days();
    let length = match days {
        ..1_000 => length(between.abs()),
        // Tenths of a year.
        1_000..36_525 => format!("{}.{} years", days * 4 / 1_461, days * 40 / 1_461 % 10),
        _ => "100+ years".to_owned(),
    };
    if between.is_negative() { format!("{length} ago") } else { length }
}

/// The whole days of a length, or its hours where it is shorter than a day.
pub(super) fn length(length: Duration) -> String {
    match length.whole_days() {
        0 => counted(usize::try_from(length.whole_hours()).unwrap_or(0), "hour", "hours"),
        days => counted(usize::try_from(days).unwrap_or(0), "day", "days"),
    }
}

/// `2026-11-22`, in UTC.
pub(super) fn date(moment: OffsetDateTime) -> String {
    let moment = in_utc(moment);
    format!("{:04}-{:02}-{:02}", moment.year(), u8::from(moment.month()), moment.day())
}

/// `2026-11-22 13:57 UTC`.
pub(super) fn minute(moment: OffsetDateTime) -> String {
    let moment = in_utc(moment);
    format!("{} {:02}:{:02} UTC", date(moment), moment.hour(), moment.minute())
}

/// `Nov 2026`.
pub(super) fn month(moment: OffsetDateTime) -> String {
    let moment = in_utc(moment);
    format!("{} {}", short_month(moment.month()), moment.year())
}

/// `Nov`.
pub(super) const fn short_month(month: Month) -> &'static str {
    match month {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

/// The moment in UTC; one at the very end of the calendar, which has no UTC, as it stands.
pub(super) fn in_utc(moment: OffsetDateTime) -> OffsetDateTime {
    moment.checked_to_offset(time::UtcOffset::UTC).unwrap_or(moment)
}

/// `12,345`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `2,345 files`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `1 error`, `2 errors`: the word of a severity behind its number.
pub(super) fn counted_severity(number: usize, severity: Severity) -> String {
    match severity {
        Severity::Info => format!("{} info", grouped(number)),
        Severity::Warning => counted(number, "warning", "warnings"),
        Severity::Error => counted(number, "error", "errors"),
        Severity::Critical => format!("{} critical", grouped(number)),
    }
}

/// The severities that findings have, the gravest first, and how many each.
pub(super) fn graded<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<(Severity, usize)> {
    let mut counts = Severity::ALL.map(|severity| (severity, 0));
    for finding in findings {
        for (severity, count) in &mut counts {
            *count += usize::from(*severity == finding.rule.severity);
        }
    }
    counts.into_iter().rev().filter(|(_, count)| *count > 0).collect()
}

/// A certificate's findings.
pub(super) fn findings_of<'r>(
    report: &'r Report,
    certificate: &'r AuditedCertificate,
) -> impl Iterator<Item = &'r Finding> {
    certificate.findings.iter().filter_map(|index| at(&report.findings, *index))
}

/// The element at an index of the report; a wrong index is nothing.
pub(super) fn at<T>(list: &[T], index: u32) -> Option<&T> {
    list.get(usize::try_from(index).ok()?)
}

/// The name of a source; `-` is standard input.
pub(super) fn source_name(report: &Report, source: u32) -> &str {
    at(&report.sources, source).map_or("", |source| &source.name)
}

/// `/etc/etcd/ca.pem, section 2, line 31`.
pub(super) fn place_text(report: &Report, place: &Where) -> String {
    let name = match source_name(report, place.source) {
        "-" => "standard input",
        name => name,
    };
    match place.line {
        _ if !place.detail.is_empty() => format!("{name}, {}", place.detail),
        Some(line) => format!("{name}, line {line}"),
        None => name.to_owned(),
    }
}

/// The name of what a finding is about: of the certificate, or of the file.
pub(super) fn subject_name(report: &Report, subject: Subject) -> &str {
    match subject {
        Subject::Certificate(index) => at(&report.certificates, index).map_or("", whole_name),
        Subject::Source(index) => match source_name(report, index) {
            "-" => "standard input",
            name => name,
        },
    }
}

/// What people call a certificate, even one without a name.
fn whole_name(certificate: &AuditedCertificate) -> &str {
    if certificate.name.is_empty() { "(no name)" } else { &certificate.name }
}

/// What people call a certificate, for their eyes: of a long name the beginning.
pub(super) fn name(certificate: &AuditedCertificate) -> Cow<'_, str> {
    cut(whole_name(certificate), NAME_LETTERS)
}

/// [`subject_name`] for people's eyes: of a certificate's long name the beginning.
pub(super) fn subject_label(report: &Report, subject: Subject) -> Cow<'_, str> {
    match subject {
        Subject::Certificate(index) => at(&report.certificates, index).map_or(Cow::Borrowed(""), name),
        Subject::Source(_) => Cow::Borrowed(subject_name(report, subject)),
    }
}

/// The name of a certificate's issuer as people call it, else its distinguished name; of a long one the beginning.
pub(super) fn issuer_name<'r>(report: &'r Report, certificate: &'r AuditedCertificate) -> Cow<'r, str> {
    let issuer = certificate.issued_by.and_then(|index| at(&report.certificates, index));
    issuer.map_or_else(|| cut(&certificate.issuer, NAME_LETTERS), name)
}

/// `34 files and 2 servers`.
pub(super) fn sources(report: &Report) -> String {
    let servers = report.sources.iter().filter(|source| source.container == Container::TlsServer).count();
    let files = counted(report.sources.len() - servers, "file", "files");
    match servers {
        0 => files,
        _ if servers == report.sources.len() => counted(servers, "server", "servers"),
        _ => format!("{files} and {}", counted(servers, "server", "servers")),
    }
}

/// `27 certificates, 21 private keys`: what was found, kinds without any left out.
pub(super) fn objects(report: &Report) -> String {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let mut objects = vec![counted(report.certificates.len(), "certificate", "certificates")];
    for (count, one, many) in [
        (report.private_keys, "private key", "private keys"),
        (report.certificate_lists, "revocation list", "revocation lists"),
        (report.certificate_requests, "signing request", "signing requests"),
        (report.public_keys, "public key", "public keys"),
    ] {
        if count > 0 {
            objects.push(counted(number(count), one, many));
        }
    }
    objects.join(", ")
}

/// `ends 2026-12-01`, `ended 2026-11-10`.
pub(super) fn end_words(report: &Report, certificate: &AuditedCertificate) -> String {
    match (State::of(report, certificate), certificate.not_after.map(date)) {
        (_, None) => "its end cannot be read".to_owned(),
        (State::Expired, Some(end)) => format!("ended {end}"),
        (State::NotYetValid, Some(end)) => format!("not yet valid, ends {end}"),
        (_, Some(end)) => format!("ends {end}"),
    }
}

/// The words of a rule with a capital in front.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn lengths_below_a_day_are_in_hours() {
        for (seconds, text) in [(0, "0 hours"), (3_600, "1 hour"), (86_399, "23 hours"), (86_400, "1 day")] {
            assert_eq!(length(Duration::seconds(seconds)), text);
        }
    }
}
