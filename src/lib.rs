//! A PKI toolkit that speaks cfssl's files.

pub mod error;
pub mod inspect;
pub mod json;
pub mod keys;
pub mod model;
pub mod output;
mod pem;

#[cfg(feature = "cli")]
pub mod cli;

pub use error::{Error, ErrorKind, Result, Warning, WarningKind};
