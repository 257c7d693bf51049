//! The parts of the text in their order.

use super::columns::wrapped;
use super::style::{Ink, TextStyle};
use super::{findings, table, tree};
use crate::inspect::audit::Report;
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::group;
use crate::output::audit::object::next_to_expire;

/// Unreadable sources that are named.
const UNREADABLE: usize = 10;

/// The report for people: what was read and what matters first, the table, the findings, the chains.
#[must_use]
pub fn render_text(report: &Report, style: &TextStyle) -> String {
    let mut parts = vec![summary(report, style)];
    parts.push(table::lines(report, style));
    parts.push(titled("Findings", findings::lines(report, style), style));
    parts.push(titled("Could not be read", unreadable(report, style), style));
    parts.push(titled("Chains", tree::lines(report, style), style));
    let mut out = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        for line in part {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn titled(title: &str, lines: Vec<String>, style: &TextStyle) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    let mut out = vec![style.paint(Some(Ink::Bold), title).into_owned(), String::new()];
    out.extend(lines);
    out
}

fn summary(report: &Report, style: &TextStyle) -> Vec<String> {
    let mut lines = Vec::new();
    let mut push = |ink, text: String| {
        let wrapped = wrapped(&text, style.columns());
        lines.extend(wrapped.into_iter().map(|line| style.paint(ink, &line).into_owned()));
    };
    push(None, read(report));
    let graded = facts::graded(report.findings.iter());
    let ink = graded.first().map(|(severity, _)| Ink::of_severity(*severity)).or(Some(Ink::Green));
    push(ink, found(report));
    for (reason, number) in group::suppressed(report) {
        let number = facts::counted(number, "finding", "findings");
        push(None, format!("Left out: {number} {}.", visible(reason)));
    }
    if let Some((ink, text)) = ends(report) {
        push(ink, text);
    }
    lines
}

/// `Read 34 files: 27 certificates, 21 private keys.`
fn read(report: &Report) -> String {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let mut objects = vec![facts::counted(report.certificates.len(), "certificate", "certificates")];
    for (count, one, many) in [
        (report.private_keys, "private key", "private keys"),
        (report.certificate_lists, "revocation list", "revocation lists"),
        (report.certificate_requests, "signing request", "signing requests"),
    ] {
        if count > 0 {
            objects.push(facts::counted(number(count), one, many));
        }
    }
    let sources = facts::counted(report.sources.len(), "source", "sources");
    let mut text = format!("Read {sources}: {}.", objects.join(", "));
    if !report.unreadable.is_empty() {
        text.push_str(&format!(" {} could not be read.", facts::grouped(report.unreadable.len())));
    }
    text
}

/// `Found 2 critical, 5 errors, 9 warnings.`
fn found(report: &Report) -> String {
    let counts: Vec<String> = facts::graded(report.findings.iter())
        .into_iter()
        .map(|(severity, number)| facts::counted_severity(number, severity))
        .collect();
    if counts.is_empty() {
        return "Found nothing wrong.".to_owned();
    }
    format!("Found {}.", counts.join(", "))
}

/// `3 have expired, 4 expire within 30 days; the next, etcd-1, expires on 2026-12-01, in 9 days.`
fn ends(report: &Report) -> Option<(Option<Ink>, String)> {
    let in_state =
        |state| report.certificates.iter().filter(|found| State::of(report, found) == state).count();
    let (expired, expiring) = (in_state(State::Expired), in_state(State::Expiring));
    let mut clauses = Vec::new();
    if expired > 0 {
        clauses.push(format!(
            "{} {} expired",
            facts::grouped(expired),
            if expired == 1 { "has" } else { "have" }
        ));
    }
    if expiring > 0 {
        let verb = if expiring == 1 { "expires" } else { "expire" };
        clauses.push(format!("{} {verb} within {}", facts::grouped(expiring), facts::length(report.within)));
    }
    let mut text = clauses.join(", ");
    if let Some((next, not_after)) = next_to_expire(report) {
        let lead = if text.is_empty() { "Next to expire is" } else { "; next is" };
        let (date, distance) = (facts::date(not_after), facts::distance(report, not_after));
        text.push_str(&format!("{lead} {} on {date}, {distance}", visible(&next.name)));
    }
    if text.is_empty() {
        return None;
    }
    let ink = match (expired, expiring) {
        (0, 0) => None,
        (0, _) => Some(Ink::Yellow),
        _ => Some(Ink::Red),
    };
    Some((ink, format!("{text}.")))
}

fn unreadable(report: &Report, style: &TextStyle) -> Vec<String> {
    let mut lines = Vec::new();
    for unreadable in report.unreadable.iter().take(UNREADABLE) {
        let text = format!("{}: {}", visible(&unreadable.name), visible(&unreadable.reason));
        for (position, line) in wrapped(&text, style.columns().saturating_sub(2)).into_iter().enumerate() {
            lines.push(if position == 0 { line } else { format!("  {line}") });
        }
    }
    if let Some(more) = report.unreadable.len().checked_sub(UNREADABLE).filter(|more| *more > 0) {
        lines.push(format!(
            "{} and {} more (-format json lists all)",
            style.ellipsis(),
            facts::grouped(more)
        ));
    }
    lines
}
