//! What stands in a file that has no section, to say so to people.

use super::lines::{BEGIN, END, Lines, boundary};

/// What an input without a whole section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// A section whose END line is missing.
    BrokenOff,
    /// A section whose base64 or END line is not right.
    Damaged,
    Der,
    Json,
    Nothing,
    Text,
    Utf16,
}

impl Instead {
    /// Looks at an input in which [`sections`](super::sections) finds none.
    pub(crate) fn of(input: &[u8]) -> Self {
        let mut boundaries = Lines::new(input).filter(|line| line.starts_with(BEGIN));
        match input.trim_ascii() {
            [] => Self::Nothing,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Utf16,
            [0x30, 0x20..=0xFF, ..] => Self::Der,
            [b'{', ..] => Self::Json,
            _ if boundaries.next().is_none() => Self::Text,
            _ if Lines::new(input).any(|line| boundary(line, END).is_some()) => Self::Damaged,
            _ => Self::BrokenOff,
        }
    }

    /// A clause that follows "there is no … here:".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::BrokenOff => "a PEM section begins, but its -----END line is missing",
            Self::Damaged => {
                "it has a PEM section that is damaged: the base64 or its -----END line is not right"
            }
            Self::Der => "it looks like DER, and PEM text (-----BEGIN …) is needed",
            Self::Json => "it is JSON; `cfssljson -bare NAME` makes PEM files of what cfssl prints",
            Self::Nothing => "it is empty",
            Self::Text => "it has no line that starts with -----BEGIN",
            Self::Utf16 => "it is UTF-16 text, and PEM in ASCII is needed",
        }
    }
}
