//! PKCS #12 files: a private key with its certificates under a password (RFC 7292).

mod identifiers;
mod password;
mod read;

pub use read::{Pkcs12, read_pkcs12};
