//! ASN.1 values as text for people.

pub(super) use crate::x509::text::{borrowed, lossy, lossy_borrowed, string};

/// `0A:1B:…`, empty for no bytes.
pub(crate) fn colon_hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_colon_hex(&mut text, bytes);
    text
}

/// Adds `0A:1B:…`.
pub(super) fn push_colon_hex(out: &mut String, bytes: &[u8]) {
    out.reserve(bytes.len() * 3);
    for (number, chunk) in bytes.chunks(PIECE).enumerate() {
        let mut text = [b':'; 3 * PIECE];
        for (octet, digits) in chunk.iter().zip(text.as_chunks_mut::<3>().0) {
            let [high, low] = digits_of(octet, b"0123456789ABCDEF");
            *digits = [b':', high, low];
        }
        let start = usize::from(number == 0);
        push_ascii(out, text.get(start..chunk.len() * 3));
    }
}

/// `0a1b…`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_hex(&mut text, bytes);
    text
}

/// Adds `0a1b…`.
pub(crate) fn push_hex(out: &mut String, bytes: &[u8]) {
    out.reserve(bytes.len() * 2);
    for chunk in bytes.chunks(PIECE) {
        let mut text = [0; 2 * PIECE];
        for (octet, digits) in chunk.iter().zip(text.as_chunks_mut::<2>().0) {
            *digits = digits_of(octet, b"0123456789abcdef");
        }
        push_ascii(out, text.get(..chunk.len() * 2));
    }
}

/// Adds a number in decimal.
pub(super) fn push_number(out: &mut String, number: u64) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut count = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        count += 1;
        if rest == 0 {
            break;
        }
    }
    push_ascii(out, digits.get(20 - count..));
}

/// Octets that are written at a time.
const PIECE: usize = 32;

fn digits_of(octet: &u8, digits: &[u8; 16]) -> [u8; 2] {
    [octet >> 4, octet & 15].map(|half| digits.get(usize::from(half)).copied().unwrap_or_default())
}

fn push_ascii(out: &mut String, text: Option<&[u8]>) {
    out.push_str(text.and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_octets_and_numbers() {
        assert_eq!(colon_hex(&[0, 0x1b, 0xff]), "00:1B:FF");
        assert_eq!(colon_hex(&[]), "");
        assert_eq!(hex(&[0, 0x1b, 0xff]), "001bff");
        let many: Vec<u8> = (0..=255).collect();
        assert_eq!(hex(&many), many.iter().map(|octet| format!("{octet:02x}")).collect::<String>());
        let pairs: Vec<String> = many.iter().map(|octet| format!("{octet:02X}")).collect();
        assert_eq!(colon_hex(&many), pairs.join(":"));
        for number in [0, 9, 10, 4_294_967_296, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
