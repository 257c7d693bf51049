//! PKCS #12 files: a private key with its certificates under a password (RFC 7292).

mod identifiers;
mod password;
mod read;
mod write;

pub(super) use read::decrypt_key;
pub(crate) use read::outline_pkcs12;
pub use read::{Pkcs12, read_pkcs12};
pub use write::{Pkcs12Contents, write_pkcs12};
