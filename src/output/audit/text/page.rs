//! The parts of the text in their order.

use super::style::{Ink, TextStyle};
use super::{findings, table, tree};
use crate::inspect::audit::Report;
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::group;
use crate::output::audit::sentence;
use crate::output::columns::wrapped;

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
    push(None, sentence::read(report));
    let graded = facts::graded(report.findings.iter());
    let ink = match graded.first() {
        Some((severity, _)) => Some(Ink::of_severity(*severity)),
        None if sentence::is_empty(report) => Some(Ink::Yellow),
        None => Some(Ink::Green),
    };
    push(ink, sentence::found(report));
    let suppressed = group::suppressed(report);
    for (reason, number) in suppressed.iter().take(REASONS) {
        let number = facts::counted(*number, "finding", "findings");
        push(None, format!("Left out: {number} {}.", visible(reason)));
    }
    if let Some(rest) = suppressed.get(REASONS..).filter(|rest| !rest.is_empty()) {
        let number = facts::counted(rest.iter().map(|(_, number)| number).sum(), "finding", "findings");
        push(None, format!("Left out for other reasons: {number}."));
    }
    if let Some(text) = sentence::ends(report) {
        let states = [State::Expired, State::Expiring];
        let gravest = states.into_iter().find(|state| sentence::number_in_state(report, *state) > 0);
        push(gravest.and_then(Ink::of_state), text);
    }
    lines
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
