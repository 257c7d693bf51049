//! The chain from a certificate to a root, as `cfssl bundle` finds, chooses and reports it.
//!
//! [`read_input`] reads what is to be bundled, [`read_certificates`] the roots and intermediates, and
//! [`Bundler::bundle`] makes the [`Bundle`]. Chains are those that Go's `crypto/x509` finds: names are
//! compared byte by byte, signatures, times, basic constraints, path lengths and name constraints are
//! checked; usages are not, and neither are revocations.

mod bundler;
mod certificate;
mod choice;
mod input;
mod name;
mod platform;
mod report;
mod verify;

pub use bundler::{Bundler, Fetch};
pub use certificate::ChainCertificate;
pub use choice::Flavor;
pub(crate) use input::read_fetched_certificate;
pub use input::{BundleInput, read_certificates, read_input, read_known_certificates};
pub use name::ChainName;
pub use platform::{Platform, PlatformFile};
pub use report::{Bundle, BundleStatus};
