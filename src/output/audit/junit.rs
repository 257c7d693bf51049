//! JUnit XML, as CI systems read it.
//!
//! A source is a test suite and each certificate in it a test case, so that a view lists what was looked at
//! and not only what is wrong. Views show one failure for a case, so all that fail it are in one.

use super::clean::visible;
use super::facts;
use super::group;
use super::xml::escaped;
use crate::inspect::audit::{Finding, Report, Severity, Subject, Where};
use std::borrow::Cow;
use std::fmt::Write as _;

/// One test case: a certificate, or a source itself.
struct Case<'r> {
    name: Cow<'r, str>,
    about: String,
    findings: Vec<&'r Finding>,
}

/// The report; findings of at least the severity `fails_from` fail their test case, others are its output.
#[must_use]
pub fn render_junit(report: &Report, fails_from: Severity) -> String {
    let suites = suites(report);
    let fails = |case: &Case<'_>| case.findings.iter().any(|found| found.rule.severity >= fails_from);
    let cases = suites.iter().flatten();
    let (tests, failures) = (cases.clone().count(), cases.filter(|case| fails(case)).count());
    let unreadable = report.unreadable.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    _ = writeln!(
        out,
        "<testsuites name=\"certificate audit\" tests=\"{}\" failures=\"{failures}\" errors=\"{unreadable}\" time=\"0\">",
        tests + unreadable
    );
    for (source, cases) in report.sources.iter().zip(&suites) {
        let failures = cases.iter().filter(|case| fails(case)).count();
        push_suite(&mut out, report, &source.name, [cases.len(), failures, 0]);
        cases.iter().for_each(|case| push_case(&mut out, report, &source.name, case, fails_from));
        out.push_str("  </testsuite>\n");
    }
    for unreadable in &report.unreadable {
        push_suite(&mut out, report, &unreadable.name, [1, 0, 1]);
        let (name, reason) = (escaped(&unreadable.name), escaped(&unreadable.reason));
        _ = writeln!(
            out,
            "    <testcase name=\"can be read\" classname=\"{name}\" time=\"0\">\n      \
             <error type=\"unreadable\" message=\"{reason}\"/>\n    </testcase>\n  </testsuite>"
        );
    }
    out.push_str("</testsuites>\n");
    out
}

/// The cases of each source: the certificates whose first place it is, and the source itself where findings
/// are about it or it holds no certificate of its own.
fn suites(report: &Report) -> Vec<Vec<Case<'_>>> {
    let mut suites: Vec<Vec<Case<'_>>> = report.sources.iter().map(|_| Vec::new()).collect();
    let mut of_sources: Vec<Vec<&Finding>> = report.sources.iter().map(|_| Vec::new()).collect();
    let index = |source: u32| usize::try_from(source).unwrap_or(usize::MAX);
    for finding in &report.findings {
        if let Subject::Source(source) = finding.subject
            && let Some(list) = of_sources.get_mut(index(source))
        {
            list.push(finding);
        }
    }
    for certificate in &report.certificates {
        let source = certificate.places.first().map_or(0, |place| place.source);
        let Some(suite) = suites.get_mut(index(source)) else { continue };
        let end = certificate.not_after.map_or_else(
            || "its end cannot be read".to_owned(),
            |not_after| format!("ends on {}", facts::date(not_after)),
        );
        let mut about = format!(
            "{} certificate, {end}, serial number {}\nsubject: {}\nissuer: {}",
            certificate.role,
            certificate.serial_number,
            visible(&certificate.subject),
            visible(&certificate.issuer)
        );
        push_places(&mut about, report, &certificate.places);
        let findings = facts::findings_of(report, certificate).collect();
        suite.push(Case { name: facts::name(certificate), about, findings });
    }
    for ((suite, findings), source) in suites.iter_mut().zip(of_sources).zip(&report.sources) {
        if suite.is_empty() || !findings.is_empty() {
            suite.push(Case {
                name: Cow::Borrowed(&source.name),
                about: "the file itself".to_owned(),
                findings,
            });
        }
    }
    suites
}

fn push_suite(out: &mut String, report: &Report, name: &str, [tests, failures, errors]: [usize; 3]) {
    let now = facts::in_utc(report.now);
    _ = writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" \
         time=\"0\" timestamp=\"{}T{:02}:{:02}:{:02}\">",
        escaped(name),
        facts::date(now),
        now.hour(),
        now.minute(),
        now.second()
    );
}

fn push_case(out: &mut String, report: &Report, source: &str, case: &Case<'_>, fails_from: Severity) {
    _ = writeln!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0\">",
        escaped(&case.name),
        escaped(source)
    );
    let (failing, others): (Vec<_>, Vec<_>) =
        case.findings.iter().copied().partition(|found| found.rule.severity >= fails_from);
    let gravest = group::gravest(failing.iter().copied());
    if let Some(first) = failing.iter().find(|found| Some(found.rule.severity) == gravest) {
        let message = match failing.len() {
            1 => first.message.clone(),
            more => format!("{} (and {} more)", first.message, more - 1),
        };
        _ = write!(
            out,
            "      <failure type=\"{}\" message=\"{}\">",
            escaped(first.rule.id),
            escaped(&message)
        );
        push_findings(out, report, &failing);
        out.push_str("</failure>\n");
    }
    out.push_str("      <system-out>");
    push_lines(out, &case.about);
    if !others.is_empty() {
        out.push_str("\n\n");
        push_findings(out, report, &others);
    }
    out.push_str("</system-out>\n    </testcase>\n");
}

/// Each finding with its remedy and places.
fn push_findings(out: &mut String, report: &Report, findings: &[&Finding]) {
    for (position, finding) in findings.iter().enumerate() {
        let rule = finding.rule;
        let message = visible(&finding.message);
        let mut words = format!("{} {}: {message}\nRemedy: {}", rule.severity, rule.id, rule.remedy);
        push_places(&mut words, report, &finding.places);
        if position > 0 {
            out.push_str("\n\n");
        }
        push_lines(out, &words);
    }
}

fn push_places(words: &mut String, report: &Report, places: &[Where]) {
    for place in places {
        words.push_str("\nin ");
        words.push_str(&visible(&facts::place_text(report, place)));
    }
}

/// Escapes line by line, because a line end of our own is none to be spelled out.
fn push_lines(out: &mut String, words: &str) {
    for (position, line) in words.lines().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        out.push_str(&escaped(line));
    }
}
