//! Results on their way out: text and files.
//!
//! [`FileSet`] writes certificates and keys so that each file appears whole or not at all; [`audit`]
//! writes what an audit found for people and for other programs, [`certificate`] what certificates say for
//! people.

pub mod audit;
pub mod certificate;
mod columns;
mod destination;
mod files;
mod journal;
mod pem_set;

#[cfg(feature = "cli")]
pub(crate) use destination::directory_of;
pub use files::{FileKind, FileSet};
pub use journal::finish_interrupted;
pub use pem_set::PemSet;
