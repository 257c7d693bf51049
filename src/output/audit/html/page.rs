//! The page around its parts.

use super::style::HtmlStyle;
use super::words::prose;
use super::{certificates, chains, charts, findings};
use crate::inspect::audit::{Report, Severity};
use crate::keys::sha256;
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::xml::escaped;
use crate::output::audit::{group, sentence};
use std::fmt::Write as _;

const CSS: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Unreadable sources, and reasons of left out findings, that are named.
const NAMED: usize = 100;

/// The report as one HTML file that needs no other.
#[must_use]
pub fn render_html(report: &Report, style: &HtmlStyle) -> String {
    let mut out = String::new();
    push_head(&mut out, report);
    push_lead(&mut out, report);
    out.push_str("<main>\n");
    charts::push(&mut out, report);
    findings::push(&mut out, report, style);
    certificates::push(&mut out, report, style.rows);
    chains::push(&mut out, report, style.rows);
    push_unreadable(&mut out, report);
    push_suppressed(&mut out, report);
    out.push_str("</main>\n");
    // Writing to a String cannot fail.
    _ = writeln!(
        out,
        "<footer>certmint {}, at {}. Times are UTC.</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        facts::minute(report.now)
    );
    out
}

/// The policy lets nothing in but the style and the script of this very page.
fn push_head(out: &mut String, report: &Report) {
    let hash = |text: &str| crate::base64::encode(&sha256(text.as_bytes()));
    _ = writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>Certificate audit, {}</title>\n<style>{CSS}</style>\n</head>\n<body>",
        hash(CSS),
        hash(SCRIPT),
        facts::date(report.now)
    );
}

fn push_lead(out: &mut String, report: &Report) {
    _ = writeln!(
        out,
        "<header>\n<h1>Certificate audit</h1>\n<p class=\"when\">{}. Read {}: {}.</p>",
        facts::minute(report.now),
        facts::sources(report),
        facts::objects(report)
    );
    out.push_str("<ul class=\"tiles\">\n");
    let tile = |out: &mut String, number: usize, class: &str, words: &str| {
        let none = if number == 0 { " none" } else { "" };
        let number = facts::grouped(number);
        _ = writeln!(out, "<li class=\"{class}{none}\"><b>{number}</b> {words}</li>");
    };
    for (severity, number) in report.counts().into_iter().rev() {
        let words = match (severity, number) {
            (Severity::Info, _) => "for information",
            (Severity::Warning, 1) => "warning",
            (Severity::Warning, _) => "warnings",
            (Severity::Error, 1) => "error",
            (Severity::Error, _) => "errors",
            (Severity::Critical, _) => "critical",
        };
        tile(out, number, severity.name(), words);
    }
    tile(out, sentence::number_in_state(report, State::Expired), "expired", "expired");
    let within = format!("expiring within {}", facts::length(report.within));
    tile(out, sentence::number_in_state(report, State::Expiring), "expiring", &within);
    out.push_str("</ul>\n");
    let found = sentence::found(report);
    let lead = match report.findings.is_empty() {
        true => format!("{found} {}", sentence::ends(report).unwrap_or_default()),
        false => sentence::ends(report).unwrap_or_default(),
    };
    if !lead.trim().is_empty() {
        _ = writeln!(out, "<p class=\"lead\">{}</p>", prose(lead.trim()));
    }
    out.push_str("</header>\n");
}

fn push_unreadable(out: &mut String, report: &Report) {
    if report.unreadable.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Could not be read</h2>\n<ul>\n");
    for unreadable in report.unreadable.iter().take(NAMED) {
        let (name, reason) = (escaped(&unreadable.name), escaped(&unreadable.reason));
        _ = writeln!(out, "<li><code><bdi>{name}</bdi></code>: {reason}</li>");
    }
    push_more(out, report.unreadable.len().saturating_sub(NAMED));
    out.push_str("</ul>\n</section>\n");
}

fn push_suppressed(out: &mut String, report: &Report) {
    let reasons = group::suppressed(report);
    if reasons.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Left out</h2>\n<ul>\n");
    for (reason, number) in reasons.iter().take(NAMED) {
        let number = facts::counted(*number, "finding", "findings");
        _ = writeln!(out, "<li>{number} {}</li>", escaped(&visible(reason)));
    }
    push_more(out, reasons.len().saturating_sub(NAMED));
    out.push_str("</ul>\n</section>\n");
}

/// The item that stands for those that are not listed.
pub(super) fn push_more(out: &mut String, number: usize) {
    if number > 0 {
        let number = facts::grouped(number);
        _ = writeln!(out, "<li class=\"faint\">… and {number} more, which the JSON report lists</li>");
    }
}
