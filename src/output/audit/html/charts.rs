//! The section of the drawings.

use super::svg::{class, inline_sign};
use super::timeline::{self, MOST_ROWS, NARROW, WIDE};
use super::{bins, histogram};
use crate::inspect::audit::{AuditedCertificate, Report};
use crate::output::audit::facts::{self, State};
use std::fmt::Write as _;

/// The histogram, where there are many certificates, and the timeline.
pub(super) fn push(out: &mut String, report: &Report) {
    let chosen = timeline::chosen(report);
    if chosen.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    if report.certificates.len() > MOST_ROWS {
        let (unit, bins) = bins::bins(report);
        _ = writeln!(out, "<section>\n<h2>Expiries by {}</h2>", unit.name());
        push_legend(out, report, &report.certificates.iter().collect::<Vec<_>>());
        out.push_str(&histogram::wide(unit, &bins));
        out.push_str(&histogram::narrow(unit, &bins));
        out.push_str("</section>\n");
    }
    out.push_str("<section>\n<h2>Timeline</h2>\n");
    _ = writeln!(out, "<p class=\"faint\">{}</p>", words(report, chosen.len()));
    push_legend(out, report, &chosen);
    out.push_str(&timeline::svg(report, &chosen, &WIDE));
    out.push_str(&timeline::svg(report, &chosen, &NARROW));
    out.push_str("</section>\n");
}

fn words(report: &Report, chosen: usize) -> String {
    let stretched = "Time is drawn wider around today than far away.";
    if report.certificates.len() <= MOST_ROWS {
        return format!("From the first to the last moment of each certificate. {stretched}");
    }
    format!(
        "The {} of {} that have just expired or end next. {stretched}",
        facts::grouped(chosen),
        facts::counted(report.certificates.len(), "certificate", "certificates")
    )
}

/// The signs of the states that these certificates have.
fn push_legend(out: &mut String, report: &Report, certificates: &[&AuditedCertificate]) {
    out.push_str("<ul class=\"legend\">");
    for state in [State::Expired, State::Expiring, State::Valid, State::NotYetValid] {
        if certificates.iter().any(|found| State::of(report, found) == state) {
            _ = write!(out, "<li class=\"{}\">{}{}</li>", class(state), inline_sign(state), state.name());
        }
    }
    out.push_str("</ul>\n");
}
