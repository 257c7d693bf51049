//! Finding a certificate or a CSR in a file, and saying what the file holds instead.

use super::object_kind::ObjectKind;
use super::parts::{CertificateParts, RequestParts};
use super::pkcs7;
use crate::error::{Error, ErrorKind, Result};
use crate::pem::{self, Instead, Section};
use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer};

/// The one certificate in a PEM file.
///
/// Text before it is passed over, and so is its label; a PKCS #7 file with one certificate will do.
///
/// # Errors
/// [`ErrorKind::CertificateDecode`] if the file is not PEM; [`ErrorKind::CertificateParse`] if its first
/// object is not a certificate or anything follows it.
pub fn read_certificate_pem(input: &[u8]) -> Result<CertificateDer<'static>> {
    match read_leading_certificate_pem(input)? {
        (certificate, None) => Ok(certificate),
        (_, Some(behind)) => Err(more_than_one(&behind)),
    }
}

/// The first certificate in a PEM file, and what follows it. Text before it is passed over.
///
/// # Errors
/// As [`read_certificate_pem`], but for what follows the first object.
pub(crate) fn read_leading_certificate_pem(
    input: &[u8],
) -> Result<(CertificateDer<'static>, Option<Behind>)> {
    let Some(block) = pem::first(input) else {
        return Err(not_pem(input, Wanted::Certificate));
    };
    let (certificate, others) = if CertificateParts::read(&block.der).is_ok() {
        (block.der.to_vec(), 0)
    } else {
        let mut bundled = pkcs7::certificates(&block.der).into_iter();
        match bundled.next() {
            Some(first) => (first, bundled.count()),
            None => return Err(wrong_block(&block, Wanted::Certificate)),
        }
    };
    let behind = Behind::read(block.rest);
    // cfssl looks behind the object first.
    if behind.is_none() && others > 0 {
        let words = "the PKCS7 object in the PEM file should contain only one certificate";
        return Err(Error::new(ErrorKind::CertificateParse, words).explain(format!(
            "the file's PKCS #7 object holds {} certificates where one is expected",
            others + 1
        )));
    }
    Ok((certificate.into(), behind))
}

/// What follows the first certificate of a file: text at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behind {
    /// Further certificates.
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    /// The first object that is none, in words.
    other: Option<String>,
}

impl Behind {
    fn read(mut rest: &[u8]) -> Option<Self> {
        if rest.trim_ascii().is_empty() {
            return None;
        }
        let mut behind = Self { certificates: Vec::new(), other: None };
        while let Some(block) = pem::first(rest) {
            match Kind::of_block(&block) {
                Some(Kind::Certificate) => behind.certificates.push(block.der.to_vec().into()),
                Some(kind) => _ = behind.other.get_or_insert_with(|| kind.words().to_owned()),
                None => _ = behind.other.get_or_insert_with(|| block.label.to_owned()),
            }
            rest = block.rest;
        }
        Some(behind)
    }

    /// Such as `2 certificates and a private key`.
    #[cfg(feature = "cli")]
    pub(crate) fn words(&self) -> String {
        let certificates = match self.certificates.len() {
            1 => "a certificate".to_owned(),
            count => format!("{count} certificates"),
        };
        match (self.certificates.len(), &self.other) {
            (0, None) => "text".to_owned(),
            (0, Some(other)) => other.clone(),
            (_, None) => certificates,
            (_, Some(other)) => format!("{certificates} and {other}"),
        }
    }
}

/// The first CSR in a PEM file. Its label is not looked at, nor what follows it.
///
/// # Errors
/// [`ErrorKind::CsrDecode`] if the file is not PEM; [`ErrorKind::CsrParse`] if its first object is no CSR.
pub fn read_csr_pem(input: &[u8]) -> Result<CertificateSigningRequestDer<'static>> {
    let Some(block) = pem::first(input) else {
        return Err(not_pem(input, Wanted::Csr));
    };
    if RequestParts::read(&block.der).is_err() {
        return Err(wrong_block(&block, Wanted::Csr));
    }
    Ok(block.der.to_vec().into())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Certificate,
    Csr,
}

impl Wanted {
    const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::Csr => "a CSR",
        }
    }

    const fn not_pem(self) -> ErrorKind {
        match self {
            Self::Certificate => ErrorKind::CertificateDecode,
            Self::Csr => ErrorKind::CsrDecode,
        }
    }

    const fn wrong_object(self) -> ErrorKind {
        match self {
            Self::Certificate => ErrorKind::CertificateParse,
            Self::Csr => ErrorKind::CsrParse,
        }
    }
}

