//! RFC 5280 structures without policy: names, extensions, to-be-signed certificates, and reading issuers.

mod certificate;
mod der_writer;
mod extension;
mod issuer;
mod name;
mod signed;
mod tbs;

pub use certificate::{Certificate, SerialNumber};
pub use extension::Extension;
pub use issuer::IssuerCertificate;
pub use name::{Attribute, DistinguishedName};
pub use tbs::TbsCertificate;

pub(crate) use der_writer::{context, integer, octet_string, oid as write_oid, sequence, set_of, tagged};
pub(crate) use signed::seal;
