//! Certificate policies of a profile (RFC 5280 section 4.2.1.4), and object identifiers as cfssl reads them.

use crate::json::{Node, Object, Reading, Shape, Value, compact};
use crate::{Error, ErrorKind, Result};
use der::asn1::ObjectIdentifier;

const POLICY: Shape = Shape { go_type: "config.CertificatePolicy", keys: &["id", "qualifiers"] };
const QUALIFIER: Shape = Shape { go_type: "config.CertificatePolicyQualifier", keys: &["type", "value"] };

/// A policy that the issued certificate claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePolicy {
    /// The policy's identifier.
    pub id: ObjectIdentifier,
    /// What is said about it, in order.
    pub qualifiers: Vec<PolicyQualifier>,
}

/// What a certificate says about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyQualifier {
    /// `id-qt-cps`: where the certification practice statement is.
    CpsUri(String),
    /// `id-qt-unotice`: a text for the user.
    UserNotice(String),
    /// An empty type: cfssl loads it and fails when signing.
    Untyped(String),
}

impl CertificatePolicy {
    /// True where a qualifier has no type, which no certificate can hold.
    #[must_use]
    pub fn has_untyped_qualifier(&self) -> bool {
        self.qualifiers.iter().any(|qualifier| matches!(qualifier, PolicyQualifier::Untyped(_)))
    }

    /// A qualifier's address that has letters outside ASCII, which no certificate can hold.
    #[must_use]
    pub fn foreign_address(&self) -> Option<&str> {
        self.qualifiers.iter().find_map(|qualifier| match qualifier {
            PolicyQualifier::CpsUri(uri) if !uri.is_ascii() => Some(uri.as_str()),
            _ => None,
        })
    }

    pub(super) fn read_all(reading: &mut Reading<'_>, profile: &Object<'_>) -> Result<Vec<Self>> {
        let Some(objects) = profile.objects(reading, "policies", POLICY)? else {
            return Ok(Vec::new());
        };
        objects.iter().map(|object| Self::read(reading, object)).collect()
    }

    fn read(reading: &mut Reading<'_>, object: &Object<'_>) -> Result<Self> {
        let parsed = match object.value("id") {
            Some(value) => read_oid(reading, value),
            None => parse_oid(""),
        };
        let id = parsed.map_err(|error| {
            error
                .with_kind(ErrorKind::InvalidPolicy)
                .prefixed("failed to unmarshal configuration: ")
                .at_path(&object.child_path("id"))
        })?;
        let mut qualifiers = Vec::new();
        for qualifier in object.objects(reading, "qualifiers", QUALIFIER)?.unwrap_or_default() {
            let value = qualifier.text_or_default(reading, "value")?;
            let kind = qualifier.text_or_default(reading, "type")?;
            qualifiers.push(match kind.as_str() {
                "id-qt-cps" => PolicyQualifier::CpsUri(value),
                "id-qt-unotice" => PolicyQualifier::UserNotice(value),
                "" => PolicyQualifier::Untyped(value),
                _ => {
                    return Err(Error::new(ErrorKind::InvalidPolicy, "invalid policy qualifier type")
                        .explain(format!("the qualifier type {} is not known", crate::json::quote(&kind)))
                        .hint("write `id-qt-cps` or `id-qt-unotice`")
                        .at_path(&qualifier.child_path("type")));
                }
            });
        }
        Ok(Self { id, qualifiers })
    }

    pub(super) fn to_value(&self) -> Value {
        let qualifier = |qualifier: &PolicyQualifier| {
            let (kind, value) = match qualifier {
                PolicyQualifier::CpsUri(value) => ("id-qt-cps", value),
                PolicyQualifier::UserNotice(value) => ("id-qt-unotice", value),
                PolicyQualifier::Untyped(value) => ("", value),
            };
            Value::object([("type", Value::string(kind)), ("value", Value::string(value))])
        };
        let mut members = vec![("id", Value::string(self.id.to_string()))];
        if !self.qualifiers.is_empty() {
            members.push(("qualifiers", Value::array(self.qualifiers.iter().map(qualifier))));
        }
        Value::object(members)
    }
}

/// An identifier in a configuration. cfssl reads it by itself: what is no text gets a message of its own.
pub(super) fn read_oid(reading: &Reading<'_>, value: &Value) -> Result<ObjectIdentifier> {
    match &value.node {
        Node::String(text) => parse_oid(text),
        _ => Err(Error::new(
            ErrorKind::Json,
            format!("OID JSON string not wrapped in quotes.{}", compact(value)),
        )
        .explain("an object identifier is written as a text")
        .hint("write it in quotes, such as \"1.3.6.1.4.1\"")
        .at_position(reading.position(value))),
    }
}

/// A dotted identifier as cfssl's configuration reads it; the error has Go's words.
fn parse_oid(text: &str) -> Result<ObjectIdentifier> {
    let fault = |message: String| {
        Error::new(ErrorKind::Json, message)
            .explain(format!("{} is not an object identifier", crate::json::quote(text)))
            .hint("write dotted numbers such as `1.3.6.1.4.1`")
    };
    if !text.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(fault("Invalid OID".to_owned()));
    }
    let mut arcs = Vec::new();
    for part in text.split('.') {
        let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
        let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match part.parse::<i64>() {
            Ok(arc) => arcs.push(arc.to_string()),
            Err(_) => {
                let why = if numeric { "value out of range" } else { "invalid syntax" };
                return Err(fault(format!("strconv.Atoi: parsing {}: {why}", crate::json::quote(part))));
            }
        }
    }
    // cfssl finds out when it signs, or writes what nobody can read.
    ObjectIdentifier::new(&arcs.join("."))
        .map_err(|_| fault("asn1: structure error: invalid object identifier".to_owned()))
}
