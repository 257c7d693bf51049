//! The subject that a caller puts over a CSR's: the second argument of `cfssl sign`.

use super::request::NameEntry;
use crate::json::{Reading, Shape, parse};
use crate::{Result, Warning};

const SUBJECT: Shape = Shape { go_type: "signer.Subject", keys: &["CN", "names", "SerialNumber"] };

/// A subject laid over a CSR's. What is empty here is taken from the CSR; what cfssl's file cannot name
/// (street, postal code, mail address and everything else) is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectOverride {
    /// The common name.
    pub common_name: String,
    /// Country, province, locality, organization and organizational unit; `E` and `OID` have no effect.
    pub names: Vec<NameEntry>,
    /// The subject's serialNumber attribute.
    pub serial_number: String,
}

impl SubjectOverride {
    /// Reads cfssl's JSON, and says which of its keys have no effect.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) where it is malformed or holds a value of the wrong type.
    pub fn from_json_with_warnings(text: &[u8]) -> Result<(Self, Vec<Warning>)> {
        let document = parse(text)?;
        let mut reading = Reading::new(text);
        let object = reading.root(&document, SUBJECT)?;
        let subject = Self {
            common_name: object.text_or_default(&reading, "CN")?,
            names: NameEntry::read_all(&mut reading, &object)?,
            serial_number: object.text_or_default(&reading, "SerialNumber")?,
        };
        Ok((subject, reading.into_warnings()))
    }
}
