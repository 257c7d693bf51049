//! Where we differ from cfssl on purpose.

use super::compare::Seen;

/// A difference that is meant.
pub(crate) struct Difference {
    pub(crate) reason: &'static str,
    pub(crate) applies: fn(&Seen) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        reason: "warnings where cfssl is silent and people are hurt",
        applies: |seen| seen.fact == "said besides: warnings",
    },
    Difference {
        reason: "before cfssl's own line, an error for people: file, JSON path, line, column, what to do",
        applies: |seen| seen.fact == "said besides: errors" && !seen.ours.contains('\n'),
    },
];
