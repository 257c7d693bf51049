//! How text may look.

use std::borrow::Cow;

/// What can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The columns of a line; `None` where lines of tables may have any length. Paragraphs then have 80.
    pub columns: Option<usize>,
    /// Colours and bold letters by ANSI escape sequences.
    pub colour: bool,
    /// Letters beyond ASCII of our own. Names are always shown as they are.
    pub unicode: bool,
}

/// A meaning that has a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Heading,
    Label,
    Good,
    Near,
    Bad,
}

impl Look {
    /// For files and pipes: no colour, tables as wide as they are.
    pub const PLAIN: Self = Self { columns: None, colour: false, unicode: true };

    /// The columns of a paragraph.
    pub(super) fn page(&self) -> usize {
        self.columns.unwrap_or(80).clamp(40, 120)
    }

    pub(super) fn paint<'t>(&self, ink: Option<Ink>, text: &'t str) -> Cow<'t, str> {
        let code = match ink {
            Some(ink) if self.colour && !text.is_empty() => match ink {
                Ink::Heading => "1",
                Ink::Label => "2",
                Ink::Good => "32",
                Ink::Near => "33",
                Ink::Bad => "31",
            },
            _ => return Cow::Borrowed(text),
        };
        Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
    }

    pub(super) const fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}
