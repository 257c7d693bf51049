//! Results on their way out: text and files.
//!
//! [`FileSet`] writes certificates and keys so that each file appears whole or not at all.

mod destination;
mod files;

pub use files::{FileKind, FileSet};
