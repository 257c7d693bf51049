//! PKCS #12 files: a private key with its certificates under a password (RFC 7292).

mod identifiers;
mod password;
mod read;
mod write;

pub use read::{Pkcs12, read_pkcs12};
pub use write::{Pkcs12Contents, write_pkcs12};
