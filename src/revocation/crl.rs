//! What a CRL says of a certificate (RFC 5280 section 6.3.3), for complete CRLs of the certificate's own issuer.

use super::{CheckedCertificate, times};
use crate::model::RevocationReason;
use crate::x509::{
    CertificateList, CertificateStatus, DistributionPoint, IssuerCertificate, IssuingDistributionPoint,
    SerialNumber,
};
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use time::OffsetDateTime;

/// A CRL that its issuer stands behind, ready to be asked about many certificates.
#[derive(Debug)]
pub struct TrustedList {
    issuer: Vec<u8>,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    about: Option<IssuingDistributionPoint>,
    revoked: HashMap<SerialNumber, (OffsetDateTime, RevocationReason)>,
}

impl TrustedList {
    /// Checks that `issuer` issued the list and may issue CRLs, and that the list is one that can be understood
    /// here: complete, of one issuer, without an unknown critical extension.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where it is not so.
    pub fn new(list: CertificateList, issuer: &IssuerCertificate) -> Result<Self> {
        let about = list.issuing_distribution_point.as_ref();
        if list.issuer != issuer.subject {
            return fault("the CRL is by another issuer than the certificate");
        }
        if issuer.may_sign_revocation_lists == Some(false) {
            return fault("the issuer may not sign CRLs: its key usage lacks `crl sign`");
        }
        list.verify(&issuer.subject_public_key_info)?;
        if list.has_unknown_critical_extension {
            return fault("the CRL has a critical extension that is not known here");
        }
        if list.is_delta {
            return fault("the CRL is a delta CRL, which has changes only");
        }
        if about.is_some_and(|about| about.is_indirect) {
            return fault("the CRL is an indirect CRL, which has certificates of several issuers");
        }
        let mut revoked = HashMap::with_capacity(list.revoked.len());
        for entry in list.revoked {
            revoked.entry(entry.serial).or_insert((entry.revoked_at, entry.reason));
        }
        Ok(Self {
            issuer: list.issuer,
            this_update: list.this_update,
            next_update: list.next_update,
            about: list.issuing_distribution_point,
            revoked,
        })
    }

    /// What the list, found at `point` of the certificate, says of it now. Unknown is a certificate that is not
    /// in a list of some reasons only.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where the list is not about the certificate, or of another time.
    pub fn status(
        &self,
        certificate: &CheckedCertificate,
        point: &DistributionPoint,
        now: OffsetDateTime,
    ) -> Result<CertificateStatus> {
        if certificate.issued.issuer != self.issuer {
            return fault("the CRL is by another issuer than the certificate");
        }
        times::check("the CRL", self.this_update, self.next_update, now)?;
        if let Some(about) = &self.about {
            check_scope(about, certificate, point)?;
        }
        Ok(match self.revoked.get(&certificate.issued.serial) {
            Some(&(at, reason)) => CertificateStatus::Revoked { at, reason },
            None if self.about.as_ref().is_some_and(|about| about.has_reasons) => CertificateStatus::Unknown,
            None => CertificateStatus::Good,
        })
    }
}

/// Checks that the list is about certificates such as this one, and is the one that belongs to the point: of
/// several lists of an issuer each has its own part of the certificates.
fn check_scope(
    about: &IssuingDistributionPoint,
    certificate: &CheckedCertificate,
    point: &DistributionPoint,
) -> Result<()> {
    if about.only_attribute_certificates
        || about.only_authority_certificates && !certificate.is_authority
        || about.only_user_certificates && certificate.is_authority
    {
        return fault("the CRL is about certificates of another kind");
    }
    match &about.names {
        Some(names) if !names.iter().any(|name| point.names.contains(name)) => {
            fault("the CRL belongs to another distribution point")
        }
        _ => Ok(()),
    }
}

fn fault<T>(words: &str) -> Result<T> {
    Err(Error::of(ErrorKind::Revocation).explain(words))
}
