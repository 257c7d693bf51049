//! The table of certificates, those that end first in front.

use super::svg::{class, inline_sign};
use super::words::prose;
use crate::inspect::audit::{AuditedCertificate, Report, Verdict};
use crate::inspect::text::hex;
use crate::output::audit::facts::{self, State};
use crate::output::audit::xml::escaped;
use std::fmt::Write as _;

/// Places named for one certificate.
const PLACES: usize = 20;
/// Heads of the columns with their classes.
const HEADS: [(&str, &str); 6] = [
    ("Name", ""),
    ("Role", ""),
    ("Expires", "date"),
    ("Days left", "days"),
    ("Issuer", ""),
    ("Findings", ""),
];

pub(super) fn push(out: &mut String, report: &Report, rows: usize) {
    if report.certificates.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Certificates</h2>\n<table id=\"certificates\" role=\"table\">\n");
    // The roles keep it a table where a narrow window lays its rows out as cards.
    out.push_str("<thead role=\"rowgroup\"><tr role=\"row\">");
    for (head, class) in HEADS {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        // Writing to a String cannot fail.
        _ = write!(out, "<th role=\"columnheader\" scope=\"col\"{class}>{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    report.certificates.iter().take(rows).for_each(|certificate| push_row(out, report, certificate));
    out.push_str("</tbody>\n</table>\n");
    let more = report.certificates.len().saturating_sub(rows);
    if more > 0 {
        let more = facts::grouped(more);
        _ = writeln!(out, "<p class=\"faint\">… and {more} more, which the JSON report lists.</p>");
    }
    out.push_str("</section>\n");
}

fn push_row(out: &mut String, report: &Report, certificate: &AuditedCertificate) {
    let state = State::of(report, certificate);
    out.push_str("<tr role=\"row\">");
    out.push_str("<td role=\"cell\" data-label=\"Name\"><div>");
    push_details(out, report, certificate);
    out.push_str("</div></td>");
    _ = write!(out, "<td role=\"cell\" data-label=\"Role\" class=\"word\">{}</td>", certificate.role);
    let end = certificate.not_after;
    let (date, order) = end.map_or_else(
        || ("unknown".to_owned(), String::new()),
        |end| (facts::date(end), end.unix_timestamp().to_string()),
    );
    let word = match state {
        State::Valid | State::Unknown => String::new(),
        state => format!(" {}", state.name()),
    };
    _ = write!(
        out,
        "<td role=\"cell\" data-label=\"Expires\" class=\"date\" data-sort=\"{order}\"><div class=\"{}\">{}{date}{word}</div></td>",
        class(state),
        inline_sign(state)
    );
    let days = end.map_or_else(String::new, |end| facts::days_left(report, end).to_string());
    _ = write!(
        out,
        "<td role=\"cell\" data-label=\"Days left\" class=\"days\" data-sort=\"{order}\">{}</td>",
        days.replace('-', "−")
    );
    let issuer = match certificate.role {
        crate::inspect::view::Role::RootAuthority => "itself".into(),
        _ => facts::issuer_name(report, certificate),
    };
    _ = write!(
        out,
        "<td role=\"cell\" data-label=\"Issuer\" class=\"issuer\"><bdi>{}</bdi></td>",
        escaped(&issuer)
    );
    push_counts(out, report, certificate);
    out.push_str("</tr>\n");
}

/// The name, and what it opens.
fn push_details(out: &mut String, report: &Report, certificate: &AuditedCertificate) {
    _ = write!(
        out,
        "<details><summary><b><bdi>{}</bdi></b></summary><dl>",
        escaped(&facts::name(certificate))
    );
    let term = |out: &mut String, term: &str, words: &str| {
        _ = write!(out, "<dt>{term}</dt><dd>{words}</dd>");
    };
    let code = |text: &str| format!("<code><bdi>{}</bdi></code>", escaped(text));
    term(out, "Subject", &code(&certificate.subject));
    term(out, "Issuer", &code(&certificate.issuer));
    term(out, "Serial number", &code(&certificate.serial_number));
    if let Some(not_before) = certificate.not_before {
        term(out, "Valid from", &facts::minute(not_before));
    }
    if let Some(not_after) = certificate.not_after {
        term(out, "Valid to", &facts::minute(not_after));
    }
    let private = if certificate.has_private_key { ", its private key is there too" } else { "" };
    term(out, "Key", &format!("{}{private}", escaped(&certificate.key)));
    term(out, "SHA-256", &code(&hex(&certificate.fingerprint)));
    let chain = match &certificate.verdict {
        Verdict::Anchor => "trusted itself".to_owned(),
        Verdict::Trusted => "trusted".to_owned(),
        Verdict::Refused(reason) => format!("not trusted: {}", prose(reason)),
    };
    term(out, "Chain", &chain);
    let mut places = String::new();
    for place in certificate.places.iter().take(PLACES) {
        places.push_str(&code(&facts::place_text(report, place)));
        places.push_str("<br>");
    }
    if let Some(more) = certificate.places.len().checked_sub(PLACES).filter(|more| *more > 0) {
        _ = write!(places, "… and {} more", facts::grouped(more));
    }
    term(out, "Found in", places.trim_end_matches("<br>"));
    out.push_str("</dl></details>");
}

/// How many findings of which severity; their order by the gravest.
fn push_counts(out: &mut String, report: &Report, certificate: &AuditedCertificate) {
    let graded = facts::graded(facts::findings_of(report, certificate));
    // Sorts by the number of critical ones, then of errors, and so on; the gravest first.
    let order = graded.iter().fold(0, |order: i64, (severity, number)| {
        let weight = 1000_i64.pow(u32::from(*severity as u8));
        order.saturating_sub(weight.saturating_mul(i64::try_from(*number).unwrap_or(999).min(999)))
    });
    _ = write!(out, "<td role=\"cell\" data-label=\"Findings\" data-sort=\"{order}\">");
    let counts = graded.iter().map(|(severity, number)| {
        let words = facts::counted_severity(*number, *severity);
        format!("<span class=\"number-of {0}\"><span class=\"grade\">{words}</span></span>", severity.name())
    });
    let counts = counts.collect::<Vec<_>>().join(" ");
    if !counts.is_empty() {
        _ = write!(out, "<div>{counts}</div>");
    }
    out.push_str("</td>");
}
