//! How many certificates end in which month, for sets too large for a bar each.

use super::svg::{at, class};
use super::timeline::Layout;
use crate::inspect::audit::Report;
use crate::output::audit::facts::{self, State};
use crate::output::audit::xml::escaped;
use std::fmt::Write as _;
use time::{Month, OffsetDateTime};

/// Columns between "expired" and "later".
const SPANS: i32 = 12;
/// A finer unit is no use where more than this share ends later than its columns reach.
const LATER_SHARE: usize = 4;

/// A column.
struct Bin {
    /// Below the column: `Dec`, `2027` under the first of a year; or `expired`, `later`.
    words: String,
    year: String,
    /// The certificates by state.
    counts: [(State, usize); 4],
}

/// Months in one column.
#[derive(Clone, Copy)]
enum Unit {
    Month = 1,
    Quarter = 3,
    Year = 12,
}

/// The drawing.
pub(super) fn svg(report: &Report, layout: &Layout) -> String {
    let (unit, bins) = bins(report);
    let most = bins.iter().map(Bin::total).max().unwrap_or_default().max(1);
    let is_wide = layout.class == "wide";
    let (width, plot) = if is_wide { (1060.0, 150.0) } else { (360.0, 120.0) };
    let (top, step) = (20.0, width / bins.len().max(1) as f64);
    let mut out = String::new();
    // Writing to a String cannot fail.
    _ = write!(
        out,
        "<svg class=\"chart {}\" viewBox=\"0 0 {width} {}\" role=\"img\" aria-label=\"{}\">",
        layout.class,
        at(top + plot + 38.0),
        escaped(&description(unit, &bins))
    );
    for (position, bin) in bins.iter().enumerate() {
        let x = position as f64 * step;
        let middle = at(x + step / 2.0);
        let mut y = top + plot;
        for (state, count) in bin.counts.into_iter().filter(|(_, count)| *count > 0) {
            let height = (plot * count as f64 / most as f64).max(1.0);
            y -= height;
            _ = write!(
                out,
                "<rect class=\"bar {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                class(state),
                at(x + step * 0.12),
                at(y),
                at(step * 0.76),
                at(height)
            );
        }
        let number = if is_wide { facts::grouped(bin.total()) } else { brief(bin.total()) };
        _ = write!(out, "<text class=\"number\" x=\"{middle}\" y=\"{}\">{number}</text>", at(y - 5.0));
        for (line, words) in [(15.0, &bin.words), (30.0, &bin.year)] {
            if !words.is_empty() {
                let y = at(top + plot + line);
                _ = write!(out, "<text class=\"mark\" x=\"{middle}\" y=\"{y}\">{words}</text>");
            }
        }
    }
    _ = write!(out, "<path class=\"ground\" d=\"M0 {0}H{width}\"/></svg>", at(top + plot));
    out.push('\n');
    out
}

/// `per month`.
pub(super) fn title(report: &Report) -> &'static str {
    match bins(report).0 {
        Unit::Month => "Expiries by month",
        Unit::Quarter => "Expiries by quarter",
        Unit::Year => "Expiries by year",
    }
}

impl Bin {
    fn new(words: String, year: String) -> Self {
        let states = [State::Expired, State::Expiring, State::Valid, State::NotYetValid];
        Self { words, year, counts: states.map(|state| (state, 0)) }
    }

    fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// The finest unit whose columns hold most of what has not expired, and its columns.
fn bins(report: &Report) -> (Unit, Vec<Bin>) {
    let living = report.certificates.iter().filter(|found| State::of(report, found) != State::Expired);
    let living = living.filter(|found| found.not_after.is_some()).count();
    for unit in [Unit::Month, Unit::Quarter] {
        let bins = bins_of(report, unit);
        if bins.last().map_or(0, Bin::total) * LATER_SHARE <= living {
            return (unit, bins);
        }
    }
    (Unit::Year, bins_of(report, Unit::Year))
}

fn bins_of(report: &Report, unit: Unit) -> Vec<Bin> {
    let now = facts::in_utc(report.now);
    let length = unit as i32;
    let first = months(now).div_euclid(length) * length;
    let mut bins = vec![Bin::new("expired".to_owned(), String::new())];
    for span in 0..SPANS {
        let month = first + span * length;
        let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12));
        let is_first_of_year = span == 0 || of_year == 0;
        let (words, year) = match unit {
            Unit::Month => (short_month(of_year).to_owned(), year.to_string()),
            Unit::Quarter => (format!("Q{}", of_year / 3 + 1), year.to_string()),
            Unit::Year => (year.to_string(), String::new()),
        };
        bins.push(Bin::new(words, if is_first_of_year { year } else { String::new() }));
    }
    bins.push(Bin::new("later".to_owned(), String::new()));
    for certificate in &report.certificates {
        let Some(not_after) = certificate.not_after else { continue };
        let state = State::of(report, certificate);
        let span = (months(facts::in_utc(not_after)) - first).div_euclid(length).clamp(0, SPANS);
        let column = if state == State::Expired { 0 } else { usize::try_from(span).unwrap_or(0) + 1 };
        let counts = bins.get_mut(column).map(|bin| &mut bin.counts);
        for (known, count) in counts.into_iter().flatten() {
            *count += usize::from(*known == state);
        }
    }
    bins
}

/// Months since the year 0.
fn months(moment: OffsetDateTime) -> i32 {
    moment.year() * 12 + i32::from(u8::from(moment.month())) - 1
}

fn short_month(of_year: i32) -> &'static str {
    let month = u8::try_from(of_year + 1).ok().and_then(|month| Month::try_from(month).ok());
    month.map_or("", facts::short_month)
}

fn description(unit: Unit, bins: &[Bin]) -> String {
    let unit = match unit {
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    let mut year = "";
    let counts = bins.iter().map(|bin| {
        if !bin.year.is_empty() {
            year = &bin.year;
        }
        let blank = if year.is_empty() || bin.words == "later" { "" } else { " " };
        let year = if bin.words == "later" { "" } else { year };
        format!("{}{blank}{year} {}", bin.words, facts::grouped(bin.total()))
    });
    format!("Certificates that end, by {unit}: {}.", counts.collect::<Vec<_>>().join(", "))
}

/// `1.2k` from a thousand on.
fn brief(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..10_000 => format!("{}.{}k", number / 1_000, number % 1_000 / 100),
        1_000_000.. => format!("{}M", number / 1_000_000),
        _ => format!("{}k", number / 1_000),
    }
}
