//! Go's JSON habits, and nowhere else: what cfssl's files may look like, and how its output is written.

mod write;

pub use write::quote;
