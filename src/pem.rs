//! PEM sections as people's files hold them: text around them, either line end, RFC 1421 headers (RFC 7468, RFC 1421).
//!
//! What Go's `encoding/pem` reads is read here too; blanks before a boundary, a byte order mark and lone
//! carriage returns are forgiven as well. A section that is damaged is passed over, as in Go;
//! [`Instead`] says so to people.

use crate::base64;
use std::fmt;
use zeroize::Zeroizing;

/// Letters per line of base64.
const LINE: usize = 64;
/// What a line that begins a section starts with.
const BEGIN: &[u8] = b"-----BEGIN ";
/// And one that ends it.
const END: &[u8] = b"-----END ";

/// One PEM section.
pub(crate) struct Section<'a> {
    /// The words between `-----BEGIN ` and `-----`.
    pub(crate) label: &'a str,
    /// RFC 1421 headers in order, both sides without blanks around them.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// What the base64 stands for; it may be a secret.
    pub(crate) der: Zeroizing<Vec<u8>>,
    /// What follows the line that ends the section.
    pub(crate) rest: &'a [u8],
}

impl<'a> Section<'a> {
    /// The value of the header `name`, if the section has it.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        headers.find(|header| header.0 == name).map(|header| header.1)
    }
}

/// The first whole section of `input`.
pub(crate) fn first(input: &[u8]) -> Option<Section<'_>> {
    sections(input).next()
}

/// The whole sections of `input` in order.
pub(crate) fn sections(input: &[u8]) -> impl Iterator<Item = Section<'_>> {
    attempts(input).filter_map(|attempt| attempt.section.ok())
}

/// Everything in `input` that begins as a section does, whole or not, in order.
pub(crate) fn attempts(input: &[u8]) -> Attempts<'_> {
    Attempts { lines: Lines::new(input) }
}

/// How many lines `input` has, and how many [`attempts`] there are in it.
#[cfg(feature = "cli")]
pub(crate) fn count(input: &[u8]) -> (u32, u32) {
    let mut lines = Lines::new(input);
    let (mut number, mut is_inside) = (0u32, false);
    for line in lines.by_ref() {
        if !line.starts_with(b"-----") {
            continue;
        }
        if boundary(line, BEGIN).is_some() {
            number = number.saturating_add(1);
            is_inside = true;
        } else if boundary(line, END).is_some() {
            is_inside = false;
        } else if line.starts_with(BEGIN) && !is_inside {
            number = number.saturating_add(1);
        }
    }
    (lines.number, number)
}

/// Where the last line of `input` that ends a section is over, its line end included. A line that `input`
/// breaks off is none.
#[cfg(feature = "cli")]
pub(crate) fn last_end(input: &[u8]) -> Option<usize> {
    let mut searched = input;
    while let Some(at) = searched.windows(END.len()).rposition(|window| window == END) {
        let before = input.get(..at)?;
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let start = before.iter().rposition(is_break).map_or(0, |at| at + 1);
        let length = input.get(at..)?.iter().position(is_break);
        if let Some(length) = length {
            let line = input.get(start..at + length)?.trim_ascii();
            if boundary(line, END).is_some() {
                let end = at + length;
                let is_pair = input.get(end..)?.starts_with(b"\r\n");
                return Some(end + if is_pair { 2 } else { 1 });
            }
        }
        searched = before;
    }
    None
}

/// Where the last line that begins a section starts.
#[cfg(feature = "cli")]
pub(crate) fn last_begin(input: &[u8]) -> Option<usize> {
    let mut searched = input;
    while let Some(at) = searched.windows(BEGIN.len()).rposition(|window| window == BEGIN) {
        let before = input.get(..at)?;
        let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        if input.get(start..at)?.trim_ascii().is_empty() {
            return Some(start);
        }
        searched = before;
    }
    None
}

/// What begins as a section does.
pub(crate) struct Attempt<'a> {
    /// The words between `-----BEGIN ` and `-----`; empty if that line is damaged beyond having too few dashes.
    pub(crate) label: &'a str,
    /// The line it begins in, counted from 1.
    pub(crate) line: u32,
    pub(crate) section: Result<Section<'a>, Damage>,
}

