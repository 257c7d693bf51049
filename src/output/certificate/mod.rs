//! What certificates say, for people: paragraphs and tables.
//!
//! Names come from strangers: letters that could mislead are spelled `\u{202e}`.

mod cells;
mod fields;
mod look;
mod other;
mod paragraph;
mod table;
mod words;

pub use cells::row;
pub use fields::{FIELDS, Field, fields};
pub use look::Look;
pub use other::{object_row, write_object_text};
pub use paragraph::write_text;
pub use table::write_table;
