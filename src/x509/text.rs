//! ASN.1 strings as text, by Go's rules.

use super::der_reader::{Item, tag};
use std::borrow::Cow;

/// What a string says. Types that Go does not know, and letters that the type does not have, are read as
/// far as they can be; `None` for what is no string at all.
pub(crate) fn string(item: Item<'_>) -> Option<String> {
    borrowed(item).map(Cow::into_owned)
}

/// As [`string`], without a copy where the bytes are the text.
pub(crate) fn borrowed(item: Item<'_>) -> Option<Cow<'_, str>> {
    match item.tag {
        tag::UTF8_STRING
        | tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::NUMERIC_STRING
        | tag::T61_STRING
        | tag::VISIBLE_STRING => Some(lossy_borrowed(item.value)),
        tag::BMP_STRING => Some(Cow::Owned(utf16(item.value))),
        tag::UNIVERSAL_STRING => Some(Cow::Owned(utf32(item.value))),
        _ => None,
    }
}

/// As [`lossy`], without a copy where nothing is replaced.
pub(crate) fn lossy_borrowed(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(lossy(bytes)),
    }
}

/// The bytes as UTF-8, each wrong byte replaced by U+FFFD, as Go's JSON writer does.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // Rust replaces a broken sequence by one sign, Go by one for each byte.
        chunk.invalid().iter().for_each(|_| text.push('\u{fffd}'));
    }
    text
}

fn utf16(bytes: &[u8]) -> String {
    // Some writers end a BMPString like a C string.
    let bytes = match bytes {
        [text @ .., 0, 0] => text,
        _ => bytes,
    };
    let units = bytes.chunks(2).map(|unit| unit.iter().fold(0, |unit, &byte| unit << 8 | u16::from(byte)));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf32(bytes: &[u8]) -> String {
    let letters = bytes.chunks(4).map(|unit| unit.iter().fold(0, |unit, &byte| unit << 8 | u32::from(byte)));
    letters.map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_wide_strings() {
        assert_eq!(utf16(&[0, b'a', 0x26, 0x3a, 0, 0]), "a\u{263a}");
        assert_eq!(utf16(&[0xd8, 0x3d, 0xde, 0]), "\u{1f600}");
        assert_eq!(utf16(&[0xd8, 0x3d]), "\u{fffd}");
        assert_eq!(utf32(&[0, 1, 0xf6, 0]), "\u{1f600}");
    }

    #[test]
    fn replaces_each_wrong_byte() {
        assert_eq!(lossy(b"a\xe2\x82b"), "a\u{fffd}\u{fffd}b");
    }
}
