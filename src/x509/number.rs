//! Numbers and object identifiers as decimal text.

/// Serial numbers and moduli are below this size; writing one in decimal takes time with its square.
const MAX_INTEGER_BYTES: usize = 8192;

/// A DER INTEGER's contents, two's complement, in decimal. `None` if empty or absurdly long.
pub(crate) fn signed_decimal(bytes: &[u8]) -> Option<String> {
    let negative = bytes.first()? & 0x80 != 0;
    if !negative {
        return unsigned_decimal(bytes);
    }
    // -x = !x + 1
    let mut magnitude: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
    let mut carry = true;
    for byte in magnitude.iter_mut().rev() {
        let (sum, overflow) = byte.overflowing_add(u8::from(carry));
        *byte = sum;
        carry = overflow;
    }
    // The carry never leaves the top: the top bit of a complemented negative number is clear.
    Some(format!("-{}", unsigned_decimal(&magnitude)?))
}

/// Big-endian bytes in decimal. `None` if absurdly long.
pub(crate) fn unsigned_decimal(bytes: &[u8]) -> Option<String> {
    (bytes.len() <= MAX_INTEGER_BYTES).then(|| decimal(bytes))
}

/// Big-endian bytes of any number in decimal.
pub(super) fn decimal(bytes: &[u8]) -> String {
    const BASE: u64 = 1_000_000_000;
    // Little-endian digits to the base of a thousand million.
    let mut digits: Vec<u64> = Vec::new();
    for chunk in bytes.rchunks(4).rev() {
        let mut carry = chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        for digit in &mut digits {
            let value = (*digit << 32) + carry;
            *digit = value % BASE;
            carry = value / BASE;
        }
        while carry > 0 {
            digits.push(carry % BASE);
            carry /= BASE;
        }
    }
    let mut groups = digits.iter().rev();
    let mut text = groups.next().map_or_else(|| "0".to_owned(), u64::to_string);
    for group in groups {
        text.push_str(&format!("{group:09}"));
    }
    text
}

/// The arcs of an object identifier's contents.
pub(crate) fn oid_arcs(bytes: &[u8]) -> Option<Vec<u64>> {
    let mut arcs = Vec::with_capacity(bytes.len() + 1);
    let mut arc: u64 = 0;
    let mut open = true;
    for byte in bytes {
        arc = arc.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        open = byte & 0x80 != 0;
        if open {
            continue;
        }
        if arcs.is_empty() {
            let root = (arc / 40).min(2);
            arcs.extend([root, arc - root * 40]);
        } else {
            arcs.push(arc);
        }
        arc = 0;
    }
    (!open).then_some(arcs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_signed_numbers_of_any_length() {
        let decimal = |bytes: &[u8]| signed_decimal(bytes).unwrap_or_default();
        assert_eq!(decimal(&[0]), "0");
        assert_eq!(decimal(&[0x7f]), "127");
        assert_eq!(decimal(&[0x80]), "-128");
        assert_eq!(decimal(&[0xff]), "-1");
        assert_eq!(decimal(&[0xff, 0x00]), "-256");
        assert_eq!(decimal(&[0x80, 0, 0, 0, 0]), "-549755813888");
        assert_eq!(decimal(&[0, 0xff, 0xff, 0xff, 0xff]), "4294967295");
        assert_eq!(decimal(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), "18446744073709551616");
        assert_eq!(decimal(&[0x7f; 21]), "186338593070205159516228240318712915823739917008767");
        assert_eq!(decimal(&[]), "");
        assert_eq!(decimal(&[1; MAX_INTEGER_BYTES + 1]), "");
    }

    #[test]
    fn splits_object_identifiers() {
        assert_eq!(oid_arcs(&[0x55, 4, 3]), Some(vec![2, 5, 4, 3]));
        assert_eq!(oid_arcs(&[0x88, 0x37, 3]), Some(vec![2, 999, 3]));
        assert_eq!(oid_arcs(&[0x2a, 0x86]), None);
        assert_eq!(oid_arcs(&[]), None);
    }
}
