//! SARIF 2.1.0, the format of code scanning views.
//!
//! A certificate in several files is one result with several locations, as it has to be replaced in each of
//! them. Findings that were left out are results with a suppression, so that views can count them.

use super::clean::{visible, visible_json};
use super::facts;
use super::lines::ObjectLines;
use super::object;
use super::uri;
use crate::inspect::audit::{Finding, Report, Rule, RuleScope, Severity, Where};
use crate::json::{Value, format_rfc3339};
use std::collections::HashMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Names the way [`Finding::fingerprint`] is made; a new way needs a new name.
const FINGERPRINT: &str = "certmintFinding/v1";

/// The report as a SARIF log with one run.
#[must_use]
pub fn render_sarif(report: &Report) -> String {
    let rules = object::rules(report);
    let indices: HashMap<&str, usize> =
        rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let text = |words: &str| Value::string(words);
    let driver = Value::object([
        ("name", text("certmint")),
        ("version", text(env!("CARGO_PKG_VERSION"))),
        ("semanticVersion", text(env!("CARGO_PKG_VERSION"))),
        ("rules", Value::array(rules.iter().map(|rule| descriptor(rule)))),
    ]);
    let results = report.findings.iter().map(|finding| result(report, finding, &indices, None));
    let suppressed = report.suppressed.iter();
    let suppressed =
        suppressed.map(|left_out| result(report, &left_out.finding, &indices, Some(&left_out.reason)));

    let mut out = format!("{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[");
    let mut run = ObjectLines::begin(&mut out);
    run.member("tool", &Value::object([("driver", driver)]));
    run.member("invocations", &Value::array([invocation(report)]));
    run.list("results", results.chain(suppressed));
    run.end();
    out.push_str("]}\n");
    visible_json(out)
}

/// A `reportingDescriptor`.
fn descriptor(rule: &Rule) -> Value {
    let message = |words: String| Value::object([("text", Value::string(words))]);
    let mut properties =
        vec![("tags", Value::array(tags(rule).into_iter().map(Value::string))), ("precision", high())];
    if let Some(score) = security_severity(rule.severity) {
        properties.push(("security-severity", Value::string(score)));
    }
    let Rule { id, title, meaning, remedy, citation, .. } = rule;
    let help = Value::object([
        ("text", Value::string(format!("{meaning}\n\nRemedy: {remedy}\n\nSource: {citation}"))),
        ("markdown", Value::string(format!("{meaning}\n\n**Remedy:** {remedy}\n\n**Source:** {citation}"))),
    ]);
    Value::object([
        ("id", Value::string(*id)),
        ("shortDescription", message(format!("{}.", facts::capitalised(title)))),
        ("fullDescription", message((*meaning).to_owned())),
        ("help", help),
        ("defaultConfiguration", Value::object([("level", Value::string(level(rule.severity)))])),
        ("properties", Value::object(properties)),
    ])
}

fn high() -> Value {
    Value::string("high")
}

/// Views show results of the tag `security` by their `security-severity`, and file notes elsewhere.
fn tags(rule: &Rule) -> Vec<&'static str> {
    let mut tags = vec!["certificates"];
    match rule.scope {
        RuleScope::Certificate | RuleScope::Set => {}
        RuleScope::Etcd => tags.push("etcd"),
        RuleScope::Kubernetes => tags.push("kubernetes"),
        RuleScope::Web => tags.push("web"),
    }
    if security_severity(rule.severity).is_some() {
        tags.push("security");
    }
    tags
}

/// SARIF has no word above `error`.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error | Severity::Critical => "error",
    }
}

/// In the middle of what code scanning views call critical, high and medium.
const fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Info => None,
        Severity::Warning => Some("5.0"),
        Severity::Error => Some("8.0"),
        Severity::Critical => Some("9.5"),
    }
}

/// What ran, and what it could not read.
fn invocation(report: &Report) -> Value {
    let notifications = report.unreadable.iter().map(|unreadable| {
        let words =
            format!("{} could not be read: {}", visible(&unreadable.name), visible(&unreadable.reason));
        let artifact = Value::object([("uri", Value::string(uri::of_unreadable(&unreadable.name)))]);
        let physical = Value::object([("artifactLocation", artifact)]);
        Value::object([
            ("level", Value::string("warning")),
            ("message", message(&words)),
            ("locations", Value::array([Value::object([("physicalLocation", physical)])])),
        ])
    });
    Value::object([
        ("executionSuccessful", Value::boolean(true)),
        ("endTimeUtc", Value::string(format_rfc3339(facts::in_utc(report.now)))),
        ("toolExecutionNotifications", Value::array(notifications)),
    ])
}

fn result(
    report: &Report,
    finding: &Finding,
    indices: &HashMap<&str, usize>,
    suppressed_because: Option<&str>,
) -> Value {
    let name = &*facts::subject_label(report, finding.subject);
    let words = format!("{}: {}", visible(name), visible(&finding.message));
    let mut members = vec![
        ("ruleId", Value::string(finding.rule.id)),
        ("ruleIndex", Value::number(indices.get(finding.rule.id).copied().unwrap_or_default())),
        ("level", Value::string(level(finding.rule.severity))),
        ("message", message(&words)),
        ("locations", Value::array(finding.places.iter().map(|place| location(report, place, name)))),
        ("partialFingerprints", Value::object([(FINGERPRINT, Value::string(&finding.fingerprint))])),
        ("properties", Value::object([("severity", Value::string(finding.rule.severity.name()))])),
    ];
    if let Some(reason) = suppressed_because {
        let suppression = Value::object([
            ("kind", Value::string("external")),
            ("status", Value::string("accepted")),
            ("justification", Value::string(visible(reason))),
        ]);
        members.push(("suppressions", Value::array([suppression])));
    }
    Value::object(members)
}

fn location(report: &Report, place: &Where, name: &str) -> Value {
    let uri = facts::at(&report.sources, place.source).map(uri::of_source).unwrap_or_default();
    let mut physical = vec![("artifactLocation", Value::object([("uri", Value::string(uri))]))];
    if let Some(line) = place.line.filter(|line| *line > 0) {
        physical.push(("region", Value::object([("startLine", Value::number(line))])));
    }
    let mut members = vec![
        ("physicalLocation", Value::object(physical)),
        ("logicalLocations", Value::array([Value::object([("name", Value::string(visible(name)))])])),
    ];
    if !place.detail.is_empty() {
        members.push(("message", message(&visible(&place.detail))));
    }
    Value::object(members)
}

/// A message of plain text. `[words](target)` would be a link there, so a stranger's is broken.
fn message(words: &str) -> Value {
    Value::object([("text", Value::string(words.replace("](", "\\](")))])
}
