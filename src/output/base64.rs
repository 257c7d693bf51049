//! Standard base64 with padding, and the positions Go names when it is malformed.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 text of `bytes`, padded, on one line.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            group.iter().enumerate().fold(0u32, |bits, (i, byte)| bits | u32::from(*byte) << (16 - 8 * i));
        for i in 0..4 {
            let sextet = (bits >> (18 - 6 * i) & 63) as usize;
            match ALPHABET.get(sextet).filter(|_| i <= group.len()) {
                Some(letter) => text.push(char::from(*letter)),
                None => text.push('='),
            }
        }
    }
    text
}

/// The bytes that `text` stands for; line breaks anywhere are skipped, as Go skips them.
///
/// # Errors
///
/// The byte offset that Go names in `illegal base64 data at input byte N`.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut letters = text.iter().enumerate().filter(|(_, letter)| !matches!(letter, b'\n' | b'\r'));
    loop {
        let mut bits = 0u32;
        for count in 0..4 {
            let Some((position, letter)) = letters.next() else {
                return match count {
                    0 => Ok(bytes),
                    _ => Err(text.len() - count),
                };
            };
            match sextet(*letter) {
                Some(value) => bits |= value << (18 - 6 * count),
                None if *letter == b'=' && count >= 2 => {
                    if count == 2 {
                        match letters.next() {
                            Some((_, b'=')) => {}
                            Some((next, _)) => return Err(next - 1),
                            None => return Err(text.len()),
                        }
                    }
                    let [_, high, middle, _] = bits.to_be_bytes();
                    bytes.extend([high, middle].iter().take(count - 1));
                    return match letters.next() {
                        Some((garbage, _)) => Err(garbage),
                        None => Ok(bytes),
                    };
                }
                None => return Err(position),
            }
        }
        let [_, high, middle, low] = bits.to_be_bytes();
        bytes.extend([high, middle, low]);
    }
}

fn sextet(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
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
            assert_eq!(decode(text.as_bytes()), Ok(plain.as_bytes().to_vec()));
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn names_the_same_offset_as_go() {
        // Each offset was printed by cfssljson 1.2.0.
        for (text, offset) in
            [("!", 0), ("AA=A", 2), ("AAA", 0), ("AA=", 3), ("AAAAA", 4), ("AA==A", 4), ("A=AA", 1)]
        {
            assert_eq!(decode(text.as_bytes()), Err(offset), "{text}");
        }
        assert_eq!(decode(b"AA\n=\n="), Ok(vec![0]));
    }
}
