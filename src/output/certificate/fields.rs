//! The columns of tables.

use crate::error::{Error, ErrorKind, Result};
use crate::inspect::details::{CertificateDetails, Origin};
use std::fmt;

/// A column.
#[derive(Clone, Copy)]
pub struct Field {
    /// What is typed.
    pub name: &'static str,
    /// What it holds, in a few words.
    pub description: &'static str,
    pub(super) cell: fn(&CertificateDetails<'_>, &Origin<'_>) -> String,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Field {}

/// The columns where none are named.
const USUAL: &str = "name,role,not_after,days,issuer,sans";

const fn field(
    name: &'static str,
    description: &'static str,
    cell: fn(&CertificateDetails<'_>, &Origin<'_>) -> String,
) -> Field {
    Field { name, description, cell }
}

use super::cells as c;

/// All columns, by name.
pub const FIELDS: &[Field] = &[
    field("authority_key_id", "key identifier of the issuer", c::authority_key_id),
    field("critical", "the critical extensions", c::critical),
    field("days", "whole days until it ends, below zero after that", c::days),
    field("defects", "what does not follow the standard", c::defects),
    field("dns", "DNS names", c::dns),
    field("emails", "mailboxes", c::emails),
    field("good_for", "what it is good for", c::good_for),
    field("ips", "addresses", c::ips),
    field("issuer", "the issuer's common name, or its whole name", c::issuer),
    field("issuer_text", "the issuer's whole name", c::issuer_text),
    field("key", "kind and size of the key", c::key),
    field("key_sha256", "SHA-256 of the public key", c::key_sha256),
    field("key_usage", "the key usages", c::key_usage),
    field("line", "the line it begins in", c::line),
    field("name", "what people call it", c::name),
    field("not_after", "the last moment of validity", c::not_after),
    field("not_before", "the first moment of validity", c::not_before),
    field("path_len", "how many authorities may follow: a number, any, or - for what is none", c::path_len),
    field("position", "which section or certificate of its source", c::position),
    field("purposes", "the extended key usages", c::purposes),
    field("role", "what it is for: root, intermediate, peer, server, client, ocsp, other or any", c::role),
    field("sans", "DNS names, then addresses", c::sans),
    field("self_signed", "whether it is signed with its own key: yes, no or unknown", c::self_signed),
    field("serial_hex", "the serial number in hexadecimal", c::serial_hex),
    field("serial_number", "the serial number in decimal", c::serial_number),
    field("sha1", "SHA-1 of the certificate", c::sha1),
    field("sha256", "SHA-256 of the certificate", c::sha256),
    field("sigalg", "the algorithm of the signature", c::sigalg),
    field("source", "the file or server", c::source),
    field("status", "valid, expired or not-yet-valid", c::status),
    field("subject", "the whole subject", c::subject),
    field("subject_key_id", "key identifier of its own key", c::subject_key_id),
    field("uris", "URIs", c::uris),
    field("version", "1, 2 or 3", c::version),
];

/// The columns that a list such as `name,days` names; the usual ones where it is empty.
///
/// # Errors
/// [`ErrorKind::Usage`] for a name that is none.
pub fn fields(list: &str) -> Result<Vec<Field>> {
    let list = if list.trim().is_empty() { USUAL } else { list };
    list.split(',').map(|name| field_of(name.trim())).collect()
}

fn field_of(name: &str) -> Result<Field> {
    FIELDS.iter().find(|field| field.name == name).copied().ok_or_else(|| {
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        let near = crate::json::did_you_mean(name, names.iter().copied());
        let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
        Error::new(ErrorKind::Usage, format!("there is no field {}", crate::json::quote(name)))
            .hint(format!("{near}The fields are {}", names.join(", ")))
    })
}
