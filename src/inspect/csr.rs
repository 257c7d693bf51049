//! `cfssl certinfo -csr`: Go's `x509.CertificateRequest` as its JSON writer prints it, byte for byte.
//!
//! The keys, their order and what a value looks like are those of Go 1.24, which Debian builds cfssl 1.6.5 with.

use super::name::{self, Attribute, NameInfo, arcs};
use super::names::AlternativeNames;
use super::text;
use super::{public_key, signature, url};
use crate::base64;
use crate::csr::EXTENSION_REQUEST;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Value, format_rfc3339};
use crate::x509::der_reader::{Item, Malformed, tag};
use crate::x509::extension::SUBJECT_ALT_NAME;
use crate::x509::{ExtensionParts, RequestParts, read_time, signed_decimal};

/// Describes a CSR. Neither its signature nor its names are checked.
///
/// # Errors
/// [`ErrorKind::CsrParse`] if it is no PKCS #10 certification request.
pub fn describe_csr(der: &[u8]) -> Result<Value> {
    let request = RequestParts::read(der).map_err(|part| {
        Error::of(ErrorKind::CsrParse)
            .explain(format!("not a CSR that can be read: its {} is malformed", part.0))
    })?;
    gather(&request)
        .map_err(|part| Error::of(ErrorKind::CsrParse).explain(format!("the CSR's {} is malformed", part.0)))
}

fn gather(parts: &RequestParts<'_>) -> std::result::Result<Value, Malformed> {
    let raw = |item: Item<'_>| Value::string(base64::encode(item.whole));
    let version = signed_decimal(parts.version.value).ok_or(Malformed("version"))?;
    let (key_algorithm, key) = public_key::describe(parts.public_key);
    let attributes: Vec<Item<'_>> = parts.attributes.into_iter().flat_map(Item::open).collect();
    let extensions = requested_extensions(&attributes);
    let mut names = AlternativeNames::default();
    for extension in &extensions {
        if extension.id() == Some(SUBJECT_ALT_NAME) {
            names.add(extension.value);
        }
    }
    let signature_algorithm = signature::algorithm(parts.signature_algorithm).number;
    Ok(Value::object([
        ("Raw", raw(parts.outer)),
        ("RawTBSCertificateRequest", raw(parts.body)),
        ("RawSubjectPublicKeyInfo", raw(parts.public_key)),
        ("RawSubject", raw(parts.subject)),
        ("Version", Value::number(version)),
        ("Signature", Value::string(base64::encode(&public_key::bytes(parts.signature)))),
        ("SignatureAlgorithm", Value::number(signature_algorithm)),
        ("PublicKeyAlgorithm", Value::number(key_algorithm)),
        ("PublicKey", key),
        ("Subject", subject(parts.subject)?),
        ("Attributes", array_or_null(attributes.iter().copied().filter_map(attribute))),
        ("Extensions", array_or_null(extensions.iter().map(extension))),
        ("ExtraExtensions", Value::null()),
        ("DNSNames", strings(&names.dns)),
        ("EmailAddresses", strings(&names.email)),
        ("IPAddresses", strings(&names.ip)),
        ("URIs", array_or_null(names.uri.iter().map(|uri| url::describe(uri)))),
    ]))
}

fn subject(item: Item<'_>) -> std::result::Result<Value, Malformed> {
    let attributes = name::attributes(item, "subject")?;
    // Go reads a CSR's names with an older parser than a certificate's; it knows fewer string types.
    let known: Vec<Attribute<'_>> = attributes
        .iter()
        .copied()
        .filter(|attribute| matches!(any(attribute.value), Some(Any::Text(_))))
        .collect();
    let name = NameInfo::gather(&known);
    let names = attributes
        .iter()
        .map(|attribute| Value::object([("Type", attribute.arcs()), ("Value", any_json(attribute.value))]));
    Ok(Value::object([
        ("Country", strings(&name.country)),
        ("Organization", strings(&name.organization)),
        ("OrganizationalUnit", strings(&name.organizational_unit)),
        ("Locality", strings(&name.locality)),
        ("Province", strings(&name.province)),
        ("StreetAddress", strings(&name.street_address)),
        ("PostalCode", strings(&name.postal_code)),
        ("SerialNumber", Value::string(name.serial_number)),
        ("CommonName", Value::string(name.common_name)),
        ("Names", array_or_null(names)),
        ("ExtraNames", Value::null()),
    ]))
}

