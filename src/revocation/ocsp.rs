//! What an OCSP response says of a certificate (RFC 6960 section 3.2).

use super::times;
use crate::x509::{
    BasicOcspResponse, CertificateId, CertificateStatus, IssuedCertificate, IssuerCertificate,
};
use crate::{Error, ErrorKind, Result};
use time::OffsetDateTime;

/// What the response in DER says of the certificate of `issuer` that was asked about.
///
/// It must be signed by the issuer itself, or by a responder that the issuer certified for signing OCSP
/// responses, whose certificate is in the response. Whether that one is revoked is not asked.
///
/// # Errors
///
/// [`ErrorKind::Revocation`] where the response is malformed or refuses to answer, where nobody stands behind
/// it who may, where it is about another certificate, or of another time.
pub fn judge_response(
    response: &[u8],
    asked: &CertificateId,
    issuer: &IssuerCertificate,
    now: OffsetDateTime,
) -> Result<CertificateStatus> {
    let response = BasicOcspResponse::from_der(response)?;
    if response.has_unknown_critical_extension {
        return fault("the response has a critical extension that is not known here");
    }
    check_signature(&response, issuer, now)?;
    let Some(single) = response.find(asked) else {
        return fault("the response is about another certificate");
    };
    times::check_fresh("the response", single.this_update, single.next_update, now)?;
    Ok(single.status)
}

fn check_signature(
    response: &BasicOcspResponse,
    issuer: &IssuerCertificate,
    now: OffsetDateTime,
) -> Result<()> {
    let mut reason =
        "it is not signed by the issuer, and the responder's certificate is not in it".to_owned();
    if response.responder.is(issuer) {
        match response.verify(&issuer.subject_public_key_info) {
            Ok(()) => return Ok(()),
            Err(error) => error.explanation().clone_into(&mut reason),
        }
    }
    for der in &response.certificates {
        let Ok(delegate) = IssuerCertificate::from_der(der) else { continue };
        let is_issuer = delegate.subject_public_key_info == issuer.subject_public_key_info;
        if is_issuer || !response.responder.is(&delegate) {
            continue;
        }
        reason = if !delegate.is_ocsp_signer {
            "the responder's certificate is not for signing OCSP responses".to_owned()
        } else if now < delegate.not_before || now > delegate.not_after {
            "the responder's certificate has expired or is not yet valid".to_owned()
        } else if let Err(error) =
            IssuedCertificate::from_der(der).and_then(|certificate| certificate.check_issued_by(issuer))
        {
            let why = error.explanation();
            format!(
                "the responder's certificate is not by the issuer of the certificate, or cannot be shown to be: {why}"
            )
        } else if let Err(error) = response.verify(&delegate.subject_public_key_info) {
            error.explanation().to_owned()
        } else {
            return Ok(());
        };
    }
    fault(&format!("the response cannot be trusted: {reason}"))
}

fn fault<T>(words: &str) -> Result<T> {
    Err(Error::of(ErrorKind::Revocation).explain(words))
}
