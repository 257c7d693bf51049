//! CSR, profile and CA make a certificate.
//!
//! [`apply`] decides what the certificate says: a pure function of the profile, the CSR, what is asked
//! beyond it, the issuer, the time and the serial number. [`LocalSigner`] seals what it returns with a CA's
//! key; [`Authority`] does the same for a CA itself.
//!
//! [`RevocationList`] and [`OcspResponder`] say which of them are revoked.

mod authority;
mod doubts;
mod issued;
mod local;
mod ocsp;
mod policy;
mod renewal;
mod revocation_list;
mod self_signed;
mod serial_list;

pub use authority::Authority;
pub use issued::Issued;
pub use local::LocalSigner;
#[cfg(feature = "cli")]
pub(crate) use local::refuse_ca_section;
pub use ocsp::{OcspResponder, OcspResponse, ResponseTimes};
pub use policy::{Ask, Issuance, Template, apply};
pub use revocation_list::{RevocationList, SignedRevocationList};
pub use self_signed::self_sign;
pub use serial_list::read_serial_list;
