//! One JSON object per line, for sets too large to be read at once; `docs/audit-formats.md` describes them.

use super::clean::visible_json;
use super::object::{self, Members};
use crate::inspect::audit::Report;
use crate::json::{Value, compact};

/// The report line by line. Each line's `type` says what it is; `audit` is the first and `summary` the last,
/// so that a text cut short can be told.
#[must_use]
pub fn render_jsonl(report: &Report) -> String {
    let mut out = String::new();
    push_line(&mut out, "audit", object::question(report));
    report.sources.iter().for_each(|found| push_line(&mut out, "source", object::source(found)));
    for found in &report.unreadable {
        push_line(&mut out, "unreadable", object::unreadable(found));
    }
    for found in &report.certificates {
        push_line(&mut out, "certificate", object::certificate(report, found));
    }
    for found in &report.objects {
        push_line(&mut out, "object", object::object(report, found));
    }
    object::rules(report).into_iter().for_each(|rule| push_line(&mut out, "rule", object::rule(rule)));
    for found in &report.findings {
        push_line(&mut out, "finding", object::finding(report, found));
    }
    for left_out in &report.suppressed {
        push_line(&mut out, "suppressed", object::suppressed(report, left_out));
    }
    push_line(&mut out, "summary", object::summary(report));
    visible_json(out)
}

fn push_line(out: &mut String, kind: &'static str, mut members: Members) {
    members.insert(0, ("type", Value::string(kind)));
    out.push_str(&compact(&Value::object(members)));
    out.push('\n');
}
