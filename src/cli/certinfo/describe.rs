//! What is made of each certificate.

use super::blocks::Block;
use super::inputs::nothing_in;
use crate::asn1::reader::{Reader, tag};
use crate::error::Error;
use crate::inspect;
use crate::inspect::details::{CertificateDetails, ObjectDetails, Origin};
use crate::inspect::evidence::{Object, Place, PrivateKeyFacts};
use crate::inspect::read::{Contents, ReadOptions};
use crate::output::certificate::{Field, Look, row, write_text};
use crate::pem::{self, Damage};
use crate::x509::{CertificateParts, pkcs7};
use time::OffsetDateTime;

/// A form of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// cfssl's objects, one after the other.
    Json,
    /// One line of JSON for each certificate.
    JsonLines,
    /// Lines with these columns.
    Table(Vec<Field>),
    /// Paragraphs for people.
    Text,
}

/// How certificates are to be described.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) format: &'a Format,
    pub(super) look: Look,
    pub(super) now: OffsetDateTime,
    /// The file or the server.
    pub(super) name: &'a str,
    /// How what is no certificate is read.
    pub(super) read: &'a ReadOptions,
}

/// What was made of some certificates.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) text: String,
    /// The cells of tables.
    pub(super) rows: Vec<Vec<String>>,
    /// What could not be read: where, and why.
    pub(super) faults: Vec<String>,
    pub(super) certificates: u64,
    /// What the first block holds, where that is no certificate.
    pub(super) instead: Option<Error>,
    /// Objects that are no certificates, to be described when all certificates are known.
    pub(super) others: Vec<Other>,
    /// What others may belong to.
    pub(super) known: Vec<Known>,
}

/// An object that is no certificate, and where it is.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) details: ObjectDetails,
    pub(super) source: String,
    pub(super) position: u32,
    pub(super) line: u32,
    pub(super) member: Option<String>,
}

/// What others may belong to: a certificate.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) key_sha256: [u8; 32],
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) source: String,
}

/// Certificates of a source behind this one are not remembered: a bundle may have millions.
const MOST_KNOWN: u32 = 1_000;

impl Described {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
        self.faults.clear();
        self.certificates = 0;
        self.instead = None;
        self.others.clear();
        self.known.clear();
    }
}

impl<'a> Spot<'a> {
    /// A place of evidence.
    pub(super) fn of(place: &'a Place) -> Self {
        let place_of = |number: u32, line, member| Self { position: number.saturating_add(1), line, member };
        match place {
            Place::Whole => Self::default(),
            Place::Item(number) => place_of(*number, 0, None),
            Place::Member { path, number, line } => place_of(*number, *line, Some(path)),
            Place::Section { number, line } => place_of(*number, *line, None),
        }
    }
}

/// Where in its source a certificate is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot<'a> {
    /// Counted from 1; 0 where it is the whole source.
    pub(super) position: u32,
    /// Counted from 1; 0 where there are no lines.
    pub(super) line: u32,
    /// The value of a document that holds it.
    pub(super) member: Option<&'a str>,
}

