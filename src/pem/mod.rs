//! PEM sections as people's files hold them: text around them, either line end, RFC 1421 headers (RFC 7468, RFC 1421).
//!
//! What Go's `encoding/pem` reads is read here too; blanks before a boundary, a byte order mark and lone
//! carriage returns are forgiven as well. A section that is damaged is passed over, as in Go;
//! [`Instead`] says so to people.

mod attempts;
mod damage;
#[cfg(feature = "cli")]
mod edges;
mod encode;
mod instead;
mod lines;
mod loosened;
#[cfg(test)]
mod tests;

pub(crate) use attempts::{Attempt, Attempts};
pub(crate) use damage::Damage;
#[cfg(feature = "cli")]
pub(crate) use edges::{count, last_begin, last_end, names_private_key};
pub(crate) use encode::encode;
pub(crate) use instead::Instead;
pub(crate) use loosened::Loosened;

use lines::Lines;
use zeroize::Zeroizing;

/// One PEM section.
pub(crate) struct Section<'a> {
    /// The words between `-----BEGIN ` and `-----`.
    pub(crate) label: &'a str,
    /// RFC 1421 headers in order, both sides without blanks around them.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// What the base64 stands for; it may be a secret.
    pub(crate) der: Zeroizing<Vec<u8>>,
    /// What follows the line that ends the section.
    pub(crate) rest: &'a [u8],
}

impl<'a> Section<'a> {
    /// The value of the header `name`, if the section has it.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        headers.find(|header| header.0 == name).map(|header| header.1)
    }
}

/// The first whole section of `input`.
pub(crate) fn first(input: &[u8]) -> Option<Section<'_>> {
    sections(input).next()
}

/// The whole sections of `input` in order.
pub(crate) fn sections(input: &[u8]) -> impl Iterator<Item = Section<'_>> {
    attempts(input).filter_map(|attempt| attempt.section.ok())
}

/// Everything in `input` that begins as a section does, whole or not, in order.
pub(crate) fn attempts(input: &[u8]) -> Attempts<'_> {
    Attempts { lines: Lines::new(input) }
}
