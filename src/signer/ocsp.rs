//! An OCSP responder: it signs what it is told about the certificates of one CA.

use super::doubts;
use crate::json::GoDuration;
use crate::keys::SigningKey;
use crate::x509::{
    Certificate, CertificateId, CertificateStatus, IssuedCertificate, IssuerCertificate, OcspResponseData,
    context, seal_status, sequence, successful_response,
};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use time::{Duration, OffsetDateTime};

/// A responder for the certificates of one CA: the CA itself, or one that it has certified. Its key may be borrowed or
/// owned, as that of a [`LocalSigner`](super::LocalSigner).
pub struct OcspResponder<K> {
    issuer: IssuerCertificate,
    responder: IssuerCertificate,
    /// The responder's certificate, where it is not the CA's.
    delegated: Option<Certificate>,
    key: K,
}

/// A signed response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcspResponse {
    /// The DER of the OCSPResponse.
    pub der: Vec<u8>,
    /// What about it is probably not meant.
    pub warnings: Vec<Warning>,
}

/// The three times in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseTimes {
    /// When it is made.
    pub produced_at: OffsetDateTime,
    /// When the status was known to be so.
    pub this_update: OffsetDateTime,
    /// When the next response is due.
    pub next_update: OffsetDateTime,
}

impl ResponseTimes {
    /// cfssl's times: made in the minute of `now`, true since its hour, valid for `interval` from then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duration`] where the interval leaves the years that there are.
    pub fn at(now: OffsetDateTime, interval: GoDuration) -> Result<Self> {
        let seconds = now.unix_timestamp();
        let cut = |unit: i64| now.saturating_sub(Duration::seconds(seconds.rem_euclid(unit)));
        let this_update = cut(3600);
        let next_update = this_update.checked_add(interval.to_time()).ok_or_else(|| {
            Error::of(ErrorKind::Duration).explain("the interval goes beyond the year 9999")
        })?;
        Ok(Self { produced_at: cut(60), this_update, next_update })
    }
}

impl<K: SigningKey> OcspResponder<K> {
    /// A responder for the certificates that `issuer` issued. The two certificates may be the same.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] for a certificate that cannot be read, and
    /// [`ErrorKind::PrivateKeyMismatch`] where the key is not the responder's, which cfssl does not notice.
    pub fn new(issuer: &Certificate, responder: &Certificate, key: K) -> Result<Self> {
        let delegated = (issuer != responder).then(|| responder.clone());
        let issuer = IssuerCertificate::from_der(issuer.der())?;
        let responder = IssuerCertificate::from_der(responder.der())?;
        if !responder.has_key(key.subject_public_key_info()) {
            return Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .explain("the responder's key does not belong to its certificate")
                .hint("give the two files of one responder"));
        }
        Ok(Self { issuer, responder, delegated, key })
    }

    /// Signs a response about one certificate. An RSA key of any size signs with SHA-256, as in cfssl.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] for a certificate that cannot be read, and as
    /// [`IssuedCertificate::check_issued_by`] for one that the issuer did not issue; and whatever keeps the key from signing.
    pub fn sign(
        &self,
        certificate: &Certificate,
        status: CertificateStatus,
        times: &ResponseTimes,
    ) -> Result<OcspResponse> {
        let issued = IssuedCertificate::from_der(certificate.der())?;
        issued.check_issued_by(&self.issuer)?;
        let data = OcspResponseData {
            responder: self.responder.subject.clone(),
            produced_at: times.produced_at,
            certificate: CertificateId::new(&self.issuer, issued.serial),
            status,
            this_update: times.this_update,
            next_update: times.next_update,
        };
        let certificates = match &self.delegated {
            Some(delegated) => context(0, [sequence([delegated.der()])]),
            None => Vec::new(),
        };
        let basic = seal_status(&self.key, |_| data.to_der(), &certificates)?;
        Ok(OcspResponse { der: successful_response(&basic), warnings: self.doubts(status, times) })
    }

    fn doubts(&self, status: CertificateStatus, times: &ResponseTimes) -> Vec<Warning> {
        // It is made at some second of this minute.
        let now = times.produced_at.saturating_add(Duration::seconds(59));
        let revoked_later =
            matches!(status, CertificateStatus::Revoked { at, .. } if at - now > Duration::SECOND);
        let future = Warning::new(WarningKind::Unwise, "the date of the revocation is in the future");
        [
            self.delegation_doubt(),
            doubts::of_age("the responder's certificate", &self.responder, now),
            doubts::of_updates("the response", times.this_update, times.next_update),
            revoked_later.then_some(future),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What clients demand of a responder that is not the CA itself (RFC 6960 section 4.2.2.2).
    fn delegation_doubt(&self) -> Option<Warning> {
        let delegated = self.delegated.as_ref()?;
        // A renewed CA is the same signer under another certificate.
        if self.responder.has_key(&self.issuer.subject_public_key_info) {
            return None;
        }
        let by_issuer = IssuedCertificate::from_der(delegated.der())
            .and_then(|certificate| certificate.check_issued_by(&self.issuer));
        let (message, hint) = if by_issuer.is_err() {
            ("the responder's certificate was not issued by the CA", "clients will not accept its responses")
        } else if !self.responder.is_ocsp_signer {
            (
                "the responder's certificate is not for OCSP: it lacks the usage `ocsp signing`",
                "issue it under a profile with that usage; clients will not accept its responses",
            )
        } else {
            return None;
        };
        Some(Warning::new(WarningKind::IssuerNotAuthority, message).hint(hint))
    }
}

impl<K> std::fmt::Debug for OcspResponder<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OcspResponder")
            .field("issuer", &self.issuer)
            .field("responder", &self.responder)
            .finish_non_exhaustive()
    }
}
