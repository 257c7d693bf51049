//! The file of serial numbers that `gencrl` reads: one decimal number on a line.

use crate::x509::SerialNumber;
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// The most digits of a serial number. One of 20 octets has 49; reading takes time with their square.
const MAX_DIGITS: usize = 5_000;

/// The most lines that are complained of one by one.
const MAX_WARNINGS: usize = 10;

/// A line of more letters is shown by its beginning, of so many letters.
const MAX_QUOTED: usize = 19;
const SHOWN: usize = 8;

/// Reads the serial numbers of a file as cfssl does: blank lines are passed over; of any other, an optional
/// sign and the digits behind it count, and what follows is passed over. A line without digits is the
/// number 0. Both are warned of, for a file of PEM sections once; blanks at the end of a line are not. Of a long line
/// the warning shows the beginning only: the file may be a private key that was named in place of the list.
///
/// # Errors
///
/// [`ErrorKind::Usage`] for a number of more than 5000 digits.
pub fn read_serial_list(text: &[u8]) -> Result<(Vec<SerialNumber>, Vec<Warning>)> {
    let mut serials = Vec::new();
    let mut warnings = Vec::new();
    let mut unsaid = 0;
    let is_pem = text.starts_with(b"-----BEGIN ") || crate::pem::first(text).is_some();
    let most_warnings = if is_pem { 0 } else { MAX_WARNINGS };
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            continue;
        }
        let line = line.trim_end();
        let (number, rest) = leading_number(line);
        let position = (index + 1, 1);
        if number.len() > MAX_DIGITS {
            let message = format!("a serial number of more than {MAX_DIGITS} digits");
            return Err(Error::new(ErrorKind::Usage, message).at_position(position));
        }
        let serial = SerialNumber::from_decimal(number);
        if serial.is_none() || !rest.is_empty() {
            if warnings.len() < most_warnings {
                warnings.push(doubt(line, serial.as_ref()).at_position(position));
            } else {
                unsaid += 1;
            }
        }
        serials.push(serial.unwrap_or_else(|| SerialNumber::from_be_bytes(&[])));
    }
    if is_pem {
        let message = "this is PEM, a certificate or a key, and no list of serial numbers; each of its lines is taken \
                       for one";
        warnings.push(Warning::new(WarningKind::Unwise, message).hint(
            "name the list first, before the certificate and the key; write serial numbers in decimal, one on a line",
        ));
    } else if unsaid > 0 {
        let message = format!("{unsaid} more lines are not decimal numbers");
        warnings.push(Warning::new(WarningKind::Unwise, message));
    }
    Ok((serials, warnings))
}

/// The sign and the digits that a line starts with, without a plus, and the rest of the line.
fn leading_number(line: &str) -> (&str, &str) {
    let unsigned = line.strip_prefix(['+', '-']).unwrap_or(line);
    let digits_end = unsigned.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(unsigned.len());
    let (number, rest) = line.split_at(line.len() - unsigned.len() + digits_end);
    (number.strip_prefix('+').unwrap_or(number), rest)
}

fn doubt(line: &str, read: Option<&SerialNumber>) -> Warning {
    let shown =
        if line.chars().nth(MAX_QUOTED).is_some() { crate::quote::cut(line, SHOWN) } else { line.into() };
    let quoted = crate::json::quote(&shown);
    let message = match read {
        Some(serial) => format!("{quoted} is not a decimal number; the serial number {serial} is revoked"),
        None => format!("{quoted} is not a decimal number; the serial number 0 is revoked"),
    };
    Warning::new(WarningKind::Unwise, message)
        .hint("write serial numbers in decimal, one on a line, as `cfssl certinfo` prints them")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    #![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let (serials, warnings) = read_serial_list(text.as_bytes()).unwrap();
        (
            serials.iter().map(ToString::to_string).collect(),
            warnings.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn reads_clean_lists_without_a_word() {
        for (text, serials) in [
            ("", &[][..]),
            ("\n\n \t\r\n", &[]),
            ("5", &["5"]),
            ("5\r\n6 \n+7\n", &["5", "6", "7"]),
            ("-1\n0\n", &["-1", "0"]),
            (
                "727885129180488904360266563744972327436484050815123",
                &["727885129180488904360266563744972327436484050815123"],
            ),
        ] {
            let (read, warnings) = read(text);
            assert_eq!(
                (read.as_slice(), warnings.len()),
                (serials.map_to_strings().as_slice(), 0),
                "{text:?}"
            );
        }
    }

    trait Strings {
        fn map_to_strings(&self) -> Vec<String>;
    }

    impl Strings for &[&str] {
        fn map_to_strings(&self) -> Vec<String> {
            self.iter().map(|text| (*text).to_owned()).collect()
        }
    }

    #[test]
    fn names_the_lines_that_are_no_numbers() {
        let (serials, warnings) = read("1\nabc\n\n0x10\n 7\n12:34\n-\n\u{663}\n");
        assert_eq!(serials, ["1", "0", "0", "0", "12", "0", "0"]);
        assert_eq!(warnings.len(), 6);
        assert_eq!(
            warnings.first().unwrap(),
            "\"abc\" is not a decimal number; the serial number 0 is revoked (line 2, column 1); write serial \
             numbers in decimal, one on a line, as `cfssl certinfo` prints them"
        );
        assert!(
            warnings[3]
                .starts_with("\"12:34\" is not a decimal number; the serial number 12 is revoked (line 6")
        );
    }

    #[test]
    fn does_not_go_on_about_a_file_that_is_something_else() {
        let (serials, warnings) = read(&"0x10 and more than that\n".repeat(1000));
        assert_eq!((serials.len(), warnings.len()), (1000, 11));
        assert!(warnings[0].starts_with("\"0x10 and…\" is not a decimal number"), "{}", warnings[0]);
        assert_eq!(warnings[10], "990 more lines are not decimal numbers");
    }

    #[test]
    fn says_once_of_pem_that_it_is_no_list() {
        for text in ["-----BEGIN X-----\nAAAA\n", "junk\n-----BEGIN X-----\nAAAA\n-----END X-----\n"] {
            let (serials, warnings) = read(text);
            assert_eq!((serials.len(), warnings.len()), (text.lines().count(), 1));
            assert!(
                warnings[0].starts_with("this is PEM, a certificate or a key, and no list"),
                "{}",
                warnings[0]
            );
        }
    }

    #[test]
    fn refuses_a_number_that_would_take_for_ever() {
        let error = read_serial_list(format!("1\n{}", "9".repeat(5001)).as_bytes()).unwrap_err();
        assert_eq!(error.place().position, Some((2, 1)));
        assert!(read_serial_list("9".repeat(5000).as_bytes()).is_ok());
    }
}
