//! Subject and issuer.

use super::text;
use crate::json::Value;
use crate::x509::der_reader::{Item, Malformed, tag};
use crate::x509::oid_arcs;

/// A distinguished name as `cfssl certinfo` takes it apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameInfo {
    /// The last common name; empty if there is none.
    pub common_name: String,
    /// The last serialNumber attribute (not the certificate's serial number); empty if there is none.
    pub serial_number: String,
    /// Every `C`, in order.
    pub country: Vec<String>,
    /// Every `O`, in order.
    pub organization: Vec<String>,
    /// Every `OU`, in order.
    pub organizational_unit: Vec<String>,
    /// Every `L`, in order.
    pub locality: Vec<String>,
    /// Every `ST`, in order.
    pub province: Vec<String>,
    /// Every `street`, in order.
    pub street_address: Vec<String>,
    /// Every `postalCode`, in order.
    pub postal_code: Vec<String>,
    /// Every value that is text, of whatever attribute, in order.
    pub names: Vec<String>,
}

impl NameInfo {
    /// cfssl's object: values of one attribute joined by commas, empty members left out.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let texts = [
            ("common_name", self.common_name.clone()),
            ("serial_number", self.serial_number.clone()),
            ("country", self.country.join(",")),
            ("organization", self.organization.join(",")),
            ("organizational_unit", self.organizational_unit.join(",")),
            ("locality", self.locality.join(",")),
            ("province", self.province.join(",")),
            ("street_address", self.street_address.join(",")),
            ("postal_code", self.postal_code.join(",")),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let names =
            (!self.names.is_empty()).then(|| ("names", Value::array(self.names.iter().map(Value::string))));
        Value::object(texts.map(|(key, text)| (key, Value::string(text))).chain(names))
    }

    /// Sorts attributes into their places.
    pub(super) fn gather(attributes: &[Attribute<'_>]) -> Self {
        let mut name = Self::default();
        for attribute in attributes {
            let Some(value) = text::string(attribute.value) else {
                continue;
            };
            name.names.push(value.clone());
            // The arcs below 2.5.4, X.520's attribute types.
            let [0x55, 4, arc] = attribute.oid else {
                continue;
            };
            match arc {
                3 => name.common_name = value,
                5 => name.serial_number = value,
                6 => name.country.push(value),
                7 => name.locality.push(value),
                8 => name.province.push(value),
                9 => name.street_address.push(value),
                10 => name.organization.push(value),
                11 => name.organizational_unit.push(value),
                17 => name.postal_code.push(value),
                _ => {}
            }
        }
        name
    }
}

/// A type and a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) oid: &'a [u8],
    pub(super) value: Item<'a>,
}

impl<'a> Attribute<'a> {
    /// Reads `SEQUENCE { type, value, … }`; what follows the value is ignored, as Go does.
    pub(super) fn read(item: Item<'a>) -> Option<Self> {
        if item.tag != tag::SEQUENCE {
            return None;
        }
        let mut parts = item.open();
        let oid = parts.take_if(tag::OID)?.value;
        let value = parts.next()?;
        Some(Self { oid, value })
    }

    /// The type's arcs.
    pub(super) fn arcs(&self) -> Value {
        arcs(self.oid)
    }
}

/// An object identifier as Go writes one in JSON: an array of numbers.
pub(super) fn arcs(oid: &[u8]) -> Value {
    Value::array(oid_arcs(oid).unwrap_or_default().into_iter().map(Value::number))
}

/// The attributes of a `Name`, in order, across its relative names.
pub(super) fn attributes<'a>(name: Item<'a>, part: &'static str) -> Result<Vec<Attribute<'a>>, Malformed> {
    let mut found = Vec::new();
    let mut relative_names = name.open();
    while !relative_names.is_empty() {
        let mut set = relative_names.expect_tag(tag::SET, part)?.open();
        while !set.is_empty() {
            let attribute = set.next().and_then(Attribute::read);
            found.push(attribute.ok_or(Malformed(part))?);
        }
    }
    Ok(found)
}
