//! The to-be-signed certificate (RFC 5280 section 4.1).

use super::der_reader::tag;
use super::der_writer::{context, sequence, tagged};
use super::{Extension, SerialNumber};
use time::{OffsetDateTime, UtcOffset};

/// Everything a certificate says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TbsCertificate {
    /// The serial number.
    pub serial: SerialNumber,
    /// The DER of the issuer's name: a copy of the issuing certificate's subject bytes.
    pub issuer: Vec<u8>,
    /// The first moment of validity; fractions of a second are cut off.
    pub not_before: OffsetDateTime,
    /// The last moment of validity; fractions of a second are cut off.
    pub not_after: OffsetDateTime,
    /// The DER of the subject's name.
    pub subject: Vec<u8>,
    /// The DER of the SubjectPublicKeyInfo.
    pub subject_public_key_info: Vec<u8>,
    /// The extensions, in order.
    pub extensions: Vec<Extension>,
}

impl TbsCertificate {
    /// The DER that is signed with the algorithm whose AlgorithmIdentifier is given.
    #[must_use]
    pub fn to_der(&self, signature_algorithm: &[u8]) -> Vec<u8> {
        let version_3: &[u8] = &[0xa0, 3, 2, 1, 2];
        let validity = sequence([time(self.not_before), time(self.not_after)]);
        let extensions = self.extensions.iter().map(Extension::to_der);
        sequence([
            version_3,
            &self.serial.to_der(),
            signature_algorithm,
            &self.issuer,
            &validity,
            &self.subject,
            &self.subject_public_key_info,
            &context(3, [sequence(extensions)]),
        ])
    }
}

/// UTCTime for the years 1950 to 2049, else GeneralizedTime (section 4.1.2.5).
pub(super) fn time(moment: OffsetDateTime) -> Vec<u8> {
    let (year, rest) = digits(moment);
    match year {
        1950..2050 => tagged(tag::UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes()),
        _ => generalized_time(moment),
    }
}

/// GeneralizedTime for any year, as OCSP has it.
pub(super) fn generalized_time(moment: OffsetDateTime) -> Vec<u8> {
    let (year, rest) = digits(moment);
    tagged(tag::GENERALIZED_TIME, format!("{:04}{rest}", year.clamp(0, 9999)).as_bytes())
}

/// The year, and the digits that follow it.
fn digits(moment: OffsetDateTime) -> (i32, String) {
    // Only hours beyond the last year there is no such moment in UTC; no form has that year either.
    let moment = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment);
    let (month, day) = (u8::from(moment.month()), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    (moment.year(), format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn chooses_the_time_form_by_year() {
        assert_eq!(time(datetime!(2049-12-31 23:59:59 UTC)), b"\x17\x0d491231235959Z");
        assert_eq!(time(datetime!(2050-01-01 00:00:00 UTC)), b"\x18\x0f20500101000000Z");
        assert_eq!(time(datetime!(2026-01-01 01:00:00 +1)), b"\x17\x0d260101000000Z");
        assert_eq!(time(datetime!(9999-12-31 23:00:00 -10)), b"\x18\x0f99991231230000Z");
    }
}
