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
    for (position, octet) in bytes.iter().enumerate() {
        if position > 0 {
            out.push(':');
        }
        out.push(digit(octet >> 4).to_ascii_uppercase());
        out.push(digit(octet & 15).to_ascii_uppercase());
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
    for octet in bytes {
        out.push(digit(octet >> 4));
        out.push(digit(octet & 15));
    }
}

/// Adds a number in decimal.
pub(super) fn push_number(out: &mut String, number: u64) {
    let mut digits = [0; 20];
    let mut rest = number;
    let mut count = 0;
    for place in digits.iter_mut().rev() {
        *place = (rest % 10) as u8;
        rest /= 10;
        count += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(20 - count).map(|digit| char::from(b'0' + digit)));
}

fn digit(half: u8) -> char {
    char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_octets_and_numbers() {
        assert_eq!(colon_hex(&[0, 0x1b, 0xff]), "00:1B:FF");
        assert_eq!(colon_hex(&[]), "");
        assert_eq!(hex(&[0, 0x1b, 0xff]), "001bff");
        for number in [0, 9, 10, 4_294_967_296, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
