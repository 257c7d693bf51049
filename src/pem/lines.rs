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
        let end = self.rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let after = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..));
        self.rest = after.unwrap_or_default();
        self.number = self.number.saturating_add(1);
        Some(line.trim_ascii())
    }
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
