//! PEM: any number of sections with anything around them (RFC 7468).

use super::contents::{At, Reading};
use super::{der, markup, private_key, text};
use crate::asn1::ber;
use crate::asn1::reader::{Reader, tag};
use crate::inspect::evidence::{Container, Object, Place, PrivateKeyFacts};
use crate::pem::{self, Attempt, Damage, Loosened, Section};
use crate::x509::ObjectKind;

/// Reads the sections of `bytes`. False if nothing that matters here begins in it.
pub(super) fn read(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    if !text::contains(bytes, text::BEGIN) {
        return false;
    }
    if matches!(at, At::File) {
        reading.contents.markup = markup::lines(bytes);
    }
    read_attempts(reading, bytes, at, Rigour::Sections, &|number, line| at.section(number, line))
}

/// As [`read`], where boundaries stand within lines and line breaks may be written `\n`: source code,
/// environment files, values on one line. Only whole objects count.
pub(super) fn read_loosely(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    if !text::contains(bytes, text::BEGIN) {
        return false;
    }
    let loosened = Loosened::new(bytes);
    let place = |number, line| at.section(number, loosened.original_line(line));
    read_attempts(reading, &loosened.text, at, Rigour::WholeObjects, &place)
}

/// What is taken for something that matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rigour {
    /// Whatever has a label that matters here, damaged or not.
    Sections,
    /// Whole sections with objects in them.
    WholeObjects,
}

fn read_attempts(
    reading: &mut Reading<'_, '_>,
    bytes: &[u8],
    at: &At<'_>,
    rigour: Rigour,
    place_of: &dyn Fn(u32, u32) -> Place,
) -> bool {
    let container = at.container(Container::Pem);
    let mut found = false;
    let mut quotes = None;
    // Old OpenSSL writes the curve in a section of its own, before a key that may then leave it out.
    let mut curve = None;
    for (number, attempt) in (0u32..).zip(pem::attempts(bytes)) {
        let Attempt { label, line, section, text } = attempt;
        let place = place_of(number, line);
        let matters = Label::of(label);
        match section {
            Ok(section) if label == "EC PARAMETERS" => curve = Some(section.der),
            Ok(section) => {
                let curve = curve.take();
                let objects = Objects::of(&section, matters, curve.as_deref().map(Vec::as_slice), reading);
                if let Some(remark) = objects.remark {
                    reading.contents.remarks.push((place.clone(), remark.into()));
                }
                for object in objects.objects {
                    if rigour == Rigour::WholeObjects && matches!(object, Object::Damaged { .. }) {
                        continue;
                    }
                    found = true;
                    reading.push(container, place.clone(), object);
                }
            }
            Err(damage) => {
                curve = None;
                if rigour == Rigour::Sections {
                    let quotes = quotes.get_or_insert_with(|| quotes_of(bytes));
                    let is_quoted =
                        quotes.iter().any(|quote| text::contains(text, &[b"-----", *quote].concat()));
                    let damaged = Damaged { label, line, text, damage, is_quoted };
                    found |= read_damaged(reading, at, &place, damaged);
                }
            }
        }
    }
    found
}

/// A section that is not whole.
struct Damaged<'a> {
    label: &'a str,
    line: u32,
    text: &'a [u8],
    damage: Damage,
    /// True where a quote ends it, as in source code.
    is_quoted: bool,
}

/// The quotes of which there are two in a text at least.
fn quotes_of(text: &[u8]) -> Vec<&'static [u8]> {
    let is_pair = |quote: &&[u8]| text.iter().filter(|byte| quote.contains(byte)).nth(1).is_some();
    [&b"`"[..], b"\"", b"'"].into_iter().filter(is_pair).collect()
}

/// Reads a section that is not whole as far as that is possible: its line breaks may be lost. False if there is
/// nothing in it that matters here.
fn read_damaged(reading: &mut Reading<'_, '_>, at: &At<'_>, place: &Place, found: Damaged<'_>) -> bool {
    let Damaged { label, line, text, damage, is_quoted } = found;
    let container = at.container(Container::Pem);
    let loosened = Loosened::new(text);
    let place_of = |number: u32, inner: u32| match place {
        Place::Section { number: outer, .. } => {
            let line = line.saturating_add(loosened.original_line(inner) - 1);
            Place::Section { number: outer.saturating_add(number), line }
        }
        other => other.clone(),
    };
    if read_attempts(reading, &loosened.text, at, Rigour::WholeObjects, &place_of) {
        // Any document and any program may hold objects in a way of its own.
        if container != Container::Document && !is_quoted && Label::of(label).is_some() {
            let fault = format!("{damage}; it could be read here, but other programs do not read it");
            reading.damaged(container, place.clone(), label, &fault);
        }
        return true;
    }
    let has_body = has_body(text);
    if Label::of(label).is_none() || (damage == Damage::BeginLineGoesOn && !has_body) {
        return false;
    }
    let is_kept = reading.damaged(container, place.clone(), label, &damage.to_string());
    if is_kept && has_body && label.ends_with("PRIVATE KEY") {
        // Whoever can read the file has the key, or a part of it.
        let facts = PrivateKeyFacts {
            subject_public_key_info: None,
            form: PrivateKeyFacts::DAMAGED,
            is_encrypted: text::contains(text, b"ENCRYPTED"),
            fault: damage.to_string().into(),
        };
        reading.push(container, place.clone(), Object::PrivateKey(facts));
    }
    true
}

