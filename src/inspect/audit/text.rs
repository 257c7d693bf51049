//! How things are called in findings.

use crate::inspect::view::{CertificateView, Purpose, dotted};
use crate::json::quote;
use time::OffsetDateTime;

/// What people call a certificate, in quotes.
pub(super) fn called(view: &CertificateView<'_>) -> String {
    quote(&view.display_name())
}

/// A distinguished name in quotes, or words for the empty one.
pub(super) fn distinguished(name: &[u8]) -> String {
    match crate::inspect::view::name_text(name) {
        text if text.is_empty() => "without a name".to_owned(),
        text => quote(&text),
    }
}

/// A moment, such as `2026-11-22T13:57:00Z`.
pub(super) fn moment(moment: OffsetDateTime) -> String {
    crate::json::format_rfc3339(moment)
}

/// The first few of a list, joined by commas, and how many more there are.
pub(super) fn few<T: AsRef<str>>(items: &[T]) -> String {
    const MOST: usize = 5;
    let shown = items.iter().take(MOST).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// The name of a purpose, or its dotted numbers.
pub(super) fn purpose(oid: &[u8]) -> String {
    match Purpose::from_oid(oid) {
        Some(purpose) => purpose.name().to_owned(),
        None if oid == ANY_PURPOSE => "anyExtendedKeyUsage".to_owned(),
        None => dotted(oid),
    }
}

/// anyExtendedKeyUsage, 2.5.29.37.0, contents.
pub(super) const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 0x25, 0];
