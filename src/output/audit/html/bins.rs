//! Certificates counted by the time they end.

use crate::inspect::audit::Report;
use crate::output::audit::facts::{self, State};
use time::{Month, OffsetDateTime};

/// Columns between "expired" and "later".
const SPANS: i32 = 12;
/// A finer unit is no use where more than this share of what lives ends later than its columns reach.
const LATER_SHARE: usize = 4;

/// The time that a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Month,
    Quarter,
    Year,
    TwoYears,
    FiveYears,
}

/// A column.
pub(super) struct Bin {
    /// `Dec`, `Q4`, `2027` or `2027–28`; or `expired`, `later`.
    pub(super) words: String,
    /// Of a month or quarter; else empty.
    pub(super) year: String,
    /// True for the first column of its year.
    pub(super) starts_year: bool,
    /// The certificates by state.
    counts: [(State, usize); 4],
}

impl Unit {
    const ALL: [Self; 5] = [Self::Month, Self::Quarter, Self::Year, Self::TwoYears, Self::FiveYears];

    /// Its words behind `by`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::TwoYears => "two years",
            Self::FiveYears => "five years",
        }
    }

    const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
            Self::TwoYears => 24,
            Self::FiveYears => 60,
        }
    }

    /// The words and the year of the column that begins in a month.
    fn words(self, year: i32, of_year: i32) -> (String, String) {
        match self {
            Self::Month => (short_month(of_year).to_owned(), year.to_string()),
            Self::Quarter => (format!("Q{}", of_year / 3 + 1), year.to_string()),
            Self::Year => (year.to_string(), String::new()),
            Self::TwoYears | Self::FiveYears => {
                let last = year + self.months() / 12 - 1;
                (format!("{year}–{:02}", last.rem_euclid(100)), String::new())
            }
        }
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
    pub(super) fn full_words(&self) -> String {
        let Self { words, year, .. } = self;
        if year.is_empty() { words.clone() } else { format!("{words} {year}") }
    }

    /// The states that are there, and how often.
    pub(super) fn present(&self) -> impl Iterator<Item = (State, usize)> {
        self.counts.into_iter().filter(|(_, count)| *count > 0)
    }

    pub(super) fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// The finest unit whose columns hold most of what has not expired, and its columns.
pub(super) fn bins(report: &Report) -> (Unit, Vec<Bin>) {
    let living = report.certificates.iter().filter(|found| State::of(report, found) != State::Expired);
    let living = living.filter(|found| found.not_after.is_some()).count();
    let mut last = (Unit::Month, Vec::new());
    for unit in Unit::ALL {
        last = (unit, bins_of(report, unit));
        if last.1.last().map_or(0, Bin::total) * LATER_SHARE <= living {
            break;
        }
    }
    last
}

fn bins_of(report: &Report, unit: Unit) -> Vec<Bin> {
    let length = unit.months();
    // Columns of several years begin with this year, others with this month, quarter or year.
    let first = months(facts::in_utc(report.now)).div_euclid(length.min(12)) * length.min(12);
    let mut bins = vec![Bin::beyond("expired")];
    for span in 0..SPANS {
        let month = first + span * length;
        let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12));
        let (words, year) = unit.words(year, of_year);
        bins.push(Bin::new(words, year, span == 0 || of_year == 0));
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
