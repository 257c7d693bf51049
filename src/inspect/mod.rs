//! What a certificate or a CSR says, as `cfssl certinfo` prints it.
//!
//! [`describe`] reads a certificate and [`describe_csr`] a CSR. Both are for looking at things: where Go
//! refuses the whole object for one odd part (a letter that its string type does not have, an unknown curve,
//! a malformed extension), the rest is still shown. [`read_certificate_pem`] and [`read_csr_pem`] find the
//! object in a file by cfssl's rules and say what a wrong file holds instead.

pub mod audit;
mod certificate;
mod csr;
pub mod details;
pub mod evidence;
mod name;
mod names;
mod public_key;
pub mod read;
mod signature;
pub(crate) mod text;
mod url;
pub mod view;

pub use crate::x509::{read_certificate_pem, read_csr_pem};
pub use audit::audit;
pub use certificate::{CertInfo, describe};
pub use csr::describe_csr;
pub use name::NameInfo;

/// cfssl's words for the algorithm in an `AlgorithmIdentifier`, such as `ECDSAWithSHA256`.
pub(crate) fn signature_words(identifier: crate::x509::der_reader::Item<'_>) -> &'static str {
    signature::algorithm(identifier).words
}
