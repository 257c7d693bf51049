//! `cfssl certinfo -cert`.

use super::name::{self, NameInfo};
use super::names::AlternativeNames;
use super::signature;
use super::text::colon_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Value};
use crate::pem;
use crate::x509::der_reader::{Item, Malformed, Reader, tag};
use crate::x509::extension::{AUTHORITY_KEY_IDENTIFIER, SUBJECT_ALT_NAME, SUBJECT_KEY_IDENTIFIER};
use crate::x509::{CertificateParts, ExtensionParts, read_time, signed_decimal};
use time::OffsetDateTime;

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertInfo {
    /// Whom it is about.
    pub subject: NameInfo,
    /// Who signed it.
    pub issuer: NameInfo,
    /// The serial number in decimal. It may be negative, and of any length.
    pub serial_number: String,
    /// The DNS names, then the IP addresses, of the subject alternative name.
    pub sans: Vec<String>,
    /// Its e-mail addresses, which cfssl does not print.
    pub email_addresses: Vec<String>,
    /// Its URIs, which cfssl does not print.
    pub uris: Vec<String>,
    /// When it becomes valid, with the offset from UTC it is written with (nearly always none).
    pub not_before: OffsetDateTime,
    /// The last moment it is valid.
    pub not_after: OffsetDateTime,
    /// Such as `SHA256WithRSA`; `Unknown Signature` for what cfssl does not know, RSA-PSS among it.
    pub signature_algorithm: &'static str,
    /// The authority key identifier; empty if absent.
    pub authority_key_identifier: Vec<u8>,
    /// The subject key identifier; empty if absent.
    pub subject_key_identifier: Vec<u8>,
    /// The certificate in PEM, with a newline at the end.
    pub pem: String,
}

impl CertInfo {
    /// cfssl's object, keys in its order.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let some = |key, value: &str| (!value.is_empty()).then(|| (key, Value::string(value)));
        let always = |key, value| Some((key, value));
        let members = [
            always("subject", self.subject.to_json()),
            always("issuer", self.issuer.to_json()),
            some("serial_number", &self.serial_number),
            (!self.sans.is_empty()).then(|| ("sans", Value::array(self.sans.iter().map(Value::string)))),
            always("not_before", Value::string(json::format_rfc3339(self.not_before))),
            always("not_after", Value::string(json::format_rfc3339(self.not_after))),
            always("sigalg", Value::string(self.signature_algorithm)),
            always("authority_key_id", key_identifier(&self.authority_key_identifier)),
            always("subject_key_id", key_identifier(&self.subject_key_identifier)),
            always("pem", Value::string(&self.pem)),
        ];
        Value::object(members.into_iter().flatten())
    }

    /// What `cfssl certinfo -cert` prints, the newline at the end included.
    #[must_use]
    pub fn to_json_text(&self) -> String {
        // Bytes that are no text became U+FFFD; Go writes that one escaped.
        json::indented(&self.to_json(), "  ").replace('\u{fffd}', "\\ufffd") + "\n"
    }
}

/// Describes a certificate. Extensions that cannot be read are passed over; the signature is not checked.
///
/// # Errors
/// [`ErrorKind::CertificateParse`] if it is no X.509 certificate, or a field outside its extensions is
/// malformed.
pub fn describe(der: &[u8]) -> Result<CertInfo> {
    let malformed = |part: Malformed| {
        Error::of(ErrorKind::CertificateParse)
            .explain(format!("not a certificate that can be read: its {} is malformed", part.0))
    };
    let certificate = CertificateParts::read(der).map_err(malformed)?;
    gather(&certificate, der).map_err(malformed)
}

fn gather(parts: &CertificateParts<'_>, der: &[u8]) -> std::result::Result<CertInfo, Malformed> {
    let name = |item, part| Ok(NameInfo::gather(&name::attributes(item, part)?));
    let mut found = CfsslExtensions::default();
    // As Go, which passes over extensions of versions that have none (RFC 5280 section 4.1.2.1).
    let version = parts.version.and_then(|item| Reader::only(item.value, tag::INTEGER));
    let has_extensions = version.is_some_and(|number| number.value == [2]);
    let extensions = parts.extensions.filter(|_| has_extensions);
    let extensions = extensions.and_then(|item| Reader::only(item.value, tag::SEQUENCE));
    for extension in extensions.into_iter().flat_map(Item::open).filter_map(ExtensionParts::read) {
        found.add(extension.oid, extension.value);
    }
    let CfsslExtensions { mut names, authority_key_identifier, subject_key_identifier } = found;
    Ok(CertInfo {
        subject: name(parts.subject, "subject")?,
        issuer: name(parts.issuer, "issuer")?,
        serial_number: signed_decimal(parts.serial_number.value).ok_or(Malformed("serial number"))?,
        email_addresses: std::mem::take(&mut names.email),
        uris: std::mem::take(&mut names.uri),
        sans: names.into_sans(),
        not_before: read_time(parts.not_before).ok_or(Malformed("validity"))?,
        not_after: read_time(parts.not_after).ok_or(Malformed("validity"))?,
        signature_algorithm: signature::algorithm(parts.signature_algorithm).words,
        authority_key_identifier: authority_key_identifier.to_vec(),
        subject_key_identifier: subject_key_identifier.to_vec(),
        pem: pem::encode("CERTIFICATE", der),
    })
}

/// What cfssl takes from the extensions. Of identifiers that stand there twice the last counts.
#[derive(Debug, Default)]
pub(super) struct CfsslExtensions<'a> {
    pub(super) names: AlternativeNames,
    pub(super) authority_key_identifier: &'a [u8],
    pub(super) subject_key_identifier: &'a [u8],
}

impl<'a> CfsslExtensions<'a> {
    /// Adds what an extension says, if it is one that cfssl shows.
    pub(super) fn add(&mut self, oid: &[u8], value: &'a [u8]) {
        if oid == SUBJECT_ALT_NAME.as_bytes() {
            self.names.add(value);
        } else if oid == SUBJECT_KEY_IDENTIFIER.as_bytes() {
            if let Some(identifier) = Reader::only(value, tag::OCTET_STRING) {
                self.subject_key_identifier = identifier.value;
            }
        } else if oid == AUTHORITY_KEY_IDENTIFIER.as_bytes() {
            let identifier = Reader::only(value, tag::SEQUENCE)
                .and_then(|sequence| sequence.open().take_if(tag::context(0)));
            if let Some(identifier) = identifier {
                self.authority_key_identifier = identifier.value;
            }
        }
    }
}

fn key_identifier(bytes: &[u8]) -> Value {
    Value::string(colon_hex(bytes))
}
