//! The certificate in question.

use crate::model::CaRole;
use crate::x509::der_reader::{Malformed, Reader, tag};
use crate::x509::extension::{AUTHORITY_INFO_ACCESS, BASIC_CONSTRAINTS, CRL_DISTRIBUTION_POINTS};
use crate::x509::{
    Accesses, CertificateParts, DistributionPoint, ExtensionParts, IssuedCertificate, read_basic_constraints,
};
use crate::{Error, ErrorKind, Result};

/// What has to be known of a certificate to find out whether it is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCertificate {
    /// Its serial number, its issuer and its signature.
    pub issued: IssuedCertificate,
    /// True for an authority, as its basic constraints say.
    pub is_authority: bool,
    /// Where CRLs about it are.
    pub distribution_points: Vec<DistributionPoint>,
    /// The URLs of OCSP responders.
    pub ocsp_servers: Vec<String>,
    /// The URLs of its issuer's certificate.
    pub issuing_certificate_urls: Vec<String>,
}

impl CheckedCertificate {
    /// Reads a certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] where it is no certificate, or where the extensions that say whom to ask
    /// are malformed.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let mut certificate = Self {
            issued: IssuedCertificate::from_der(der)?,
            is_authority: false,
            distribution_points: Vec::new(),
            ocsp_servers: Vec::new(),
            issuing_certificate_urls: Vec::new(),
        };
        certificate.note_extensions(der).map_err(|Malformed(part)| {
            Error::of(ErrorKind::CertificateParse).explain(format!("its {part} is malformed"))
        })?;
        Ok(certificate)
    }

    fn note_extensions(&mut self, der: &[u8]) -> std::result::Result<(), Malformed> {
        let Some(extensions) = CertificateParts::read(der)?.extensions else { return Ok(()) };
        let list = Reader::only(extensions.value, tag::SEQUENCE).ok_or(Malformed("list of extensions"))?;
        for item in list.open() {
            let extension = ExtensionParts::read(item).ok_or(Malformed("list of extensions"))?;
            match extension.id() {
                Some(BASIC_CONSTRAINTS) => {
                    let role = read_basic_constraints(extension.value);
                    self.is_authority = matches!(role, Some(CaRole::Authority { .. }));
                }
                Some(CRL_DISTRIBUTION_POINTS) => {
                    self.distribution_points = DistributionPoint::read_all(extension.value)
                        .ok_or(Malformed("list of CRL distribution points"))?;
                }
                Some(AUTHORITY_INFO_ACCESS) => {
                    let accesses =
                        Accesses::read(extension.value).ok_or(Malformed("authority information access"))?;
                    self.ocsp_servers = accesses.ocsp_servers;
                    self.issuing_certificate_urls = accesses.issuing_certificate_urls;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
