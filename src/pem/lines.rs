//! The lines of a PEM file, and those that begin and end sections.

/// What a line that begins a section starts with.
pub(super) const BEGIN: &[u8] = b"-----BEGIN ";
/// And one that ends it.
pub(super) const END: &[u8] = b"-----END ";
/// And what both end with.
const DASHES: &[u8] = b"-----";

/// Lines without the blanks around them; a carriage return ends one as a newline does.
#[derive(Clone)]
pub(super) struct Lines<'a> {
    pub(super) rest: &'a [u8],
    /// How many lines were taken.
    pub(super) number: u32,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { rest: input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input), number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = find_either(self.rest, b'\n', b'\r');
        let (line, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let after = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..));
        self.rest = after.unwrap_or_default();
        self.number = self.number.saturating_add(1);
        Some(line.trim_ascii())
    }
}

/// Where the first of two octets is: eight are looked at at a time, as bundles are long.
pub(super) fn find_either(octets: &[u8], one: u8, other: u8) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    // Sets the high bit of the lowest octet that is zero; of higher ones it may set too many.
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH_BITS;
    let (ones, others) = (ONES * u64::from(one), ONES * u64::from(other));
    let (words, rest) = octets.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let hits = has_zero(word ^ ones) | has_zero(word ^ others);
        if hits != 0 {
            return Some(number * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let in_rest = rest.iter().position(|octet| *octet == one || *octet == other);
    in_rest.map(|at| words.len() * 8 + at)
}

/// What a BEGIN line that is damaged still tells: its label, empty if that is damaged too, and what follows the
/// dashes behind the label.
pub(super) fn damaged_label(line: &[u8]) -> (&str, &[u8]) {
    let inside = line.strip_prefix(BEGIN).unwrap_or_default();
    let dashes = inside.windows(DASHES.len()).position(|window| window == DASHES);
    let (label, behind) = inside.split_at_checked(dashes.unwrap_or(inside.len())).unwrap_or_default();
    let label = std::str::from_utf8(label).unwrap_or_default().trim_end_matches('-');
    let is_letter =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'#');
    let label = if is_label(label) && label.bytes().all(is_letter) { label } else { "" };
    (label, behind.strip_prefix(DASHES).unwrap_or_default())
}

/// The label of a boundary line such as `-----BEGIN CERTIFICATE-----`.
pub(super) fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a str> {
    let label = line.strip_prefix(start)?.strip_suffix(DASHES)?;
    std::str::from_utf8(label).ok().filter(|label| is_label(label))
}

/// The longest label, and the longest word in one. Labels are shown to people: a line that holds a whole key
/// must not pass for one.
const MOST: usize = 64;
const LONGEST_WORD: usize = 19;

/// Whether a text may be a label: printable letters of ASCII, in words, and no boundary within (RFC 7468, 3).
fn is_label(text: &str) -> bool {
    text.len() <= MOST
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains("-----")
        && text.split(' ').all(|word| word.len() <= LONGEST_WORD)
}

/// The two sides of a header line; base64 has no colon.
pub(super) fn header(line: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
    Some((name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test may stop")]

    use super::find_either;

    #[test]
    fn finds_the_first_of_two_octets_wherever_it_stands() {
        let mut octets: Vec<u8> = Vec::new();
        for length in 0..40 {
            for at in 0..length {
                octets.clear();
                // Neighbours of what is looked for, and what differs from it in the high bit.
                octets.extend((0..length).map(|number| [0x0b, 0x09, 0x8a, 0x0c, 0x8d, 0xff, 0][number % 7]));
                assert_eq!(find_either(&octets, b'\n', b'\r'), None);
                octets[at] = if at % 2 == 0 { b'\n' } else { b'\r' };
                assert_eq!(find_either(&octets, b'\n', b'\r'), Some(at), "{length}");
                octets.push(b'\r');
                assert_eq!(find_either(&octets, b'\n', b'\r'), Some(at), "{length}");
            }
        }
    }
}
