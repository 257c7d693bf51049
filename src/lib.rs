//! A PKI toolkit that speaks cfssl's files.

mod base64;
pub mod csr;
pub mod error;
pub mod inspect;
pub mod json;
pub mod keys;
pub mod model;
pub mod output;
mod pem;
mod quote;
pub mod signer;
pub mod x509;

#[cfg(feature = "cli")]
pub mod cli;

pub use error::{Error, ErrorKind, Result, Warning, WarningKind};