/// What keeps a section from being whole. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The line that begins it does not end in five dashes, or is no UTF-8.
    BeginLine,
    /// The input ends, or another section begins in this line, before the section ends.
    BrokenOff(Option<u32>),
    /// The end of its base64 is missing, or something follows that end.
    CutShort,
    /// A line between its boundaries that starts with five dashes, or ends a section of another label.
    EndLine(u32),
    /// A letter in this line is none of base64.
    Letter(u32),
}

impl Damage {
    /// The same where the input that was read begins behind `lines` lines.
    #[cfg(feature = "cli")]
    pub(crate) fn behind(self, lines: u32) -> Self {
        let moved = |line: u32| line.saturating_add(lines);
        match self {
            Self::BrokenOff(line) => Self::BrokenOff(line.map(moved)),
            Self::EndLine(line) => Self::EndLine(moved(line)),
            Self::Letter(line) => Self::Letter(moved(line)),
            same @ (Self::BeginLine | Self::CutShort) => same,
        }
    }
}

impl fmt::Display for Damage {
    /// A clause about the section.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeginLine => f.write_str("its -----BEGIN line does not end in -----"),
            Self::BrokenOff(None) => f.write_str("its -----END line is missing"),
            Self::BrokenOff(Some(next)) => {
                write!(f, "its -----END line is missing: line {next} begins another section")
            }
            Self::CutShort => f.write_str("a part of its base64 is missing, or there is too much of it"),
            Self::EndLine(line) => write!(f, "line {line} is not its -----END line"),
            Self::Letter(line) => write!(f, "line {line} has a letter that is not base64"),
        }
    }
}

/// The iterator behind [`attempts`].
pub(crate) struct Attempts<'a> {
    lines: Lines<'a>,
}

impl<'a> Iterator for Attempts<'a> {
    type Item = Attempt<'a>;

    fn next(&mut self) -> Option<Attempt<'a>> {
        loop {
            let line = self.lines.next()?;
            if line.starts_with(BEGIN) {
                let number = self.lines.number;
                return Some(match boundary(line, BEGIN) {
                    Some(label) => Attempt { label, line: number, section: self.read_section(label) },
                    None => {
                        let label = damaged_label(line);
                        Attempt { label, line: number, section: Err(Damage::BeginLine) }
                    }
                });
            }
        }
    }
}

