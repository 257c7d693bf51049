//! A JSON string as Go writes it, and text made safe to show. Errors are written as JSON too, so this lies below
//! both.

use std::borrow::Cow;
use std::fmt::Write;

/// A JSON string with its quotes and escapes.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_quoted(&mut out, text);
    out
}

/// Adds a JSON string with its quotes and escapes.
pub(crate) fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// A string as Go's `%q` writes it: nothing is escaped for HTML's sake.
pub(crate) fn go_quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\x{:02x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Adds a JSON string with its quotes and escapes for lines that people may look at: what [`misleads`] is escaped
/// too, and nothing for HTML's sake.
pub(crate) fn write_shown_json(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|octet| matches!(octet, b' '..=b'~') && octet != b'"' && octet != b'\\') {
        out.push_str(text);
    } else {
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                letter if misleads(letter) => {
                    let mut units = [0; 2];
                    for unit in letter.encode_utf16(&mut units) {
                        let _ = write!(out, "\\u{unit:04x}");
                    }
                }
                letter => out.push(letter),
            }
        }
    }
    out.push('"');
}

/// The text with every letter that [`misleads`] written as `\u{202e}`: safe for a terminal, a log or a table. A
/// backslash is left alone, for Windows paths and names have them; what is shown is for people.
#[must_use]
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(misleads) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if misleads(letter) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// As [`shown`], but line breaks and tabs stay: for texts of several lines.
#[cfg(feature = "cli")]
#[must_use]
pub(crate) fn shown_lines(text: &str) -> String {
    text.split_inclusive(['\n', '\t'])
        .flat_map(|piece| {
            let end = piece.len() - usize::from(piece.ends_with(['\n', '\t']));
            let (words, end) = piece.split_at(end);
            [shown(words), Cow::Borrowed(end)]
        })
        .collect()
}

/// Letters of a name that stand where a name is mentioned; the place that is about it has it whole.
pub(crate) const NAME_LETTERS: usize = 200;

/// The text, or its first letters with an ellipsis behind them.
#[must_use]
pub(crate) fn cut(text: &str, letters: usize) -> Cow<'_, str> {
    let beginning = text.char_indices().nth(letters).and_then(|(at, _)| text.get(..at));
    beginning.map_or(Cow::Borrowed(text), |beginning| Cow::Owned(format!("{beginning}…")))
}

/// True for letters that show as something else than they are: control letters, with which a terminal is driven;
/// line breaks of all kinds; those that turn the direction of writing; and those that cannot be seen. The joiners
/// U+200C and U+200D belong to the writing of several languages and are not among them; two that XML does not have are.
#[must_use]
pub(crate) fn misleads(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_go_does() {
        assert_eq!(
            quote("a<b>&\"\\\n\t\u{7f}\u{1}\u{2028}é"),
            "\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\t\u{7f}\\u0001\\u2028é\""
        );
    }

    #[test]
    fn cuts_what_is_longer() {
        assert!(matches!(cut("äöü", 3), Cow::Borrowed("äöü")));
        assert_eq!(cut("äöüß", 3), "äöü…");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn shows_no_letter_that_misleads() {
        let hostile = "a\u{1b}[2J\u{202e}\u{9b}\u{200b}\u{e0041}\u{7f}b\\\"\n";
        assert_eq!(shown(hostile), "a\\u{1b}[2J\\u{202e}\\u{9b}\\u{200b}\\u{e0041}\\u{7f}b\\\"\\u{a}");
        #[cfg(feature = "cli")]
        assert_eq!(shown_lines("a\u{1b}\n\t\u{202e}b\n\n\u{7}"), "a\\u{1b}\n\t\\u{202e}b\n\n\\u{7}");
        let mut json = String::new();
        write_shown_json(&mut json, hostile);
        assert_eq!(json, r#""a\u001b[2J\u202e\u009b\u200b\udb40\udc41\u007fb\\\"\n""#);
        assert!(matches!(shown("Zürich 台北 a\u{200d}b"), Cow::Borrowed(_)));
    }
}
