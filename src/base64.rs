//! Standard base64 with padding, as Go reads it.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 text of `bytes`, padded, on one line; takes no decision on a value, for it may be a secret's.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Adds base64 text of `bytes`, which are no secret, in lines of 64 letters, `end` after each of them.
pub(crate) fn push_lines(out: &mut String, bytes: &[u8], end: &str) {
    out.reserve(bytes.len().div_ceil(48) * (64 + end.len()));
    for line in bytes.chunks(48) {
        let mut letters = [b'='; 64];
        let (groups, rest) = line.as_chunks::<3>();
        for (place, group) in letters.as_chunks_mut::<4>().0.iter_mut().zip(groups) {
            *place = four_letters(*group);
        }
        if let Some(place) = letters.as_chunks_mut::<4>().0.get_mut(groups.len()) {
            *place = match *rest {
                [one] => {
                    let [first, second, ..] = four_letters([one, 0, 0]);
                    [first, second, b'=', b'=']
                }
                [one, two] => {
                    let [first, second, third, _] = four_letters([one, two, 0]);
                    [first, second, third, b'=']
                }
                _ => *place,
            };
        }
        let length = line.len().div_ceil(3) * 4;
        out.push_str(
            letters.get(..length).and_then(|letters| str::from_utf8(letters).ok()).unwrap_or_default(),
        );
        out.push_str(end);
    }
}

/// The letters of three octets; how long it takes may depend on them.
fn four_letters([one, two, three]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from(one) << 16 | u32::from(two) << 8 | u32::from(three);
    [bits >> 18, bits >> 12, bits >> 6, bits]
        .map(|bits| LETTERS.get((bits & 63) as usize).copied().unwrap_or(b'='))
}

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

/// As [`decode`], several times as fast, for text without line breaks that is no secret.
pub(crate) fn decode_public(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let (groups, []) = text.as_chunks::<4>() else { return None };
    let Some((last, groups)) = groups.split_last().filter(|_| padding <= 2) else {
        return text.is_empty().then(Vec::new);
    };
    let mut octets = vec![0; 3 * (groups.len() + 1)];
    let (places, _) = octets.as_chunks_mut::<3>();
    let mut is_padding = (0..4).map(|at| at >= 4 - padding);
    let last = last.map(|letter| if is_padding.next() == Some(true) { b'A' } else { letter });
    let mut all = 0;
    for (place, group) in places.iter_mut().zip(groups.iter().chain([&last])) {
        let values = group.map(|letter| VALUES.get(usize::from(letter)).copied().unwrap_or(NO_LETTER));
        all |= values.iter().fold(0, |all, value| all | value);
        let [_, octets @ ..] =
            values.iter().fold(0, |bits, value| bits << 6 | u32::from(*value)).to_be_bytes();
        *place = octets;
    }
    octets.truncate(octets.len().checked_sub(padding)?);
    (all & NO_LETTER == 0).then_some(octets)
}

/// A bit that no value of a letter has.
const NO_LETTER: u8 = 64;

/// The values of letters.
const VALUES: [u8; 256] = {
    let mut values = [NO_LETTER; 256];
    let mut rest: &[u8] = LETTERS;
    let mut value = 0;
    while let [letter, after @ ..] = rest {
        values[*letter as usize] = value;
        value += 1;
        rest = after;
    }
    values
};

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
    fn reads_what_is_no_secret_as_it_reads_secrets() {
        let letters = *b"Az/=*";
        for length in [0, 1, 4, 5, 8] {
            for mut number in 0..5_usize.pow(length) {
                let mut text = String::new();
                for _ in 0..length {
                    text.extend(letters.get(number % 5).copied().map(char::from));
                    number /= 5;
                }
                let expected = decode(text.as_bytes()).map(|octets| octets.to_vec());
                assert_eq!(decode_public(text.as_bytes()), expected, "{text:?}");
            }
        }
        let octets: Vec<u8> = (0..=255).collect();
        assert_eq!(decode_public(encode(&octets).as_bytes()), Some(octets));
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
