//! The certificate that issues: what has to be known of it, its name's bytes above all.

use super::der_reader::{Item, Malformed, Reader, tag};
use super::extension::{
    BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME, SUBJECT_KEY_IDENTIFIER,
};
use super::{read_alternative_names, read_basic_constraints};
use crate::model::{CaRole, Host};
use crate::{Error, ErrorKind, Result};
use der::asn1::ObjectIdentifier;
use std::net::IpAddr;
use time::{Date, Month, OffsetDateTime, Time};

/// A certificate as an issuer. Reading it checks its form, not whether it may issue: cfssl signs with
/// anything, and so do we, with warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerCertificate {
    /// The DER of the subject, exactly as the certificate has it.
    pub subject: Vec<u8>,
    /// The DER of the SubjectPublicKeyInfo.
    pub subject_public_key_info: Vec<u8>,
    /// The first moment of validity.
    pub not_before: OffsetDateTime,
    /// The last moment of validity.
    pub not_after: OffsetDateTime,
    /// The subject key identifier, where there is one.
    pub subject_key_identifier: Option<Vec<u8>>,
    /// Whether it is an authority; `None` without basic constraints.
    pub role: Option<CaRole>,
    /// Whether its key usage allows signing certificates; `None` without a key usage.
    pub may_sign_certificates: Option<bool>,
    /// Whether its key usage allows signing CRLs; `None` without a key usage.
    pub may_sign_revocation_lists: Option<bool>,
    /// Whether its extended key usage names the signing of OCSP responses.
    pub is_ocsp_signer: bool,
    /// The IP addresses of its subject alternative name.
    pub ip_addresses: Vec<IpAddr>,
    /// Its other extensions.
    pub other_extensions: Vec<ObjectIdentifier>,
}

impl IssuerCertificate {
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
        let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
        let mut body = outer.open().expect_tag(tag::SEQUENCE, "outer structure")?.open();
        body.take_if(tag::context_constructed(0));
        body.expect_tag(tag::INTEGER, "serial number")?;
        body.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        body.expect_tag(tag::SEQUENCE, "issuer")?;
        let mut validity = body.expect_tag(tag::SEQUENCE, "validity")?.open();
        let mut moment = || validity.next().and_then(read_time).ok_or(Malformed("validity"));
        let (not_before, not_after) = (moment()?, moment()?);
        let subject = body.expect_tag(tag::SEQUENCE, "subject")?.whole.to_vec();
        let key = body.expect_tag(tag::SEQUENCE, "public key")?.whole.to_vec();
        let mut issuer = Self {
            subject,
            subject_public_key_info: key,
            not_before,
            not_after,
            subject_key_identifier: None,
            role: None,
            may_sign_certificates: None,
            may_sign_revocation_lists: None,
            is_ocsp_signer: false,
            ip_addresses: Vec::new(),
            other_extensions: Vec::new(),
        };
        body.take_if(tag::context(1));
        body.take_if(tag::context(2));
        if let Some(extensions) = body.take_if(tag::context_constructed(3)) {
            let list = Reader::only(extensions.value, tag::SEQUENCE).ok_or(Malformed("extensions"))?;
            for extension in list.open() {
                issuer.note_extension(extension).ok_or(Malformed("extensions"))?;
            }
        }
        Ok(issuer)
    }

    fn note_extension(&mut self, extension: Item<'_>) -> Option<()> {
        let mut parts = extension.open();
        let id = ObjectIdentifier::from_bytes(parts.take_if(tag::OID)?.value).ok();
        parts.take_if(tag::BOOLEAN);
        let value = parts.take_if(tag::OCTET_STRING)?.value;
        // An identifier too long to be one of ours still is an extension.
        match id {
            Some(SUBJECT_KEY_IDENTIFIER) => {
                self.subject_key_identifier = Some(Reader::only(value, tag::OCTET_STRING)?.value.to_vec());
            }
            Some(BASIC_CONSTRAINTS) => self.role = Some(read_basic_constraints(value)?),
            Some(KEY_USAGE) => {
                let bits = Reader::only(value, tag::BIT_STRING)?.value;
                // keyCertSign is bit 5 of the first octet, cRLSign bit 6; before it stands the count of
                // unused bits.
                let octet = bits.get(1).copied().unwrap_or_default();
                self.may_sign_certificates = Some(octet & 0x04 != 0);
                self.may_sign_revocation_lists = Some(octet & 0x02 != 0);
            }
            Some(SUBJECT_ALT_NAME) => {
                let hosts = read_alternative_names(value)?.into_iter();
                self.ip_addresses = hosts
                    .filter_map(|host| match host {
                        Host::Ip(address) => Some(address),
                        _ => None,
                    })
                    .collect();
            }
            Some(EXTENDED_KEY_USAGE) => {
                let mut purposes = Reader::only(value, tag::SEQUENCE)?.open();
                self.is_ocsp_signer = purposes.any(|purpose| purpose.value == OCSP_SIGNING);
                self.other_extensions.push(EXTENDED_KEY_USAGE);
            }
            Some(other) => self.other_extensions.push(other),
            None => {}
        }
        Some(())
    }

    /// The key identifier that certificates issued by it carry: its own, or where it has none, the SHA-1
    /// of its public key (RFC 5280 section 4.2.1.2, method 1).
    #[must_use]
    pub fn key_identifier(&self) -> Vec<u8> {
        match &self.subject_key_identifier {
            Some(identifier) => identifier.clone(),
            None => key_identifier(&self.subject_public_key_info),
        }
    }

    /// The IP addresses of its subject alternative name as hosts.
    pub fn ip_hosts(&self) -> impl Iterator<Item = Host> + '_ {
        self.ip_addresses.iter().copied().map(Host::Ip)
    }
}