impl<'a> Attempts<'a> {
    /// The rest of the section `label` in one go; nothing where it has headers or is damaged, and then nothing is
    /// read.
    fn read_public(&mut self, label: &'a str) -> Option<Section<'a>> {
        let base64::Prefix { bytes, length, lines, is_within_line } =
            base64::decode_public_prefix(self.lines.rest)?;
        let mut after =
            Lines { rest: self.lines.rest.get(length..)?, number: self.lines.number.saturating_add(lines) };
        let is_end = after.next().and_then(|line| boundary(line, END)) == Some(label);
        if is_within_line || !is_end {
            return None;
        }
        let rest = after.rest;
        self.lines = after;
        Some(Section { label, headers: Vec::new(), der: Zeroizing::new(bytes), rest })
    }

    /// The rest of the section `label`.
    fn read_section(&mut self, label: &'a str) -> Result<Section<'a>, Damage> {
        if is_public(label)
            && let Some(section) = self.read_public(label)
        {
            return Ok(section);
        }
        let mut headers = Vec::new();
        let start = self.lines.clone();
        // Room for this section only: a file may hold very many. It may be a secret, so it is not outgrown.
        let body = || start.clone().take_while(|line| !line.starts_with(b"-----"));
        let mut letters = Zeroizing::new(Vec::with_capacity(body().map(<[u8]>::len).sum()));
        let mut damage = None;
        let mut body_begun = false;
        loop {
            let before = self.lines.clone();
            let Some(line) = self.lines.next() else { return Err(damage.unwrap_or(Damage::BrokenOff(None))) };
            if let Some(end) = boundary(line, END) {
                if end != label {
                    damage = damage.or(Some(Damage::EndLine(self.lines.number)));
                }
                if let Some(damage) = damage {
                    return Err(damage);
                }
                let der = base64::decode(&letters).ok_or_else(|| base64_damage(&start))?;
                return Ok(Section { label, headers, der, rest: self.lines.rest });
            }
            if boundary(line, BEGIN).is_some() {
                // The end was lost; the next section may be whole.
                self.lines = before;
                return Err(damage.unwrap_or(Damage::BrokenOff(Some(self.lines.number + 1))));
            }
            if line.starts_with(b"-----") {
                damage = damage.or(Some(Damage::EndLine(self.lines.number)));
                continue;
            }
            match header(line).filter(|_| !body_begun) {
                Some(header) => headers.push(header),
                None => {
                    body_begun |= !line.is_empty();
                    letters.extend(line.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
                }
            }
        }
    }
}

/// True for sections that hold no secret, and may be read the fast way.
fn is_public(label: &str) -> bool {
    ["CERTIFICATE", "CRL", "CERTIFICATE REQUEST", "PKCS7", "PUBLIC KEY"]
        .iter()
        .any(|end| label.ends_with(end))
}

/// What is wrong with the base64 that starts at `lines`, headers passed over.
fn base64_damage(lines: &Lines<'_>) -> Damage {
    let mut lines = lines.clone();
    let mut body_begun = false;
    while let Some(line) = lines.next().filter(|line| !line.starts_with(b"-----")) {
        if !body_begun && header(line).is_some() {
            continue;
        }
        body_begun |= !line.is_empty();
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\x0b\x0c".contains(byte);
        if !line.iter().all(is_letter) {
            return Damage::Letter(lines.number);
        }
    }
    Damage::CutShort
}

/// `der` as a section called `label`: 64 letters a line, a newline at the end.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let letters = Zeroizing::new(base64::encode(der));
    // Room for everything, so that no half of a secret stays behind in a buffer that was outgrown.
    let text_len = 2 * label.len() + 32 + letters.len() + letters.len().div_ceil(LINE);
    let mut text = String::with_capacity(text_len);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        text.extend([line, "\n"]);
        rest = after;
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

/// What an input without a whole section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// A section whose END line is missing.
    BrokenOff,
    /// A section whose base64 or END line is not right.
    Damaged,
    Der,
    Json,
    Nothing,
    Text,
    Utf16,
}

impl Instead {
    /// Looks at an input in which [`sections`] finds none.
    pub(crate) fn of(input: &[u8]) -> Self {
        let mut boundaries = Lines::new(input).filter(|line| line.starts_with(b"-----BEGIN "));
        match input.trim_ascii() {
            [] => Self::Nothing,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Self::Utf16,
            [0x30, 0x20..=0xFF, ..] => Self::Der,
            [b'{', ..] => Self::Json,
            _ if boundaries.next().is_none() => Self::Text,
            _ if Lines::new(input).any(|line| boundary(line, END).is_some()) => Self::Damaged,
            _ => Self::BrokenOff,
        }
    }

    /// A clause that follows "there is no … here:".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::BrokenOff => "a PEM section begins, but its -----END line is missing",
            Self::Damaged => {
                "it has a PEM section that is damaged: the base64 or its -----END line is not right"
            }
            Self::Der => "it looks like DER, and PEM text (-----BEGIN …) is needed",
            Self::Json => "it is JSON; `cfssljson -bare NAME` makes PEM files of what cfssl prints",
            Self::Nothing => "it is empty",
            Self::Text => "it has no line that starts with -----BEGIN",
            Self::Utf16 => "it is UTF-16 text, and PEM in ASCII is needed",
        }
    }
}

/// Lines without the blanks around them; a carriage return ends one as a newline does.
#[derive(Clone)]
struct Lines<'a> {
    rest: &'a [u8],
    /// How many lines were taken.
    number: u32,
}

