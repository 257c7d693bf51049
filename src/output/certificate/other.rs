//! Requests, revocation lists and keys, for people.

use super::fields::Field;
use super::look::{Ink, Look};
use super::paragraph::Paragraph;
use super::words;
use crate::inspect::details::{Match, ObjectDetails, Origin};
use crate::inspect::text::hex;
use crate::json::format_rfc3339;

/// Adds what an object says that is no certificate: a line for each thing that is there, and a blank line at the end.
pub fn write_object_text(
    out: &mut String,
    details: &ObjectDetails,
    origin: &Origin<'_>,
    matches: &[Match],
    look: &Look,
) {
    let mut paragraph = Paragraph { out, look };
    paragraph.title(details.title());
    paragraph.line("Found in", &words::place(origin), None);
    let kind = match details.is_encrypted {
        Some(true) => format!("{}, encrypted", details.kind.words()),
        _ => details.kind.words().to_owned(),
    };
    paragraph.line("Kind", &kind, None);
    if let Some(form) = details.form {
        paragraph.line("Form", form, None);
    }
    if let Some(list) = &details.list {
        paragraph.line("Made", &words::moment(list.this_update), None);
        let next = list.next_update.map_or_else(|| "not said".to_owned(), words::moment);
        paragraph.line("Next", &next, None);
        if let Some(number) = &list.number {
            paragraph.line("Number", number, None);
        }
        let revoked = match list.revoked {
            1 => "1 certificate".to_owned(),
            number => format!("{number} certificates"),
        };
        paragraph.line("Revokes", &revoked, None);
    }
    if let Some(key) = &details.key {
        paragraph.line("Key", &key.words, None);
        paragraph.line("Key SHA-256", &hex(&key.sha256), None);
    }
    for found in matches {
        let what = match found.kind {
            "private-key" | "public-key" => found.name.clone(),
            "csr" => format!("request of {}", found.name),
            kind => format!("{kind} {}", found.name),
        };
        paragraph.line("Belongs to", &format!("{what} in {}", found.source), None);
    }
    if !details.fault.is_empty() {
        paragraph.line("Not known", &details.fault, Some(Ink::Near));
    }
    out.push('\n');
}

/// The cells of an object that is no certificate, in the columns of certificates; most are empty.
#[must_use]
pub fn object_row(details: &ObjectDetails, origin: &Origin<'_>, fields: &[Field]) -> Vec<String> {
    let cell = |field: &Field| {
        let key = details.key.as_ref();
        let list = details.list.as_ref();
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        Some(match field.name {
            "role" => details.kind.name().to_owned(),
            "name" if details.list.is_none() => details.name.clone()?,
            "subject" if details.list.is_none() => details.name.clone()?,
            "issuer" | "issuer_text" if details.list.is_some() => details.name.clone()?,
            "key" => key?.words.clone(),
            "key_sha256" => hex(&key?.sha256),
            "not_before" => format_rfc3339(list?.this_update),
            "not_after" => format_rfc3339(list?.next_update?),
            "defects" => details.fault.clone(),
            "source" => origin.name.to_owned(),
            "position" => number(origin.position)?,
            "line" => number(origin.line)?,
            _ => return None,
        })
    };
    fields.iter().map(|field| cell(field).unwrap_or_default()).collect()
}
