//! Standard base64 with padding, as Go reads it.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// Base64 text of `bytes`, padded, on one line; takes no decision on a value, for it may be a secret's.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Adds base64 text of `bytes`, which are no secret, in lines of 64 letters, `end` after each of them.
pub(crate) fn push_lines(out: &mut String, bytes: &[u8], end: &str) {
    let letter = |bits: u32| LETTERS.get((bits & 63) as usize).copied().unwrap_or(b'=');
    out.reserve(bytes.len().div_ceil(48) * (64 + end.len()));
    for line in bytes.chunks(48) {
        let mut text = [b'='; 64];
        for (group, letters) in line.chunks(3).zip(text.as_chunks_mut::<4>().0) {
            match *group {
                [one, two, three] => {
                    let bits = u32::from(one) << 16 | u32::from(two) << 8 | u32::from(three);
                    *letters = [letter(bits >> 18), letter(bits >> 12), letter(bits >> 6), letter(bits)];
                }
                [one, two] => {
                    let bits = u32::from(one) << 16 | u32::from(two) << 8;
                    *letters = [letter(bits >> 18), letter(bits >> 12), letter(bits >> 6), b'='];
                }
                [one] => {
                    let bits = u32::from(one) << 16;
                    *letters = [letter(bits >> 18), letter(bits >> 12), b'=', b'='];
                }
                _ => {}
            }
        }
        let length = line.len().div_ceil(3) * 4;
        let text = text.get(..length).and_then(|text| std::str::from_utf8(text).ok());
        out.push_str(text.unwrap_or_default());
        out.push_str(end);
    }
}

/// Base64 at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// What it stands for.
    pub(crate) bytes: Vec<u8>,
    /// How many bytes of the text it takes, blanks and line breaks included.
    pub(crate) length: usize,
    /// How many lines end in it; a carriage return and a newline after it are one end.
    pub(crate) lines: u32,
    /// True where a letter stands in the line that is not ended.
    pub(crate) is_within_line: bool,
}

/// The base64 that `text` begins with, up to what is neither a letter nor blank; nothing where it is malformed. Its
/// time depends on the letters: this is for what is no secret.
pub(crate) fn decode_public_prefix(text: &[u8]) -> Option<Prefix> {
    let mut bytes = Vec::with_capacity(text.len().min(2048));
    let (mut length, mut lines, mut is_within_line) = (0, 0u32, false);
    // Letters of a group that a blank divides, their number, and the signs of padding.
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    let mut rest = text;
    loop {
        if count == 0 && padding == 0 {
            let mut taken = 0;
            // A line as most are, all of it at once; then whatever is left.
            for line in rest.as_chunks::<64>().0 {
                let (mut octets, mut all) = ([0; 48], 0);
                for (letters, group) in line.as_chunks::<4>().0.iter().zip(octets.as_chunks_mut::<3>().0) {
                    let [one, two, three, four] = *letters;
                    let (one, two, three, four) = (value(one), value(two), value(three), value(four));
                    all |= one | two | three | four;
                    *group = [one << 2 | two >> 4, two << 4 | three >> 2, three << 6 | four];
                }
                if all & NONE != 0 {
                    break;
                }
                bytes.extend_from_slice(&octets);
                taken += 64;
            }
            for &[one, two, three, four] in rest.get(taken..)?.as_chunks::<4>().0 {
                let [one, two, three, four] = [one, two, three, four].map(value);
                if (one | two | three | four) & NONE != 0 {
                    break;
                }
                bytes.extend_from_slice(&[one << 2 | two >> 4, two << 4 | three >> 2, three << 6 | four]);
                taken += 4;
            }
            is_within_line |= taken > 0;
            length += taken;
            rest = rest.get(taken..)?;
        }
        let Some((&byte, after)) = rest.split_first() else { break };
        match byte {
            b'\n' | b'\r' => {
                let is_pair = byte == b'\r' && after.first() == Some(&b'\n');
                lines = lines.saturating_add(u32::from(!is_pair));
                is_within_line = false;
            }
            b' ' | b'\t' | b'\x0c' => {}
            b'=' => {
                padding += 1;
                is_within_line = true;
            }
            _ => {
                let value = value(byte);
                if value == NONE {
                    break;
                }
                if padding > 0 {
                    return None;
                }
                bits = bits << 6 | u32::from(value);
                count += 1;
                if count == 4 {
                    let [_, group @ ..] = bits.to_be_bytes();
                    bytes.extend_from_slice(&group);
                    (bits, count) = (0, 0);
                }
                is_within_line = true;
            }
        }
        length += 1;
        rest = after;
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => bytes.push((bits >> 4 & 0xff) as u8),
        (3, 1) => bytes.extend([(bits >> 10 & 0xff) as u8, (bits >> 2 & 0xff) as u8]),
        _ => return None,
    }
    Some(Prefix { bytes, length, lines, is_within_line })
}

/// What is no letter of base64.
const NONE: u8 = 0x80;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The six bits that a letter stands for, or [`NONE`].
fn value(letter: u8) -> u8 {
    VALUES.get(usize::from(letter)).copied().unwrap_or(NONE)
}

