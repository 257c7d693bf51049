//! A finished certificate, and serial numbers.

use super::CertificateParts;
use super::der_reader::{Malformed, tag};
use super::der_writer::{integer, tagged};
use super::input::read_certificate_pem;
use super::number::decimal;
use crate::{Error, ErrorKind, Result};
use rustls_pki_types::CertificateDer;
use std::fmt;

/// A certificate as DER.
///
/// ```no_run
/// use certmint::keys::PrivateKey;
/// use certmint::model::SigningConfig;
/// use certmint::signer::LocalSigner;
/// use certmint::x509::Certificate;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A CA that exists, with a key that is encrypted.
/// let certificate = Certificate::from_pem(&std::fs::read("ca.pem")?)?;
/// let key = PrivateKey::from_pem(&std::fs::read("ca-key.pem")?, Some(b"secret"))?;
/// let config = SigningConfig::from_json(&std::fs::read("ca-config.json")?)?;
/// let signer = LocalSigner::new(&certificate, key, config)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate(CertificateDer<'static>);

impl From<CertificateDer<'static>> for Certificate {
    fn from(der: CertificateDer<'static>) -> Self {
        Self(der)
    }
}

impl Certificate {
    /// The one certificate of a PEM file, or of a PKCS #7 file in PEM. Text before it is passed over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateDecode`] if the file is not PEM; [`ErrorKind::CertificateParse`] if its first object is
    /// not a certificate or anything follows it.
    pub fn from_pem(text: &[u8]) -> Result<Self> {
        read_certificate_pem(text).map(Self)
    }

    /// A certificate in DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] where it is none.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        match CertificateParts::read(der) {
            Ok(_) => Ok(Self::from_der_unchecked(der.to_vec())),
            Err(Malformed(part)) => Err(Error::of(ErrorKind::CertificateParse)
                .explain(format!("this is no certificate in DER: its {part} is malformed"))),
        }
    }

    pub(crate) fn from_der_unchecked(der: Vec<u8>) -> Self {
        Self(der.into())
    }

    /// The DER.
    #[must_use]
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.0
    }

    /// PEM with a newline at the end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        crate::pem::encode("CERTIFICATE", &self.0)
    }
}

/// A certificate's serial number. It is to be a positive integer of at most 20 octets (RFC 5280 section
/// 4.1.2.2); of certificates that others made it may be any integer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber {
    is_negative: bool,
    /// Big-endian, without zeros in front.
    magnitude: Vec<u8>,
}

impl SerialNumber {
    /// 159 random bits, as cfssl draws them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKey`] where the random generator fails.
    pub fn random() -> Result<Self> {
        let mut bytes = [0u8; 20];
        crate::keys::random(&mut bytes)?;
        if let Some(first) = bytes.first_mut() {
            *first &= 0x7f;
        }
        Ok(Self::from_be_bytes(&bytes))
    }

    /// The number that unsigned big-endian bytes make.
    #[must_use]
    pub fn from_be_bytes(bytes: &[u8]) -> Self {
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Self { is_negative: false, magnitude: bytes.get(first..).unwrap_or_default().to_vec() }
    }

    /// The number that decimal digits make, behind a minus where there is one; `None` for any other text.
    #[must_use]
    pub fn from_decimal(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Base 2^32, least significant digit first.
        let mut words: Vec<u32> = Vec::new();
        for group in digits.as_bytes().chunks(9) {
            let mut carry = group.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
            let base = group.iter().fold(1, |base, _| base * 10);
            for word in &mut words {
                carry += u64::from(*word) * base;
                *word = carry as u32;
                carry >>= 32;
            }
            if carry > 0 {
                words.push(carry as u32);
            }
        }
        let bytes: Vec<u8> = words.iter().rev().flat_map(|word| word.to_be_bytes()).collect();
        let number = Self::from_be_bytes(&bytes);
        let is_negative = text.starts_with('-') && !number.magnitude.is_empty();
        Some(Self { is_negative, ..number })
    }

    /// The number in the contents of a DER INTEGER.
    pub(crate) fn from_der_contents(contents: &[u8]) -> Self {
        match contents.first() {
            Some(0x80..) => Self { is_negative: true, ..Self::from_be_bytes(&negated(contents)) },
            _ => Self::from_be_bytes(contents),
        }
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        if !self.is_negative {
            return integer(&self.magnitude);
        }
        let mut contents = negated(&[&[0], self.magnitude.as_slice()].concat());
        // The sign takes an octet of its own only where the next one does not show it.
        if contents.get(1).is_some_and(|next| next & 0x80 != 0) {
            contents.remove(0);
        }
        tagged(tag::INTEGER, &contents)
    }
}

impl fmt::Display for SerialNumber {
    /// In decimal, as cfssl logs it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_negative { "-" } else { "" })?;
        f.write_str(&decimal(&self.magnitude))
    }
}

/// The two's complement of a number: every bit turned, plus one.
fn negated(number: &[u8]) -> Vec<u8> {
    let mut turned: Vec<u8> = number.iter().map(|byte| !byte).collect();
    for byte in turned.iter_mut().rev() {
        let (sum, overflows) = byte.overflowing_add(1);
        *byte = sum;
        if !overflows {
            break;
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_decimal_numbers_of_any_length_and_sign() {
        for (text, der) in [
            ("0", &[0][..]),
            ("-0", &[0]),
            ("007", &[7]),
            ("255", &[0, 255]),
            ("-1", &[0xff]),
            ("-128", &[0x80]),
            ("-129", &[0xff, 0x7f]),
            ("-255", &[0xff, 0x01]),
            ("-256", &[0xff, 0x00]),
            ("-32768", &[0x80, 0x00]),
            ("4294967296", &[1, 0, 0, 0, 0]),
            ("1000000000000000000", &[0x0d, 0xe0, 0xb6, 0xb3, 0xa7, 0x64, 0, 0]),
            ("727885129180488904360266563744972327436484050815", &[0x7f; 20]),
        ] {
            let number = SerialNumber::from_decimal(text).unwrap();
            assert_eq!(number.to_der(), tagged(tag::INTEGER, der), "{text}");
            assert_eq!(SerialNumber::from_der_contents(der), number, "{text}");
            assert_eq!(SerialNumber::from_decimal(&number.to_string()), Some(number), "{text}");
        }
        for text in ["", "-", "+1", " 1", "1 ", "0x1", "1_0", "--1", "\u{663}"] {
            assert_eq!(SerialNumber::from_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn prints_serial_numbers_in_decimal() {
        for (bytes, text) in [
            (&[][..], "0"),
            (&[0, 0], "0"),
            (&[255], "255"),
            (&[1, 0, 0, 0, 0], "4294967296"),
            (&[0x7f; 20], "727885129180488904360266563744972327436484050815"),
        ] {
            assert_eq!(SerialNumber::from_be_bytes(bytes).to_string(), text);
        }
    }
}
