//! Everything a certificate says, for people and for programs.
//!
//! [`CertificateDetails`] is made from a [`CertificateView`](super::view::CertificateView) and never fails: what
//! cannot be read is absent, and [`CertificateDetails::defects`] names it. [`CertificateDetails::write_json`]
//! writes one line of JSON whose members are a superset of those of `cfssl certinfo`; docs/inspection.md has
//! the schema, and [`SCHEMA`] its version. [`ObjectDetails`] is the same for requests, revocation lists and keys.

mod certificate;
mod extension;
mod json;
mod name;
mod object;
mod oid;
mod other;
mod uses;

pub use certificate::{CertificateDetails, KeyDetails, Validity, ValidityState};
pub use extension::{ExtensionDetails, MicrosoftTemplate, NetscapeDetails, PolicyDetails};
pub use json::{Origin, SCHEMA};
pub use name::{AlternativeName, AttributeDetails, NameDetails};
pub use oid::Oid;
pub use other::{ListDetails, Match, OBJECT_SCHEMA, ObjectDetails, OtherKey, OtherKind};
pub use uses::Use;
