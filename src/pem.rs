//! PEM sections as people's files hold them: text around them, either line end, RFC 1421 headers (RFC 7468, RFC 1421).
//!
//! What Go's `encoding/pem` reads is read here too; blanks before a boundary, a byte order mark and lone
//! carriage returns are forgiven as well. A section that is damaged is passed over, as in Go;
//! [`why_none`] says so to people.

use zeroize::Zeroizing;

/// Letters per line of base64.
const LINE: usize = 64;

/// One PEM section.
pub(crate) struct Section<'a> {
    /// The words between `-----BEGIN ` and `-----`.
    pub(crate) label: &'a str,
    /// RFC 1421 headers in order, both sides without blanks around them.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// What the base64 stands for; it may be a secret.
    pub(crate) der: Zeroizing<Vec<u8>>,
    /// The offset in the input of the line that begins the section.
    #[allow(dead_code, reason = "for messages about one of many sections; keys stand alone")]
    pub(crate) offset: usize,
}

impl<'a> Section<'a> {
    /// The value of the header `name`, if the section has it.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        headers.find(|header| header.0 == name).map(|header| header.1)
    }
}

/// The whole sections of `input` in order.
pub(crate) fn sections(input: &[u8]) -> Sections<'_> {
    Sections { lines: Lines::new(input) }
}

/// The iterator behind [`sections`].
pub(crate) struct Sections<'a> {
    lines: Lines<'a>,
}

impl<'a> Iterator for Sections<'a> {
    type Item = Section<'a>;

    fn next(&mut self) -> Option<Section<'a>> {
        loop {
            let (offset, line) = self.lines.next()?;
            let Some(label) = boundary(line, b"-----BEGIN ") else {
                continue;
            };
            if let Some(section) = self.read_section(offset, label) {
                return Some(section);
            }
        }
    }
}

impl<'a> Sections<'a> {
    /// The rest of the section `label`, or nothing where it is damaged.
    fn read_section(&mut self, offset: usize, label: &'a str) -> Option<Section<'a>> {
        let mut headers = Vec::new();
        // Room for this section only: a file may hold very many.
        let body = self.lines.clone().map(|(_, line)| line);
        let body = body.take_while(|line| !line.starts_with(b"-----"));
        let mut letters = Base64::with_room_for(body.map(<[u8]>::len).sum());
        let mut body_begun = false;
        loop {
            let before = self.lines.clone();
            let (_, line) = self.lines.next()?;
            if let Some(end) = boundary(line, b"-----END ") {
                let der = letters.finish().filter(|_| end == label)?;
                return Some(Section { label, headers, der, offset });
            }
            if boundary(line, b"-----BEGIN ").is_some() {
                // The end was lost; the next section may be whole.
                self.lines = before;
                return None;
            }
            match header(line).filter(|_| !body_begun) {
                Some(header) => headers.push(header),
                None => {
                    body_begun |= !line.is_empty();
                    letters.push(line);
                }
            }
        }
    }
}

/// `der` as a section called `label`: 64 letters a line, a newline at the end.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let letters = der.len().div_ceil(3) * 4;
    let text_len = 2 * label.len() + 32 + letters + letters.div_ceil(LINE);
    // Room for everything, so that no half of a secret stays behind in a buffer that was outgrown.
    let mut text = String::with_capacity(text_len);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for line in der.chunks(LINE / 4 * 3) {
        for group in line.chunks(3) {
            let mut bytes = [0; 3];
            for (to, from) in bytes.iter_mut().zip(group) {
                *to = *from;
            }
            let [first, second, third] = bytes;
            let bits = u32::from_be_bytes([0, first, second, third]);
            for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
                let letter = if place <= group.len() { letter((bits >> shift & 63) as u8) } else { b'=' };
                text.push(char::from(letter));
            }
        }
        text.push('\n');
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

/// Why `input` holds no whole section, as a clause without a full stop.
pub(crate) fn why_none(input: &[u8]) -> &'static str {
    let begins = || Lines::new(input).filter(|(_, line)| line.starts_with(b"-----BEGIN "));
    let ends = || Lines::new(input).any(|(_, line)| boundary(line, b"-----END ").is_some());
    if input.iter().all(u8::is_ascii_whitespace) {
        "it is empty"
    } else if begins().next().is_some() && !ends() {
        "a PEM section begins, but its -----END line is missing"
    } else if begins().next().is_some() {
        "it has a PEM section that is damaged: the base64 or its -----END line is not right"
    } else if input.starts_with(&[0x30]) && input.get(1).is_some_and(|byte| *byte >= 0x20) {
        "it looks like DER, and PEM text (-----BEGIN …) is needed"
    } else if input.starts_with(&[0xFF, 0xFE]) || input.starts_with(&[0xFE, 0xFF]) {
        "it is UTF-16 text, and PEM in ASCII is needed"
    } else {
        "it has no line that starts with -----BEGIN"
    }
}