/// Whether a section that is not whole has base64 enough for a key in it, or for a part of one: a line has 64 letters,
/// of every kind.
fn has_body(text: &[u8]) -> bool {
    let end = text::find(text, b"-----END").unwrap_or(text.len());
    let is_other = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let mut words = text.get(..end).unwrap_or_default().split(is_other).filter(|word| word.len() >= 40);
    words.any(|word| {
        let has = |is: fn(&u8) -> bool| word.iter().any(is);
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
    })
}

/// What a label promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Certificate,
    /// OpenSSL's, with its trust settings after the certificate.
    TrustedCertificate,
    CertificateList,
    CertificateRequest,
    EncryptedPrivateKey,
    Pkcs7,
    PrivateKey,
    PublicKey,
}

impl Label {
    /// What the label promises, where it is one that matters here.
    fn of(label: &str) -> Option<Self> {
        Some(match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => Self::Certificate,
            "TRUSTED CERTIFICATE" => Self::TrustedCertificate,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::CertificateRequest,
            "X509 CRL" => Self::CertificateList,
            "CMS" | "PKCS #7 SIGNED DATA" | "PKCS7" => Self::Pkcs7,
            "ENCRYPTED PRIVATE KEY" => Self::EncryptedPrivateKey,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Self::PublicKey,
            _ if label.ends_with("PRIVATE KEY") => Self::PrivateKey,
            _ => return None,
        })
    }

    /// Whether it promises an object of this kind.
    fn promises(self, kind: ObjectKind) -> bool {
        match self {
            Self::Certificate | Self::TrustedCertificate => kind == ObjectKind::Certificate,
            Self::CertificateList => kind == ObjectKind::CertificateList,
            Self::CertificateRequest => kind == ObjectKind::CertificateRequest,
            Self::EncryptedPrivateKey => kind == ObjectKind::EncryptedPrivateKey,
            Self::Pkcs7 => kind == ObjectKind::Pkcs7,
            Self::PrivateKey => kind == ObjectKind::PrivateKey,
            Self::PublicKey => matches!(kind, ObjectKind::PublicKey | ObjectKind::RsaPublicKey),
        }
    }
}

/// What a section holds.
#[derive(Default)]
struct Objects {
    objects: Vec<Object>,
    remark: Option<String>,
}

impl Objects {
    fn of(
        section: &Section<'_>,
        label: Option<Label>,
        curve: Option<&[u8]>,
        reading: &mut Reading<'_, '_>,
    ) -> Self {
        let own = section.der.as_slice();
        // PKCS #7 may be BER, of which only its reader knows.
        let normal = if label == Some(Label::Pkcs7) { ber::to_der(own) } else { None };
        let bytes = normal.as_deref().map_or(own, Vec::as_slice);
        let is_hidden = section.header("Proc-Type").is_some() || bytes.starts_with(b"openssh-key-v1\0");
        let kind = ObjectKind::of(bytes).filter(|_| !is_hidden);
        let wrong_label = kind.filter(|kind| label.is_some_and(|label| !label.promises(*kind)));
        let remark = wrong_label.map(|kind| format!("{} is labelled {}", kind.words(), section.label));
        let damaged = |fault: &str| Object::Damaged { label: section.label.into(), fault: fault.into() };
        let objects = match (kind, label) {
            (Some(ObjectKind::Certificate), _) => {
                let trusted = Reader::new(bytes).next().filter(|_| label == Some(Label::TrustedCertificate));
                vec![Object::Certificate(trusted.map_or(bytes, |item| item.whole).into())]
            }
            (Some(ObjectKind::CertificateList), _) => vec![Object::CertificateList(bytes.into())],
            (Some(ObjectKind::CertificateRequest), _) => vec![Object::CertificateRequest(bytes.into())],
            (Some(ObjectKind::PublicKey), _) => vec![Object::PublicKey(bytes.into())],
            (Some(ObjectKind::RsaPublicKey), _) => vec![Object::PublicKey(der::rsa_public_key(bytes).into())],
            (Some(kind @ (ObjectKind::Pkcs7 | ObjectKind::Pkcs12)), _) => {
                let nested = reading
                    .apart(|reading| der::read_one(reading, bytes, kind, &At::File, &At::File.whole()));
                if let Some(fault) = nested.fault {
                    vec![damaged(&fault)]
                } else if nested.objects.is_empty() {
                    vec![damaged("there is no certificate and no revocation list in it")]
                } else {
                    nested.objects.into_iter().map(|(_, object)| object).collect()
                }
            }
            (Some(ObjectKind::EncryptedPrivateKey | ObjectKind::PrivateKey), _)
            | (None, Some(Label::PrivateKey | Label::EncryptedPrivateKey)) => {
                let key = private_key::of_section(section, curve, reading.opener);
                vec![key.unwrap_or_else(|| damaged("it is not a private key that can be read"))]
            }
            (None, Some(Label::Certificate | Label::TrustedCertificate))
                if bytes.first() == Some(&tag::SEQUENCE) =>
            {
                vec![Object::Certificate(bytes.into())]
            }
            (None, Some(_)) if bytes.is_empty() => vec![damaged("it is empty")],
            (None, Some(_)) => vec![damaged("what it holds is not what its label says")],
            (None, None) => Vec::new(),
        };
        Self { objects, remark }
    }
}
