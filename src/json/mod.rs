//! Go's JSON habits, and nowhere else: what cfssl's files may look like, and how its output is written.
//!
//! [`parse`] reads a document as Go's `encoding/json` does (invalid UTF-8 and lone surrogates become
//! U+FFFD, duplicate keys are kept in order); [`Reading`] gives it the meaning that Go's decoder gives
//! it (keys without case, duplicates merged, `null` changes nothing, unknown keys reported); [`compact`]
//! and [`indented`] write JSON as Go does, HTML-safe escapes included.

mod decode;
mod duration;
mod locate;
mod object;
mod reader;
mod timestamp;
mod value;
mod words;
mod write;

pub use crate::quote::quote;
pub(crate) use decode::MISSPELT_EXPIRY;
pub use decode::{Reading, Shape};
pub use duration::GoDuration;
pub use locate::value_at;
pub use object::Object;
pub(crate) use reader::parse_at_most;
pub use reader::{line_and_column, parse};
pub use timestamp::{format_rfc3339, parse_date, parse_rfc3339};
pub use value::{Member, Node, Value};
pub(crate) use words::did_you_mean;
pub use write::{compact, indented};
