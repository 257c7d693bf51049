//! Strangers' text made harmless for people's eyes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every letter that moves, hides or reverses what stands around it spelled `\u{202e}`.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match is_deceptive(letter) {
            // Writing to a String cannot fail.
            true => _ = write!(out, "\\u{{{:x}}}", u32::from(letter)),
            false => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// JSON text with the letters that JSON allows but a terminal obeys as `\u202e`. They stand in strings only.
pub(super) fn visible_json(json: String) -> String {
    if !json.chars().any(is_deceptive_in_json) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        if is_deceptive_in_json(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
    out
}

/// Line ends between the elements are no part of a string.
fn is_deceptive_in_json(letter: char) -> bool {
    letter != '\n' && is_deceptive(letter)
}

/// Control letters; marks, embeddings, overrides and isolates of writing direction; letters without width
/// that no script needs; line separators; tags; letters that XML 1.0 does not have.
const fn is_deceptive(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_what_moves_hides_or_reverses() {
        assert_eq!(visible("a\u{1b}[2J\u{202e}b\u{9b}\r\n"), "a\\u{1b}[2J\\u{202e}b\\u{9b}\\u{d}\\u{a}");
        for whole in ["etcd-1", "節點一", "É", "می‌خواهم", "שלום"] {
            assert_eq!(visible(whole), whole);
        }
    }

    #[test]
    fn json_stays_json() {
        assert_eq!(visible_json("[\n\"\u{9b}\u{e0041}é\"]".to_owned()), "[\n\"\\u009b\\udb40\\udc41é\"]");
    }
}
