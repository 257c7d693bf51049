//! What requests, revocation lists and keys say: kind, size, names. Of private keys the public half alone is known.

use super::certificate::KeyDetails;
use super::json::Origin;
use super::object::Writer;
use crate::inspect::evidence::{Object, PrivateKeyFacts};
use crate::inspect::view::{PublicKeyView, name_text};
use crate::json::format_rfc3339;
use crate::keys;
use crate::x509::{CertificateList, RequestParts};
use time::OffsetDateTime;

/// The name and version of the schema of the lines of [`ObjectDetails::write_json`].
pub const OBJECT_SCHEMA: &str = "certmint.object/1";

/// What an object is that is no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherKind {
    /// A certificate revocation list.
    CertificateList,
    /// A certificate signing request.
    CertificateRequest,
    /// A private key.
    PrivateKey,
    /// A public key.
    PublicKey,
}

impl OtherKind {
    /// The word in JSON: `crl`, `csr`, `private-key` or `public-key`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CertificateList => "crl",
            Self::CertificateRequest => "csr",
            Self::PrivateKey => "private-key",
            Self::PublicKey => "public-key",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CertificateList => "certificate revocation list",
            Self::CertificateRequest => "certificate signing request",
            Self::PrivateKey => "private key",
            Self::PublicKey => "public key",
        }
    }
}

/// What an object says that is no certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectDetails {
    /// What it is.
    pub kind: OtherKind,
    /// The subject of a request, or the issuer of a list, on one line.
    pub name: Option<String>,
    /// The public key, or that which belongs to a private key; `None` for lists, and where it is not known.
    pub key: Option<OtherKey>,
    /// The form that a private key is written in, such as `PKCS #8`.
    pub form: Option<&'static str>,
    /// Whether a password protects a private key.
    pub is_encrypted: Option<bool>,
    /// What a revocation list says.
    pub list: Option<ListDetails>,
    /// Why something is not known; empty otherwise.
    pub fault: String,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherKey {
    /// For people: `ECDSA P-256`, `RSA 2048 bits`.
    pub words: String,
    /// The word in JSON, as that of certificates.
    pub kind: &'static str,
    /// The size of the modulus, the prime or the curve's field; 0 if unknown.
    pub bits: u32,
    /// The curve of an elliptic curve key.
    pub curve: Option<&'static str>,
    /// The SHA-256 hash of the `SubjectPublicKeyInfo`.
    pub sha256: [u8; 32],
}

/// A revocation list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDetails {
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When the next one is due.
    pub next_update: Option<OffsetDateTime>,
    /// Its number, in decimal.
    pub number: Option<String>,
    /// How many certificates it revokes.
    pub revoked: usize,
}

/// Another object that belongs to one: it has the same key, or the name of the issuer of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// `certificate`, or the word of [`OtherKind::name`].
    pub kind: &'static str,
    /// What people call it.
    pub name: String,
    /// The file or server it is in.
    pub source: String,
}

impl OtherKey {
    fn new(subject_public_key_info: &[u8]) -> Self {
        let view = PublicKeyView::new(subject_public_key_info);
        let details = KeyDetails::of(&view);
        Self {
            kind: details.kind_name(),
            bits: details.bits,
            curve: details.curve(),
            words: details.words,
            sha256: keys::sha256(subject_public_key_info),
        }
    }
}

impl ObjectDetails {
    /// Everything that is known of an object; `None` for certificates, which have
    /// [`CertificateDetails`](super::CertificateDetails), and for what is damaged.
    #[must_use]
    pub fn new(object: &Object) -> Option<Self> {
        match object {
            Object::CertificateList(der) => Some(Self::of_list(der)),
            Object::CertificateRequest(der) => Some(Self::of_request(der)),
            Object::PrivateKey(facts) => Some(Self::of_private_key(facts)),
            Object::PublicKey(der) => Some(Self::of_public_key(der)),
            Object::Certificate(_) | Object::Damaged { .. } => None,
        }
    }

