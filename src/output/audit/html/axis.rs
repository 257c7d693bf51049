//! A time axis on which the days around now are as easy to see as decades.

use crate::inspect::audit::Report;
use crate::output::audit::facts;
use time::{Duration, OffsetDateTime};

/// Days within which the axis is nearly even; beyond, equal steps are equal factors.
const EVEN_DAYS: f64 = 15.0;
/// What is farther is drawn at the edge: authorities without a real end say the year 9999.
const MOST_DAYS: f64 = 40.0 * 365.25;
/// How much of the width is the past.
const PAST: f64 = 0.22;

/// Lengths that get a mark where there is room: days, words.
const MARKS: [(i64, &str); 11] = [
    (1, "1 day"),
    (7, "7 days"),
    (30, "30 days"),
    (90, "90 days"),
    (182, "6 months"),
    (365, "1 year"),
    (730, "2 years"),
    (1826, "5 years"),
    (3652, "10 years"),
    (7305, "20 years"),
    (14_609, "40 years"),
];

/// From moments to positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    now: OffsetDateTime,
    left: f64,
    now_at: f64,
    right: f64,
    past: f64,
    future: f64,
}

/// A mark below the axis.
pub(super) struct Mark {
    pub(super) x: f64,
    /// `30 days`.
    pub(super) words: &'static str,
    /// `Dec 2026`.
    pub(super) month: String,
}

impl Axis {
    /// An axis between these positions that reaches as far as the moments do, and always some weeks.
    pub(super) fn new(
        report: &Report,
        moments: impl Iterator<Item = OffsetDateTime>,
        left: f64,
        right: f64,
    ) -> Self {
        let (mut past, mut future) = (30.0_f64, 60.0_f64);
        for moment in moments {
            let days = days(moment - report.now);
            past = past.max(-days);
            future = future.max(days);
        }
        let stretched = |days: f64| (days.min(MOST_DAYS) / EVEN_DAYS).ln_1p();
        let now_at = left + (right - left) * PAST;
        Self {
            now: report.now,
            left,
            now_at,
            right,
            past: stretched(past * 1.05),
            future: stretched(future * 1.05),
        }
    }

    /// The position of a moment; what lies beyond an edge is at the edge.
    pub(super) fn x(&self, moment: OffsetDateTime) -> f64 {
        self.x_of_days(days(moment - self.now))
    }

    pub(super) const fn now_x(&self) -> f64 {
        self.now_at
    }

    fn x_of_days(&self, days: f64) -> f64 {
        let stretched = (days.abs() / EVEN_DAYS).ln_1p();
        if days < 0.0 {
            self.now_at - (self.now_at - self.left) * (stretched / self.past).min(1.0)
        } else {
            self.now_at + (self.right - self.now_at) * (stretched / self.future).min(1.0)
        }
    }

    /// Marks that are at least this far from each other and from now; the edges stay free for their words.
    pub(super) fn marks(&self, apart: f64) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut last = self.now_at;
        for (days, words) in MARKS {
            let x = self.x_of_days(days as f64);
            if x - last >= apart && x <= self.right - apart / 2.0 {
                marks.push(self.mark(x, days, words));
                last = x;
            }
        }
        let mut last = self.now_at;
        for (days, words) in MARKS {
            let x = self.x_of_days(-days as f64);
            if last - x >= apart && x >= self.left + apart / 2.0 {
                marks.push(self.mark(x, -days, words));
                last = x;
            }
        }
        marks
    }

    fn mark(&self, x: f64, days: i64, words: &'static str) -> Mark {
        let moment = self.now.checked_add(Duration::days(days)).unwrap_or(self.now);
        Mark { x, words, month: facts::month(moment) }
    }
}

fn days(length: Duration) -> f64 {
    length.as_seconds_f64() / 86_400.0
}
