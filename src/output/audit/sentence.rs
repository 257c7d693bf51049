//! The sentences that sum a report up.

use super::clean::visible;
use super::facts::{self, State};
use super::object::next_to_expire;
use crate::inspect::audit::Report;

/// True where no object of any kind was found.
pub(super) fn is_empty(report: &Report) -> bool {
    let Report { private_keys, certificate_lists, certificate_requests, public_keys, .. } = report;
    let others = [private_keys, certificate_lists, certificate_requests, public_keys];
    report.certificates.is_empty() && others == [&0; 4]
}

/// How many certificates are in this state.
pub(super) fn number_in_state(report: &Report, state: State) -> usize {
    report.certificates.iter().filter(|found| State::of(report, found) == state).count()
}

/// `Read 34 files: 27 certificates, 21 private keys.`
pub(super) fn read(report: &Report) -> String {
    let mut text = format!("Read {}: {}.", facts::sources(report), facts::objects(report));
    if !report.unreadable.is_empty() {
        text.push_str(&format!(" {} could not be read.", facts::grouped(report.unreadable.len())));
    }
    text
}

/// `Found 2 critical, 5 errors, 9 warnings.`
pub(super) fn found(report: &Report) -> String {
    let counts: Vec<String> = facts::graded(report.findings.iter())
        .into_iter()
        .map(|(severity, number)| facts::counted_severity(number, severity))
        .collect();
    if counts.is_empty() {
        let words = if is_empty(report) { "There was nothing to audit." } else { "Found nothing wrong." };
        return words.to_owned();
    }
    format!("Found {}.", counts.join(", "))
}

/// `3 have expired, 4 expire within 30 days; next is etcd-1 on 2026-12-01, in 9 days.`
pub(super) fn ends(report: &Report) -> Option<String> {
    let expired = number_in_state(report, State::Expired);
    let expiring = number_in_state(report, State::Expiring);
    let mut clauses = Vec::new();
    if expired > 0 {
        let verb = if expired == 1 { "has" } else { "have" };
        clauses.push(format!("{} {verb} expired", facts::grouped(expired)));
    }
    if expiring > 0 {
        let verb = if expiring == 1 { "expires" } else { "expire" };
        clauses.push(format!("{} {verb} within {}", facts::grouped(expiring), facts::length(report.within)));
    }
    let mut text = clauses.join(", ");
    if let Some((next, not_after)) = next_to_expire(report) {
        let lead = if text.is_empty() { "Next to expire is" } else { "; next is" };
        let (date, distance) = (facts::date(not_after), facts::distance(report, not_after));
        text.push_str(&format!("{lead} {} on {date}, {distance}", visible(&facts::name(next))));
    }
    (!text.is_empty()).then(|| format!("{text}."))
}
