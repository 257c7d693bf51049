//! The table of certificates, those that end first in front.

use super::style::{Ink, TextStyle};
use crate::inspect::audit::{AuditedCertificate, Report};
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::columns::{shortened, width, wrapped};

const GAP: usize = 2;
const HEADS: [&str; 6] = ["NAME", "ROLE", "EXPIRES", "DAYS LEFT", "ISSUER", "FINDINGS"];
/// The column that is aligned to the right.
const NUMBERS: &str = "DAYS LEFT";
/// Its head where there is little room; the numbers need no more.
const SHORT_NUMBERS: &str = "DAYS";
/// What a name may be shortened to before a column is given up for it.
const LEAST_NAME: usize = 18;
/// With less room for names the role goes too.
const LEAST_SPARE: usize = 8;
/// An issuer that is shorter tells nothing.
const LEAST_ISSUER: usize = 10;
/// All roles but `intermediate` are shorter.
const LEAST_ROLE: usize = 7;

/// The cells of a certificate, clean, unshortened.
struct Row {
    cells: [String; 6],
    state: State,
    ink: Option<Ink>,
}

/// Lines of the table; empty without certificates.
pub(super) fn lines(report: &Report, style: &TextStyle) -> Vec<String> {
    let certificates = &report.certificates;
    if certificates.is_empty() {
        return Vec::new();
    }
    // A line "1 more" takes as much room as the one.
    let most =
        if certificates.len() == style.rows.saturating_add(1) { certificates.len() } else { style.rows };
    let mut rows: Vec<Row> =
        certificates.iter().take(most).map(|certificate| row(report, certificate)).collect();
    let widths = fitted(&mut rows, style);

    let mut lines = vec![line(HEADS, &widths, style, [Some(Ink::Bold); 6])];
    for row in &rows {
        let [name, role, expires, days, issuer, findings] = &row.cells;
        let state = Ink::of_state(row.state);
        let inks = [state, None, None, state, None, row.ink];
        lines.push(line([name, role, expires, days, issuer, findings], &widths, style, inks));
    }
    if let Some(left_out) = certificates.get(most..).filter(|rest| !rest.is_empty()) {
        let last = left_out.iter().filter_map(|found| found.not_after).max();
        let last = last.map_or_else(String::new, |last| format!(", the last ends on {}", facts::date(last)));
        let number = facts::grouped(left_out.len());
        let words = format!("{} and {number} more{last} (-format json lists all)", style.ellipsis());
        lines.extend(wrapped(&words, style.columns()));
    }
    lines
}

fn row(report: &Report, certificate: &AuditedCertificate) -> Row {
    let graded = facts::graded(facts::findings_of(report, certificate));
    let counts: Vec<String> =
        graded.iter().map(|(severity, number)| facts::counted_severity(*number, *severity)).collect();
    let issuer = match certificate.role {
        crate::inspect::view::Role::RootAuthority => "itself".to_owned(),
        _ => visible(&facts::issuer_name(report, certificate)).into_owned(),
    };
    Row {
        cells: [
            visible(&facts::name(certificate)).into_owned(),
            certificate.role.name().to_owned(),
            certificate.not_after.map_or_else(|| "?".to_owned(), facts::date),
            certificate.not_after.map_or_else(String::new, |end| facts::days_left(report, end).to_string()),
            issuer,
            counts.join(", "),
        ],
        state: State::of(report, certificate),
        ink: graded.first().map(|(severity, _)| Ink::of_severity(*severity)),
    }
}

/// The widths of the columns, 0 for one that is left out. Wide text gives way in this order: several kinds of
/// findings become the gravest and a number, the issuer and the name shrink, the issuer goes, roles and the head
/// of the days shrink, then the name as far as it must.
fn fitted(rows: &mut [Row], style: &TextStyle) -> [usize; 6] {
    let room = style.columns();
    let widths = natural(rows);
    if total(&widths) <= room {
        return widths;
    }
    for row in rows.iter_mut() {
        let [.., findings] = &mut row.cells;
        if let Some((first, rest)) = findings.split_once(", ") {
            *findings = format!("{first} +{}", rest.split(", ").count());
        }
    }
    let [longest, role, expires, days, mut issuer, findings] = natural(rows);
    let mut name = longest;
    let fits = |name, issuer| total(&[name, role, expires, days, issuer, findings]) <= room;
    while !fits(name, issuer) {
        if issuer > LEAST_ISSUER && (name <= LEAST_NAME || issuer * 3 > name * 2) {
            issuer -= 1;
        } else if name > LEAST_NAME {
            name -= 1;
        } else {
            break;
        }
    }
    if fits(name, issuer) {
        return [name, role, expires, days, issuer, findings];
    }
    let spare = |role, days| room.saturating_sub(total(&[0, role, expires, days, 0, findings]) + GAP);
    let least = LEAST_NAME.min(longest);
    let role = if spare(role, days) < least { LEAST_ROLE.min(role) } else { role };
    let days = if spare(role, days) < least { longest_number(rows).max(width(SHORT_NUMBERS)) } else { days };
    let role = if spare(role, days) < LEAST_SPARE { 0 } else { role };
    [spare(role, days).clamp(4, longest.max(4)), role, expires, days, 0, findings]
}

fn longest_number(rows: &[Row]) -> usize {
    rows.iter().map(|Row { cells: [_, _, _, days, ..], .. }| width(days)).max().unwrap_or_default()
}

fn natural(rows: &[Row]) -> [usize; 6] {
    let mut widths = HEADS.map(width);
    for row in rows {
        for (known, cell) in widths.iter_mut().zip(&row.cells) {
            *known = width(cell).max(*known);
        }
    }
    widths
}

fn total(widths: &[usize; 6]) -> usize {
    let shown = widths.iter().filter(|width| **width > 0).count();
    widths.iter().sum::<usize>() + GAP * shown.saturating_sub(1)
}

fn line(cells: [&str; 6], widths: &[usize; 6], style: &TextStyle, inks: [Option<Ink>; 6]) -> String {
    let mut out = String::new();
    let mut blanks = 0;
    for (((cell, columns), ink), head) in cells.into_iter().zip(widths).zip(inks).zip(HEADS) {
        if *columns == 0 {
            continue;
        }
        let cell = match cell {
            NUMBERS if *columns < width(NUMBERS) => SHORT_NUMBERS.to_owned(),
            cell => shortened(cell, *columns, style.ellipsis()),
        };
        let spare = columns.saturating_sub(width(&cell));
        let (before, after) = if head == NUMBERS { (spare, 0) } else { (0, spare) };
        if !cell.is_empty() {
            out.extend(std::iter::repeat_n(' ', blanks + before));
            out.push_str(&style.paint(ink, &cell));
            blanks = 0;
        }
        blanks += after + GAP + if cell.is_empty() { before } else { 0 };
    }
    out
}
