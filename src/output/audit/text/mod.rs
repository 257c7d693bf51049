//! A report for people at a terminal.

mod findings;
mod page;
mod style;
mod table;
mod tree;

pub use page::render_text;
pub use style::TextStyle;
