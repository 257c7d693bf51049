//! `cfssl audit -rules`: every rule, for people or for programs.

use crate::inspect::audit::{Rule, RuleScope, rules};
use crate::json::{self, Value};
use crate::output::audit::ReportFormat;
use crate::{Error, ErrorKind, Result};

/// The list in the format asked for.
///
/// # Errors
///
/// [`ErrorKind::Usage`] for a format that has no form for rules.
pub(super) fn list(format: ReportFormat) -> Result<String> {
    match format {
        ReportFormat::Text => Ok(rules().map(text).collect::<Vec<_>>().join("\n")),
        ReportFormat::Json => {
            let rules = rules().map(object);
            Ok(json::indented(&Value::object([("rules", Value::array(rules))]), "  ") + "\n")
        }
        ReportFormat::Jsonl => Ok(rules().map(|rule| json::compact(&object(rule)) + "\n").collect()),
        other => Err(Error::new(ErrorKind::Usage, format!("the rules cannot be listed as {other}"))
            .hint("write -format text, json or jsonl")),
    }
}

fn scope(rule: &Rule) -> &'static str {
    match rule.scope {
        RuleScope::Certificate => "certificate",
        RuleScope::Set => "set",
        RuleScope::Etcd => "-for etcd",
        RuleScope::Kubernetes => "-for kubernetes",
        RuleScope::Web => "-for web",
    }
}

fn text(rule: &Rule) -> String {
    let mut text = format!("{}  [{}, {}]\n", rule.id, rule.severity, scope(rule));
    for line in [rule.title, rule.meaning, rule.remedy] {
        wrap(&mut text, line);
    }
    text.push_str(&format!("    {}\n", rule.citation));
    text
}

/// Adds a text in lines of at most 80 columns, indented.
fn wrap(text: &mut String, line: &str) {
    let mut column = 80;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if column + 1 + length > 80 {
            text.push_str(if column == 80 { "    " } else { "\n    " });
            column = 4;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

fn object(rule: &Rule) -> Value {
    let text = |words: &str| Value::string(words);
    Value::object([
        ("id", text(rule.id)),
        ("severity", text(rule.severity.name())),
        ("scope", text(scope(rule))),
        ("citation", text(rule.citation)),
        ("title", text(rule.title)),
        ("meaning", text(rule.meaning)),
        ("remedy", text(rule.remedy)),
    ])
}