impl<'a> Lines<'a> {
    fn new(input: &'a [u8]) -> Self {
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

/// The label of a BEGIN line that has too few dashes; empty if more than dashes is wrong with it.
fn damaged_label(line: &[u8]) -> &str {
    let label = line.strip_prefix(BEGIN).and_then(|label| std::str::from_utf8(label).ok());
    let label = label.unwrap_or_default().trim_end_matches('-');
    let is_letter =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'#');
    if label.bytes().all(is_letter) { label } else { "" }
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
            assert_eq!((read.label, &*read.der, read.rest), ("A THING", &der, &b""[..]));
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
    fn says_what_is_damaged_and_where() {
        let damages = |text: &str| -> Vec<_> {
            attempts(text.as_bytes())
                .map(|found| (found.label.to_owned(), found.line, found.section.err()))
                .collect()
        };
        let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
        for (text, line, damage) in [
            ("-----BEGIN A-----\nZm9v\n".to_owned(), 1, Damage::BrokenOff(None)),
            (format!("x\n\n-----BEGIN A-----\r\nZm9v\r\n{foo}"), 3, Damage::BrokenOff(Some(5))),
            (foo.replace("Zm9v", "Zm9v\nZm9"), 1, Damage::CutShort),
            (foo.replace("Zm9v", "Zm9v\n\nZm*v"), 1, Damage::Letter(4)),
            (foo.replace("Zm9v", "DEK-Info: *\n\nZm9v\nZ:9v"), 1, Damage::Letter(5)),
            (foo.replace("END A", "END B"), 1, Damage::EndLine(3)),
            (foo.replace("Zm9v", "Zm9v\n-----\nZm9v"), 1, Damage::EndLine(3)),
        ] {
            let found = damages(&text);
            assert_eq!(found.first(), Some(&("A".to_owned(), line, Some(damage))), "{text}");
        }
        let found = damages(&format!("-----BEGIN A----\n{foo}"));
        assert_eq!(found, [("A".to_owned(), 1, Some(Damage::BeginLine)), ("A".to_owned(), 2, None)]);
        let found = damages("-----BEGIN A----- x\n");
        assert_eq!(found, [(String::new(), 1, Some(Damage::BeginLine))]);
    }

    #[test]
    fn finds_sections_as_go_does() {
        let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
        for text in [
            foo.to_owned(),
            format!("text\n{foo}"),
            foo.replace('\n', "\r\n"),
            foo.replace("Zm9v", "Zm\n 9v \t"),
            foo.replace("Zm9v", "Zm 9\tv"),
            foo.replace("Zm9v", "Proc-Type: 4\nDEK-Info: x\n\nZm9v"),
            format!("-----BEGIN B-----\n{foo}"),
            format!("-----BEGIN B\n{foo}"),
            format!("-----BEGIN B-----\nZm9v\n-----END C-----\n{foo}"),
            format!("-----BEGIN A-----\nZm9\n-----END A-----\n{foo}"),
            format!("-----BEGIN A-----\nZm9v\n-----END A----- x\n{foo}"),
            format!("-----BEGIN A-----\nZm9v\n-----\nZm9v\n-----END A-----\n{foo}"),
            format!("x-----BEGIN A-----\nYmFy\n-----END A-----\n{foo}"),
        ] {
            let found: Vec<_> = sections(text.as_bytes()).collect();
            assert_eq!(found.len(), 1, "{text}");
            assert!(found.iter().all(|section| section.label == "A" && **section.der == *b"foo"), "{text}");
        }
        let empty = first(b"-----BEGIN A-----\n-----END A-----").expect("a section");
        assert!(empty.der.is_empty());
    }

    #[test]
    fn keeps_what_follows_a_section() {
        for (end, rest) in [("", ""), ("\n", ""), ("\r\n", ""), ("\n\n", "\n"), ("\nmore\n", "more\n")] {
            let text = format!("-----BEGIN A-----\nZm9v\n-----END A-----{end}");
            assert_eq!(first(text.as_bytes()).expect("a section").rest, rest.as_bytes(), "{end:?}");
        }
    }

    #[test]
    fn takes_time_in_proportion_to_hostile_input() {
        let begins = "-----BEGIN A-----\n".repeat(200_000);
        assert_eq!(labels(&begins), [""; 0]);
        assert_eq!(labels(&format!("{begins}-----END B-----\n")), [""; 0]);
        // A section that holds many lines, none of which ends it.
        assert_eq!(labels(&"-----BEGIN A-----\nAAAA\n-----\n".repeat(100_000)), [""; 0]);
    }

    #[test]
    fn public_and_secret_sections_are_read_alike() {
        let whole = encode("A CERTIFICATE", &[9; 100]);
        let mut cases: Vec<String> = vec![
            whole.clone(),
            whole.replace('\n', "\r\n"),
            whole.replace('\n', "\r"),
            whole.replace('\n', " \n\n  "),
            whole.replacen('\n', "\nProc-Type: 4\n\n", 1),
            whole.replacen("\n-----END", "-----END", 1),
            format!("-----BEGIN A CERTIFICATE-----\nAA==\n-----END B CERTIFICATE-----\n{whole}"),
            format!("-----BEGIN A CERTIFICATE-----\n{whole}"),
            "-----BEGIN A CERTIFICATE-----\n-----END A CERTIFICATE-----".to_owned(),
        ];
        cases.extend((0..whole.len()).map(|at| {
            let (head, tail) = whole.split_at(at);
            format!("{head}%{}", tail.get(1..).unwrap())
        }));
        cases.extend((0..whole.len()).map(|at| whole.split_at(at).0.to_owned()));
        for case in cases {
            let read = |text: &str| -> Vec<(u32, Option<Vec<u8>>, String)> {
                attempts(text.as_bytes())
                    .map(|one| {
                        let damage = one.section.as_ref().err().map(ToString::to_string);
                        let der = one.section.ok().map(|section| section.der.to_vec());
                        (one.line, der, damage.unwrap_or_default())
                    })
                    .collect()
            };
            assert_eq!(read(&case), read(&case.replace("CERTIFICATE", "SECRET")), "{case}");
        }
    }

    #[test]
    fn counts_what_it_reads() {
        let pieces = [
            "-----BEGIN A-----\nAAAA\n-----END A-----\n",
            "-----BEGIN A-----\rAAAA\r\n",
            "-----BEGIN A\n",
            "-----END B-----\r\n",
            "text\n\n",
            "-----\n",
            " -----BEGIN B----- \n",
        ];
        for mut number in 0..7_usize.pow(4) {
            let mut text = String::new();
            for _ in 0..4 {
                text.push_str(pieces.get(number % 7).unwrap());
                number /= 7;
            }
            let mut read = attempts(text.as_bytes());
            let attempts = read.by_ref().count();
            assert_eq!(count(text.as_bytes()), (read.lines.number, attempts as u32), "{text:?}");
        }
    }

    #[test]
    fn finds_where_the_last_section_begins_and_ends() {
        let section = "-----BEGIN A-----\nAAAA\n-----END A-----\n";
        for (text, end) in [
            (section.to_owned(), Some(section.len())),
            (format!("{section}more"), Some(section.len())),
            (format!("{section}-----BEGIN A-----\nAAAA\n-----END A"), Some(section.len())),
            (format!("{section}-----BEGIN A-----\nAAAA\n-----END A-----"), Some(section.len())),
            (format!("{section}-----END x\nx-----END A-----\n"), Some(section.len())),
            (section.replace('\n', "\r"), Some(section.len())),
            (section.replace('\n', "\r\n"), Some(section.len() + 3)),
            ("-----END A".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(last_end(text.as_bytes()), end, "{text:?}");
        }
        assert_eq!(last_begin(format!("{section}  {section}").as_bytes()), Some(section.len()));
        assert_eq!(last_begin(format!("{section}x{section}").as_bytes()), Some(0));
        assert_eq!(last_begin(b"x-----BEGIN A-----"), None);
    }

    #[test]
    fn says_why_there_is_none() {
        assert_eq!(Instead::of(b" \n").words(), "it is empty");
        assert!(Instead::of(b"-----BEGIN A-----\nAAAA\n").words().contains("-----END line is missing"));
        assert!(Instead::of(b"-----BEGIN A-----\nA\n-----END A-----").words().contains("damaged"));
        assert!(Instead::of(b"\x30\x82\x01\x00").words().contains("DER"));
        assert!(Instead::of(b"hello").words().contains("no line that starts"));
        assert!(Instead::of(b" {\"key\":1}").words().contains("JSON"));
        assert!(Instead::of(b"\xff\xfe-\0").words().contains("UTF-16"));
    }

    #[test]
    fn takes_no_more_room_than_a_section_needs() {
        let text = encode("A", &[1; 48]).repeat(1000);
        let sections: Vec<_> = sections(text.as_bytes()).collect();
        assert_eq!(sections.len(), 1000);
        assert!(sections.iter().all(|section| section.der.capacity() < 100));
    }
}
