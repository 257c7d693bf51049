//! Certificate signing requests (PKCS #10, RFC 2986): what one says, and building one from a request.

mod build;

pub use build::{CertificateSigningRequest, CsrContent};
