//! A certificate cut into its fields, as far as it can be read.
//!
//! [`CertificateView`] borrows the DER and copies nothing. Unlike [`describe`](super::describe) it never
//! fails: a field that cannot be read is absent or empty, and a [`Defect`] says what is wrong with it.

mod certificate;
mod extension;
mod general_name;
mod key;
mod name;
mod role;
mod strict;

pub use certificate::{CertificateView, Defect};
pub(crate) use extension::dotted;
pub use extension::{
    AuthorityKeyIdentifierView, BasicConstraintsView, ExtensionView, KeyUsageBits, NameConstraintsView,
};
pub use general_name::{GeneralName, general_names};
pub(crate) use general_name::{general_names_in, general_names_so_far};
pub use key::{PublicKeyKind, PublicKeyView};
pub(crate) use name::attribute_name;
pub use name::{NameAttribute, common_name, name_attributes, name_text};
pub(crate) use role::ANY_PURPOSE;
pub use role::{Purpose, Role};
