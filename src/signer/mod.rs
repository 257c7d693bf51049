//! CSR, profile and CA make a certificate.
//!
//! [`apply`] decides what the certificate says: a pure function of the profile, the CSR, what is asked
//! beyond it, the issuer, the time and the serial number. [`LocalSigner`] seals what it returns with a CA's
//! key; [`Authority`] does the same for a CA itself.

mod authority;
mod doubts;
mod issued;
mod local;
mod policy;
mod self_signed;

pub use authority::Authority;
pub use issued::Issued;
pub use local::LocalSigner;
#[cfg(feature = "cli")]
pub(crate) use local::refuse_ca_section;
pub use policy::{Ask, Issuance, Template, apply};
pub use self_signed::self_sign;
