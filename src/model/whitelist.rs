//! The whitelists of a profile: which parts of a CSR it honours, and which names it signs.

use super::re2;
use crate::json::{Object, Reading, Shape, Value};
use crate::{Error, ErrorKind, Result};

const CSR_WHITELIST: Shape = Shape {
    go_type: "config.CSRWhitelist",
    keys: &[
        "Subject",
        "PublicKeyAlgorithm",
        "PublicKey",
        "SignatureAlgorithm",
        "DNSNames",
        "IPAddresses",
        "EmailAddresses",
        "URIs",
    ],
};

/// Which parts of a CSR a profile honours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "eight independent switches of cfssl's file")]
pub struct CsrWhitelist {
    /// The subject.
    pub subject: bool,
    /// The public key's algorithm.
    pub public_key_algorithm: bool,
    /// The public key; without it nothing can be issued.
    pub public_key: bool,
    /// The signature algorithm, which is never used.
    pub signature_algorithm: bool,
    /// DNS names.
    pub dns_names: bool,
    /// IP addresses.
    pub ip_addresses: bool,
    /// Mail addresses.
    pub email_addresses: bool,
    /// URIs.
    pub uris: bool,
}

impl CsrWhitelist {
    pub(super) fn read(reading: &mut Reading<'_>, profile: &Object<'_>) -> Result<Option<Self>> {
        let Some(object) = profile.object(reading, "CSRWhitelist", CSR_WHITELIST)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            subject: object.boolean(reading, "Subject")?,
            public_key_algorithm: object.boolean(reading, "PublicKeyAlgorithm")?,
            public_key: object.boolean(reading, "PublicKey")?,
            signature_algorithm: object.boolean(reading, "SignatureAlgorithm")?,
            dns_names: object.boolean(reading, "DNSNames")?,
            ip_addresses: object.boolean(reading, "IPAddresses")?,
            email_addresses: object.boolean(reading, "EmailAddresses")?,
            uris: object.boolean(reading, "URIs")?,
        }))
    }

    pub(super) fn to_value(self) -> Value {
        Value::object([
            ("Subject", Value::boolean(self.subject)),
            ("PublicKeyAlgorithm", Value::boolean(self.public_key_algorithm)),
            ("PublicKey", Value::boolean(self.public_key)),
            ("SignatureAlgorithm", Value::boolean(self.signature_algorithm)),
            ("DNSNames", Value::boolean(self.dns_names)),
            ("IPAddresses", Value::boolean(self.ip_addresses)),
            ("EmailAddresses", Value::boolean(self.email_addresses)),
            ("URIs", Value::boolean(self.uris)),
        ])
    }
}

/// A compiled `name_whitelist`.
#[derive(Debug, Clone)]
pub struct NameWhitelist {
    pattern: String,
    regex: regex::Regex,
}

/// Two are equal where their patterns are.
impl PartialEq for NameWhitelist {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for NameWhitelist {}

impl NameWhitelist {
    /// Compiles a pattern of RE2's syntax; it need not match the whole name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPolicy`] where the pattern is malformed.
    pub fn new(pattern: &str) -> Result<Self> {
        let malformed = |reason: &str| {
            Error::new(ErrorKind::InvalidPolicy, "failed to compile name whitelist section")
                .explain(format!("the pattern {} is malformed: {reason}", crate::json::quote(pattern)))
        };
        let regex = regex::Regex::new(&re2::translate(pattern).map_err(malformed)?).map_err(|fault| {
            let reason = fault.to_string();
            malformed(reason.lines().last().unwrap_or_default().trim_start_matches("error: "))
        })?;
        Ok(Self { pattern: pattern.to_owned(), regex })
    }

    /// True where the pattern is found in the name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }

    /// The pattern.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn a_name_of_other_alphabets_does_not_pass_for_ascii() {
        let whitelist = NameWhitelist::new(r"^[\w-]+\.example$").unwrap();
        assert!(whitelist.matches("a-1.example"));
        assert!(!whitelist.matches("\u{430}.example"));
        assert_eq!(whitelist.pattern(), r"^[\w-]+\.example$");
    }

    #[test]
    fn any_number_of_groups_takes_no_memory_to_speak_of() {
        for group in ["(a?)", "(?:a?)", "(?i:a?)"] {
            let whitelist = NameWhitelist::new(&format!("^{}$", group.repeat(20_000))).unwrap();
            assert!(whitelist.matches("a"), "{group}");
            assert!(!whitelist.matches("b"), "{group}");
        }
    }
}
