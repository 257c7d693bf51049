//! What a certificate is good for.

use super::certificate::CertificateView;
use crate::inspect::text::hex;
use std::fmt;

/// The contents of id-kp, 1.3.6.1.5.5.7.3, below which most purposes are.
const ID_KP: [u8; 7] = [0x2b, 6, 1, 5, 5, 7, 3];
/// anyExtendedKeyUsage, 2.5.29.37.0, contents.
pub(crate) const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 0x25, 0];

/// A purpose of extKeyUsage (RFC 5280 section 4.2.1.12) that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Purpose {
    /// id-kp-clientAuth.
    ClientAuth,
    /// id-kp-codeSigning.
    CodeSigning,
    /// id-kp-emailProtection.
    EmailProtection,
    /// id-kp-OCSPSigning.
    OcspSigning,
    /// id-kp-serverAuth.
    ServerAuth,
    /// id-kp-timeStamping.
    TimeStamping,
}

impl Purpose {
    /// The purpose with these object identifier contents.
    #[must_use]
    pub fn from_oid(oid: &[u8]) -> Option<Self> {
        Some(match oid.strip_prefix(&ID_KP)? {
            [1] => Self::ServerAuth,
            [2] => Self::ClientAuth,
            [3] => Self::CodeSigning,
            [4] => Self::EmailProtection,
            [8] => Self::TimeStamping,
            [9] => Self::OcspSigning,
            _ => return None,
        })
    }

    /// The name RFC 5280 gives it, such as `serverAuth`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientAuth => "clientAuth",
            Self::CodeSigning => "codeSigning",
            Self::EmailProtection => "emailProtection",
            Self::OcspSigning => "OCSPSigning",
            Self::ServerAuth => "serverAuth",
            Self::TimeStamping => "timeStamping",
        }
    }
}

/// What a certificate is for, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// An authority that issued itself.
    RootAuthority,
    /// An authority that another one issued.
    IntermediateAuthority,
    /// Signs OCSP responses.
    OcspSigner,
    /// Serves and calls TLS, as etcd's peers do.
    Peer,
    /// Serves TLS.
    Server,
    /// Calls TLS servers.
    Client,
    /// Signs code, mail or times, or has purposes not known here.
    Other,
    /// States no purpose, and may be used for any.
    Any,
}

impl Role {
    /// The word that tables and JSON show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RootAuthority => "root",
            Self::IntermediateAuthority => "intermediate",
            Self::OcspSigner => "ocsp",
            Self::Peer => "peer",
            Self::Server => "server",
            Self::Client => "client",
            Self::Other => "other",
            Self::Any => "any",
        }
    }

    /// True for both kinds of authorities.
    #[must_use]
    pub const fn is_authority(self) -> bool {
        matches!(self, Self::RootAuthority | Self::IntermediateAuthority)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl CertificateView<'_> {
    /// True where basic constraints say that it is an authority; a certificate of version 1 that issued
    /// itself is taken for one as well, as TLS programs do with roots.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        match self.basic_constraints() {
            Some(constraints) => constraints.is_authority,
            None => self.version == 1 && self.is_self_issued() && !self.subject.is_empty(),
        }
    }

    /// Whether its purposes allow this one: named, or any, or no purposes at all.
    #[must_use]
    pub fn allows(&self, purpose: Purpose) -> bool {
        match self.extended_key_usage() {
            None => true,
            Some(purposes) => {
                purposes.iter().any(|oid| *oid == ANY_PURPOSE || Purpose::from_oid(oid) == Some(purpose))
            }
        }
    }

    /// What it is for.
    #[must_use]
    pub fn role(&self) -> Role {
        if self.is_authority() {
            return if self.is_self_issued() { Role::RootAuthority } else { Role::IntermediateAuthority };
        }
        let Some(purposes) = self.extended_key_usage() else { return Role::Any };
        if purposes.contains(&ANY_PURPOSE) {
            return Role::Any;
        }
        let has = |purpose| purposes.iter().any(|oid| Purpose::from_oid(oid) == Some(purpose));
        match (has(Purpose::ServerAuth), has(Purpose::ClientAuth)) {
            (true, true) => Role::Peer,
            (true, false) => Role::Server,
            (false, true) => Role::Client,
            (false, false) if has(Purpose::OcspSigning) => Role::OcspSigner,
            (false, false) => Role::Other,
        }
    }

    /// What people call it: the common name, else the first alternative name, else the whole subject, else
    /// the serial number; empty where none of them can be read.
    #[must_use]
    pub fn display_name(&self) -> String {
        if let Some(name) = super::common_name(self.subject).filter(|name| !name.trim().is_empty()) {
            return name;
        }
        let first =
            self.subject_alternative_names().and_then(|names| names.into_iter().find_map(|name| name.text()));
        if let Some(name) = first.filter(|name| !name.is_empty()) {
            return name;
        }
        match super::name_text(self.subject) {
            name if name.is_empty() && self.serial_number.is_empty() => name,
            name if name.is_empty() => {
                format!("serial {}", hex(self.serial_number))
            }
            name => name,
        }
    }
}
