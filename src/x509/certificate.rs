//! A finished certificate, and serial numbers.

use super::der_writer::integer;
use super::number::decimal;
use crate::Result;
use rustls_pki_types::CertificateDer;
use std::fmt;

/// A certificate as DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate(CertificateDer<'static>);

impl From<CertificateDer<'static>> for Certificate {
    fn from(der: CertificateDer<'static>) -> Self {
        Self(der)
    }
}

impl Certificate {
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

/// A certificate's serial number: a positive integer of at most 20 octets (RFC 5280 section 4.1.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// 159 random bits, as cfssl draws them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKey`](crate::ErrorKind::PrivateKey) where the random generator fails.
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
        Self(bytes.get(first..).unwrap_or_default().to_vec())
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        integer(&self.0)
    }
}

impl fmt::Display for SerialNumber {
    /// In decimal, as cfssl logs it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