/// An attribute, if its values are lists of types and values; Go drops others, such as a challenge password.
fn attribute(item: Item<'_>) -> Option<Value> {
    let Attribute { oid, value } = Attribute::read(item)?;
    if value.tag != tag::SET {
        return None;
    }
    let mut lists = Vec::new();
    let mut set = value.open();
    while !set.is_empty() {
        let mut list = set.take_if(tag::SEQUENCE)?.open();
        let mut pairs = Vec::new();
        while !list.is_empty() {
            let pair = Attribute::read(list.next()?)?;
            pairs.push(Value::object([("Type", pair.arcs()), ("Value", any_json(pair.value))]));
        }
        lists.push(Value::array(pairs));
    }
    Some(Value::object([("Type", arcs(oid)), ("Value", Value::array(lists))]))
}

/// The extensions of every extension request, of its first value.
fn requested_extensions<'a>(attributes: &[Item<'a>]) -> Vec<ExtensionParts<'a>> {
    let requests = attributes
        .iter()
        .filter_map(|&item| Attribute::read(item))
        .filter(|attribute| attribute.oid == EXTENSION_REQUEST.as_bytes() && attribute.value.tag == tag::SET);
    requests
        .filter_map(|attribute| attribute.value.open().next())
        .flat_map(Item::open)
        .filter_map(ExtensionParts::read)
        .collect()
}

fn extension(extension: &ExtensionParts<'_>) -> Value {
    Value::object([
        ("Id", arcs(extension.oid)),
        ("Critical", Value::boolean(extension.critical)),
        ("Value", Value::string(base64::encode(extension.value))),
    ])
}

/// What Go reads into an `any`.
enum Any {
    Text(String),
    Other(Value),
}

/// `None` for the types that Go leaves alone, BOOLEAN among them.
fn any(item: Item<'_>) -> Option<Any> {
    Some(match item.tag {
        tag::PRINTABLE_STRING
        | tag::NUMERIC_STRING
        | tag::IA5_STRING
        | tag::T61_STRING
        | tag::UTF8_STRING
        | tag::BMP_STRING => Any::Text(text::string(item)?),
        tag::BOOLEAN => Any::Other(Value::boolean(boolean(item.value)?)),
        tag::INTEGER => Any::Other(Value::number(signed_decimal(item.value)?)),
        tag::OID => Any::Other(arcs(item.value)),
        tag::OCTET_STRING => Any::Other(Value::string(base64::encode(item.value))),
        tag::BIT_STRING => Any::Other(bit_string(item)?),
        tag::UTC_TIME | tag::GENERALIZED_TIME => Any::Other(Value::string(format_rfc3339(read_time(item)?))),
        _ => return None,
    })
}

fn boolean(value: &[u8]) -> Option<bool> {
    match value {
        [0] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

fn any_json(item: Item<'_>) -> Value {
    match any(item) {
        Some(Any::Text(text)) => Value::string(text),
        Some(Any::Other(value)) => value,
        None => Value::null(),
    }
}

fn bit_string(item: Item<'_>) -> Option<Value> {
    let (&unused @ 0..=7, bytes) = item.value.split_first()? else {
        return None;
    };
    let bits = (bytes.len() * 8).checked_sub(usize::from(unused))?;
    Some(Value::object([("Bytes", Value::string(base64::encode(bytes))), ("BitLength", Value::number(bits))]))
}

fn strings(texts: &[String]) -> Value {
    array_or_null(texts.iter().map(Value::string))
}

/// Go prints a list that nothing was added to as `null`.
fn array_or_null(items: impl Iterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.collect();
    if items.is_empty() { Value::null() } else { Value::array(items) }
}
