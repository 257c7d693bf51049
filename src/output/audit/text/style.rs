//! How text may look.

use crate::inspect::audit::Severity;
use crate::output::audit::facts::State;
use std::borrow::Cow;

/// What the terminal can show, and how much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of a line; at least 40 are used.
    pub width: usize,
    /// Colours and bold letters by ANSI escape sequences.
    pub colour: bool,
    /// Branches and dots beyond ASCII. Names are always shown as they are.
    pub unicode: bool,
    /// The most certificates in the table, and lines in the tree.
    pub rows: usize,
    /// The most objects listed for one rule.
    pub findings: usize,
}

impl Default for TextStyle {
    /// A file or a pipe: 80 columns, no colour.
    fn default() -> Self {
        Self { width: 80, colour: false, unicode: true, rows: 50, findings: 10 }
    }
}

/// A meaning that has a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Bold,
    Faint,
    Green,
    Red,
    BoldRed,
    Yellow,
    Cyan,
}

impl TextStyle {
    pub(super) fn columns(&self) -> usize {
        self.width.max(40)
    }

    pub(super) fn paint<'t>(&self, ink: Option<Ink>, text: &'t str) -> Cow<'t, str> {
        let code = match ink {
            Some(ink) if self.colour && !text.is_empty() => match ink {
                Ink::Bold => "1",
                Ink::Faint => "2",
                Ink::Green => "32",
                Ink::Red => "31",
                Ink::BoldRed => "1;31",
                Ink::Yellow => "33",
                Ink::Cyan => "36",
            },
            _ => return Cow::Borrowed(text),
        };
        Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
    }

    pub(super) const fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

impl Ink {
    pub(super) const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Cyan,
            Severity::Warning => Self::Yellow,
            Severity::Error => Self::Red,
            Severity::Critical => Self::BoldRed,
        }
    }

    pub(super) const fn of_state(state: State) -> Option<Self> {
        match state {
            State::Expired => Some(Self::Red),
            State::Expiring | State::NotYetValid => Some(Self::Yellow),
            State::Unknown => Some(Self::Cyan),
            State::Valid => None,
        }
    }
}
