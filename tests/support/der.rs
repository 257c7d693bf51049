//! A reader of DER that stops the test at whatever it does not understand.

use std::fmt::Write as _;

/// One tag, length and value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'d> {
    pub(crate) tag: u8,
    pub(crate) value: &'d [u8],
    pub(crate) whole: &'d [u8],
}

/// The items that stand one after another.
pub(crate) fn items(mut der: &[u8]) -> Vec<Item<'_>> {
    let mut found = Vec::new();
    while !der.is_empty() {
        let (length, head) = match der[1] {
            short @ ..128 => (usize::from(short), 2),
            long => {
                let count = usize::from(long & 0x7f);
                let length = der[2..2 + count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
                (length, 2 + count)
            }
        };
        let (whole, rest) = der.split_at(head + length);
        found.push(Item { tag: der[0], value: &whole[head..], whole });
        der = rest;
    }
    found
}

impl<'d> Item<'d> {
    /// What stands inside.
    pub(crate) fn open(self) -> Vec<Item<'d>> {
        items(self.value)
    }

    /// An identifier in dotted form.
    pub(crate) fn oid(self) -> String {
        assert_eq!(self.tag, 6, "an identifier");
        let mut arcs = Vec::new();
        let mut arc = 0u128;
        for byte in self.value {
            arc = arc << 7 | u128::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                arcs.push(arc);
                arc = 0;
            }
        }
        let first = arcs[0].min(80) / 40;
        let mut text = format!("{first}.{}", arcs[0] - first * 40);
        for arc in &arcs[1..] {
            write!(text, ".{arc}").unwrap();
        }
        text
    }

    /// A moment: its tag and the seconds since 1970.
    pub(crate) fn time(self) -> (u8, i64) {
        let text = std::str::from_utf8(self.value).unwrap();
        let text = match self.tag {
            0x17 if text < "5" => format!("20{text}"),
            0x17 => format!("19{text}"),
            0x18 => text.to_owned(),
            tag => panic!("{tag} is no time"),
        };
        let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
        let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
        // Days from the civil calendar; the year starts in March.
        let shifted = if month < 3 { year - 1 } else { year };
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + of_year - 719_468;
        assert!(text.ends_with('Z') && text.len() == 15, "{text}");
        (self.tag, days * 86_400 + number(8, 10) * 3600 + number(10, 12) * 60 + number(12, 14))
    }
}

/// Upper-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A name: sets separated by `; `, the attributes of a set by ` + `, each with the tag of its string.
pub(crate) fn name(name: Item<'_>) -> String {
    let attribute = |item: &Item<'_>| {
        let parts = item.open();
        let tag = match parts[1].tag {
            0x0c => "utf8",
            0x13 => "printable",
            0x16 => "ia5",
            other => &format!("{other:#04x}"),
        };
        format!("{}={tag}:{}", parts[0].oid(), String::from_utf8_lossy(parts[1].value))
    };
    let sets = name.open();
    let set = |set: &Item<'_>| set.open().iter().map(attribute).collect::<Vec<_>>().join(" + ");
    sets.iter().map(set).collect::<Vec<_>>().join("; ")
}

/// A positive big-endian number in decimal.
pub(crate) fn decimal(bytes: &[u8]) -> String {
    let mut digits = vec![0u8];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) * 256;
            *digit = u8::try_from(carry % 10).unwrap();
            carry /= 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap());
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

/// The label and the bytes of the only section of a PEM text, which has to be written as Go writes it.
pub(crate) fn pem(text: &str) -> (String, Vec<u8>) {
    let lines: Vec<&str> = text.strip_suffix('\n').expect("a newline at the end").split('\n').collect();
    let label = lines[0].strip_prefix("-----BEGIN ").unwrap().strip_suffix("-----").unwrap();
    let (body, end) = lines[1..].split_at(lines.len() - 2);
    assert_eq!(end, [format!("-----END {label}-----")]);
    assert!(body[..body.len() - 1].iter().all(|line| line.len() == 64), "lines of 64 letters");
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut word, mut count) = (0u32, 0);
    for letter in body.concat().bytes().filter(|letter| *letter != b'=') {
        let value = alphabet.iter().position(|known| *known == letter).unwrap();
        word = word << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(word >> count & 0xff).unwrap());
        }
    }
    (label.to_owned(), bytes)
}
