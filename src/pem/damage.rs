//! What keeps a section from being whole.

use super::lines::{Lines, header};
use std::fmt;

/// What keeps a section from being whole. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The line that begins it does not end in five dashes, or is no UTF-8.
    BeginLine,
    /// The line that begins it goes on behind the label.
    BeginLineGoesOn,
    /// The input ends, or another section begins in this line, before the section ends.
    BrokenOff(Option<u32>),
    /// The end of its base64 is missing, or something follows that end.
    CutShort,
    /// A line between its boundaries that starts with five dashes, or ends a section of another label.
    EndLine(u32),
    /// A letter in this line is none of base64.
    Letter(u32),
}

impl Damage {
    /// The same where the input that was read begins behind `lines` lines.
    #[cfg(feature = "cli")]
    pub(crate) fn behind(self, lines: u32) -> Self {
        let moved = |line: u32| line.saturating_add(lines);
        match self {
            Self::BrokenOff(line) => Self::BrokenOff(line.map(moved)),
            Self::EndLine(line) => Self::EndLine(moved(line)),
            Self::Letter(line) => Self::Letter(moved(line)),
            same @ (Self::BeginLine | Self::BeginLineGoesOn | Self::CutShort) => same,
        }
    }
}

impl fmt::Display for Damage {
    /// A clause about the section.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeginLine => f.write_str("its -----BEGIN line does not end in -----"),
            Self::BeginLineGoesOn => f.write_str("its -----BEGIN line goes on behind the label"),
            Self::BrokenOff(None) => f.write_str("its -----END line is missing"),
            Self::BrokenOff(Some(next)) => {
                write!(f, "its -----END line is missing: line {next} begins another section")
            }
            Self::CutShort => f.write_str("a part of its base64 is missing, or there is too much of it"),
            Self::EndLine(line) => write!(f, "line {line} is not its -----END line"),
            Self::Letter(line) => write!(f, "line {line} has a letter that is not base64"),
        }
    }
}

/// What is wrong with the base64 that starts at `lines`, headers passed over.
pub(super) fn base64_damage(lines: &Lines<'_>) -> Damage {
    let mut lines = lines.clone();
    let mut body_begun = false;
    while let Some(line) = lines.next().filter(|line| !line.starts_with(b"-----")) {
        if !body_begun && header(line).is_some() {
            continue;
        }
        body_begun |= !line.is_empty();
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\x0b\x0c".contains(byte);
        if !line.iter().all(is_letter) {
            return Damage::Letter(lines.number);
        }
    }
    Damage::CutShort
}
