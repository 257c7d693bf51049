//! Values of flags as Go's `strconv` reads and shows them, and those of our own.

use crate::{Error, ErrorKind, Result, json};
use time::OffsetDateTime;

/// The value of `-now`: `2027-01-31`, which is its first moment in UTC, or a moment of RFC 3339.
pub(crate) fn parse_moment(text: &str) -> Result<OffsetDateTime> {
    json::parse_date(text).or_else(|_| json::parse_rfc3339(text)).map_err(|_| {
        Error::new(ErrorKind::Usage, format!("-now: {} is no moment", json::quote(text)))
            .hint("write a date such as 2027-01-31, or a moment such as 2027-01-31T12:00:00Z")
    })
}

/// A boolean in one of Go's spellings.
pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Why a text is no integer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IntegerFault {
    /// It is not written as one.
    Syntax,
    /// It does not fit into 64 bits.
    Range,
}

/// An integer as Go's `strconv.ParseInt(text, 0, 64)` reads it.
pub(crate) fn parse_integer(text: &str) -> std::result::Result<i64, IntegerFault> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    let (base, digits, prefixed) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, unsigned.get(2..), true),
        [b'0', b'o' | b'O', ..] => (8, unsigned.get(2..), true),
        [b'0', b'b' | b'B', ..] => (2, unsigned.get(2..), true),
        [b'0', _, ..] => (8, unsigned.get(1..), true),
        _ => (10, Some(unsigned), false),
    };
    let digits = digits.unwrap_or_default();
    let mut value: Option<i64> = Some(0);
    let mut any_digit = false;
    // An underscore stands between two digits, or between the base prefix and a digit.
    let mut underscore_allowed = prefixed;
    let mut last_is_underscore = false;
    for letter in digits.chars() {
        if letter == '_' {
            if !underscore_allowed {
                return Err(IntegerFault::Syntax);
            }
            (underscore_allowed, last_is_underscore) = (false, true);
            continue;
        }
        let digit = letter.to_digit(base).ok_or(IntegerFault::Syntax)?;
        let digit = i64::from(digit);
        value = value.and_then(|value| value.checked_mul(i64::from(base))).and_then(|value| match negative {
            true => value.checked_sub(digit),
            false => value.checked_add(digit),
        });
        (underscore_allowed, last_is_underscore, any_digit) = (true, false, true);
    }
    if !any_digit || last_is_underscore {
        return Err(IntegerFault::Syntax);
    }
    value.ok_or(IntegerFault::Range)
}

/// The text in quotes, as Go's `%q` shows it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            _ if is_printable(letter) => out.push(letter),
            '\0'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    out.push('"');
    out
}

/// Whether Go prints a letter as it is: no blank but the space, no control or format character.
fn is_printable(letter: char) -> bool {
    // Rust's own table is the same but for marks at the beginning and the quote.
    letter == '\'' || format!("a{letter}").escape_debug().nth(1) == Some(letter)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_are_dates_or_of_rfc_3339() {
        assert_eq!(parse_moment("2027-01-31").unwrap(), datetime!(2027-01-31 0:00 UTC));
        assert_eq!(parse_moment("2027-01-31T12:00:00+08:00").unwrap(), datetime!(2027-01-31 4:00 UTC));
        assert!(parse_moment("tomorrow").unwrap_err().to_string().contains("2027-01-31"));
    }

    #[test]
    fn quotes_what_cannot_be_seen_as_go_does() {
        for (text, expected) in [
            ("a\"b\\c\n", r#""a\"b\\c\n""#),
            ("\u{1}\u{7f}\u{a0}\u{200b}", r#""\x01\x7f\u00a0\u200b""#),
            ("\u{e0001} é 網 e\u{301}'", "\"\\U000e0001 é 網 e\u{301}'\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn reads_integers_as_go_does() {
        for (text, value) in [
            ("10", Ok(10)),
            ("-1", Ok(-1)),
            ("+7", Ok(7)),
            ("0", Ok(0)),
            ("0x10", Ok(16)),
            ("0o7", Ok(7)),
            ("010", Ok(8)),
            ("0b1", Ok(1)),
            ("1_000", Ok(1000)),
            ("0x_1", Ok(1)),
            ("0_7", Ok(7)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err(IntegerFault::Range)),
            ("08", Err(IntegerFault::Syntax)),
            ("1__0", Err(IntegerFault::Syntax)),
            ("_1", Err(IntegerFault::Syntax)),
            ("1_", Err(IntegerFault::Syntax)),
            ("0x", Err(IntegerFault::Syntax)),
            ("", Err(IntegerFault::Syntax)),
            ("-", Err(IntegerFault::Syntax)),
            ("\u{661}", Err(IntegerFault::Syntax)),
            ("1.5", Err(IntegerFault::Syntax)),
        ] {
            assert_eq!(parse_integer(text), value, "{text}");
        }
    }
}
