//! Parts of a certificate in words.

use super::look::Ink;
use crate::inspect::details::{
    AlternativeName, CertificateDetails, Oid, Origin, Use, Validity, ValidityState,
};
use crate::inspect::view::GeneralName;
use time::{OffsetDateTime, UtcOffset};

/// Certificates that end within so many days are in colour.
const NEAR: i64 = 30;

/// `2026-11-22 13:57:00 UTC`.
pub(super) fn moment(moment: OffsetDateTime) -> String {
    let utc = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment);
    let text = crate::json::format_rfc3339(utc);
    text.replace('T', " ").replace('Z', " UTC")
}

/// How long a certificate has, and how that looks.
pub(super) fn days(validity: Validity) -> (String, Ink) {
    let days = |number: u64| match number {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        number => format!("{number} days"),
    };
    let left = validity.days_left.unsigned_abs();
    match validity.state {
        // The day that began with its end is the first.
        ValidityState::Expired => (format!("expired {} ago", days(left.saturating_sub(1))), Ink::Bad),
        ValidityState::NotYetValid => (format!("not yet valid, {} left", days(left)), Ink::Near),
        ValidityState::Valid => {
            let ink = if validity.days_left < NEAR { Ink::Near } else { Ink::Good };
            (format!("{} left", days(left)), ink)
        }
    }
}

/// A name of an object identifier, or its numbers.
pub(super) fn oid(oid: Oid<'_>) -> String {
    oid.name().map_or_else(|| oid.to_string(), str::to_owned)
}

/// `CA of depth 0`.
pub(super) fn uses(details: &CertificateDetails<'_>) -> Vec<String> {
    let depth = details.basic_constraints.and_then(|constraints| constraints.path_len);
    let words = |one: &Use| match (one, depth) {
        (Use::Authority, Some(depth)) => format!("CA of depth {depth}"),
        (Use::Authority, None) => "CA of any depth".to_owned(),
        (one, _) => one.words().to_owned(),
    };
    details.uses.iter().map(words).collect()
}

/// The names of one kind.
pub(super) fn names(names: &[GeneralName<'_>], is_wanted: impl Fn(&GeneralName<'_>) -> bool) -> Vec<String> {
    names
        .iter()
        .filter(|name| is_wanted(name))
        .map(|name| AlternativeName::new(*name).value.into_owned())
        .collect()
}

/// `dns a.example`.
pub(super) fn with_kind(name: &GeneralName<'_>) -> String {
    let words = AlternativeName::new(*name);
    format!("{} {}", words.kind_words(), words.value)
}

/// A place to fetch something from; all but a few are URIs.
pub(super) fn fetched_from(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::Uri(_) => AlternativeName::new(*name).value.into_owned(),
        _ => with_kind(name),
    }
}

/// `bundle.pem, certificate 3, line 41`.
pub(super) fn place(origin: &Origin<'_>) -> String {
    let mut text = if origin.name == "-" { "standard input".to_owned() } else { origin.name.to_owned() };
    if let Some(member) = origin.member {
        text.push_str(&format!(", {member}"));
    }
    match (origin.position, origin.line) {
        (Some(position), Some(line)) => text.push_str(&format!(", section {position}, line {line}")),
        (Some(position), None) => text.push_str(&format!(", certificate {position}")),
        (None, Some(line)) => text.push_str(&format!(", line {line}")),
        (None, None) => {}
    }
    text
}
