//! Which findings count: severity, rules that are switched off, exceptions with a reason and an end, and what
//! an earlier report already had.

use super::report::{Finding, Report, Subject};
use super::rule::{RuleScope, Severity};
use super::rules::rules;
use crate::inspect::evidence::Source;
use crate::inspect::text::hex;
use crate::json::{self, Node, Reading, Shape, Value};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// Which findings count. The default lets all of them.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Findings that are less grave do not count; `None` for all.
    pub severity: Option<Severity>,
    /// Identifiers of rules that are not asked.
    pub ignored_rules: Vec<String>,
    /// Findings that somebody accepted, for a time.
    pub exceptions: Vec<Exception>,
    /// [`Finding::fingerprint`]s that are known already.
    pub baseline: HashSet<String>,
}

/// A finding that somebody accepted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The rule.
    pub rule: String,
    /// The certificate: its name, or at least 8 hexadecimal digits of the beginning of its SHA-256 fingerprint, with
    /// or without colons; empty for all.
    pub certificate: String,
    /// The path, `*` standing for any letters; empty for all.
    pub path: String,
    /// Why it is accepted.
    pub reason: String,
    /// The first moment it counts again; `None` for never.
    pub until: Option<OffsetDateTime>,
}

const FILE: Shape = Shape { go_type: "ignore file", keys: &["ignore"] };
const ENTRY: Shape =
    Shape { go_type: "exception", keys: &["rule", "certificate", "path", "reason", "until"] };

impl Exception {
    /// Reads an ignore file:
    /// `{"ignore": [{"rule": "weak-key", "certificate": "old", "path": "*/legacy/*", "reason": "…", "until": "2027-03-31"}]}`.
    /// Rule, reason and end are asked for; an end may be `"never"`. An exception holds through the whole of its
    /// last day, in UTC.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] for what is no such file; [`ErrorKind::BadRequest`] for an entry without rule, reason
    /// or end.
    pub fn read_all(input: &[u8]) -> Result<(Vec<Self>, Vec<Warning>)> {
        let document = json::parse(input)?;
        let mut reading = Reading::new(input);
        let file = reading.root(&document, FILE)?;
        let mut exceptions = Vec::new();
        for entry in file.objects(&mut reading, "ignore", ENTRY)?.unwrap_or_default() {
            let text = |key| entry.text_or_default(&reading, key);
            let wanted = |key: &str, hint: &str| {
                Error::new(ErrorKind::BadRequest, format!("an exception without {key}"))
                    .at_path(&entry.child_path(key))
                    .hint(hint.to_owned())
            };
            let (rule, reason, until) = (text("rule")?, text("reason")?, text("until")?);
            if rule.is_empty() {
                return Err(wanted("rule", "name the rule, such as \"weak-key\""));
            }
            if reason.trim().is_empty() {
                return Err(wanted("reason", "say why it is accepted, for whoever reads this next year"));
            }
            let until = match until.as_str() {
                "" => {
                    return Err(wanted("until", "write the last day, such as \"2027-03-31\", or \"never\""));
                }
                "never" => None,
                day => {
                    let last = json::parse_date(day).map_err(|_| {
                        wanted("until", "write a day such as \"2027-03-31\", or \"never\"")
                            .explain(format!("{} is no day", json::quote(day)))
                    })?;
                    Some(last.saturating_add(time::Duration::DAY))
                }
            };
            exceptions.push(Self {
                rule,
                certificate: text("certificate")?,
                path: text("path")?,
                reason,
                until,
            });
        }
        Ok((exceptions, reading.into_warnings()))
    }

    fn accepts(&self, finding: &Finding, report: &Report) -> bool {
        if self.rule != finding.rule.id || self.until.is_some_and(|until| until <= report.now) {
            return false;
        }
        let is_certificate = self.certificate.is_empty() || self.is_about(finding, report);
        let on_path = |name: &str| matches(&self.path, name);
        is_certificate
            && (self.path.is_empty()
                || finding.places.iter().any(|place| {
                    report.sources.get(place.source as usize).is_some_and(|source| on_path(&source.name))
                }))
    }

    /// Whether a finding of the set would be accepted, if there were one.
    fn is_about_set(&self, report: &Report) -> bool {
        let rule = rules().find(|rule| rule.id == self.rule);
        let is_always_asked =
            rule.is_some_and(|rule| matches!(rule.scope, RuleScope::Certificate | RuleScope::Set));
        let on_path = |source: &Source| matches(&self.path, &source.name);
        is_always_asked && (self.path.is_empty() || report.sources.iter().any(on_path))
    }

    fn is_about(&self, finding: &Finding, report: &Report) -> bool {
        let Subject::Certificate(index) = finding.subject else { return false };
        let Some(certificate) = report.certificates.get(index as usize) else { return false };
        let digits: String = self.certificate.chars().filter(|letter| *letter != ':').collect();
        let is_hex = digits.len() >= 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        certificate.name == self.certificate
            || is_hex && hex(&certificate.fingerprint).starts_with(&digits.to_ascii_lowercase())
    }
}

