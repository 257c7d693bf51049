//! What text is written in: encodings and base64 without boundaries.

use crate::base64;
use crate::x509::ObjectKind;
use zeroize::Zeroizing;

/// UTF-16 as UTF-8; `None` for what is not UTF-16. It is told by its byte order mark, or by PEM's first dashes.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (body, to_unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, body @ ..] => (body, u16::from_le_bytes),
        [0xFE, 0xFF, body @ ..] => (body, u16::from_be_bytes),
        [b'-', 0, b'-', 0, ..] => (bytes, u16::from_le_bytes),
        [0, b'-', 0, b'-', ..] => (bytes, u16::from_be_bytes),
        _ => return None,
    };
    // Room for the longest UTF-8, so that no copy of a secret stays behind in a buffer that was outgrown.
    let mut text = Zeroizing::new(String::with_capacity(body.len() / 2 * 3));
    let units = body.as_chunks::<2>().0.iter().map(|pair| to_unit(*pair));
    text.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(text)
}

/// Whether a line starts with PEM's BEGIN, without blanks before it as YAML would have them.
pub(crate) fn has_boundary_at_line_start(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGIN)
        || positions(bytes, BEGIN).any(|at| matches!(bytes.get(at - 1), Some(b'\n' | b'\r')))
}

/// Base64 of [`BEGIN`], as far as it does not depend on what follows.
pub(super) const BASE64_BEGIN: &[u8] = b"LS0tLS1CRUdJTi";

/// What starts a PEM section.
pub(super) const BEGIN: &[u8] = b"-----BEGIN ";

/// Where `wanted` is in `bytes`, the start of `bytes` left out; overlaps are not found.
pub(super) fn positions<'a>(bytes: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let mut from = 1;
    std::iter::from_fn(move || {
        let at = from + find(bytes.get(from..)?, wanted)?;
        from = at + wanted.len();
        Some(at)
    })
}

/// Whether `wanted` is anywhere in `bytes`.
pub(super) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}

/// Whether any of `words` is anywhere in `bytes`, told in one pass.
pub(super) fn contains_any(bytes: &[u8], words: &[&[u8]]) -> bool {
    let mut starts_word = [false; 256];
    for first in words.iter().filter_map(|word| word.first()) {
        if let Some(starts) = starts_word.get_mut(usize::from(*first)) {
            *starts = true;
        }
    }
    let mut rest = bytes;
    loop {
        let start = rest.iter().position(|byte| starts_word.get(usize::from(*byte)) == Some(&true));
        let Some(from) = start.and_then(|start| rest.get(start..)) else { return false };
        if words.iter().any(|word| from.starts_with(word)) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
}

/// Where `wanted`, which is not empty, is in `bytes` for the first time.
pub(super) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut from = 0;
    loop {
        // Looking for one byte is fast, and the first bytes of what we look for are rare.
        let at = from + bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes.get(at + 1..).is_some_and(|after| after.starts_with(rest)) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The bytes behind text that is nothing but base64 of DER.
pub(super) fn base64_body(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let body = text.trim_ascii();
    // `M` is how the octet of a SEQUENCE begins.
    if body.len() < 64 || body.first() != Some(&b'M') || body.contains(&b'-') {
        return None;
    }
    let der = decode_base64(body)?;
    ObjectKind::of(&der).map(|_| der)
}

/// The bytes behind base64 with blanks anywhere in it.
pub(super) fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut letters = Zeroizing::new(Vec::with_capacity(text.len()));
    letters.extend(text.iter().filter(|letter| !letter.is_ascii_whitespace()));
    base64::decode(&letters)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn reads_utf16_in_both_orders_with_and_without_a_mark() {
        for text in ["-----BEGIN ü", "\u{feff}-----BEGIN ü"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(from_utf16(&little).unwrap().as_str(), "-----BEGIN ü");
            assert_eq!(from_utf16(&big).unwrap().as_str(), "-----BEGIN ü");
        }
        assert_eq!(from_utf16(b"-----BEGIN"), None);
    }

    #[test]
    fn finds_words_wherever_they_are() {
        assert_eq!(find(b"aab", b"ab"), Some(1));
        assert_eq!(find(b"aa", b"ab"), None);
        assert_eq!(positions(b"ab-ab-ab", b"ab").collect::<Vec<_>>(), [3, 6]);
        assert!(has_boundary_at_line_start(b"-----BEGIN A"));
        assert!(has_boundary_at_line_start(b"a\r-----BEGIN A"));
        assert!(!has_boundary_at_line_start(b"a:\n  -----BEGIN A"));
    }
}
