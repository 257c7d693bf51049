//! A CSR that somebody else made: read, and its signature checked.

use super::{CertificateSigningRequest, CsrContent};
use crate::keys::{SignatureAlgorithm, foreign_curve, is_unverified, verify};
use crate::x509::MD5_WITH_RSA;
use crate::x509::der_reader::{Item, Malformed, tag};
use crate::x509::{DistinguishedName, Extension, ExtensionParts, RequestParts};
use crate::{Error, ErrorKind, Result, pem};

impl CertificateSigningRequest {
    /// Reads the first CSR of a PEM file; text around it is passed over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CsrDecode`] without PEM, [`ErrorKind::BadRequest`] where it holds something else, and as
    /// [`from_der`](Self::from_der).
    pub fn from_pem(text: &[u8]) -> Result<Self> {
        let Some(section) = pem::first(text) else {
            return Err(Error::of(ErrorKind::CsrDecode)
                .explain(format!("there is no CSR in PEM form: {}", pem::Instead::of(text).words())));
        };
        if !matches!(section.label, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") {
            return Err(Error::new(ErrorKind::BadRequest, "not a csr")
                .explain(format!(
                    "a PEM section {} where a CSR is expected",
                    crate::json::quote(section.label)
                ))
                .hint("`openssl req -new` and `cfssl genkey` make CSRs"));
        }
        Self::from_der(&section.der)
    }

    /// Reads a CSR and checks that it is signed with its own key (RFC 2986 section 3).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CsrParse`] where it is malformed, [`ErrorKind::BadRequest`] where the signature does not
    /// hold, or is of an algorithm that is not supported.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let malformed = |Malformed(part): Malformed| {
            Error::of(ErrorKind::CsrParse).explain(format!("the CSR's {part} is malformed"))
        };
        let parts = RequestParts::read(der).map_err(malformed)?;
        if let Some([words, fault, hint]) = foreign_curve(parts.public_key.whole) {
            return Err(Error::new(ErrorKind::CsrParse, words)
                .explain(format!("the CSR's key {fault}"))
                .hint(hint));
        }
        if parts.signature_algorithm.value.starts_with(MD5_WITH_RSA) {
            return Err(Error::new(
                ErrorKind::BadRequest,
                "x509: cannot verify signature: insecure algorithm MD5-RSA",
            )
            .explain("the CSR is signed with MD5, which anybody can forge")
            .hint("make it anew with SHA-256: `openssl req -new -sha256`"));
        }
        let Some(algorithm) = SignatureAlgorithm::from_der(parts.signature_algorithm.whole) else {
            return Err(Error::new(
                ErrorKind::BadRequest,
                "x509: cannot verify signature: algorithm unimplemented",
            )
            .explain("the CSR is signed with an algorithm that is not supported"));
        };
        let signature = parts.signature.value.get(1..).unwrap_or_default();
        verify(parts.public_key.whole, algorithm, parts.body.whole, signature)
            .map_err(|error| match is_unverified(&error) {
                true => error.with_kind(ErrorKind::BadRequest).hint(
                    "make the CSR anew with SHA-256, and with an RSA key of 2048 to 8192 bits or one on P-256, P-384 \
                     or P-521",
                ),
                false => error.with_kind(ErrorKind::BadRequest),
            })?;
        let subject = DistinguishedName::from_der(parts.subject.whole)?;
        let extensions = requested_extensions(parts.attributes).map_err(malformed)?;
        let content = CsrContent::new(subject, parts.public_key.whole.to_vec(), extensions)
            .map_err(|error| error.with_kind(ErrorKind::CsrParse))?;
        Ok(Self { der: der.to_vec().into(), content })
    }
}

/// The extensions of the first extensionRequest attribute (RFC 2985 section 5.4.2).
fn requested_extensions(attributes: Option<Item<'_>>) -> std::result::Result<Vec<Extension>, Malformed> {
    for attribute in attributes.into_iter().flat_map(Item::open) {
        let mut parts = attribute.open();
        let id = parts.expect_tag(tag::OID, "attribute")?;
        if id.value != super::build::EXTENSION_REQUEST.as_bytes() {
            continue;
        }
        let mut values = parts.expect_tag(tag::SET, "extension request")?.open();
        let mut list = values.expect_tag(tag::SEQUENCE, "extension request")?.open();
        let extensions = list.by_ref().map(read_extension).collect::<Option<Vec<_>>>();
        return extensions.filter(|_| list.is_empty()).ok_or(Malformed("extension request"));
    }
    Ok(Vec::new())
}
fn read_extension(item: Item<'_>) -> Option<Extension> {
    let parts = ExtensionParts::read(item)?;
    Some(Extension { id: parts.id()?, critical: parts.critical, value: parts.value.to_vec() })
}
