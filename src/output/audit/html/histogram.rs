//! How many certificates end in which month, for sets too large for a bar each.

use super::svg::{at, class};
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
    /// `Dec`, `Q4` or `2027`; or `expired`, `later`.
    words: String,
    /// Of a month or quarter; else empty.
    year: String,
    /// True for the first column of its year.
    starts_year: bool,
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

/// Columns from left to right, for desks and paper.
pub(super) fn wide(report: &Report) -> String {
    let (unit, bins) = bins(report);
    let (width, plot, top) = (1060.0, 150.0, 20.0);
    let step = width / bins.len().max(1) as f64;
    let most = most(&bins);
    let mut out = head("wide", width, top + plot + 38.0, &description(unit, &bins));
    for (position, bin) in bins.iter().enumerate() {
        let x = position as f64 * step;
        let middle = at(x + step / 2.0);
        let mut y = top + plot;
        for (state, count) in bin.present() {
            let height = length(count, most, plot);
            y -= height;
            push_bar(&mut out, state, [x + step * 0.12, y, step * 0.76, height]);
        }
        let number = facts::grouped(bin.total());
        // Writing to a String cannot fail.
        _ = write!(out, "<text class=\"number\" x=\"{middle}\" y=\"{}\">{number}</text>", at(y - 5.0));
        let year = if bin.starts_year { bin.year.as_str() } else { "" };
        for (line, words) in [(15.0, bin.words.as_str()), (30.0, year)] {
            if !words.is_empty() {
                let y = at(top + plot + line);
                _ = write!(out, "<text class=\"mark\" x=\"{middle}\" y=\"{y}\">{words}</text>");
            }
        }
    }
    _ = writeln!(out, "<path class=\"ground\" d=\"M0 {0}H{width}\"/></svg>", at(top + plot));
    out
}

/// Bars from top to bottom, for phones.
pub(super) fn narrow(report: &Report) -> String {
    let (unit, bins) = bins(report);
    let (width, left, plot, row) = (360.0, 70.0, 230.0, 20.0);
    let most = most(&bins);
    let height = bins.len() as f64 * row + 4.0;
    let mut out = head("narrow", width, height, &description(unit, &bins));
    for (position, bin) in bins.iter().enumerate() {
        let top = position as f64 * row;
        let mut x = left;
        for (state, count) in bin.present() {
            let length = length(count, most, plot);
            push_bar(&mut out, state, [x, top + 4.0, length, 13.0]);
            x += length;
        }
        let words = bin.full_words();
        let y = at(top + 15.0);
        _ = write!(out, "<text class=\"row\" x=\"{}\" y=\"{y}\">{words}</text>", at(left - 8.0));
        let number = facts::grouped(bin.total());
        _ = write!(out, "<text class=\"behind\" x=\"{}\" y=\"{y}\">{number}</text>", at(x + 6.0));
    }
    _ = writeln!(out, "<path class=\"ground\" d=\"M{left} 0V{}\"/></svg>", at(height));
    out
}

fn head(class: &str, width: f64, height: f64, description: &str) -> String {
    format!(
        "<svg class=\"chart {class}\" viewBox=\"0 0 {width} {}\" role=\"img\" aria-label=\"{}\">",
        at(height),
        escaped(description)
    )
}

fn push_bar(out: &mut String, state: State, [x, y, width, height]: [f64; 4]) {
    let [x, y, width, height] = [x, y, width, height].map(at);
    let class = class(state);
    _ = write!(
        out,
        "<rect class=\"bar {class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
    );
}

fn most(bins: &[Bin]) -> usize {
    bins.iter().map(Bin::total).max().unwrap_or_default().max(1)
}

/// The share of the plot that a count takes; what is there can be seen.
fn length(count: usize, most: usize, plot: f64) -> f64 {
    (plot * count as f64 / most as f64).max(1.0)
}

/// `Expiries by month`.
pub(super) fn title(report: &Report) -> &'static str {
    match bins(report).0 {
        Unit::Month => "Expiries by month",
        Unit::Quarter => "Expiries by quarter",
        Unit::Year => "Expiries by year",
    }
}

impl Bin {
    fn new(words: String, year: String, starts_year: bool) -> Self {
        let states = [State::Expired, State::Expiring, State::Valid, State::NotYetValid];
        Self { words, year, starts_year, counts: states.map(|state| (state, 0)) }
    }

    /// One that has no date.
    fn beyond(words: &str) -> Self {
        Self::new(words.to_owned(), String::new(), false)
    }

    /// `Dec 2026`.
    fn full_words(&self) -> String {
        let Self { words, year, .. } = self;
        if year.is_empty() { words.clone() } else { format!("{words} {year}") }
    }

    fn present(&self) -> impl Iterator<Item = (State, usize)> {
        self.counts.into_iter().filter(|(_, count)| *count > 0)
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
    let mut bins = vec![Bin::beyond("expired")];
    for span in 0..SPANS {
        let month = first + span * length;
        let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12));
        let is_first_of_year = span == 0 || of_year == 0;
        let (words, year) = match unit {
            Unit::Month => (short_month(of_year).to_owned(), year.to_string()),
            Unit::Quarter => (format!("Q{}", of_year / 3 + 1), year.to_string()),
            Unit::Year => (year.to_string(), String::new()),
        };
        bins.push(Bin::new(words, year, is_first_of_year));
    }
    bins.push(Bin::beyond("later"));
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
    let counts = bins.iter().map(|bin| format!("{} {}", bin.full_words(), facts::grouped(bin.total())));
    format!("Certificates that end, by {unit}: {}.", counts.collect::<Vec<_>>().join(", "))
}
