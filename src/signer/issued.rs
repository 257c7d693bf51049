//! What issuing yields: a certificate, and the CSR and key that were made on the way.

use crate::Warning;
use crate::csr::CertificateSigningRequest;
use crate::keys::PrivateKey;
use crate::x509::{Certificate, SerialNumber};

/// An issued certificate.
#[derive(Debug)]
#[non_exhaustive]
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// The CSR, where one was made.
    pub csr: Option<CertificateSigningRequest>,
    /// The private key, where one was made.
    pub key: Option<PrivateKey>,
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// What about it is probably not meant.
    pub warnings: Vec<Warning>,
}
