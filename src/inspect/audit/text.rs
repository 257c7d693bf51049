//! How things are called in findings.

use crate::inspect::view::{CertificateView, GeneralName, Purpose, dotted};
use crate::quote::{NAME_LETTERS, cut};
use time::OffsetDateTime;

pub(super) use crate::inspect::view::ANY_PURPOSE;

/// A text in quotes; what does not show or misleads the eye is escaped, and so are quotes. Of a long one the
/// beginning: a certificate's name gets into the messages about many others.
pub(super) fn quote(text: &str) -> String {
    let text = cut(text, NAME_LETTERS);
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        // Distinguished names have backslashes of their own.
        if matches!(letter, '\\' | '\'') {
            quoted.push(letter);
        } else {
            quoted.extend(letter.escape_debug());
        }
    }
    quoted.push('"');
    quoted
}

/// What people call a certificate, in quotes.
pub(super) fn called(view: &CertificateView<'_>) -> String {
    match view.display_name() {
        name if name.is_empty() => "a certificate without a name".to_owned(),
        name => quote(&name),
    }
}

/// A distinguished name in quotes, or words for the empty one.
pub(super) fn distinguished(name: &[u8]) -> String {
    match crate::inspect::view::name_text(name) {
        text if text.is_empty() => "without a name".to_owned(),
        text => quote(&text),
    }
}

/// An alternative name in quotes.
pub(super) fn name_text(name: &GeneralName<'_>) -> String {
    quote(&name.text().unwrap_or_else(|| "a name of another kind".to_owned()))
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
        None => cut(&dotted(oid), NAME_LETTERS).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_does_not_show_and_nothing_else() {
        assert_eq!(quote("CN=M\u{fc}ller\\, <a&b> 'x'"), "\"CN=M\u{fc}ller\\, <a&b> 'x'\"");
        assert_eq!(quote("a\"b\u{1b}[1m\u{202e}"), "\"a\\\"b\\u{1b}[1m\\u{202e}\"");
    }

    #[test]
    fn names_a_few() {
        assert_eq!(few(&["a", "b"]), "a, b");
        assert_eq!(few(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
        assert_eq!((count(1, "key", "keys"), count(2, "key", "keys")), ("1 key".into(), "2 keys".into()));
    }
}