    const fn bare(kind: OtherKind) -> Self {
        Self { kind, name: None, key: None, form: None, is_encrypted: None, list: None, fault: String::new() }
    }

    /// A revocation list in DER.
    #[must_use]
    pub fn of_list(der: &[u8]) -> Self {
        let bare = Self::bare(OtherKind::CertificateList);
        match CertificateList::from_der(der) {
            Ok(list) => Self {
                name: Some(name_text(&list.issuer)),
                list: Some(ListDetails {
                    this_update: list.this_update,
                    next_update: list.next_update,
                    number: list.number.map(|number| number.to_string()),
                    revoked: list.revoked.len(),
                }),
                ..bare
            },
            Err(error) => Self { fault: error.explanation().to_owned(), ..bare },
        }
    }

    /// A certificate signing request in DER.
    #[must_use]
    pub fn of_request(der: &[u8]) -> Self {
        let bare = Self::bare(OtherKind::CertificateRequest);
        match RequestParts::read(der) {
            Ok(parts) => Self {
                name: Some(name_text(parts.subject.whole)),
                key: Some(OtherKey::new(parts.public_key.whole)),
                ..bare
            },
            Err(malformed) => Self { fault: format!("its {} is malformed", malformed.0), ..bare },
        }
    }

    /// A private key.
    #[must_use]
    pub fn of_private_key(facts: &PrivateKeyFacts) -> Self {
        Self {
            key: facts.subject_public_key_info.as_deref().map(OtherKey::new),
            form: Some(facts.form),
            is_encrypted: Some(facts.is_encrypted),
            fault: facts.fault.to_string(),
            ..Self::bare(OtherKind::PrivateKey)
        }
    }

    /// A `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn of_public_key(der: &[u8]) -> Self {
        Self { key: Some(OtherKey::new(der)), ..Self::bare(OtherKind::PublicKey) }
    }

    /// What people call it: its name, or else what it is.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.kind.words())
    }

    /// Adds everything as one line of JSON, the newline at its end included; docs/inspection.md explains the members.
    pub fn write_json(&self, out: &mut String, origin: &Origin<'_>, matches: &[Match]) {
        let mut writer = Writer { out };
        writer.out.push('{');
        writer.plain("schema", OBJECT_SCHEMA);
        writer.origin(origin);
        writer.plain("type", self.kind.name());
        match &self.name {
            Some(name) => writer.text("name", name),
            None => writer.null("name"),
        }
        match &self.key {
            Some(key) => {
                writer.key("key");
                writer.out.push('{');
                writer.plain("kind", key.kind);
                writer.number("bits", key.bits.into());
                writer.plain_or_null("curve", key.curve);
                writer.hex("sha256", &key.sha256);
                writer.out.push('}');
            }
            None => writer.null("key"),
        }
        writer.plain_or_null("form", self.form);
        match self.is_encrypted {
            Some(is_encrypted) => writer.boolean("encrypted", is_encrypted),
            None => writer.null("encrypted"),
        }
        match &self.list {
            Some(list) => {
                writer.key("list");
                writer.out.push('{');
                writer.plain("this_update", &format_rfc3339(list.this_update));
                match list.next_update {
                    Some(moment) => writer.plain("next_update", &format_rfc3339(moment)),
                    None => writer.null("next_update"),
                }
                writer.plain_or_null("number", list.number.as_deref());
                writer.number("revoked", u64::try_from(list.revoked).unwrap_or(u64::MAX));
                writer.out.push('}');
            }
            None => writer.null("list"),
        }
        match self.fault.as_str() {
            "" => writer.null("fault"),
            fault => writer.text("fault", fault),
        }
        writer.list("matches", matches, |writer, one| {
            writer.out.push('{');
            writer.plain("type", one.kind);
            writer.text("name", &one.name);
            writer.text("source", &one.source);
            writer.out.push('}');
        });
        writer.out.push_str("}\n");
    }
}
