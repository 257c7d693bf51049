//! Distinguished names (RFC 5280 section 4.1.2.4), written in the order and the string types of cfssl.

use super::der_reader::{Item, Reader, tag};
use super::der_writer::{oid, sequence, set_of, tagged};
use super::text;
use crate::model::{CertificateRequest, SubjectOverride};
use crate::{Error, ErrorKind, Result};
use der::asn1::ObjectIdentifier;

/// A name: a sequence of attribute sets, each with at least one attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistinguishedName {
    relative: Vec<Vec<Attribute>>,
}

/// A type and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute type, such as 2.5.4.3 for the common name.
    pub kind: ObjectIdentifier,
    /// The value; it is written as a PrintableString where it fits one, else as a UTF8String.
    pub value: String,
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");
const LOCALITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const POSTAL_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.17");
const PROVINCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.8");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const STREET: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.9");

/// The order in which cfssl writes the attributes it knows; any others follow in their own order.
const ORDER: [ObjectIdentifier; 9] = [
    COUNTRY,
    PROVINCE,
    LOCALITY,
    STREET,
    POSTAL_CODE,
    ORGANIZATION,
    ORGANIZATIONAL_UNIT,
    COMMON_NAME,
    SERIAL_NUMBER,
];

/// What a caller's subject can name; all else of a CSR is dropped where there is one.
const OVERRIDABLE: [ObjectIdentifier; 7] =
    [COUNTRY, PROVINCE, LOCALITY, ORGANIZATION, ORGANIZATIONAL_UNIT, COMMON_NAME, SERIAL_NUMBER];

impl DistinguishedName {
    /// The subject that a request asks for. Values of one type, from all entries of `names`, stand in one
    /// set; an `OID` entry of a standard type takes the place of the standard values.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`] for an `OID` key that is no object identifier.
    pub fn from_request(request: &CertificateRequest) -> Result<Self> {
        let mut extra = Vec::new();
        for (position, name) in request.names.iter().enumerate() {
            for (id, value) in &name.oids {
                let kind = parse_attribute_type(id)
                    .map_err(|error| error.at_path(&format!("names[{position}].OID.{id}")))?;
                extra.push(Attribute { kind, value: value.clone() });
            }
            if !name.email.is_empty() {
                extra.push(Attribute { kind: EMAIL, value: name.email.clone() });
            }
        }
        let mut standard = standard_attributes(request);
        standard.retain(|attribute| extra.iter().all(|other| other.kind != attribute.kind));
        let mut name = Self::grouped(standard);
        name.relative.extend(extra.into_iter().map(|attribute| vec![attribute]));
        Ok(name)
    }

    /// Reads a name. String types are forgotten: a name that is written again has cfssl's.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CsrParse`] where it is no name, or a value is no string; [`ErrorKind::Certificate`] for a
    /// string whose letters are not known, as in many a T61String.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let malformed = || Error::of(ErrorKind::CsrParse).explain("the subject is malformed");
        let mut relative = Vec::new();
        let mut sets = Reader::only(der, tag::SEQUENCE).ok_or_else(malformed)?.open();
        for set in sets.by_ref() {
            if let Some(value) = set.open().find_map(not_text) {
                // cfssl notices when it writes the certificate, in these words.
                return Err(Error::new(ErrorKind::Certificate, "asn1: string not valid UTF-8")
                    .explain(format!(
                        "the subject holds {}, a string with letters of an unknown alphabet",
                        crate::json::quote(&text::lossy(value))
                    ))
                    .hint("make the request anew with UTF-8: `openssl req -new -utf8`"));
            }
            let mut attributes = set.open();
            let read = attributes.by_ref().map(Attribute::read).collect::<Option<Vec<_>>>();
            match read {
                Some(read) if set.tag == tag::SET && !read.is_empty() && attributes.is_empty() => {
                    relative.push(read);
                }
                _ => return Err(malformed()),
            }
        }
        if sets.is_empty() { Ok(Self { relative }) } else { Err(malformed()) }
    }

    /// The name as cfssl writes the subject of a CSR into the certificate: standard attributes first, in
    /// its order, those of one type in one set; of several common names or serial numbers the last; then
    /// all others, one set each.
    #[must_use]
    pub fn regrouped(&self) -> Self {
        let mut attributes: Vec<Attribute> = self.relative.iter().flatten().cloned().collect();
        for single in [COMMON_NAME, SERIAL_NUMBER] {
            if let Some(last) = attributes.iter().rposition(|attribute| attribute.kind == single) {
                let mut position = 0;
                attributes.retain(|attribute| {
                    position += 1;
                    attribute.kind != single || position - 1 == last
                });
            }
        }
        Self::grouped(attributes)
    }

    /// The name with a caller's subject laid over it: the seven attribute types that cfssl's file can name,
    /// each from the file where it has one, else from here; no others.
    #[must_use]
    pub fn overridden(&self, subject: &SubjectOverride) -> Self {
        let request = CertificateRequest {
            common_name: subject.common_name.clone(),
            names: subject.names.clone(),
            serial_number: subject.serial_number.clone(),
            ..CertificateRequest::default()
        };
        let over = standard_attributes(&request);
        let kept = self.regrouped();
        let kept = kept.relative.into_iter().flatten().filter(|attribute| {
            OVERRIDABLE.contains(&attribute.kind) && over.iter().all(|own| own.kind != attribute.kind)
        });
        Self::grouped(kept.chain(over.iter().cloned()).collect())
    }

    fn grouped(attributes: Vec<Attribute>) -> Self {
        let (standard, others): (Vec<_>, Vec<_>) =
            attributes.into_iter().partition(|attribute| ORDER.contains(&attribute.kind));
        let mut relative: Vec<Vec<Attribute>> = Vec::new();
        for kind in ORDER {
            let set: Vec<_> = standard.iter().filter(|attribute| attribute.kind == kind).cloned().collect();
            if !set.is_empty() {
                relative.push(set);
            }
        }
        relative.extend(others.into_iter().map(|attribute| vec![attribute]));
        Self { relative }
    }

    /// Adds an attribute in a set of its own at the end.
    pub fn push(&mut self, attribute: Attribute) {
        self.relative.push(vec![attribute]);
    }

    /// The mail addresses that stand in attributes of their own type.
    pub fn mail_addresses(&self) -> impl Iterator<Item = &str> {
        let attributes = self.relative.iter().flatten();
        attributes.filter(|attribute| attribute.kind == EMAIL).map(|attribute| attribute.value.as_str())
    }

    /// True for a name without attributes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.relative.is_empty()
    }

    /// The common name; of several the last, as Go reads it.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        let mut attributes = self.relative.iter().flatten().rev();
        attributes.find(|attribute| attribute.kind == COMMON_NAME).map(|attribute| attribute.value.as_str())
    }

    /// True where the name begins with all sets of `base`: where it is below it in the directory (RFC 5280
    /// section 7.1). Case and the number of blanks do not count.
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        self.relative.len() >= base.relative.len() && self.folded().starts_with(&base.folded())
    }

    /// What counts where names are compared (section 7.1): equal for names that differ only in case, in blanks,
    /// in string types or in the order within a set.
    pub(crate) fn folded(&self) -> Vec<Vec<(ObjectIdentifier, String)>> {
        let folded = |set: &Vec<Attribute>| {
            let mut set: Vec<_> = set.iter().map(Attribute::folded).collect();
            set.sort_unstable();
            set
        };
        self.relative.iter().map(folded).collect()
    }

    /// The DER of the name.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        sequence(self.relative.iter().map(|set| set_of(set.iter().map(Attribute::to_der).collect())))
    }
}

