//! `cfssl certinfo -cert`.

use super::name::{self, NameInfo};
use super::names::AlternativeNames;
use super::number::signed_decimal;
use super::signature;
use super::text::colon_hex;
use super::{pem, time};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Value};
use crate::x509::der_reader::{Item, Malformed, Reader, tag};
use ::time::OffsetDateTime;

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
            always("not_before", Value::string(time::rfc3339(self.not_before))),
            always("not_after", Value::string(time::rfc3339(self.not_after))),
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
    let certificate = Certificate::read(der).map_err(malformed)?;
    certificate.describe(der).map_err(malformed)
}

/// A certificate cut into its fields.
pub(super) struct Certificate<'a> {
    serial_number: Item<'a>,
    signature_algorithm: Item<'a>,
    issuer: Item<'a>,
    not_before: Item<'a>,
    not_after: Item<'a>,
    subject: Item<'a>,
    extensions: Option<Item<'a>>,
}

impl<'a> Certificate<'a> {
    /// Cuts without looking into names and extensions.
    pub(super) fn read(der: &'a [u8]) -> std::result::Result<Self, Malformed> {
        let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
        let mut outer = outer.open();
        let mut body = outer.expect_tag(tag::SEQUENCE, "outer structure")?.open();
        let signature_algorithm = outer.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        outer.expect_tag(tag::BIT_STRING, "signature")?;

        body.take_if(tag::context_constructed(0));
        let serial_number = body.expect_tag(tag::INTEGER, "serial number")?;
        body.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        let issuer = body.expect_tag(tag::SEQUENCE, "issuer")?;
        let mut validity = body.expect_tag(tag::SEQUENCE, "validity")?.open();
        let not_before = validity.next().ok_or(Malformed("validity"))?;
        let not_after = validity.next().ok_or(Malformed("validity"))?;
        let subject = body.expect_tag(tag::SEQUENCE, "subject")?;
        body.expect_tag(tag::SEQUENCE, "public key")?;
        body.take_if(tag::context(1));
        body.take_if(tag::context(2));
        let extensions = body.take_if(tag::context_constructed(3));
        if !body.is_empty() || !outer.is_empty() {
            return Err(Malformed("outer structure"));
        }
        Ok(Self { serial_number, signature_algorithm, issuer, not_before, not_after, subject, extensions })
    }

    fn describe(&self, der: &[u8]) -> std::result::Result<CertInfo, Malformed> {
        let name = |item, part| Ok(NameInfo::gather(&name::attributes(item, part)?));
        let mut names = AlternativeNames::default();
        let mut authority_key_identifier = Vec::new();
        let mut subject_key_identifier = Vec::new();
        let extensions = self.extensions.and_then(|item| Reader::only(item.value, tag::SEQUENCE));
        for extension in extensions.into_iter().flat_map(Item::open) {
            match Extension::read(extension) {
                Some(Extension { oid: SUBJECT_ALTERNATIVE_NAME, value, .. }) => names.add(value),
                Some(Extension { oid: SUBJECT_KEY_IDENTIFIER, value, .. }) => {
                    if let Some(identifier) = Reader::only(value, tag::OCTET_STRING) {
                        subject_key_identifier = identifier.value.to_vec();
                    }
                }
                Some(Extension { oid: AUTHORITY_KEY_IDENTIFIER, value, .. }) => {
                    let identifier = Reader::only(value, tag::SEQUENCE)
                        .and_then(|sequence| sequence.open().take_if(tag::context(0)));
                    if let Some(identifier) = identifier {
                        authority_key_identifier = identifier.value.to_vec();
                    }
                }
                _ => {}
            }
        }
        let AlternativeNames { dns, email, ip, uri } = names;
        Ok(CertInfo {
            subject: name(self.subject, "subject")?,
            issuer: name(self.issuer, "issuer")?,
            serial_number: signed_decimal(self.serial_number.value).ok_or(Malformed("serial number"))?,
            sans: dns.into_iter().chain(ip).collect(),
            email_addresses: email,
            uris: uri,
            not_before: time::read(self.not_before).ok_or(Malformed("validity"))?,
            not_after: time::read(self.not_after).ok_or(Malformed("validity"))?,
            signature_algorithm: signature::algorithm(self.signature_algorithm).words,
            authority_key_identifier,
            subject_key_identifier,
            pem: pem::encode("CERTIFICATE", der),
        })
    }
}

/// 2.5.29.14, contents.
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
/// 2.5.29.17, contents.
pub(super) const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
/// 2.5.29.35, contents.
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];

/// An extension of a certificate or a CSR.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(super) fn read(item: Item<'a>) -> Option<Self> {
        if item.tag != tag::SEQUENCE {
            return None;
        }
        let mut parts = item.open();
        let oid = parts.take_if(tag::OID)?.value;
        let critical = parts.take_if(tag::BOOLEAN).is_some_and(|flag| flag.value != [0]);
        let value = parts.take_if(tag::OCTET_STRING)?.value;
        Some(Self { oid, critical, value })
    }
}

fn key_identifier(bytes: &[u8]) -> Value {
    Value::string(colon_hex(bytes))
}
