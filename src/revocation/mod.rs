//! Whether a certificate is revoked: what CRLs and OCSP responses say of it, and whether they may be believed.
//!
//! [`CheckedCertificate`] says where to ask. What is brought from there, [`TrustedList`] judges where it is a
//! CRL and [`judge_response`] where it is an OCSP response: pure functions of bytes, the issuer and the time.

mod certificate;
mod crl;
mod ocsp;
mod times;

pub use certificate::CheckedCertificate;
pub use crl::TrustedList;
pub use ocsp::judge_response;
