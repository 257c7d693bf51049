//! The to-be-signed CRL (RFC 5280 section 5.1).

use super::der_writer::{context, sequence};
use super::tbs::time;
use super::{Extension, SerialNumber};
use crate::model::RevocationReason;
use time::OffsetDateTime;

/// One certificate on a CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its serial number.
    pub serial: SerialNumber,
    /// When it was revoked; fractions of a second are cut off.
    pub revoked_at: OffsetDateTime,
    /// Why; an unspecified reason is not written.
    pub reason: RevocationReason,
}

/// Everything a CRL of version 2 says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TbsCertList {
    /// The DER of the issuer's name: a copy of the issuing certificate's subject bytes.
    pub issuer: Vec<u8>,
    /// When it is made; fractions of a second are cut off.
    pub this_update: OffsetDateTime,
    /// When the next one is due; fractions of a second are cut off.
    pub next_update: OffsetDateTime,
    /// The revoked certificates, in order. Without any, the list is left out (section 5.1.2.6).
    pub revoked: Vec<RevokedCertificate>,
    /// The extensions, in order.
    pub extensions: Vec<Extension>,
}

impl TbsCertList {
    /// The DER that is signed with the algorithm whose AlgorithmIdentifier is given.
    #[must_use]
    pub fn to_der(&self, signature_algorithm: &[u8]) -> Vec<u8> {
        let version_2: &[u8] = &[2, 1, 1];
        let revoked = match self.revoked.as_slice() {
            [] => Vec::new(),
            revoked => sequence(revoked.iter().map(RevokedCertificate::to_der)),
        };
        let extensions = self.extensions.iter().map(Extension::to_der);
        sequence([
            version_2,
            signature_algorithm,
            &self.issuer,
            &time(self.this_update),
            &time(self.next_update),
            &revoked,
            &context(0, [sequence(extensions)]),
        ])
    }
}

impl RevokedCertificate {
    fn to_der(&self) -> Vec<u8> {
        let mut parts = vec![self.serial.to_der(), time(self.revoked_at)];
        parts.extend(Extension::reason_code(self.reason).map(|reason| sequence([reason.to_der()])));
        sequence(parts)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use time::macros::datetime;

    #[test]
    fn writes_a_reason_only_where_there_is_one() {
        let entry = |reason: &str| RevokedCertificate {
            serial: SerialNumber::from_decimal("5").unwrap(),
            revoked_at: datetime!(2026-01-01 0:00 UTC),
            reason: RevocationReason::parse(reason).unwrap(),
        };
        assert_eq!(entry("").to_der(), b"\x30\x12\x02\x01\x05\x17\x0d260101000000Z");
        assert_eq!(
            entry("superseded").to_der(),
            b"\x30\x20\x02\x01\x05\x17\x0d260101000000Z\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x04"
        );
    }
}
