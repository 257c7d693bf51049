//! The timeline: a bar for each certificate from its first to its last moment.

use super::axis::Axis;
use super::svg::{at, class, sign};
use crate::inspect::audit::{AuditedCertificate, Report};
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::xml::escaped;
use crate::output::columns::shortened_to_hundredths;
use std::fmt::Write as _;

/// Rows that a person still reads; with more certificates there is a histogram above.
pub(super) const MOST_ROWS: usize = 60;
/// Of these, rows for what has expired already.
const MOST_EXPIRED: usize = 12;
/// With more rows the axis stands below them too.
const LONG: usize = 20;

/// A drawing for one width of the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) class: &'static str,
    width: f64,
    left: f64,
    right: f64,
    row: f64,
    /// From a row's top to the middle of its bar, and to the line of its words.
    bar: f64,
    words: f64,
    /// Hundredths of the height of letters that a name may take.
    name: usize,
    apart: f64,
}

/// Names beside the bars, for desks and paper.
pub(super) const WIDE: Layout = Layout {
    class: "wide",
    width: 1060.0,
    left: 252.0,
    right: 880.0,
    row: 24.0,
    bar: 12.0,
    words: 16.5,
    name: 1850,
    apart: 66.0,
};

/// Names above the bars, for phones.
pub(super) const NARROW: Layout = Layout {
    class: "narrow",
    width: 360.0,
    left: 4.0,
    right: 354.0,
    row: 40.0,
    bar: 29.0,
    words: 15.0,
    name: 1550,
    apart: 62.0,
};

/// The certificates that get a row: all, or the last that expired and those that end next.
pub(super) fn chosen(report: &Report) -> Vec<&AuditedCertificate> {
    let dated = |found: &&AuditedCertificate| found.not_after.is_some();
    if report.certificates.len() <= MOST_ROWS {
        return report.certificates.iter().filter(dated).collect();
    }
    let (expired, rest): (Vec<_>, Vec<_>) = report
        .certificates
        .iter()
        .filter(dated)
        .partition(|found| State::of(report, found) == State::Expired);
    let kept = MOST_EXPIRED.max(MOST_ROWS.saturating_sub(rest.len()));
    let expired = expired.get(expired.len().saturating_sub(kept)..).unwrap_or_default();
    expired.iter().chain(&rest).copied().take(MOST_ROWS).collect()
}

/// The drawing.
pub(super) fn svg(report: &Report, chosen: &[&AuditedCertificate], layout: &Layout) -> String {
    let ends = chosen.iter().flat_map(|found| [found.not_before, found.not_after]).flatten();
    let axis = Axis::new(report, ends, layout.left, layout.right);
    let head = 44.0;
    let rows = chosen.len() as f64 * layout.row;
    let foot = if chosen.len() > LONG { 34.0 } else { 8.0 };
    let height = head + rows + foot;
    let mut out = String::new();
    // Writing to a String cannot fail.
    _ = write!(
        out,
        "<svg class=\"chart {}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        layout.class,
        layout.width,
        at(height),
        escaped(&description(report, chosen))
    );
    push_ground(&mut out, report, &axis, layout, [head, head + rows]);
    for (position, certificate) in chosen.iter().enumerate() {
        push_row(&mut out, report, certificate, &axis, layout, head + position as f64 * layout.row);
    }
    push_axis(&mut out, &axis, layout, 14.0);
    if chosen.len() > LONG {
        push_axis(&mut out, &axis, layout, head + rows + 16.0);
    }
    out.push_str("</svg>\n");
    out
}

fn description(report: &Report, chosen: &[&AuditedCertificate]) -> String {
    let number = |state| chosen.iter().filter(|found| State::of(report, found) == state).count();
    format!(
        "Timeline of {}: {} expired, {} within {}. The table of certificates has the dates.",
        facts::counted(chosen.len(), "certificate", "certificates"),
        facts::grouped(number(State::Expired)),
        if number(State::Expiring) == 1 {
            "1 expires".to_owned()
        } else {
            format!("{} expire", facts::grouped(number(State::Expiring)))
        },
        facts::length(report.within)
    )
}

/// What lies behind the bars: the time that was asked about, the marks' lines, now.
fn push_ground(out: &mut String, report: &Report, axis: &Axis, layout: &Layout, [top, bottom]: [f64; 2]) {
    let now = axis.now_x();
    let near = report.now.checked_add(report.within).map_or(now, |end| axis.x(end));
    let (y, height) = (at(top - 4.0), at(bottom - top + 4.0));
    let width = at(near - now);
    _ = write!(
        out,
        "<rect class=\"near\" x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>",
        at(now)
    );
    for mark in axis.marks(layout.apart) {
        let x = at(mark.x);
        _ = write!(out, "<path class=\"grid\" d=\"M{x} {y}V{}\"/>", at(bottom));
    }
    _ = write!(out, "<path class=\"now\" d=\"M{} {y}V{}\"/>", at(now), at(bottom));
}

fn push_axis(out: &mut String, axis: &Axis, layout: &Layout, y: f64) {
    let [first, second] = [y, y + 14.0].map(at);
    _ = write!(out, "<text class=\"mark today\" x=\"{}\" y=\"{first}\">now</text>", at(axis.now_x()));
    for mark in axis.marks(layout.apart) {
        let x = at(mark.x);
        let words = if mark.x < axis.now_x() { format!("−{}", mark.words) } else { mark.words.to_owned() };
        _ = write!(out, "<text class=\"mark\" x=\"{x}\" y=\"{first}\">{words}</text>");
        _ = write!(out, "<text class=\"mark month\" x=\"{x}\" y=\"{second}\">{}</text>", mark.month);
    }
}

fn push_row(
    out: &mut String,
    report: &Report,
    certificate: &AuditedCertificate,
    axis: &Axis,
    layout: &Layout,
    top: f64,
) {
    let Some(not_after) = certificate.not_after else { return };
    let state = State::of(report, certificate);
    let name = facts::name(certificate);
    let start = certificate.not_before.unwrap_or(not_after).min(not_after);
    let (from, to) = (axis.x(start), axis.x(not_after));
    let middle = top + layout.bar;
    let title = format!(
        "{}: {}, {} to {}, {}",
        visible(&name),
        certificate.role,
        facts::date(start),
        facts::date(not_after),
        state.name()
    );
    _ = write!(out, "<g><title>{}</title>", escaped(&title));
    let words = at(top + layout.words);
    let shown = escaped(&shortened_to_hundredths(&visible(&name), layout.name));
    _ = write!(out, "<text class=\"name\" x=\"0\" y=\"{words}\">{shown}</text>");
    _ = write!(
        out,
        "<rect class=\"bar {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"10\" rx=\"2\"/>",
        class(state),
        at(from),
        at(middle - 5.0),
        at((to - from).max(1.0))
    );
    out.push_str(&sign(state, to, middle));
    let end = format!("{} · {}", facts::date(not_after), facts::short_distance(report, not_after));
    _ = write!(
        out,
        "<text class=\"end {}\" x=\"{}\" y=\"{words}\">{end}</text></g>",
        class(state),
        layout.width
    );
}