impl Attribute {
    fn read(item: Item<'_>) -> Option<Self> {
        let mut parts = item.open();
        let kind = ObjectIdentifier::from_bytes(parts.take_if(tag::OID)?.value).ok()?;
        let value = text::string(parts.next()?)?;
        (item.tag == tag::SEQUENCE && parts.is_empty()).then_some(Self { kind, value })
    }

    /// What counts where names are compared.
    fn folded(&self) -> (ObjectIdentifier, String) {
        (self.kind, self.value.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn to_der(&self) -> Vec<u8> {
        sequence([oid(&self.kind), string_der(&self.value)])
    }
}

/// The bytes of an attribute's value that are to be text of one byte or UTF-8 and are not: whatever was read
/// from them would be another name.
fn not_text(attribute: Item<'_>) -> Option<&[u8]> {
    let mut parts = attribute.open();
    let value = parts.by_ref().nth(1)?;
    let wide = matches!(value.tag, tag::BMP_STRING | tag::UNIVERSAL_STRING);
    (!wide && std::str::from_utf8(value.value).is_err()).then_some(value.value)
}

/// The attributes that a request has fields for, in the order of its entries.
fn standard_attributes(request: &CertificateRequest) -> Vec<Attribute> {
    let named = request.names.iter().flat_map(|name| {
        [
            (COUNTRY, &name.country),
            (PROVINCE, &name.province),
            (LOCALITY, &name.locality),
            (ORGANIZATION, &name.organization),
            (ORGANIZATIONAL_UNIT, &name.organizational_unit),
        ]
    });
    named
        .chain([(COMMON_NAME, &request.common_name), (SERIAL_NUMBER, &request.serial_number)])
        .filter(|(_, value)| !value.is_empty())
        .map(|(kind, value)| Attribute { kind, value: value.clone() })
        .collect()
}

/// A string as Go writes it: PrintableString where it fits, else UTF8String.
pub(crate) fn string_der(text: &str) -> Vec<u8> {
    let tag = if is_printable(text) { tag::PRINTABLE_STRING } else { tag::UTF8_STRING };
    tagged(tag, text.as_bytes())
}

/// The PrintableString alphabet as Go applies it when writing: without `*` and `&`.
fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte))
}

fn parse_attribute_type(text: &str) -> Result<ObjectIdentifier> {
    let fault = |message: String| {
        Error::new(ErrorKind::BadRequest, message)
            .explain(format!("{} is not an object identifier", crate::json::quote(text)))
            .hint("write dotted numbers such as `1.3.6.1.4.1`")
    };
    if let Some(part) = text.split('.').find(|part| part.parse::<u64>().is_err()) {
        return Err(fault(format!("invalid OID part {part}")));
    }
    ObjectIdentifier::new(text).map_err(|_| fault(format!("invalid OID {text}")))
}