fn not_pem(input: &[u8], wanted: Wanted) -> Error {
    let error = Error::of(wanted.not_pem());
    let hint = format!("give {} in PEM", wanted.words());
    match Instead::of(input) {
        Instead::Nothing => error.explain(format!("empty where {} is expected", wanted.words())),
        Instead::Utf16 => error.explain("UTF-16 text where PEM is expected").hint("save the file as UTF-8"),
        Instead::Json => error
            .explain("JSON where PEM is expected")
            .hint("`cfssljson -bare NAME` makes PEM files of what cfssl prints"),
        Instead::Damaged => error
            .explain("a PEM block that is damaged: its BEGIN and END lines must match, and only base64 may be between")
            .hint("copy the file again, whole"),
        Instead::BrokenOff => error
            .explain("a PEM block that breaks off: its END line is missing")
            .hint("copy the file again, whole"),
        Instead::Der | Instead::Text => match Kind::of_der(input) {
            Some(kind) => error.explain(format!("{} in DER form where PEM is expected", kind.words())).hint(
                match kind {
                    Kind::Certificate => "convert it with `openssl x509 -inform der -in FILE -out FILE.pem`",
                    Kind::Csr if wanted == Wanted::Csr => {
                        "convert it with `openssl req -inform der -in FILE -out FILE.pem`"
                    }
                    Kind::Csr | Kind::Crl => "`certinfo -format text FILE` describes it, in DER too",
                    _ => &hint,
                },
            ),
            None => error.explain("not PEM: there is no BEGIN line").hint(hint),
        },
    }
}

fn wrong_block(block: &Section<'_>, wanted: Wanted) -> Error {
    let error = Error::of(wanted.wrong_object());
    let label = block.label;
    let (found, hint) = match Kind::of_block(block) {
        Some(kind) => (kind.words().to_owned(), kind.hint(wanted)),
        None if label == "CERTIFICATE" || label.ends_with("CERTIFICATE REQUEST") => {
            (format!("a damaged {label} block"), Some("copy the file again, whole"))
        }
        None => (format!("{label:?}"), None),
    };
    let error = error.explain(format!("{found} where {} is expected", wanted.words()));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn more_than_one(behind: &Behind) -> Error {
    let error = Error::new(ErrorKind::CertificateParse, "the PEM file should contain only one object");
    let what = match (behind.certificates.len() + 1, &behind.other) {
        (1, None) => "text after the certificate where the file should end".to_owned(),
        (1, Some(other)) => format!("{other} after the certificate, which should be alone"),
        (count, None) => format!("{count} certificates where one is expected"),
        (count, Some(other)) => format!("{count} certificates and {other} where one certificate is expected"),
    };
    error.explain(what).hint("leave only the certificate that is meant in the file")
}

/// What people mix up with certificates and CSRs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificate,
    Crl,
    Csr,
    EncryptedKey,
    Parameters,
    Pkcs7,
    Pkcs12,
    PrivateKey,
    PublicKey,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::Crl => "a certificate revocation list",
            Self::Csr => "a CSR",
            Self::EncryptedKey => "an encrypted private key",
            Self::Parameters => "curve parameters",
            Self::Pkcs7 => "a PKCS #7 object without a certificate",
            Self::Pkcs12 => "a PKCS #12 file",
            Self::PrivateKey => "a private key",
            Self::PublicKey => "a public key",
        }
    }

    const fn hint(self, wanted: Wanted) -> Option<&'static str> {
        match (self, wanted) {
            (Self::Csr, _) => {
                Some("`certinfo -csr` describes a CSR, and it becomes a certificate when a CA signs it")
            }
            (Self::PrivateKey | Self::EncryptedKey, Wanted::Certificate) => {
                Some("the certificate of NAME-key.pem is usually NAME.pem")
            }
            (Self::PrivateKey | Self::EncryptedKey, Wanted::Csr) => {
                Some("the CSR of NAME-key.pem is usually NAME.csr")
            }
            (Self::Certificate, Wanted::Csr) => Some("`certinfo -cert` describes a certificate"),
            _ => None,
        }
    }

    /// Goes by the contents, and where they say nothing by the label.
    fn of_block(block: &Section<'_>) -> Option<Self> {
        let label = block.label;
        let by_label = || match label {
            "ENCRYPTED PRIVATE KEY" => Some(Self::EncryptedKey),
            "EC PARAMETERS" => Some(Self::Parameters),
            "X509 CRL" => Some(Self::Crl),
            _ if label.ends_with("PRIVATE KEY") => Some(Self::PrivateKey),
            _ if label.ends_with("PUBLIC KEY") => Some(Self::PublicKey),
            _ => None,
        };
        Self::of_der(&block.der).or_else(by_label)
    }

    fn of_der(der: &[u8]) -> Option<Self> {
        if CertificateParts::read(der).is_ok() {
            return Some(Self::Certificate);
        }
        let kind = ObjectKind::of(der);
        // A list has the parts of a request, as far as its reader looks.
        if kind != Some(ObjectKind::CertificateList) && RequestParts::read(der).is_ok() {
            return Some(Self::Csr);
        }
        Some(match kind? {
            // The parts of these were found wanting above.
            ObjectKind::Certificate | ObjectKind::CertificateRequest => return None,
            ObjectKind::CertificateList => Self::Crl,
            ObjectKind::EncryptedPrivateKey => Self::EncryptedKey,
            ObjectKind::Pkcs7 => Self::Pkcs7,
            ObjectKind::Pkcs12 => Self::Pkcs12,
            ObjectKind::PrivateKey => Self::PrivateKey,
            ObjectKind::PublicKey | ObjectKind::RsaPublicKey => Self::PublicKey,
        })
    }
}
