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
/// Reasons of left out findings that are named.
const REASONS: usize = 5;

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
    let is_empty = report.certificates.is_empty()
        && report.private_keys + report.certificate_lists + report.certificate_requests == 0;
    if is_empty && report.findings.is_empty() {
        push(Some(Ink::Yellow), "There was nothing to audit.".to_owned());
        return lines;
    }
    let graded = facts::graded(report.findings.iter());
    let ink = graded.first().map(|(severity, _)| Ink::of_severity(*severity)).or(Some(Ink::Green));
    push(ink, found(report));
    let suppressed = group::suppressed(report);
    for (reason, number) in suppressed.iter().take(REASONS) {
        let number = facts::counted(*number, "finding", "findings");
        push(None, format!("Left out: {number} {}.", visible(reason)));
    }
    if let Some(rest) = suppressed.get(REASONS..).filter(|rest| !rest.is_empty()) {
        let number = facts::counted(rest.iter().map(|(_, number)| number).sum(), "finding", "findings");
        push(None, format!("Left out for other reasons: {number}."));
    }
    if let Some((ink, text)) = ends(report) {
        push(ink, text);
    }
    lines
}

/// `Read 34 files: 27 certificates, 21 private keys.`
fn read(report: &Report) -> String {
    let mut text = format!("Read {}: {}.", facts::sources(report), facts::objects(report));
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
        text.push_str(&format!("{lead} {} on {date}, {distance}", visible(facts::name(next))));
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
