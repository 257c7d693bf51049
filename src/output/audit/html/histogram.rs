//! How many certificates end when, for sets too large for a bar each.

use super::bins::{Bin, Unit};
use super::svg::{at, class};
use crate::output::audit::facts::{self, State};
use crate::output::audit::xml::escaped;
use std::fmt::Write as _;

/// Columns from left to right, for desks and paper.
pub(super) fn wide(unit: Unit, bins: &[Bin]) -> String {
    let (width, plot, top) = (1060.0, 150.0, 20.0);
    let step = width / bins.len().max(1) as f64;
    let most = most(bins);
    let mut out = head("wide", width, top + plot + 38.0, &description(unit, bins));
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
pub(super) fn narrow(unit: Unit, bins: &[Bin]) -> String {
    let (width, left, plot, row) = (360.0, 70.0, 230.0, 20.0);
    let most = most(bins);
    let height = bins.len() as f64 * row + 4.0;
    let mut out = head("narrow", width, height, &description(unit, bins));
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

fn description(unit: Unit, bins: &[Bin]) -> String {
    let counts = bins.iter().map(|bin| format!("{} {}", bin.full_words(), facts::grouped(bin.total())));
    let counts = counts.collect::<Vec<_>>().join(", ");
    format!("Certificates that end, by {}: {counts}.", unit.name())
}
