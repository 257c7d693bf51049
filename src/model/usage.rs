//! The usages a profile may name: key usage bits and extended key usages in one list.

use crate::json::did_you_mean;
use der::asn1::ObjectIdentifier;
use std::fmt;

/// What a key may be used for, in cfssl's words (RFC 5280 sections 4.2.1.3 and 4.2.1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Usage(&'static Row);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Row {
    word: &'static str,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Meaning {
    /// A bit of the key usage extension, counted as RFC 5280 counts them.
    KeyUsageBit(u8),
    /// A purpose of the extended key usage extension.
    ExtendedKeyUsage(ObjectIdentifier),
}

const fn bit(word: &'static str, bit: u8) -> Row {
    Row { word, meaning: Meaning::KeyUsageBit(bit) }
}

const fn purpose(word: &'static str, oid: &str) -> Row {
    Row { word, meaning: Meaning::ExtendedKeyUsage(ObjectIdentifier::new_unwrap(oid)) }
}

/// cfssl's table. `signing` is the word its own files use for the digital signature bit.
static TABLE: [Row; 23] = [
    bit("signing", 0),
    bit("digital signature", 0),
    bit("content commitment", 1),
    bit("key encipherment", 2),
    bit("data encipherment", 3),
    bit("key agreement", 4),
    bit("cert sign", 5),
    bit("crl sign", 6),
    bit("encipher only", 7),
    bit("decipher only", 8),
    purpose("any", "2.5.29.37.0"),
    purpose("server auth", "1.3.6.1.5.5.7.3.1"),
    purpose("client auth", "1.3.6.1.5.5.7.3.2"),
    purpose("code signing", "1.3.6.1.5.5.7.3.3"),
    purpose("email protection", "1.3.6.1.5.5.7.3.4"),
    purpose("s/mime", "1.3.6.1.5.5.7.3.4"),
    purpose("ipsec end system", "1.3.6.1.5.5.7.3.5"),
    purpose("ipsec tunnel", "1.3.6.1.5.5.7.3.6"),
    purpose("ipsec user", "1.3.6.1.5.5.7.3.7"),
    purpose("timestamping", "1.3.6.1.5.5.7.3.8"),
    purpose("ocsp signing", "1.3.6.1.5.5.7.3.9"),
    purpose("microsoft sgc", "1.3.6.1.4.1.311.10.3.3"),
    purpose("netscape sgc", "2.16.840.1.113730.4.1"),
];

impl Usage {
    /// The usage that cfssl's files call by this word; case and blanks count.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.word == word).map(Usage)
    }

    /// Every usage, in the order of the tables of RFC 5280.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Usage)
    }

    /// cfssl's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.0.word
    }

    /// The bit of the key usage extension (RFC 5280 section 4.2.1.3), counted from 0.
    #[must_use]
    pub fn key_usage_bit(self) -> Option<u8> {
        match self.0.meaning {
            Meaning::KeyUsageBit(bit) => Some(bit),
            Meaning::ExtendedKeyUsage(_) => None,
        }
    }

    /// The purpose in the extended key usage extension (RFC 5280 section 4.2.1.12).
    #[must_use]
    pub fn extended_key_usage(self) -> Option<ObjectIdentifier> {
        match self.0.meaning {
            Meaning::KeyUsageBit(_) => None,
            Meaning::ExtendedKeyUsage(oid) => Some(oid),
        }
    }

    /// The word that was probably meant by one that does not exist.
    #[must_use]
    pub fn suggestion(word: &str) -> Option<&'static str> {
        if word.len() > 100 {
            return None;
        }
        match word.to_lowercase().replace(['-', '_'], " ").as_str() {
            "digital signing" | "signature" | "sign" => Some("digital signature"),
            "nonrepudiation" | "non repudiation" => Some("content commitment"),
            "tls server" | "server" | "serverauth" => Some("server auth"),
            "tls client" | "client" | "clientauth" => Some("client auth"),
            "keycertsign" | "certsign" | "certificate sign" | "cert signing" => Some("cert sign"),
            "crlsign" | "crl signing" => Some("crl sign"),
            other => did_you_mean(other, TABLE.iter().map(|row| row.word)),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_exact() {
        assert_eq!(Usage::from_word("server auth").map(Usage::word), Some("server auth"));
        assert_eq!(Usage::from_word("Server Auth"), None);
        assert_eq!(Usage::all().count(), 23);
    }

    #[test]
    fn suggests_what_people_mean() {
        for (word, meant) in [
            ("digital signing", "digital signature"),
            ("Server Auth", "server auth"),
            ("server-auth", "server auth"),
            ("content committment", "content commitment"),
            ("key enciphermant", "key encipherment"),
        ] {
            assert_eq!(Usage::suggestion(word), Some(meant), "{word}");
        }
        assert_eq!(Usage::suggestion("bogus"), None);
    }
}
