//! What a person wrote, parsed and checked: requests, signing configurations and their parts.
//!
//! No keys, no DER, no files. The types mirror cfssl's JSON: what is read and written again is the same
//! file in meaning.

mod address;
mod config;
mod host;
mod key_request;
mod name_constraints;
mod policies;
mod profile;
mod re2;
mod remote_signer;
mod request;
mod revocation_reason;
mod subject;
mod uri;
mod usage;
mod whitelist;

pub use config::{AuthKey, SigningConfig};
pub use host::Host;
pub use key_request::KeyRequest;
pub use name_constraints::{NameConstraints, NameSubtree, Violation};
pub use policies::{CertificatePolicy, PolicyQualifier};
pub use profile::{CaRole, SigningProfile};
pub use remote_signer::RemoteSigner;
pub use request::{CaRequest, CertificateRequest, NameEntry, RequestedExtension};
pub use revocation_reason::RevocationReason;
pub use subject::SubjectOverride;
pub use usage::Usage;
pub use whitelist::{CsrWhitelist, NameWhitelist};

pub(crate) use host::looks_like_host;
pub(crate) use uri::Uri;
