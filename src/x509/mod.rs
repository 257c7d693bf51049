//! RFC 5280 structures without policy: names, extensions, to-be-signed certificates, and reading issuers.

mod certificate;
pub(crate) mod der_reader;
mod der_writer;
pub(crate) mod extension;
mod input;
mod issuer;
mod moment;
mod name;
mod number;
mod parts;
pub(crate) mod pkcs7;
mod read_extension;
mod signed;
mod tbs;
pub(crate) mod text;

pub use certificate::{Certificate, SerialNumber};
pub use extension::Extension;
pub use input::{read_certificate_pem, read_csr_pem};
pub use issuer::IssuerCertificate;
pub use name::{Attribute, DistinguishedName};
pub use tbs::TbsCertificate;

pub(crate) use der_writer::{context, oid as write_oid, sequence, set_of};
pub(crate) use issuer::{key_identifier, public_keys_match};
pub(crate) use moment::read_time;
pub(crate) use number::{oid_arcs, signed_decimal, unsigned_decimal};
pub(crate) use parts::{CertificateParts, ExtensionParts, RequestParts};
pub(crate) use read_extension::{read_alternative_names, read_basic_constraints, read_name_constraints};
pub(crate) use signed::seal;
