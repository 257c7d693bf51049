//! Pieces of drawings: shapes that tell states apart without colour.

use crate::output::audit::facts::State;

/// A coordinate with one decimal: exact enough, and the same on every machine.
pub(super) fn at(position: f64) -> String {
    let text = format!("{position:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The class that colours a state.
pub(super) const fn class(state: State) -> &'static str {
    match state {
        State::Expired => "expired",
        State::Expiring => "expiring",
        State::NotYetValid => "future",
        State::Valid => "valid",
        State::Unknown => "unknown",
    }
}

/// The sign of a state around a point: a cross, a triangle, a ring, a dot, a bar.
pub(super) fn sign(state: State, x: f64, y: f64) -> String {
    let [left, right, top, bottom] = [x - 5.0, x + 5.0, y - 5.0, y + 5.0].map(at);
    let class = class(state);
    let (x, y) = (at(x), at(y));
    match state {
        State::Expired => {
            format!(
                "<path class=\"sign {class} line\" d=\"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}\"/>"
            )
        }
        State::Expiring => {
            format!("<path class=\"sign {class}\" d=\"M{x} {top}L{right} {bottom}L{left} {bottom}Z\"/>")
        }
        State::NotYetValid => {
            format!("<circle class=\"sign {class} ring\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>")
        }
        State::Valid => format!("<circle class=\"sign {class}\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>"),
        State::Unknown => format!("<path class=\"sign {class} line\" d=\"M{left} {y}L{right} {y}\"/>"),
    }
}

/// The sign alone, to stand in a line of text.
pub(super) fn inline_sign(state: State) -> String {
    format!(
        "<svg class=\"inline\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">{}</svg>",
        sign(state, 7.0, 7.0)
    )
}
