//! Certificate signing requests (PKCS #10, RFC 2986): what one says, building one from a
//! request, and reading one that somebody else made.

mod build;
mod parse;

pub use build::{CertificateSigningRequest, CsrContent};

pub(crate) use build::EXTENSION_REQUEST;
