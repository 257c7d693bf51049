//! What certificates and CSRs say, and what is wrong with many of them together.
//!
//! | part | what it is for |
//! |---|---|
//! | [`describe`], [`describe_csr`] | a certificate or a CSR as `cfssl certinfo` prints it |
//! | [`details`] | all that a certificate says, with its defects |
//! | [`view`] | the parts of a certificate or a key as they stand in its DER |
//! | [`read`] | readers of files, folders and bytes of any kind |
//! | [`evidence`] | what the readers found, and where |
//! | [`audit`](mod@audit) | what is wrong with a set of certificates, keys and revocation lists |
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

pub use crate::x509::input::{read_certificate_pem, read_csr_pem};
pub use audit::audit;
pub use certificate::{CertInfo, describe};
pub use csr::describe_csr;
pub use name::NameInfo;

/// cfssl's words for the algorithm in an `AlgorithmIdentifier`, such as `ECDSAWithSHA256`.
pub(crate) fn signature_words(identifier: crate::x509::der_reader::Item<'_>) -> &'static str {
    signature::algorithm(identifier).words
}