/// Lines without the blanks around them, each with its offset in the whole input.
#[derive(Clone)]
struct Lines<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Lines<'a> {
    fn new(input: &'a [u8]) -> Self {
        match input.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) => Self { rest, offset: 3 },
            None => Self { rest: input, offset: 0 },
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let offset = self.offset;
        self.rest = rest.get(1..).unwrap_or_default();
        self.offset += line.len() + 1;
        Some((offset, line.trim_ascii()))
    }
}

/// The label of a boundary line such as `-----BEGIN CERTIFICATE-----`.
fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a str> {
    let label = line.strip_prefix(start)?.strip_suffix(b"-----")?;
    std::str::from_utf8(label).ok()
}

/// The two sides of a header line; base64 has no colon.
fn header(line: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
    Some((name.trim(), value.trim()))
}

/// A reader of padded base64 that takes no decision on the value of a letter, for it may be a secret's.
struct Base64 {
    bytes: Zeroizing<Vec<u8>>,
    bits: u32,
    letters: usize,
    padding: usize,
    faulty: bool,
}

impl Base64 {
    fn with_room_for(letters: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(letters / 4 * 3 + 3)),
            bits: 0,
            letters: 0,
            padding: 0,
            faulty: false,
        }
    }

    fn push(&mut self, line: &[u8]) {
        for byte in line.iter().copied().filter(|byte| !byte.is_ascii_whitespace()) {
            if byte == b'=' {
                self.padding += 1;
                self.bits <<= 6;
            } else {
                let value = value(byte);
                self.faulty |= value < 0 || self.padding > 0;
                self.bits = self.bits << 6 | u32::from(value.unsigned_abs() & 63);
            }
            self.letters += 1;
            if self.letters.is_multiple_of(4) {
                let [_, bytes @ ..] = self.bits.to_be_bytes();
                self.bytes.extend(bytes);
                self.bits = 0;
            }
        }
    }

    fn finish(mut self) -> Option<Zeroizing<Vec<u8>>> {
        if self.faulty || self.padding > 2 || !self.letters.is_multiple_of(4) {
            return None;
        }
        let length = self.bytes.len().checked_sub(self.padding)?;
        self.bytes.truncate(length);
        Some(self.bytes)
    }
}

/// The value of a base64 letter, or a negative number; without a branch or a table.
fn value(letter: u8) -> i16 {
    let letter = i16::from(letter);
    let within = |first: u8, last: u8, value: i16| {
        ((i16::from(first) - 1 - letter) & (letter - i16::from(last) - 1)) >> 8 & (value + 1)
    };
    -1 + within(b'A', b'Z', letter - i16::from(b'A'))
        + within(b'a', b'z', letter - i16::from(b'a') + 26)
        + within(b'0', b'9', letter - i16::from(b'0') + 52)
        + within(b'+', b'+', 62)
        + within(b'/', b'/', 63)
}

