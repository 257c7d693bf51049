//! Strangers' text made harmless for people's eyes.

use crate::quote::misleads;
pub(super) use crate::quote::shown as visible;
use std::fmt::Write as _;

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
    letter != '\n' && misleads(letter)
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
