//! What a certificate is good for, by what it says of itself.

use super::extension::ExtensionDetails;
use super::oid::PRECERTIFICATE;
use crate::inspect::view::{CertificateView, GeneralName, KeyUsageBits, PublicKeyKind, Purpose};
use crate::x509::extension as known;

/// A use that a certificate's own extensions allow. Its time, its chain and its signature are not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Use {
    /// A TLS server: it names a host, and its purposes and key usage allow it.
    TlsServer,
    /// A TLS client.
    TlsClient,
    /// A member of an etcd cluster, which is a TLS server and a TLS client to the others.
    EtcdPeer,
    /// An authority that signs certificates.
    Authority,
    /// An authority that signs certificate revocation lists.
    CrlSigning,
    /// A signer of OCSP responses for its issuer.
    OcspSigning,
    /// A signer of programs.
    CodeSigning,
    /// A signer or receiver of mail.
    Email,
    /// A time-stamping authority.
    TimeStamping,
}

impl Use {
    /// The word in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TlsServer => "tls-server",
            Self::TlsClient => "tls-client",
            Self::EtcdPeer => "etcd-peer",
            Self::Authority => "ca",
            Self::CrlSigning => "crl-signing",
            Self::OcspSigning => "ocsp-signing",
            Self::CodeSigning => "code-signing",
            Self::Email => "email",
            Self::TimeStamping => "time-stamping",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TlsServer => "TLS server",
            Self::TlsClient => "TLS client",
            Self::EtcdPeer => "etcd peer",
            Self::Authority => "CA",
            Self::CrlSigning => "CRL signing",
            Self::OcspSigning => "OCSP signing",
            Self::CodeSigning => "code signing",
            Self::Email => "e-mail",
            Self::TimeStamping => "time stamping",
        }
    }
}

/// Bits of keyUsage.
const DIGITAL_SIGNATURE: u8 = 0;
const CONTENT_COMMITMENT: u8 = 1;
const KEY_ENCIPHERMENT: u8 = 2;
const KEY_AGREEMENT: u8 = 4;
const KEY_CERT_SIGN: u8 = 5;
const CRL_SIGN: u8 = 6;

/// The parts of a certificate that its uses depend on, read already.
pub(super) struct Facts<'f, 'a> {
    pub(super) view: &'f CertificateView<'a>,
    pub(super) extensions: &'f [ExtensionDetails<'a>],
    pub(super) key_usage: Option<KeyUsageBits>,
    pub(super) purposes: Option<&'f [&'a [u8]]>,
    pub(super) names: &'f [GeneralName<'a>],
    pub(super) key: PublicKeyKind,
    pub(super) has_subject_mailbox: bool,
}

impl Facts<'_, '_> {
    /// The uses, in the order of the type.
    pub(super) fn uses(&self) -> Vec<Use> {
        if self.is_to_be_refused() {
            return Vec::new();
        }
        let is_server = self.is_server();
        let is_client = self.is_client();
        let is_authority = self.view.is_authority();
        let may_sign = self.has_any_bit(&[DIGITAL_SIGNATURE, CONTENT_COMMITMENT]);
        let is_mail = self.allows(Purpose::EmailProtection)
            && (self.names(Purpose::EmailProtection) || self.has_mailbox())
            && self.has_any_bit(&[DIGITAL_SIGNATURE, CONTENT_COMMITMENT, KEY_ENCIPHERMENT, KEY_AGREEMENT]);
        [
            (is_server, Use::TlsServer),
            (is_client, Use::TlsClient),
            (is_server && is_client, Use::EtcdPeer),
            (is_authority && self.has_any_bit(&[KEY_CERT_SIGN]), Use::Authority),
            (is_authority && self.has_any_bit(&[CRL_SIGN]), Use::CrlSigning),
            // RFC 6960 and RFC 3161 ask for the purpose by name; programs that check code do as well.
            (may_sign && self.names(Purpose::OcspSigning), Use::OcspSigning),
            (may_sign && self.names(Purpose::CodeSigning), Use::CodeSigning),
            (is_mail, Use::Email),
            (may_sign && self.names(Purpose::TimeStamping), Use::TimeStamping),
        ]
        .into_iter()
        .filter_map(|(holds, one)| holds.then_some(one))
        .collect()
    }

    /// True where every reader that follows the standard refuses the certificate for every use: a critical
    /// extension that is not known, a precertificate, a usage that cannot be read.
    fn is_to_be_refused(&self) -> bool {
        let is_broken = |id: der::asn1::ObjectIdentifier, is_read: bool| {
            !is_read && self.extensions.iter().any(|extension| extension.oid.0 == id.as_bytes())
        };
        is_broken(known::EXTENDED_KEY_USAGE, self.purposes.is_some())
            || is_broken(known::KEY_USAGE, self.key_usage.is_some())
            || self.extensions.iter().any(|extension| {
                extension.oid.0 == PRECERTIFICATE.as_bytes()
                    || (extension.critical && extension.oid.name().is_none())
            })
    }

    fn is_server(&self) -> bool {
        let has_host = self.names.iter().any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
        self.can_agree()
            && has_host
            && self.allows(Purpose::ServerAuth)
            && self.has_any_bit(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_AGREEMENT])
    }

    /// An authority without purposes is trusted by servers, and calls none.
    fn is_client(&self) -> bool {
        let is_meant = !self.view.is_authority() || self.purposes.is_some() || self.is_server();
        self.can_agree()
            && is_meant
            && self.allows(Purpose::ClientAuth)
            && self.has_any_bit(&[DIGITAL_SIGNATURE, KEY_AGREEMENT])
    }

    /// False for keys that TLS certificates cannot have.
    fn can_agree(&self) -> bool {
        !matches!(self.key, PublicKeyKind::X25519 | PublicKeyKind::X448)
    }

    fn has_mailbox(&self) -> bool {
        self.has_subject_mailbox || self.names.iter().any(|name| matches!(name, GeneralName::Email(_)))
    }

    fn allows(&self, purpose: Purpose) -> bool {
        self.view.allows(purpose)
    }

    /// True where the purpose is named, not only allowed.
    fn names(&self, purpose: Purpose) -> bool {
        self.purposes.is_some_and(|all| all.iter().any(|oid| Purpose::from_oid(oid) == Some(purpose)))
    }

    fn has_any_bit(&self, bits: &[u8]) -> bool {
        self.key_usage.is_none_or(|usage| bits.iter().any(|bit| usage.has(*bit)))
    }
}
