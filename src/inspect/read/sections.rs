//! PEM: any number of sections with anything around them (RFC 7468).

use super::contents::{At, Reading};
use super::{der, markup, private_key, text};
use crate::asn1::ber;
use crate::asn1::reader::{Reader, tag};
use crate::inspect::evidence::{Container, Object};
use crate::pem::{self, Attempt, Section};
use crate::x509::ObjectKind;
use zeroize::Zeroizing;

/// Reads the sections of `bytes`. False if nothing that matters here begins in it.
pub(super) fn read(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    if !text::contains(bytes, text::BEGIN) {
        return false;
    }
    if matches!(at, At::File) {
        reading.contents.markup = markup::lines(bytes);
    }
    read_attempts(reading, bytes, at, Rigour::Sections, |line| line)
}

/// As [`read`], where boundaries stand within lines and line breaks may be written `\n`: source code,
/// environment files, values on one line. Only whole objects count.
pub(super) fn read_loosely(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    if !text::contains(bytes, text::BEGIN) {
        return false;
    }
    let loosened = Loosened::new(bytes);
    read_attempts(reading, &loosened.text, at, Rigour::WholeObjects, |line| {
        let at = usize::try_from(line).unwrap_or_default().saturating_sub(1);
        loosened.lines.get(at).copied().unwrap_or(1)
    })
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
    line_of: impl Fn(u32) -> u32,
) -> bool {
    let container = at.container(Container::Pem);
    let mut found = false;
    // Old OpenSSL writes the curve in a section of its own, before a key that may then leave it out.
    let mut curve = None;
    for (number, Attempt { label, line, section }) in (0u32..).zip(pem::attempts(bytes)) {
        let place = at.section(number, line_of(line));
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
                if rigour == Rigour::Sections && matters.is_some() {
                    found = true;
                    reading.damaged(container, place, label, &damage.to_string());
                }
            }
        }
    }
    found
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

/// Text with every boundary on a line of its own.
struct Loosened {
    /// It may hold secrets.
    text: Zeroizing<Vec<u8>>,
    /// For each line the line of the original that it comes from, counted from 1.
    lines: Vec<u32>,
}

impl Loosened {
    fn new(bytes: &[u8]) -> Self {
        let boundaries = text::positions(bytes, b"-----").count() + 1;
        let text = Zeroizing::new(Vec::with_capacity(bytes.len() + 2 * boundaries));
        let mut loosened = Self { text, lines: vec![1] };
        let (mut rest, mut line) = (bytes, 1);
        let mut is_boundary = false;
        while let Some((&byte, after)) = rest.split_first() {
            let starts = rest.starts_with(text::BEGIN) || rest.starts_with(b"-----END ");
            if starts || (is_boundary && rest.starts_with(b"-----")) {
                if starts {
                    loosened.end_line(line);
                }
                loosened.text.extend(b"-----");
                rest = rest.get(5..).unwrap_or_default();
                if !starts {
                    loosened.end_line(line);
                }
                is_boundary = starts;
                continue;
            }
            rest = after;
            match byte {
                b'\n' | b'\r' => {
                    if byte == b'\r' {
                        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
                    }
                    line += 1;
                    is_boundary = false;
                    loosened.end_line(line);
                }
                b'\\' => {
                    // A line break as source code writes it, in strings within strings several times over.
                    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
                    match rest.get(slashes) {
                        Some(b'n' | b'r') => {
                            rest = rest.get(slashes + 1..).unwrap_or_default();
                            loosened.end_line(line);
                        }
                        _ => {
                            loosened.text.push(byte);
                            let (more, after) = rest.split_at_checked(slashes).unwrap_or((rest, &[]));
                            loosened.text.extend(more);
                            rest = after;
                        }
                    }
                }
                _ => loosened.text.push(byte),
            }
        }
        loosened
    }

    /// Ends a line; the next one comes from the line `next` of the original.
    fn end_line(&mut self, next: u32) {
        self.text.push(b'\n');
        self.lines.push(next);
    }
}
