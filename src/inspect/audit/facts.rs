//! The little of a certificate that is kept beside its DER: what relations between certificates are found by.

use super::identity::{Digest, digest, key_digest};
use crate::inspect::view::{CertificateView, ExtensionView, Role};
use crate::keys::sha256;
use time::OffsetDateTime;

/// Facts about one certificate.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// The SHA-256 hash of the DER.
    pub(super) fingerprint: [u8; 32],
    /// The bytes of the subject's name.
    pub(super) subject: Digest,
    /// The bytes of the issuer's name.
    pub(super) issuer: Digest,
    /// The public key.
    pub(super) key: Digest,
    pub(super) subject_key_identifier: Option<Digest>,
    /// The key identifier of the authority key identifier.
    pub(super) authority_key_identifier: Option<Digest>,
    pub(super) not_before: Option<OffsetDateTime>,
    pub(super) not_after: Option<OffsetDateTime>,
    pub(super) role: Role,
    /// How many reasons there are, at the moment of the audit, against it as an issuer.
    pub(super) doubts: u32,
}

impl Facts {
    pub(super) fn new(der: &[u8], now: OffsetDateTime) -> Self {
        let view = CertificateView::new(der);
        let authority = view.authority_key_identifier().and_then(|identifier| identifier.key_identifier);
        let doubts = [
            is_over(&view, now) || is_early(&view, now) || view.not_after.is_none(),
            !view.is_authority(),
            !may_sign_certificates(&view),
            unknown_critical_extension(&view).is_some(),
        ];
        Self {
            fingerprint: sha256(der),
            subject: digest(view.subject),
            issuer: digest(view.issuer),
            key: key_digest(view.subject_public_key_info),
            subject_key_identifier: view.subject_key_identifier().map(digest),
            authority_key_identifier: authority.map(digest),
            not_before: view.not_before,
            not_after: view.not_after,
            role: view.role(),
            doubts: doubts.into_iter().map(u32::from).sum(),
        }
    }

    /// True where the names of issuer and subject are the same bytes.
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

/// True where the last moment of validity is over.
pub(super) fn is_over(view: &CertificateView<'_>, now: OffsetDateTime) -> bool {
    view.not_after.is_some_and(|end| end < now)
}

/// True where the first moment of validity is to come.
pub(super) fn is_early(view: &CertificateView<'_>, now: OffsetDateTime) -> bool {
    view.not_before.is_some_and(|start| start > now)
}

/// False where a key usage leaves out keyCertSign.
pub(super) fn may_sign_certificates(view: &CertificateView<'_>) -> bool {
    view.key_usage().is_none_or(|usage| usage.has(5))
}

/// Extensions that TLS programs process or know well enough to pass over, by the contents of their object
/// identifiers.
const KNOWN: [&[u8]; 18] = [
    &[0x55, 0x1d, 14],
    &[0x55, 0x1d, 15],
    &[0x55, 0x1d, 17],
    &[0x55, 0x1d, 18],
    &[0x55, 0x1d, 19],
    &[0x55, 0x1d, 30],
    &[0x55, 0x1d, 31],
    &[0x55, 0x1d, 32],
    &[0x55, 0x1d, 33],
    &[0x55, 0x1d, 35],
    &[0x55, 0x1d, 36],
    &[0x55, 0x1d, 37],
    &[0x55, 0x1d, 46],
    &[0x55, 0x1d, 54],
    &[0x2b, 6, 1, 5, 5, 7, 1, 1],
    &[0x2b, 6, 1, 5, 5, 7, 1, 11],
    &[0x2b, 6, 1, 5, 5, 7, 1, 24],
    &[0x2b, 6, 1, 5, 5, 7, 48, 1, 5],
];

/// The first critical extension for which a program has to refuse the certificate.
pub(super) fn unknown_critical_extension<'v, 'a>(
    view: &'v CertificateView<'a>,
) -> Option<&'v ExtensionView<'a>> {
    view.extensions.iter().find(|extension| extension.critical && !KNOWN.contains(&extension.oid))
}
