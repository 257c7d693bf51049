//! Whom a certificate is for: its subject.

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::case::Case;
use crate::inspect::audit::text::{few, quote};
use crate::inspect::name::{Attribute, attributes};
use crate::inspect::view::{attribute_name, common_name, dotted};
use crate::x509::der_reader::{Reader, tag};
use crate::x509::extension::SUBJECT_ALT_NAME;

pub(super) static RULES: [CertificateRule; 8] = [
    CertificateRule {
        rule: Rule {
            id: "no-name",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.6",
            title: "the certificate names nobody",
            meaning: "It has neither a subject nor alternative names, so that nobody can say whose it is.",
            remedy: "Issue it anew with a common name or with hosts.",
        },
        check: |case| {
            let is_nameless = case.view.subject == [0x30, 0] && !case.is_authority() && case.names.is_empty();
            is_nameless.then(|| "it has neither a subject nor alternative names".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "san-not-critical",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.2.1.6",
            title: "the subject is empty and the alternative names are not critical",
            meaning: "Where the subject is empty, programs that do not know alternative names have to be warned. \
                      Strict ones refuse the certificate.",
            remedy: "Give it a common name, or issue it with a critical subjectAltName.",
        },
        check: |case| {
            let extension = case.view.extension(SUBJECT_ALT_NAME.as_bytes())?;
            (case.view.subject == [0x30, 0] && !extension.critical)
                .then(|| "its subject is empty, and its subjectAltName is not critical".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "cn-blank",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, A.1",
            title: "the common name is blank",
            meaning: "A name that is written and says nothing is a slip in the request: the certificate stands \
                      for nobody in logs and access rules.",
            remedy: "Issue it anew with a name, or without one.",
        },
        check: |case| {
            let name = common_name(case.view.subject)?;
            name.trim().is_empty().then(|| "its common name is blank".to_owned())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "cn-too-long",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, A.1",
            title: "the common name has more than 64 letters",
            meaning: "Strict programs refuse it, and openssl does not write one.",
            remedy: "Shorten it; long host names belong among the alternative names.",
        },
        check: |case| {
            let letters = common_name(case.view.subject)?.chars().count();
            (letters > 64).then(|| format!("its common name has {letters} letters"))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "country-code",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, A.1",
            title: "the country is no code of two letters",
            meaning: "It is to be a code of ISO 3166 such as `DE`. Strict programs refuse other texts.",
            remedy: "Write the code of two letters into the request's `C`.",
        },
        check: |case| {
            let is_code = |octets: &[u8]| octets.len() == 2 && octets.iter().all(u8::is_ascii_alphabetic);
            let subject = subject(case);
            let country = subject.iter().find(|one| one.oid == COUNTRY && !is_code(one.value.value))?;
            let text = crate::x509::text::string(country.value).unwrap_or_default();
            Some(format!("its country is {}", quote(&text)))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "name-letters",
            severity: Severity::Error,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.4",
            title: "a name holds letters that its string type does not have",
            meaning: "Go refuses the whole certificate where a PrintableString holds `@` or `_`, or a UTF8String \
                      is no UTF-8.",
            remedy: "Issue it anew with a program that chooses the string type by the letters.",
        },
        check: |case| {
            NAMES.into_iter().find_map(|(whose, name)| {
                let broken: Vec<String> = name(case)
                    .iter()
                    .filter(|one| !has_letters_of_its_type(one.value.tag, one.value.value))
                    .map(|one| quote(&crate::x509::text::lossy(one.value.value)))
                    .collect();
                (!broken.is_empty())
                    .then(|| format!("the {whose}'s {} is not of its string type", few(&broken)))
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "name-value-type",
            severity: Severity::Warning,
            scope: RuleScope::Certificate,
            citation: "X.520",
            title: "a part of the name is no text that Go reads",
            meaning: "Go refuses the whole certificate where a part of its name is a BIT STRING, such as a \
                      x500UniqueIdentifier, or in a string type of old such as UniversalString. OpenSSL reads it.",
            remedy: "Issue it anew without that part, or as a UTF8String.",
        },
        check: |case| {
            NAMES.into_iter().find_map(|(whose, name)| {
                let odd = name(case).into_iter().find(|one| !READ_BY_GO.contains(&one.value.tag))?;
                let part = attribute_name(odd.oid).map_or_else(|| dotted(odd.oid), str::to_owned);
                Some(format!("the {whose}'s {part} is of the ASN.1 type {}", odd.value.tag & 0x1f))
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "name-string-type",
            severity: Severity::Info,
            scope: RuleScope::Certificate,
            citation: "RFC 5280, 4.1.2.4",
            title: "a name is written in an old string type",
            meaning: "New certificates use PrintableString or UTF8String. T61String, BMPString and \
                      UniversalString are read differently by different programs.",
            remedy: "Nothing to do while all works; the next one should be written as UTF-8.",
        },
        check: |case| {
            const OLD: [u8; 3] = [tag::T61_STRING, tag::BMP_STRING, tag::UNIVERSAL_STRING];
            let subject = subject(case);
            let old = subject.iter().find(|one| OLD.contains(&one.value.tag))?;
            let text = crate::x509::text::string(old.value).unwrap_or_default();
            Some(format!("the subject's {} is in an old string type", quote(&text)))
        },
    },
];

/// The types of values that Go's reader of names takes.
const READ_BY_GO: [u8; 6] = [
    tag::UTF8_STRING,
    tag::NUMERIC_STRING,
    tag::PRINTABLE_STRING,
    tag::T61_STRING,
    tag::IA5_STRING,
    tag::BMP_STRING,
];

/// countryName, 2.5.4.6, contents.
const COUNTRY: &[u8] = &[0x55, 4, 6];

/// The attributes of a name of a certificate.
type NameOf = for<'s> fn(&Case<'s>) -> Vec<Attribute<'s>>;

/// The names that a certificate has, the subject first.
const NAMES: [(&str, NameOf); 2] = [("subject", subject), ("issuer", |case| attributes_of(case.view.issuer))];

/// The attributes of the subject; none where it cannot be read.
fn subject<'s>(case: &Case<'s>) -> Vec<Attribute<'s>> {
    attributes_of(case.view.subject)
}

fn attributes_of(name: &[u8]) -> Vec<Attribute<'_>> {
    Reader::only(name, tag::SEQUENCE).and_then(|name| attributes(name, "name").ok()).unwrap_or_default()
}

/// Whether a string holds only letters of its type; `*` and `&` pass in a PrintableString, as Go and openssl let
/// them.
fn has_letters_of_its_type(string: u8, octets: &[u8]) -> bool {
    match string {
        tag::PRINTABLE_STRING => {
            octets.iter().all(|octet| octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(octet))
        }
        tag::NUMERIC_STRING => octets.iter().all(|octet| octet.is_ascii_digit() || *octet == b' '),
        tag::IA5_STRING | tag::VISIBLE_STRING => octets.is_ascii(),
        tag::UTF8_STRING => std::str::from_utf8(octets).is_ok(),
        tag::BMP_STRING => octets.len().is_multiple_of(2),
        tag::UNIVERSAL_STRING => octets.len().is_multiple_of(4),
        _ => true,
    }
}
