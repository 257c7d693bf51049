//! Results on their way out: text and files.
//!
//! [`FileSet`] writes certificates and keys so that each file appears whole or not at all.

#[cfg(feature = "cli")]
pub(crate) mod base64;
mod destination;
mod files;
mod issued;

pub use files::{FileKind, FileSet};
