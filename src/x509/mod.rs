//! RFC 5280 structures without policy: names, extensions, to-be-signed certificates, and reading issuers.

mod certificate;
pub(crate) mod der_reader;
mod der_writer;
pub(crate) mod extension;
mod issuer;
mod name;
mod read_extension;
mod signed;
mod tbs;
pub(crate) mod text;

pub use certificate::{Certificate, SerialNumber};
pub use extension::Extension;
pub use issuer::IssuerCertificate;
pub use name::{Attribute, DistinguishedName};
pub use tbs::TbsCertificate;

pub(crate) use der_writer::{context, oid as write_oid, sequence, set_of};
pub(crate) use issuer::{key_identifier, public_keys_match};
pub(crate) use read_extension::{read_alternative_names, read_basic_constraints, read_name_constraints};
pub(crate) use signed::seal;
