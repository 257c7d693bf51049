//! BER as DER (X.690): what streams of other programs hold where they did not know how long it would be.

use super::reader::tag;
use super::writer::tagged;
use zeroize::Zeroizing;

/// Deeper nesting is not read: nothing that people store comes near.
const MOST_DEPTH: u8 = 24;

/// The first element of `ber` with lengths in DER's form, and strings that are cut into pieces put together.
/// Contents, the order of a SET among them, are left alone: DER comes back as it is. Nothing for what is not
/// BER, or too deep.
pub(crate) fn to_der(ber: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    element(ber, 0).map(|(der, _)| der)
}

/// The element that `ber` starts with, and what follows it.
fn element(ber: &[u8], depth: u8) -> Option<(Zeroizing<Vec<u8>>, &[u8])> {
    /// The bit of a tag that says that elements are inside.
    const CONSTRUCTED: u8 = 0x20;
    let (&outer, rest) = ber.split_first()?;
    if outer & 0x1f == 0x1f || depth == MOST_DEPTH {
        return None;
    }
    let (length, rest) = read_length(rest)?;
    if outer & CONSTRUCTED == 0 {
        let (content, rest) = rest.split_at_checked(length?)?;
        return Some((Zeroizing::new(tagged(outer, content)), rest));
    }
    // A string in pieces: of each only what is inside counts.
    let is_string = outer == tag::OCTET_STRING | CONSTRUCTED;
    let (mut inside, after) = match length {
        Some(length) => {
            let (inside, after) = rest.split_at_checked(length)?;
            (inside, Some(after))
        }
        None => (rest, None),
    };
    // Without a length nobody knows how much there will be: room for all that follows would be too much.
    let mut content = Zeroizing::new(Vec::with_capacity(length.unwrap_or_default()));
    let after = loop {
        match (after, inside) {
            (Some(after), []) => break after,
            (None, [0, 0, after @ ..]) => break after,
            _ => {}
        }
        let (inner, rest) = element(inside, depth + 1)?;
        inside = rest;
        if is_string {
            let (&kind, rest) = inner.split_first()?;
            let (_, piece) = read_length(rest)?;
            content.extend_from_slice(Some(piece).filter(|_| kind == tag::OCTET_STRING)?);
        } else {
            content.extend_from_slice(&inner);
        }
    };
    let own = if is_string { tag::OCTET_STRING } else { outer };
    Some((Zeroizing::new(tagged(own, &content)), after))
}

/// The length, none where an end mark stands in for it, and what follows.
fn read_length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0..=0x7f => Some((Some(usize::from(first)), rest)),
        0x80 => Some((None, rest)),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let zeros = digits.iter().take_while(|digit| **digit == 0).count();
            let digits = digits.get(zeros..)?;
            if digits.len() > 4 {
                return None;
            }
            let length = digits.iter().fold(0u64, |length, digit| length << 8 | u64::from(*digit));
            Some((Some(usize::try_from(length).ok()?), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(ber: &[u8]) -> Option<Vec<u8>> {
        to_der(ber).map(|der| der.to_vec())
    }

    #[test]
    fn gives_elements_their_lengths() {
        for (ber, expected) in [
            (&[0x30, 0x80, 2, 1, 5, 0, 0][..], &[0x30, 3, 2, 1, 5][..]),
            (&[0x30, 0x81, 3, 2, 1, 5, 9], &[0x30, 3, 2, 1, 5]),
            (&[0x30, 0x83, 0, 0, 3, 2, 1, 5], &[0x30, 3, 2, 1, 5]),
            (&[0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0], &[4, 3, 7, 8, 9]),
            (&[0x24, 7, 0x24, 0x80, 4, 1, 7, 0, 0], &[4, 1, 7]),
            (&[0xa0, 0x80, 0x24, 3, 4, 1, 7, 0, 0], &[0xa0, 3, 4, 1, 7]),
            (&[0x30, 0], &[0x30, 0]),
        ] {
            assert_eq!(der(ber).as_deref(), Some(expected), "{ber:02x?}");
            assert_eq!(der(expected).as_deref(), Some(expected));
        }
    }

    #[test]
    fn refuses_what_is_not_whole() {
        for ber in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x80, 0],
            &[0x30, 4, 2, 1, 5],
            &[4, 0x80, 0, 0],
            &[0x24, 0x80, 2, 1, 5, 0, 0],
            &[0x30, 0x85, 1, 0, 0, 0, 0],
            &[0x1f, 1, 0],
        ] {
            assert_eq!(der(ber), None, "{ber:02x?}");
        }
        assert_eq!(der(&[0x30, 0x80].repeat(100_000)), None);
    }
}