/// The base64 letter of a value below 64, without a branch or a table.
fn letter(value: u8) -> u8 {
    let value = i16::from(value);
    let above = |limit: i16, step: i16| (limit - value) >> 8 & step;
    let letter = value + i16::from(b'A') + above(25, 6) + above(51, -75) + above(61, -15) + above(62, 3);
    letter as u8
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn labels(input: &str) -> Vec<String> {
        sections(input.as_bytes()).map(|section| section.label.to_owned()).collect()
    }

    #[test]
    fn gives_back_what_was_encoded() {
        for length in 0..200 {
            let der: Vec<u8> = (0..length).map(|byte| (byte * 37 % 256) as u8).collect();
            let text = encode("A THING", &der);
            assert!(text.lines().all(|line| line.len() <= 64));
            assert!(text.ends_with("-----END A THING-----\n"));
            let read = sections(text.as_bytes()).next().expect("a section");
            assert_eq!((read.label, &*read.der, read.offset), ("A THING", &der, 0));
        }
    }

    #[test]
    fn writes_into_the_room_it_asked_for() {
        for length in 0..200 {
            let text = encode("A THING", &vec![7; length]);
            assert_eq!(text.len(), text.capacity(), "{length} bytes");
        }
    }

    #[test]
    fn knows_every_letter() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for byte in 0..=255 {
            let place = alphabet.iter().position(|known| *known == byte);
            assert_eq!(value(byte), place.map_or(-1, |place| place as i16), "{byte}");
        }
        for (place, known) in alphabet.iter().enumerate() {
            assert_eq!(letter(place as u8), *known);
        }
    }

    #[test]
    fn reads_headers() {
        let text = "-----BEGIN KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: X,00\r\n\r\nAAEC\r\n-----END KEY-----";
        let section = sections(text.as_bytes()).next().expect("a section");
        assert_eq!(section.header("Proc-Type"), Some("4,ENCRYPTED"));
        assert_eq!(section.header("DEK-Info"), Some("X,00"));
        assert_eq!(*section.der, [0, 1, 2]);
    }

    #[test]
    fn forgives_what_surrounds_a_section() {
        assert_eq!(
            labels(
                "\u{feff}subject: x\n  -----BEGIN A-----\n  AA==\n  -----END A----- \nrubbish\r-----BEGIN B-----\r-----END B-----"
            ),
            ["A", "B"]
        );
    }

    #[test]
    fn passes_over_damaged_sections() {
        assert_eq!(labels("-----BEGIN A-----\nAAAA\n-----BEGIN B-----\nAAAA\n-----END B-----\n"), ["B"]);
        assert_eq!(labels("-----BEGIN A-----\nAAAA\n-----END B-----\n"), [""; 0]);
        for body in ["A", "AA", "AAA", "A===", "AA=A", "AAA*", "AAAA=", "====", "AAAA===="] {
            assert_eq!(labels(&format!("-----BEGIN A-----\n{body}\n-----END A-----\n")), [""; 0], "{body}");
        }
    }

    #[test]
    fn says_why_there_is_none() {
        assert_eq!(why_none(b" \n"), "it is empty");
        assert!(why_none(b"-----BEGIN A-----\nAAAA\n").contains("-----END line is missing"));
        assert!(why_none(b"-----BEGIN A-----\nA\n-----END A-----").contains("damaged"));
        assert!(why_none(b"\x30\x82\x01\x00").contains("DER"));
        assert!(why_none(b"hello").contains("no line that starts"));
    }

    #[test]
    fn takes_no_more_room_than_a_section_needs() {
        let text = encode("A", &[1; 48]).repeat(1000);
        let sections: Vec<_> = sections(text.as_bytes()).collect();
        assert_eq!(sections.len(), 1000);
        assert!(sections.iter().all(|section| section.der.capacity() < 100));
    }
}
