//! The findings, those of one rule together.

use super::page::push_more;
use super::style::HtmlStyle;
use super::words::{prose, with_code};
use crate::inspect::audit::{Finding, Report, Subject};
use crate::output::audit::clean::visible;
use crate::output::audit::facts;
use crate::output::audit::group::{Group, groups};
use crate::output::audit::xml::escaped;
use std::fmt::Write as _;

/// Places named for one object.
const PLACES: usize = 5;

pub(super) fn push(out: &mut String, report: &Report, style: &HtmlStyle) {
    if report.findings.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Findings</h2>\n");
    groups(report).iter().for_each(|group| push_group(out, report, group, style));
    out.push_str("</section>\n");
}

fn push_group(out: &mut String, report: &Report, group: &Group<'_>, style: &HtmlStyle) {
    let rule = group.rule;
    let severity = rule.severity.name();
    let number = match group.findings.len() {
        1 => String::new(),
        number => format!(" <span class=\"faint\">({})</span>", facts::grouped(number)),
    };
    // Writing to a String cannot fail.
    _ = writeln!(
        out,
        "<article class=\"finding {severity}\">\n<h3><span class=\"grade\">{severity}</span> {}{number}</h3>",
        with_code(&facts::capitalised(rule.title))
    );
    _ = writeln!(out, "<p>{}</p>\n<p><b>Remedy:</b> {}</p>", with_code(rule.meaning), with_code(rule.remedy));
    _ = writeln!(
        out,
        "<p class=\"place\">Rule <code>{}</code> ({})</p>",
        escaped(rule.id),
        escaped(rule.citation)
    );
    let all = group.findings.len();
    // To open a list for one more would be a nuisance.
    let open = if all == style.findings.saturating_add(1) { all } else { style.findings };
    push_list(out, report, group.findings.iter().take(open), 0);
    if all > open {
        let rest = all - open;
        _ = writeln!(out, "<details>\n<summary>{} more</summary>", facts::grouped(rest));
        let shown = rest.min(style.rows);
        push_list(out, report, group.findings.iter().skip(open).take(shown), rest - shown);
        out.push_str("</details>\n");
    }
    out.push_str("</article>\n");
}

fn push_list<'r>(
    out: &mut String,
    report: &Report,
    findings: impl Iterator<Item = &'r &'r Finding>,
    more: usize,
) {
    out.push_str("<ul class=\"objects\">\n");
    findings.for_each(|finding| push_finding(out, report, finding));
    push_more(out, more);
    out.push_str("</ul>\n");
}

fn push_finding(out: &mut String, report: &Report, finding: &Finding) {
    let name = &*facts::subject_label(report, finding.subject);
    let message = prose(&finding.message);
    let shown = escaped(name);
    match finding.subject {
        Subject::Certificate(_) => _ = write!(out, "<li><b><bdi>{shown}</bdi></b>: {message}"),
        Subject::Source(_) => _ = write!(out, "<li><code><bdi>{shown}</bdi></code>: {message}"),
    }
    // A file named for itself needs no second line that says so.
    let is_itself = |place: &String| finding.places.len() == 1 && visible(name) == visible(place);
    let places = finding.places.iter().take(PLACES).map(|place| facts::place_text(report, place));
    for place in places.filter(|place| !is_itself(place)) {
        _ = write!(out, " <span class=\"place\"><bdi>{}</bdi></span>", escaped(&place));
    }
    if let Some(more) = finding.places.len().checked_sub(PLACES).filter(|more| *more > 0) {
        _ = write!(
            out,
            " <span class=\"place\">… and {}</span>",
            facts::counted(more, "more place", "more places")
        );
    }
    out.push_str("</li>\n");
}
