//! A CRL: what a CA has revoked, signed with its key.

use super::doubts;
use crate::keys::SigningKey;
use crate::x509::{Extension, IssuerCertificate, RevokedCertificate, TbsCertList, seal_status};
use crate::{Error, ErrorKind, Result, Warning};
use rustls_pki_types::CertificateRevocationListDer;
use time::OffsetDateTime;

/// What a CRL is to say.
///
/// ```
/// use certmint::model::{CertificateRequest, RevocationReason};
/// use certmint::signer::{Authority, Issuance, RevocationList};
/// use certmint::x509::{IssuerCertificate, RevokedCertificate, SerialNumber};
/// use time::{Duration, OffsetDateTime};
///
/// # fn main() -> certmint::Result<()> {
/// # let request = CertificateRequest::from_json(br#"{"CN": "CA", "key": {"algo": "ecdsa", "size": 256}}"#)?;
/// # let ca = Authority::init(&request, Issuance::now()?)?;
/// let now = OffsetDateTime::now_utc();
/// let serial = SerialNumber::from_be_bytes(&[0x5e, 0x12]);
/// let list = RevocationList {
///     entries: vec![RevokedCertificate { serial, revoked_at: now, reason: RevocationReason::default() }],
///     this_update: now,
///     next_update: now + Duration::days(7),
///     number: 1,
/// };
/// let signed = list.seal(&IssuerCertificate::from_der(ca.certificate().der())?, ca.key())?;
/// assert!(signed.to_pem().starts_with("-----BEGIN X509 CRL-----"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// The revoked certificates, in order.
    pub entries: Vec<RevokedCertificate>,
    /// When the list is made.
    pub this_update: OffsetDateTime,
    /// When the next list is due.
    pub next_update: OffsetDateTime,
    /// The CRL number, which grows from list to list (RFC 5280 section 5.2.3).
    pub number: u64,
}

/// A signed CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRevocationList {
    /// The CRL as DER.
    pub der: CertificateRevocationListDer<'static>,
    /// What about it is probably not meant.
    pub warnings: Vec<Warning>,
}

impl RevocationList {
    /// Signs the list: a CRL of version 2 with the issuer's key identifier and the number, neither critical.
    ///
    /// The issuer's name is copied from its certificate. An RSA key of any size signs with SHA-256, as in
    /// cfssl. That the issuer is no CA, or may not sign CRLs, is a warning.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKeyMismatch`] where the key is not the issuer's: cfssl makes a CRL then that
    /// nobody can verify; and whatever keeps the key from signing.
    pub fn seal(&self, issuer: &IssuerCertificate, key: &dyn SigningKey) -> Result<SignedRevocationList> {
        if !issuer.has_key(key.subject_public_key_info()) {
            return Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .explain("the key does not belong to the CA certificate")
                .hint("give the two files of one CA"));
        }
        let tbs = TbsCertList {
            issuer: issuer.subject.clone(),
            this_update: self.this_update,
            next_update: self.next_update,
            revoked: self.entries.clone(),
            extensions: vec![
                Extension::authority_key_identifier(&issuer.key_identifier()),
                Extension::crl_number(self.number),
            ],
        };
        let der = seal_status(key, |algorithm| tbs.to_der(algorithm), &[])?;
        let warnings = [
            doubts::of_age("the CA certificate", issuer, self.this_update),
            doubts::of_crl_issuer(issuer),
            doubts::of_updates("the CRL", self.this_update, self.next_update),
        ];
        Ok(SignedRevocationList { der: der.into(), warnings: warnings.into_iter().flatten().collect() })
    }
}

impl SignedRevocationList {
    /// PEM with a newline at the end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        crate::pem::encode("X509 CRL", &self.der)
    }
}
