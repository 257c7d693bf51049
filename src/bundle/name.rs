//! Names as Go and cfssl print them.

use crate::x509::der_reader::{Item, tag};
use crate::x509::{oid_arcs, string_der, text};

/// A distinguished name: its bytes, and its attributes as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainName {
    /// The DER of the name, exactly as the certificate has it.
    pub der: Vec<u8>,
    /// The last common name; empty if there is none.
    pub common_name: String,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    arcs: Vec<u64>,
    value: String,
    der: Vec<u8>,
}

/// The arc below 2.5.4, the word in a bundle, the word in a log line.
const TYPES: [(u64, &str, &str); 9] = [
    (3, "CommonName", "CN"),
    (5, "SerialNumber", "SERIALNUMBER"),
    (6, "Country", "C"),
    (7, "Locality", "L"),
    (8, "Province", "ST"),
    (9, "StreetAddress", "STREET"),
    (10, "Organization", "O"),
    (11, "OrganizationalUnit", "OU"),
    (17, "PostalCode", "POSTALCODE"),
];

/// The order in which Go prints the types it knows.
const PRINTED: [u64; 9] = [5, 3, 11, 10, 17, 9, 7, 8, 6];

impl ChainName {
    pub(super) fn read(name: Item<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        let mut sets = name.open();
        for set in sets.by_ref() {
            let mut members = set.open();
            for member in members.by_ref() {
                let mut parts = member.open();
                let arcs = oid_arcs(parts.take_if(tag::OID)?.value)?;
                let value = parts.next()?;
                let text = text::string(value);
                // Go shows a string as it would write it itself.
                let der = text.as_deref().map_or_else(|| value.whole.to_vec(), string_der);
                attributes.push(Attribute { arcs, value: text.unwrap_or_default(), der });
            }
            if set.tag != tag::SET || !members.is_empty() {
                return None;
            }
        }
        let last = |arc| attributes.iter().rev().find(|attribute| attribute.arc() == Some(arc));
        let common_name = last(3).map(|attribute| attribute.value.clone()).unwrap_or_default();
        sets.is_empty().then(|| Self { der: name.whole.to_vec(), common_name, attributes })
    }

    /// cfssl's form in a bundle, such as `/Organization=Acme/CommonName=www`; types it does not know have
    /// no word before the `=`.
    #[must_use]
    pub fn to_bundle_text(&self) -> String {
        let mut text = String::new();
        for attribute in &self.attributes {
            // cfssl goes by the fourth arc alone, and so do those who compare.
            let word = attribute.arcs.get(3).and_then(|arc| TYPES.iter().find(|row| row.0 == *arc));
            text.extend(["/", word.map_or("", |row| row.1), "=", &attribute.value]);
        }
        text
    }

    /// What names it in a complaint: the common name, else the first organization.
    pub(super) fn short(&self) -> Option<&str> {
        if !self.common_name.is_empty() {
            return Some(&self.common_name);
        }
        let mut organizations = self.attributes.iter().filter(|attribute| attribute.arc() == Some(10));
        organizations.next().map(|attribute| attribute.value.as_str())
    }
}

/// Go's form in a log line, such as `CN=Root CA,O=Org,C=US` (RFC 2253).
impl std::fmt::Display for ChainName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sets: Vec<String> = Vec::new();
        for arc in PRINTED {
            let Some(row) = TYPES.iter().find(|row| row.0 == arc) else { continue };
            let mut values: Vec<&Attribute> =
                self.attributes.iter().filter(|attribute| attribute.arc() == Some(arc)).collect();
            if arc == 3 || arc == 5 {
                // Of several, Go keeps the last.
                values.drain(..values.len().saturating_sub(1));
            }
            values.retain(|attribute| !(attribute.value.is_empty() && (arc == 3 || arc == 5)));
            let values: Vec<String> =
                values.iter().map(|attribute| format!("{}={}", row.2, escaped(&attribute.value))).collect();
            if !values.is_empty() {
                sets.push(values.join("+"));
            }
        }
        for other in self.attributes.iter().rev().filter(|attribute| attribute.arc().is_none()) {
            let arcs: Vec<String> = other.arcs.iter().map(u64::to_string).collect();
            let hex: String = other.der.iter().map(|byte| format!("{byte:02x}")).collect();
            sets.push(format!("{}=#{hex}", arcs.join(".")));
        }
        f.write_str(&sets.join(","))
    }
}

impl Attribute {
    /// The arc below 2.5.4, if it is of a type that Go knows.
    fn arc(&self) -> Option<u64> {
        match self.arcs.as_slice() {
            [2, 5, 4, arc] if TYPES.iter().any(|row| row.0 == *arc) => Some(*arc),
            _ => None,
        }
    }
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, letter) in value.chars().enumerate() {
        let special = matches!(letter, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
            || (at == 0 && matches!(letter, '#' | ' '))
            || (at == last && letter == ' ');
        if special {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