/// True where two SubjectPublicKeyInfos hold the same key, however its algorithm or point is written.
pub(crate) fn public_keys_match(one: &[u8], other: &[u8]) -> bool {
    let (Some(one), Some(other)) = (public_key_bits(one), public_key_bits(other)) else {
        return false;
    };
    // A compressed point is the first coordinate behind a 2 or a 3.
    let compressed = |short: &[u8], long: &[u8]| {
        matches!(short, [2 | 3, x @ ..] if long.first() == Some(&4) && long.get(1..=x.len()) == Some(x)
            && long.len() == 2 * x.len() + 1)
    };
    one == other || compressed(one, other) || compressed(other, one)
}

/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

fn public_key_bits(subject_public_key_info: &[u8]) -> Option<&[u8]> {
    let mut parts = Reader::only(subject_public_key_info, tag::SEQUENCE)?.open();
    parts.take_if(tag::SEQUENCE)?;
    parts.take_if(tag::BIT_STRING)?.value.get(1..)
}

/// The SHA-1 of a public key's bits (RFC 5280 section 4.2.1.2, method 1); of the whole input where it is
/// no SubjectPublicKeyInfo.
pub(crate) fn key_identifier(subject_public_key_info: &[u8]) -> Vec<u8> {
    let bits = public_key_bits(subject_public_key_info);
    crate::keys::sha1(bits.unwrap_or(subject_public_key_info)).to_vec()
}

/// UTCTime or GeneralizedTime as RFC 5280 writes them; seconds may be missing and an offset present, as
/// in certificates of the last century.
fn read_time(item: Item<'_>) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(item.value).ok()?;
    let (year_digits, is_short) = match item.tag {
        tag::UTC_TIME => (2, true),
        tag::GENERALIZED_TIME => (4, false),
        _ => return None,
    };
    let (year, rest) = text.split_at_checked(year_digits)?;
    let year: i32 = year.parse().ok()?;
    let year = match (is_short, year) {
        (true, 50..) => 1900 + year,
        (true, _) => 2000 + year,
        _ => year,
    };
    let digits_end = rest.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, zone) = rest.split_at(digits_end);
    let pair = |at: usize| digits.get(at..at + 2)?.parse::<u8>().ok();
    let date = Date::from_calendar_date(year, Month::try_from(pair(0)?).ok()?, pair(2)?).ok()?;
    let second = if digits.len() > 8 { pair(8)? } else { 0 };
    let time = Time::from_hms(pair(4)?, pair(6)?, second).ok()?;
    let offset = match zone.as_bytes() {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let minutes = zone.get(1..3)?.parse::<i32>().ok()? * 60 + zone.get(3..5)?.parse::<i32>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let offset = time::UtcOffset::from_whole_seconds(offset * 60).ok()?;
    Some(OffsetDateTime::new_in_offset(date, time, offset))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use time::macros::datetime;

    #[test]
    fn reads_times_of_every_form() {
        let read = |tag, text: &'static str| read_time(Item { tag, value: text.as_bytes(), whole: &[] });
        for (tag, text, expected) in [
            (tag::UTC_TIME, "491231235959Z", datetime!(2049-12-31 23:59:59 UTC)),
            (tag::UTC_TIME, "500101000000Z", datetime!(1950-01-01 00:00:00 UTC)),
            (tag::UTC_TIME, "9901010000Z", datetime!(1999-01-01 00:00:00 UTC)),
            (tag::UTC_TIME, "990101020000+0200", datetime!(1999-01-01 00:00:00 UTC)),
            (tag::GENERALIZED_TIME, "20500101000000Z", datetime!(2050-01-01 00:00:00 UTC)),
        ] {
            assert_eq!(read(tag, text), Some(expected), "{text}");
        }
        for text in ["", "Z", "9", "991301000000Z", "990101000000", "99010100000é"] {
            assert_eq!(read(tag::UTC_TIME, text), None, "{text}");
        }
    }

    #[test]
    fn refuses_truncations_without_panic() {
        assert!(IssuerCertificate::from_der(&[]).is_err());
        assert!(IssuerCertificate::from_der(&[0x30, 0]).is_err());
        assert!(IssuerCertificate::from_der(b"garbage").is_err());
    }
}
