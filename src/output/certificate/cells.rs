//! The cells of tables.

use super::fields::Field;
use super::words;
use crate::inspect::details::{CertificateDetails, Oid, Origin};
use crate::inspect::text::{colon_hex, hex};
use crate::inspect::view::GeneralName;
use crate::json::format_rfc3339;
use time::OffsetDateTime;

type Details<'d> = CertificateDetails<'d>;

/// The cells of a certificate, as they are: letters that could mislead are still in them.
#[must_use]
pub fn row(details: &CertificateDetails<'_>, origin: &Origin<'_>, fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| (field.cell)(details, origin)).collect()
}

fn joined(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(item.as_ref());
    }
    text
}

fn time(moment: Option<OffsetDateTime>) -> String {
    moment.map(format_rfc3339).unwrap_or_default()
}

fn names(details: &Details<'_>, is_wanted: fn(&GeneralName<'_>) -> bool) -> String {
    joined(words::names(&details.alternative_names, is_wanted))
}

pub(super) fn authority_key_id(details: &Details<'_>, _: &Origin<'_>) -> String {
    colon_hex(details.authority_key_identifier)
}

pub(super) fn critical(details: &Details<'_>, _: &Origin<'_>) -> String {
    joined(details.extensions.iter().filter(|one| one.critical).map(|one| words::oid(one.oid)))
}

pub(super) fn days(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.validity.map(|validity| validity.days_left.to_string()).unwrap_or_default()
}

pub(super) fn defects(details: &Details<'_>, _: &Origin<'_>) -> String {
    let defects = details.defects.iter().map(|defect| format!("{}: {}", defect.part, defect.fault));
    defects.collect::<Vec<_>>().join("; ")
}

pub(super) fn dns(details: &Details<'_>, _: &Origin<'_>) -> String {
    names(details, |name| matches!(name, GeneralName::Dns(_)))
}

pub(super) fn emails(details: &Details<'_>, _: &Origin<'_>) -> String {
    names(details, |name| matches!(name, GeneralName::Email(_)))
}

pub(super) fn good_for(details: &Details<'_>, _: &Origin<'_>) -> String {
    words::uses(details).join(", ")
}

pub(super) fn ips(details: &Details<'_>, _: &Origin<'_>) -> String {
    names(details, |name| matches!(name, GeneralName::Ip(_)))
}

pub(super) fn issuer(details: &Details<'_>, origin: &Origin<'_>) -> String {
    match details.issuer.info.common_name.as_str() {
        "" => issuer_text(details, origin),
        name => name.to_owned(),
    }
}

pub(super) fn issuer_text(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.issuer.text()
}

pub(super) fn key(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.key.words.clone()
}

pub(super) fn key_sha256(details: &Details<'_>, _: &Origin<'_>) -> String {
    hex(&details.key.sha256)
}

pub(super) fn key_usage(details: &Details<'_>, _: &Origin<'_>) -> String {
    joined(details.key_usage.into_iter().flat_map(|usage| usage.names()))
}

pub(super) fn line(_: &Details<'_>, origin: &Origin<'_>) -> String {
    origin.line.map(|line| line.to_string()).unwrap_or_default()
}

pub(super) fn name(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.name.clone()
}

pub(super) fn not_after(details: &Details<'_>, _: &Origin<'_>) -> String {
    time(details.not_after)
}

pub(super) fn not_before(details: &Details<'_>, _: &Origin<'_>) -> String {
    time(details.not_before)
}

pub(super) fn path_len(details: &Details<'_>, _: &Origin<'_>) -> String {
    match details.basic_constraints.filter(|constraints| constraints.is_authority) {
        Some(constraints) => {
            constraints.path_len.map_or_else(|| "any".to_owned(), |length| length.to_string())
        }
        None => String::new(),
    }
}

pub(super) fn position(_: &Details<'_>, origin: &Origin<'_>) -> String {
    origin.position.map(|position| position.to_string()).unwrap_or_default()
}

pub(super) fn purposes(details: &Details<'_>, _: &Origin<'_>) -> String {
    joined(details.extended_key_usage.iter().flatten().map(|oid| words::oid(Oid(oid))))
}

pub(super) fn role(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.role.name().to_owned()
}

pub(super) fn sans(details: &Details<'_>, _: &Origin<'_>) -> String {
    joined(&details.sans)
}

pub(super) fn self_signed(details: &Details<'_>, _: &Origin<'_>) -> String {
    let word = match details.is_self_signed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    word.to_owned()
}

pub(super) fn serial_hex(details: &Details<'_>, _: &Origin<'_>) -> String {
    hex(details.serial_octets)
}

pub(super) fn serial_number(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.serial_number.clone()
}

pub(super) fn sha1(details: &Details<'_>, _: &Origin<'_>) -> String {
    hex(&details.sha1)
}

pub(super) fn sha256(details: &Details<'_>, _: &Origin<'_>) -> String {
    hex(&details.sha256)
}

pub(super) fn sigalg(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.signature_algorithm.to_owned()
}

pub(super) fn source(_: &Details<'_>, origin: &Origin<'_>) -> String {
    origin.name.to_owned()
}

pub(super) fn status(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.validity.map(|validity| validity.state.name().to_owned()).unwrap_or_default()
}

pub(super) fn subject(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.subject.text()
}

pub(super) fn subject_key_id(details: &Details<'_>, _: &Origin<'_>) -> String {
    colon_hex(details.subject_key_identifier)
}

pub(super) fn uris(details: &Details<'_>, _: &Origin<'_>) -> String {
    names(details, |name| matches!(name, GeneralName::Uri(_)))
}

pub(super) fn version(details: &Details<'_>, _: &Origin<'_>) -> String {
    details.version.to_string()
}
