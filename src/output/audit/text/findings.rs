//! The findings, those of one rule together.

use super::style::{Ink, TextStyle};
use crate::inspect::audit::{Finding, Report};
use crate::output::audit::clean::visible;
use crate::output::audit::facts;
use crate::output::audit::group::{Group, groups};
use crate::output::columns::wrapped;

/// Places named for one object.
const PLACES: usize = 3;

/// Lines of all findings; empty without any.
pub(super) fn lines(report: &Report, style: &TextStyle) -> Vec<String> {
    let mut lines = Vec::new();
    for group in groups(report) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        push_group(&mut lines, report, style, &group);
    }
    lines
}

fn push_group(lines: &mut Vec<String>, report: &Report, style: &TextStyle, group: &Group<'_>) {
    let rule = group.rule;
    let word = rule.severity.name().to_uppercase();
    let ink = Some(Ink::of_severity(rule.severity));
    let number = match group.findings.len() {
        1 => String::new(),
        number => format!(" ({})", facts::grouped(number)),
    };
    for (position, line) in wrapped(&format!("{word} {}{number}: {}", rule.id, rule.title), style.columns())
        .into_iter()
        .enumerate()
    {
        match line.strip_prefix(&word).filter(|_| position == 0) {
            Some(rest) => {
                lines.push(format!("{}{}", style.paint(ink, &word), style.paint(Some(Ink::Bold), rest)))
            }
            None => lines.push(style.paint(Some(Ink::Bold), &line).into_owned()),
        }
    }
    push_indented(lines, style, 2, &format!("{} [{}]", rule.meaning, rule.citation));
    push_indented(lines, style, 2, &format!("Remedy: {}", rule.remedy));

    // A line "1 more" takes as much room as the one.
    let all = group.findings.len();
    let most = if all == style.findings.saturating_add(1) { all } else { style.findings };
    for finding in group.findings.iter().take(most) {
        push_finding(lines, report, style, finding);
    }
    if all > most {
        let number = facts::grouped(all - most);
        let words = format!("{} and {number} more (-format json lists all)", style.ellipsis());
        push_indented(lines, style, 2, &words);
    }
}

/// The object and what is wrong with it; below it where it is.
fn push_finding(lines: &mut Vec<String>, report: &Report, style: &TextStyle, finding: &Finding) {
    let name = &*facts::subject_label(report, finding.subject);
    let bullet = if style.unicode { "•" } else { "-" };
    let text = format!("{}: {}", visible(name), visible(&finding.message));
    for (position, line) in wrapped(&text, style.columns().saturating_sub(4)).into_iter().enumerate() {
        lines.push(if position == 0 { format!("  {bullet} {line}") } else { format!("    {line}") });
    }
    let mut places: Vec<String> =
        finding.places.iter().take(PLACES).map(|place| facts::place_text(report, place)).collect();
    // A file named for itself needs no second line that says so.
    if places.first().is_some_and(|place| place == name) && finding.places.len() == 1 {
        return;
    }
    if let Some(more) = finding.places.len().checked_sub(PLACES).filter(|more| *more > 0) {
        places.push(format!(
            "{} and {}",
            style.ellipsis(),
            facts::counted(more, "more place", "more places")
        ));
    }
    for place in places {
        for line in wrapped(&visible(&place), style.columns().saturating_sub(4)) {
            lines.push(format!("    {}", style.paint(Some(Ink::Faint), &line)));
        }
    }
}

fn push_indented(lines: &mut Vec<String>, style: &TextStyle, columns: usize, text: &str) {
    let indent = " ".repeat(columns);
    let wrapped = wrapped(text, style.columns().saturating_sub(columns));
    lines.extend(wrapped.into_iter().map(|line| format!("{indent}{line}")));
}