impl Task<'_> {
    /// Describes the certificates in a block of PEM text.
    pub(super) fn block(&self, block: &Block, into: &mut Described) {
        into.clear();
        let mut attempts = (block.number..).zip(pem::attempts(&block.text)).peekable();
        while let Some((number, attempt)) = attempts.next() {
            let spot = Spot {
                position: number.saturating_add(1),
                line: block.line.saturating_add(attempt.line),
                member: None,
            };
            let label = attempt.label;
            match attempt.section {
                Ok(section) => {
                    if !self.section(label, &section.der, spot, into) {
                        self.others(attempt.text, spot, into);
                    }
                }
                Err(_) if !self.is_expected(label) && !label.is_empty() => {}
                Err(Damage::BrokenOff(None)) if block.is_cut && attempts.peek().is_none() => {
                    into.faults.push(format!("line {}: the section is longer than a mebibyte", spot.line));
                }
                Err(damage) => {
                    let damage = damage.behind(block.line);
                    let before = into.certificates;
                    self.others(attempt.text, spot, into);
                    let more = if into.certificates == before {
                        ""
                    } else {
                        "; it could be read here, but other programs do not read it"
                    };
                    into.faults.push(format!("line {}: the section is damaged: {damage}{more}", spot.line));
                }
            }
        }
        if block.line == 0 && into.certificates == 0 && into.faults.is_empty() {
            into.instead = Some(nothing_in(&block.text));
        }
    }

    /// Describes the certificates of a section; false where it holds something else.
    fn section(&self, label: &str, der: &[u8], spot: Spot<'_>, into: &mut Described) -> bool {
        match label {
            "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => {
                for certificate in pkcs7::certificates(der) {
                    self.certificate(&certificate, spot, into);
                }
            }
            // OpenSSL's, with its trust settings behind the certificate.
            "TRUSTED CERTIFICATE" => {
                let first = Reader::new(der).next().filter(|item| item.tag == tag::SEQUENCE);
                self.certificate(first.map_or(der, |item| item.whole), spot, into);
            }
            _ if is_expected(label) || CertificateParts::read(der).is_ok() => {
                self.certificate(der, spot, into);
            }
            _ => return false,
        }
        true
    }

    /// Describes whatever a section holds, in the forms that are not cfssl's.
    fn others(&self, text: &[u8], spot: Spot<'_>, into: &mut Described) {
        if *self.format == Format::Json {
            return;
        }
        for (_, object) in Contents::read(text, self.read).objects {
            match &object {
                Object::Certificate(der) => self.certificate(der, spot, into),
                object => self.other(object, spot, into),
            }
        }
    }

    /// Describes an object that is no certificate, in the forms that are not cfssl's.
    pub(super) fn other(&self, object: &Object, spot: Spot<'_>, into: &mut Described) {
        let is_damaged = |object: &Object| matches!(object, Object::PrivateKey(key) if key.form == PrivateKeyFacts::DAMAGED);
        if *self.format == Format::Json || is_damaged(object) {
            return;
        }
        if let Some(details) = ObjectDetails::new(object) {
            into.certificates += 1;
            let Spot { position, line, member } = spot;
            let (source, member) = (self.name.to_owned(), member.map(str::to_owned));
            into.others.push(Other { details, source, position, line, member });
        }
    }

    /// True for labels that promise what is described.
    fn is_expected(&self, label: &str) -> bool {
        let is_other = || {
            ["PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE REQUEST", "X509 CRL"]
                .iter()
                .any(|end| label.ends_with(end))
        };
        is_expected(label) || (*self.format != Format::Json && is_other())
    }

    /// Describes a certificate.
    pub(super) fn certificate(&self, der: &[u8], spot: Spot<'_>, into: &mut Described) {
        into.certificates += 1;
        if *self.format == Format::Json {
            match inspect::describe(der) {
                Ok(described) => into.text.push_str(&described.to_json_text()),
                Err(error) => into.faults.push(spot.fault(&error.to_string())),
            }
            return;
        }
        let details = CertificateDetails::new(der, self.now);
        if details.is_unreadable() {
            into.faults.push(spot.fault("not a certificate that can be read"));
            return;
        }
        if spot.position <= MOST_KNOWN {
            into.known.push(Known {
                key_sha256: details.key.sha256,
                subject: details.subject.text(),
                name: details.name.clone(),
                source: self.name.to_owned(),
            });
        }
        let some = |number| Some(number).filter(|number| *number > 0);
        let Spot { position, line, member } = spot;
        let origin = Origin { name: self.name, position: some(position), line: some(line), member };
        match self.format {
            Format::JsonLines => details.write_json(&mut into.text, Some(&origin)),
            Format::Table(fields) => into.rows.push(row(&details, &origin, fields)),
            Format::Text | Format::Json => write_text(&mut into.text, &details, &origin, &self.look),
        }
    }
}

impl Spot<'_> {
    pub(super) fn fault(self, words: &str) -> String {
        match (self.member, self.line, self.position) {
            (Some(member), ..) => format!("{member}: {words}"),
            (None, 0, 0) => words.to_owned(),
            (None, 0, position) => format!("certificate {position}: {words}"),
            (None, line, _) => format!("line {line}: {words}"),
        }
    }
}

/// True for labels that promise certificates.
fn is_expected(label: &str) -> bool {
    matches!(
        label,
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" | "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA"
    )
}
