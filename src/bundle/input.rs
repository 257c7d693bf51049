//! What may be bundled: PEM, DER, PKCS #7 and PKCS #12.

use super::ChainCertificate;
use crate::keys::{PrivateKey, read_pkcs12};
use crate::x509::der_reader::{Reader, tag};
use crate::x509::pkcs7;
use crate::{Error, ErrorKind, Result, pem};

/// Certificates to bundle, the one that matters first, and its key where one is given.
#[derive(Debug)]
pub struct BundleInput {
    /// The certificates.
    pub certificates: Vec<ChainCertificate>,
    /// The private key.
    pub key: Option<PrivateKey>,
}

/// The certificates of a PEM file, those of PKCS #7 sections included. Text around them is passed over.
///
/// # Errors
/// [`ErrorKind::CertificateDecode`] without a PEM section, [`ErrorKind::CertificateParse`] for a section
/// that holds something else.
pub fn read_certificates(text: &[u8]) -> Result<Vec<ChainCertificate>> {
    let mut certificates = Vec::new();
    for section in pem::sections(text) {
        certificates.extend(read_section(&section)?);
    }
    if certificates.is_empty() {
        return Err(Error::of(ErrorKind::CertificateDecode).explain("there is no certificate in PEM form"));
    }
    Ok(certificates)
}

/// The certificates of a PEM file that can be read; the others are passed over, as those of a system's
/// store of roots.
#[must_use]
pub fn read_known_certificates(text: &[u8]) -> Vec<ChainCertificate> {
    pem::sections(text).filter_map(|section| read_section(&section).ok()).flatten().collect()
}

fn read_section(section: &pem::Section<'_>) -> Result<Vec<ChainCertificate>> {
    let bundled = pkcs7::certificates(&section.der);
    if bundled.is_empty() {
        return ChainCertificate::from_der(&section.der).map(|certificate| vec![certificate]).map_err(
            |error| {
                error.explain(format!(
                    "a PEM section {} that is no certificate that can be read",
                    crate::json::quote(section.label)
                ))
            },
        );
    }
    bundled.iter().map(|der| ChainCertificate::from_der(der)).collect()
}

/// The first certificate in what a server has at the address of an issuer: DER, PKCS #7 (RFC 5280 section 4.2.2.1)
/// or, against the rule, PEM.
pub(crate) fn read_fetched_certificate(bytes: &[u8]) -> Option<ChainCertificate> {
    let from_der = ChainCertificate::from_der(bytes).ok();
    from_der
        .or_else(|| {
            let bundled = pkcs7::certificates(bytes);
            bundled.first().and_then(|der| ChainCertificate::from_der(der).ok())
        })
        .or_else(|| read_certificates(bytes).ok()?.into_iter().next())
}

/// Certificates in PEM, or else one certificate, a PKCS #7 or a PKCS #12 file in DER. The first of
/// `passwords` that opens a PKCS #12 file is used.
///
/// # Errors
/// As [`read_certificates`].
pub fn read_input(bytes: &[u8], passwords: &[&str]) -> Result<BundleInput> {
    let Some(outer) = Reader::only(bytes, tag::SEQUENCE) else {
        return read_certificates(bytes).map(|certificates| BundleInput { certificates, key: None });
    };
    let mut parts = outer.open();
    let is_pkcs12 = parts.next().is_some_and(|version| version.tag == tag::INTEGER);
    if is_pkcs12 {
        let mut result = Err(Error::of(ErrorKind::CertificateDecode));
        for password in passwords {
            result = read_pkcs12(bytes, password);
            if result.is_ok() {
                break;
            }
        }
        let found = result.map_err(|error| {
            // cfssl tells nothing but that it is no PEM.
            let words = error.to_string();
            Error::of(ErrorKind::CertificateDecode).explain(words)
        })?;
        let mut certificates = Vec::new();
        for der in &found.certificates {
            certificates.push(ChainCertificate::from_der(der)?);
        }
        return Ok(BundleInput { certificates, key: found.key });
    }
    let bundled = pkcs7::certificates(bytes);
    let certificates = match bundled.is_empty() {
        true => ChainCertificate::from_der(bytes).map(|certificate| vec![certificate]),
        false => bundled.iter().map(|der| ChainCertificate::from_der(der)).collect(),
    };
    match certificates {
        Ok(certificates) => Ok(BundleInput { certificates, key: None }),
        Err(error) => Err(error.with_kind(ErrorKind::CertificateDecode)),
    }
}
