//! The certificate that was issued: who says so, and whether it is true.

use super::der_reader::Malformed;
use super::{CertificateParts, IssuerCertificate, SerialNumber};
use crate::keys::{SignatureAlgorithm, verify};
use crate::model::CaRole;
use crate::{Error, ErrorKind, Result};

/// A certificate as an issuer's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// The serial number.
    pub serial: SerialNumber,
    /// The DER of the issuer's name.
    pub issuer: Vec<u8>,
    body: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl IssuedCertificate {
    /// Reads a certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] where it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::read(der).map_err(|Malformed(part)| {
            Error::of(ErrorKind::CertificateParse).explain(format!("its {part} is malformed"))
        })
    }

    fn read(der: &[u8]) -> std::result::Result<Self, Malformed> {
        let parts = CertificateParts::read(der)?;
        Ok(Self {
            serial: SerialNumber::from_der_contents(parts.serial_number.value),
            issuer: parts.issuer.whole.to_vec(),
            body: parts.body.whole.to_vec(),
            algorithm: parts.signature_algorithm.whole.to_vec(),
            // The first octet counts unused bits: none.
            signature: parts.signature.value.get(1..).unwrap_or_default().to_vec(),
        })
    }

    /// Checks that `issuer` issued it: the name, that it is an authority, and the signature.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OcspIssuer`] where it did not.
    pub fn check_issued_by(&self, issuer: &IssuerCertificate) -> Result<()> {
        let fault = |explanation: &str| Err(Error::of(ErrorKind::OcspIssuer).explain(explanation));
        if self.issuer != issuer.subject {
            return fault("the certificate names another issuer");
        }
        if issuer.role == Some(CaRole::EndEntity) || issuer.may_sign_certificates == Some(false) {
            return fault("the issuer is not a CA that may sign certificates");
        }
        let Some(algorithm) = SignatureAlgorithm::from_der(&self.algorithm) else {
            return fault("the certificate is signed with an algorithm that is not supported");
        };
        match verify(&issuer.subject_public_key_info, algorithm, &self.body, &self.signature) {
            Ok(()) => Ok(()),
            Err(_) => fault("the issuer has the right name, but the certificate is not signed with its key"),
        }
    }
}