impl Filter {
    /// The fingerprints in a report that an audit wrote in JSON or in lines of JSON (`certmint.audit/1`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is no such report.
    pub fn read_baseline(input: &[u8]) -> Result<HashSet<String>> {
        let mut fingerprints = HashSet::new();
        let whole = json::parse(input);
        let documents = match whole {
            Ok(document) => vec![document],
            // One object on a line.
            Err(error) => {
                let lines = input.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
                lines.map(json::parse).collect::<Result<Vec<_>>>().map_err(|_| error)?
            }
        };
        let mut is_report = false;
        for document in &documents {
            is_report |= document
                .member("schema")
                .and_then(Value::as_str)
                .is_some_and(|schema| schema.starts_with("certmint.audit/"));
            let findings = match document.member("findings").map(|findings| &findings.node) {
                Some(Node::Array(findings)) => findings.as_slice(),
                _ => std::slice::from_ref(document),
            };
            let found = findings.iter().filter_map(|finding| finding.member("fingerprint")?.as_str());
            fingerprints.extend(found.map(str::to_owned));
        }
        if !is_report {
            return Err(Error::new(ErrorKind::Json, "it is no report of an audit in JSON"));
        }
        Ok(fingerprints)
    }

    /// What is suspicious in the filter itself, before it is applied to the report: rules that do not exist,
    /// exceptions that have ended or accept nothing. Of the rules of a use nothing is said, as it may not have been
    /// asked for, nor of exceptions for paths that are not in the report.
    #[must_use]
    pub fn doubts(&self, report: &Report) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let named = self.ignored_rules.iter().chain(self.exceptions.iter().map(|exception| &exception.rule));
        for id in named {
            if rules().all(|rule| rule.id != id) {
                let warning =
                    Warning::new(WarningKind::UnknownRule, format!("there is no rule {}", json::quote(id)));
                let near = json::did_you_mean(id, rules().map(|rule| rule.id));
                warnings.push(match near {
                    Some(near) => warning.hint(format!("did you mean {near}?")),
                    None => warning,
                });
            }
        }
        let mut by_rule: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in &report.findings {
            by_rule.entry(finding.rule.id).or_default().push(finding);
        }
        for exception in &self.exceptions {
            let findings = by_rule.get(&*exception.rule).map_or(&[][..], Vec::as_slice);
            let is_stale = || {
                exception.is_about_set(report)
                    && !findings.iter().any(|finding| exception.accepts(finding, report))
            };
            if exception.until.is_some_and(|until| until <= report.now) {
                warnings.push(Warning::new(
                    WarningKind::Unwise,
                    format!(
                        "the exception from {} ({}) has ended, and counts no more",
                        exception.rule, exception.reason
                    ),
                ));
            } else if is_stale() {
                let message =
                    format!("the exception from {} ({}) accepts nothing", exception.rule, exception.reason);
                let warning = Warning::new(WarningKind::Ignored, message);
                warnings.push(warning.hint("what it was for is mended or gone: remove it"));
            }
        }
        warnings
    }

    /// Why a finding does not count, for people.
    fn why(&self, finding: &Finding, report: &Report) -> Option<String> {
        if self.ignored_rules.iter().any(|id| id == finding.rule.id) {
            return Some(format!("by -ignore {}", finding.rule.id));
        }
        if let Some(exception) = self.exceptions.iter().find(|exception| exception.accepts(finding, report)) {
            return Some(format!("accepted: {}", exception.reason));
        }
        if self.baseline.contains(&finding.fingerprint) {
            return Some("in the baseline".to_owned());
        }
        let below = self.severity.filter(|severity| finding.rule.severity < *severity)?;
        Some(format!("less grave than {below}"))
    }

    /// Moves the findings that do not count to [`Report::suppressed`].
    pub fn apply(&self, report: &mut Report) {
        let reasons: Vec<_> = report.findings.iter().map(|finding| self.why(finding, report)).collect();
        let mut reasons = reasons.into_iter();
        report.suppress(|_| reasons.next().flatten());
    }
}

/// Whether a text fits a pattern in which `*` stands for any letters, none too.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "a"),
            ("a*", "a"),
            ("*/b/*", "a/b/c"),
            ("a*b*c", "aXbYbZc"),
            ("ab", "ab"),
            ("a**b", "ab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("a", "ab"), ("a*", "ba"), ("*a", "ab"), ("a*a", "a"), ("*/b/*", "a/bc"), ("", "a")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn exceptions_want_a_reason_and_an_end() {
        let read = |entry: &str| Exception::read_all(format!(r#"{{"ignore": [{entry}]}}"#).as_bytes());
        let (exceptions, warnings) = read(
            r#"{"rule": "weak-key", "reason": "replaced in spring", "until": "2027-03-31", "paths": "x"}"#,
        )
        .unwrap();
        assert_eq!(exceptions.len(), 1);
        assert!(warnings.iter().any(|warning| warning.to_string().contains("paths")), "{warnings:?}");
        for (entry, word) in [
            (r#"{"reason": "x", "until": "never"}"#, "ignore[0].rule"),
            (r#"{"rule": "x", "reason": " ", "until": "never"}"#, "ignore[0].reason"),
            (r#"{"rule": "x", "reason": "x"}"#, "ignore[0].until"),
            (r#"{"rule": "x", "reason": "x", "until": "soon"}"#, "is no day"),
        ] {
            let error = read(entry).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_baseline_is_a_report_in_json_or_lines_of_json() {
        let report =
            br#"{"schema": "certmint.audit/1", "findings": [{"fingerprint": "aa"}, {"fingerprint": "bb"}]}"#;
        assert_eq!(Filter::read_baseline(report).unwrap().len(), 2);
        let lines = b"{\"schema\": \"certmint.audit/1\", \"type\": \"summary\"}\n{\"type\": \"finding\", \"fingerprint\": \"aa\"}\n";
        assert!(Filter::read_baseline(lines).unwrap().contains("aa"));
        for other in ["{}", "[]", "not JSON", ""] {
            assert!(Filter::read_baseline(other.as_bytes()).is_err(), "{other}");
        }
    }
}
