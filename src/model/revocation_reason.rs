//! Why a certificate was revoked.

use crate::{Error, ErrorKind, Result};

/// A CRLReason (RFC 5280 section 5.3.1): a code from 0 to 10.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RevocationReason(u8);

/// The names of RFC 5280; cfssl does not look at the case.
const NAMES: [(&str, u8); 10] = [
    ("unspecified", 0),
    ("keyCompromise", 1),
    ("caCompromise", 2),
    ("affiliationChanged", 3),
    ("superseded", 4),
    ("cessationOfOperation", 5),
    ("certificateHold", 6),
    ("removeFromCRL", 8),
    ("privilegeWithdrawn", 9),
    ("aACompromise", 10),
];

impl RevocationReason {
    /// No reason, which is not written.
    pub const UNSPECIFIED: Self = Self(0);

    /// Reads a name, in any case, or a number from 1 to 9; nothing at all is no reason. cfssl does not take
    /// the numbers 0 and 10, though it takes their names, and takes 7, which stands for nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OcspStatus`] for any other number, [`ErrorKind::Usage`] for any other text.
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::UNSPECIFIED);
        }
        if let Some((_, code)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            return Ok(Self(*code));
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let quoted = crate::json::quote(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(names_hint(
                Error::new(ErrorKind::Usage, format!("strconv.Atoi: parsing {quoted}: invalid syntax"))
                    .explain(format!("there is no reason {quoted} to revoke a certificate")),
            ));
        }
        match text.parse::<i64>() {
            Ok(code @ 1..=9) => Ok(Self(code as u8)),
            Ok(code) => Err(names_hint(
                Error::of(ErrorKind::OcspStatus)
                    .explain(format!("the number {code} is no reason to revoke a certificate")),
            )),
            Err(_) => Err(names_hint(Error::new(
                ErrorKind::Usage,
                format!("strconv.Atoi: parsing {quoted}: value out of range"),
            ))),
        }
    }

    /// The reason of a number from 0 to 10; 7 stands for nothing, and is taken as cfssl takes it.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0..=10 => Some(Self(code)),
            _ => None,
        }
    }

    /// The name that RFC 5280 gives it, such as `keyCompromise`; the number 7 has none.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(_, code)| *code == self.0).map(|(name, _)| *name)
    }

    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }
}

fn names_hint(error: Error) -> Error {
    let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    error.hint(format!("write one of {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_names_and_numbers_as_cfssl_does() {
        for (text, code) in [
            ("", 0),
            ("unspecified", 0),
            ("KEYCOMPROMISE", 1),
            ("aacompromise", 10),
            ("removefromcrl", 8),
            ("1", 1),
            ("7", 7),
            ("+3", 3),
            ("009", 9),
        ] {
            assert_eq!(RevocationReason::parse(text).unwrap().code(), code, "{text}");
        }
        for (text, words) in [
            ("0", r#"{"code":8200,"message":"Invalid revocation status"}"#),
            ("10", r#"{"code":8200,"message":"Invalid revocation status"}"#),
            ("-1", r#"{"code":8200,"message":"Invalid revocation status"}"#),
            ("bogus", r#"strconv.Atoi: parsing "bogus": invalid syntax"#),
            (" 1", r#"strconv.Atoi: parsing " 1": invalid syntax"#),
            ("-", r#"strconv.Atoi: parsing "-": invalid syntax"#),
            ("99999999999999999999", r#"strconv.Atoi: parsing "99999999999999999999": value out of range"#),
        ] {
            assert_eq!(RevocationReason::parse(text).unwrap_err().cfssl_text(), words, "{text}");
        }
    }
}
