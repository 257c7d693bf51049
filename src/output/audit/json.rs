//! One JSON object; `docs/audit-formats.md` describes its members.

use super::clean::visible_json;
use super::lines::ObjectLines;
use super::object;
use crate::inspect::audit::Report;
use crate::json::Value;

/// The whole report as one JSON object, with a line for each certificate, finding and so on.
#[must_use]
pub fn render_json(report: &Report) -> String {
    let mut out = String::new();
    let mut object = ObjectLines::begin(&mut out);
    for (key, value) in object::question(report) {
        object.member(key, &value);
    }
    object.member("summary", &Value::object(object::summary(report)));
    object.list("rules", object::rules(report).into_iter().map(|rule| Value::object(object::rule(rule))));
    let findings = report.findings.iter().map(|found| Value::object(object::finding(report, found)));
    object.list("findings", findings);
    let certificates =
        report.certificates.iter().map(|found| Value::object(object::certificate(report, found)));
    object.list("certificates", certificates);
    object.list("objects", report.objects.iter().map(|found| Value::object(object::object(report, found))));
    object.list("sources", report.sources.iter().map(|found| Value::object(object::source(found))));
    object.list("unreadable", report.unreadable.iter().map(|found| Value::object(object::unreadable(found))));
    let suppressed = report.suppressed.iter().map(|found| Value::object(object::suppressed(report, found)));
    object.list("suppressed", suppressed);
    object.end();
    out.push('\n');
    visible_json(out)
}