#[allow(clippy::indexing_slicing, reason = "counted below the lengths when compiled")]
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        values[LETTERS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// The bytes that `text` stands for, or nothing where it is malformed: [`fault_offset`] tells where.
///
/// Line breaks anywhere are skipped; the bits that padding leaves over may be anything. How long it takes
/// does not depend on the values of the letters, for they may be a secret's.
pub(crate) fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Room for everything at once: no copy of a secret stays behind in a buffer that was outgrown.
    let mut letters = Zeroizing::new(Vec::with_capacity(text.len()));
    letters.extend(text.iter().copied().filter(|byte| !is_line_break(*byte)));
    let padding = letters.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 2 || !letters.len().is_multiple_of(4) {
        return None;
    }
    // The crate wants the left-over bits to be zero, which Go and OpenSSL do not: as letters of their own
    // they do no harm, and the bytes they make are cut off.
    letters.iter_mut().rev().take(padding).for_each(|byte| *byte = b'A');
    let decoded = Base64::decode_in_place(&mut letters).ok()?.len();
    letters.truncate(decoded.checked_sub(padding)?);
    Some(letters)
}

/// The byte offset that Go names in `illegal base64 data at input byte N`; text without a fault has none.
pub(crate) fn fault_offset(text: &[u8]) -> Option<usize> {
    let mut letters = text.iter().copied().enumerate().filter(|(_, letter)| !is_line_break(*letter));
    loop {
        for count in 0..4 {
            let Some((position, letter)) = letters.next() else {
                return (count > 0).then(|| text.len() - count);
            };
            if letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/') {
                continue;
            }
            if letter != b'=' || count < 2 {
                return Some(position);
            }
            if count == 2 {
                match letters.next() {
                    Some((_, b'=')) => {}
                    Some((next, _)) => return Some(next - 1),
                    None => return Some(text.len()),
                }
            }
            return letters.next().map(|(garbage, _)| garbage);
        }
    }
}

const fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_the_examples_of_rfc_4648_and_reads_them_back() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref().map(Vec::as_slice), Some(plain.as_bytes()));
            let mut lines = String::new();
            push_lines(&mut lines, plain.as_bytes(), "|");
            assert_eq!(lines, if plain.is_empty() { String::new() } else { format!("{text}|") });
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn writes_lines_of_what_is_no_secret_as_it_writes_secrets() {
        for length in 0..150 {
            let bytes: Vec<u8> = (0..length).map(|octet| (octet * 37 % 256) as u8).collect();
            let mut lines = String::new();
            push_lines(&mut lines, &bytes, "\n");
            assert!(lines.lines().all(|line| line.len() <= 64));
            assert_eq!(lines.replace('\n', ""), encode(&bytes));
        }
    }

    #[test]
    fn names_the_same_offset_as_go() {
        // Each offset was printed by cfssljson 1.2.0.
        for (text, offset) in
            [("!", 0), ("AA=A", 2), ("AAA", 0), ("AA=", 3), ("AAAAA", 4), ("AA==A", 4), ("A=AA", 1)]
        {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
            assert_eq!(fault_offset(text.as_bytes()), Some(offset), "{text}");
        }
    }

    #[test]
    fn skips_line_breaks_and_what_padding_leaves_over() {
        for text in ["AA\n=\n=", "A\r\nB==", "AP==\n"] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(&vec![0]), "{text}");
            assert_eq!(fault_offset(text.as_bytes()), None);
        }
    }

    #[test]
    fn decodes_what_is_public_as_it_decodes_secrets() {
        let letters = *b"Az/= \n";
        for mut number in 0..6_usize.pow(7) {
            let mut text = [b'='; 7];
            for byte in &mut text {
                *byte = letters.get(number % 6).copied().unwrap_or_default();
                number /= 6;
            }
            let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != b' ').collect();
            let expected = decode(&plain).map(|bytes| bytes.to_vec());
            let prefix = decode_public_prefix(&text);
            assert!(prefix.as_ref().is_none_or(|prefix| prefix.length == text.len()));
            assert_eq!(prefix.map(|prefix| prefix.bytes), expected, "{:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn a_prefix_ends_where_something_else_begins() {
        let prefix = |text: &[u8]| {
            let Prefix { bytes, length, lines, is_within_line } = decode_public_prefix(text)?;
            Some((bytes.len(), length, lines, is_within_line))
        };
        assert_eq!(prefix(b"AAAA\r\nAA==\n-----END"), Some((4, 11, 2, false)));
        assert_eq!(prefix(b"AAAA\rAAAA\r-"), Some((6, 10, 2, false)));
        assert_eq!(prefix(b"AAAA\n  AAAA -"), Some((6, 12, 1, true)));
        assert_eq!(prefix(b"-"), Some((0, 0, 0, false)));
        assert_eq!(prefix(b"AAA\n-"), None);
        assert_eq!(prefix(b"AA==AAAA"), None);
        assert_eq!(prefix(b"Proc-Type"), Some((3, 4, 0, true)));
    }

    #[test]
    fn decodes_exactly_what_has_no_fault() {
        let letters = *b"A/=\n*";
        for mut number in 0..5_usize.pow(7) {
            let mut text = [b'='; 7];
            for byte in &mut text {
                *byte = letters.get(number % 5).copied().unwrap_or_default();
                number /= 5;
            }
            let text = String::from_utf8_lossy(&text);
            assert_eq!(
                decode(text.as_bytes()).is_none(),
                fault_offset(text.as_bytes()).is_some(),
                "{text:?}"
            );
        }
    }
}
