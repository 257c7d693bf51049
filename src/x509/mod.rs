//! RFC 5280 structures without policy: names, extensions, to-be-signed certificates, and CRLs and OCSP responses,
//! and reading issuers.

mod accesses;
mod certificate;
mod crl;
mod crl_reader;
mod distribution_point;
pub(crate) mod extension;
pub(crate) mod input;
mod issued;
mod issuer;
mod moment;
mod name;
mod number;
mod object_kind;
mod ocsp;
mod ocsp_reader;
mod parts;
pub(crate) mod pkcs7;
mod read_extension;
mod signed;
mod tbs;
pub(crate) mod text;

pub use certificate::{Certificate, SerialNumber};
pub use crl::{RevokedCertificate, TbsCertList};
pub use crl_reader::CertificateList;
pub use distribution_point::{DistributionPoint, IssuingDistributionPoint};
pub use extension::Extension;
#[cfg(feature = "cli")]
pub(crate) use input::read_leading_certificate_pem;
pub use issued::IssuedCertificate;
pub use issuer::IssuerCertificate;
pub use name::{Attribute, DistinguishedName};
pub use ocsp::{CertificateId, CertificateStatus, OcspResponseData};
pub use ocsp_reader::{BasicOcspResponse, ResponderId, SingleResponse};
pub use tbs::TbsCertificate;

pub(crate) use crate::asn1::reader as der_reader;
use crate::asn1::writer as der_writer;
pub(crate) use crate::asn1::writer::{context, oid as write_oid, sequence, set_of};
pub(crate) use accesses::Accesses;
pub(crate) use issued::MD5_WITH_RSA;
pub(crate) use issuer::{key_identifier, public_keys_match};
pub(crate) use moment::read_time;
pub(crate) use name::string_der;
pub(crate) use number::{oid_arcs, signed_decimal, unsigned_decimal};
pub(crate) use object_kind::ObjectKind;
pub(crate) use ocsp::successful_response;
pub(crate) use parts::{CertificateParts, ExtensionParts, RequestParts};
pub(crate) use read_extension::{
    alternative_name_outside_ascii, prefix_length, read_alternative_names, read_basic_constraints,
    read_directory_constraints, read_name_constraints,
};
pub(crate) use signed::{seal, seal_status};
