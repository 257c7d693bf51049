//! The certificate that was issued: who says so, and whether it is true.

use super::der_reader::Malformed;
use super::{CertificateParts, IssuerCertificate, SerialNumber};
use crate::keys::{SignatureAlgorithm, is_unverified, verify};
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

    /// Checks that `issuer` issued it: the name, that it is an authority, and the signature, which must not rest on
    /// SHA-1 or MD5.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OcspIssuer`] for another name, and [`ErrorKind::OcspStatus`] in the words of Go for the rest.
    pub fn check_issued_by(&self, issuer: &IssuerCertificate) -> Result<()> {
        if self.issuer != issuer.subject {
            return Err(Error::of(ErrorKind::OcspIssuer).explain("the certificate names another issuer"));
        }
        if !may_issue(issuer) {
            return Err(Error::new(
                ErrorKind::OcspStatus,
                "x509: invalid signature: parent certificate cannot sign this kind of certificate",
            )
            .explain("the issuer is not a CA that may sign certificates"));
        }
        let insecure = |name: &str| {
            let words = format!("x509: cannot verify signature: insecure algorithm {name}");
            Err(Error::new(ErrorKind::OcspStatus, words)
                .explain("the certificate is signed with a hash that anybody can forge"))
        };
        if self.algorithm.windows(MD5_WITH_RSA.len()).any(|window| window == MD5_WITH_RSA) {
            return insecure("MD5-RSA");
        }
        let algorithm = match SignatureAlgorithm::from_der(&self.algorithm) {
            Some(SignatureAlgorithm::EcdsaSha1) => return insecure("ECDSA-SHA1"),
            Some(SignatureAlgorithm::RsaSha1) => return insecure("SHA1-RSA"),
            Some(algorithm) => algorithm,
            None => {
                let words = "x509: cannot verify signature: algorithm unimplemented";
                return Err(Error::new(ErrorKind::OcspStatus, words)
                    .explain("the certificate is signed with an algorithm that is not supported"));
            }
        };
        verify(&issuer.subject_public_key_info, algorithm, &self.body, &self.signature).map_err(|error| {
            let error = error.with_kind(ErrorKind::OcspStatus);
            match is_unverified(&error) {
                true => error,
                false => error
                    .explain("the issuer has the right name, but the certificate is not signed with its key"),
            }
        })
    }
}

/// md5WithRSAEncryption (RFC 8017 appendix A.2.4), with tag and length.
pub(crate) const MD5_WITH_RSA: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 4];

/// An authority, whose key usage does not say otherwise; without any extension, as of version 1, it may be one.
fn may_issue(issuer: &IssuerCertificate) -> bool {
    let bare = issuer.subject_key_identifier.is_none()
        && issuer.may_sign_certificates.is_none()
        && issuer.hosts.is_empty()
        && issuer.other_extensions.is_empty();
    match issuer.role {
        Some(CaRole::Authority { .. }) => issuer.may_sign_certificates != Some(false),
        Some(CaRole::EndEntity) => false,
        None => bare,
    }
}
