//! Distinguished names as text for people.

use crate::inspect::name::{Attribute, attributes};
use crate::inspect::text;
use crate::x509::der_reader::{Reader, tag};

/// Attribute types by the contents of their object identifiers, with the names that openssl prints.
const TYPES: [(&[u8], &str); 18] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 4], "SN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "street"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 12], "title"),
    (&[0x55, 4, 15], "businessCategory"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 42], "GN"),
    (&[0x55, 4, 46], "dnQualifier"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress"),
];

/// The usual short name of an attribute type; `None` for what is not known here.
pub(crate) fn attribute_name(oid: &[u8]) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == oid).map(|(_, name)| *name)
}

/// One attribute of a name, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute {
    /// Such as `CN`, or dotted numbers.
    pub kind: String,
    /// Its value; what is no text is in hexadecimal behind `#`.
    pub value: String,
    /// True where it stands in one set with the attribute before it.
    pub joins_previous: bool,
}

/// The attributes of the DER of a `Name` in order, as far as they can be read.
#[must_use]
pub fn name_attributes(der: &[u8]) -> Vec<NameAttribute> {
    let mut found = Vec::new();
    for set in Reader::only(der, tag::SEQUENCE).into_iter().flat_map(|name| name.open()) {
        for (position, item) in set.open().enumerate() {
            let Some(Attribute { oid, value }) = Attribute::read(item) else { continue };
            let known = attribute_name(oid).map(str::to_owned);
            found.push(NameAttribute {
                kind: known.unwrap_or_else(|| super::extension::dotted(oid)),
                value: text::string(value).unwrap_or_else(|| format!("#{}", text::hex(value.whole))),
                joins_previous: position > 0,
            });
        }
    }
    found
}

/// A distinguished name on one line in the order it is written, `C=CN, O=etcd + OU=System, CN=etcd`.
/// What has a meaning in names stands behind a backslash; a blank at either end and every letter that shows as
/// something else than it is, control letters and those that turn the direction of writing among them, is
/// written `\XX`, its octets in hexadecimal.
#[must_use]
pub fn name_text(der: &[u8]) -> String {
    let mut line = String::new();
    for attribute in name_attributes(der) {
        if !line.is_empty() {
            line.push_str(if attribute.joins_previous { " + " } else { ", " });
        }
        line.push_str(&attribute.kind);
        line.push('=');
        push_escaped(&mut line, &attribute.value);
    }
    line
}

/// The last common name of a `Name`, as Go takes it.
#[must_use]
pub fn common_name(der: &[u8]) -> Option<String> {
    let name = Reader::only(der, tag::SEQUENCE)?;
    let found = attributes(name, "name").ok()?;
    let last = found.iter().rev().find(|attribute| attribute.oid == [0x55, 4, 3])?;
    text::string(last.value)
}

fn push_escaped(line: &mut String, value: &str) {
    let is_edge_blank = |at: usize, letter: char| letter == ' ' && (at == 0 || at + 1 == value.len());
    for (at, letter) in value.char_indices() {
        match letter {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => {
                line.push('\\');
                line.push(letter);
            }
            letter if crate::quote::misleads(letter) || is_edge_blank(at, letter) => {
                let mut octets = [0; 4];
                for octet in letter.encode_utf8(&mut octets).bytes() {
                    line.push_str(&format!("\\{octet:02X}"));
                }
            }
            letter => line.push(letter),
        }
    }
}
