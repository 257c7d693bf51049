//! The OCSP response (RFC 6960 section 4.2), before it is signed and around what was signed.

use super::der_reader::{Item, tag};
use super::der_writer::{context, octet_string, oid, sequence, tagged};
use super::tbs::generalized_time;
use super::{IssuerCertificate, SerialNumber, key_identifier};
use crate::keys::sha1;
use crate::model::RevocationReason;
use der::asn1::ObjectIdentifier;
use time::OffsetDateTime;

pub(super) const BASIC_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

/// How OCSP names a certificate (section 4.1.1), with SHA-1: the hash that clients ask with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateId {
    /// The SHA-1 of the issuer's name.
    pub issuer_name_hash: [u8; 20],
    /// The SHA-1 of the issuer's public key.
    pub issuer_key_hash: Vec<u8>,
    /// The serial number.
    pub serial: SerialNumber,
}

/// What a response says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    /// It is not revoked.
    Good,
    /// It is revoked.
    Revoked {
        /// Since when; fractions of a second are cut off.
        at: OffsetDateTime,
        /// Why; an unspecified reason is not written.
        reason: RevocationReason,
    },
    /// The responder does not know it.
    Unknown,
}

/// Everything a response says, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspResponseData {
    /// The DER of the responder's name: a copy of its certificate's subject bytes.
    pub responder: Vec<u8>,
    /// When it is made.
    pub produced_at: OffsetDateTime,
    /// The certificate it is about.
    pub certificate: CertificateId,
    /// What it says of it.
    pub status: CertificateStatus,
    /// When that was known to be so.
    pub this_update: OffsetDateTime,
    /// When the next response is due.
    pub next_update: OffsetDateTime,
}

impl CertificateId {
    /// The certificate of `issuer` with a serial number.
    #[must_use]
    pub fn new(issuer: &IssuerCertificate, serial: SerialNumber) -> Self {
        Self {
            issuer_name_hash: sha1(&issuer.subject),
            issuer_key_hash: key_identifier(&issuer.subject_public_key_info),
            serial,
        }
    }

    /// The DER of an OCSPRequest for it (section 4.1.1), neither signed nor with a nonce, which many responders
    /// ignore.
    #[must_use]
    pub fn to_request(&self) -> Vec<u8> {
        let request = sequence([self.to_der()]);
        sequence([sequence([sequence([request])])])
    }

    /// Reads a CertID; nothing where it is malformed, or by another hash than SHA-1.
    pub(super) fn read(item: Item<'_>) -> Option<Self> {
        let mut parts = item.open();
        let mut algorithm = parts.take_if(tag::SEQUENCE)?.open();
        let is_sha_1 = algorithm.take_if(tag::OID)?.value == SHA_1.as_bytes();
        let name_hash = parts.take_if(tag::OCTET_STRING)?.value;
        let key_hash = parts.take_if(tag::OCTET_STRING)?.value;
        let serial = parts.take_if(tag::INTEGER)?.value;
        is_sha_1.then_some(Self {
            issuer_name_hash: name_hash.try_into().ok()?,
            issuer_key_hash: key_hash.to_vec(),
            serial: SerialNumber::from_der_contents(serial),
        })
    }

    fn to_der(&self) -> Vec<u8> {
        sequence([
            sequence([oid(&SHA_1), tagged(tag::NULL, &[])]),
            octet_string(&self.issuer_name_hash),
            octet_string(&self.issuer_key_hash),
            self.serial.to_der(),
        ])
    }
}

impl CertificateStatus {
    fn to_der(self) -> Vec<u8> {
        match self {
            Self::Good => tagged(tag::context(0), &[]),
            Self::Revoked { at, reason } => {
                let mut parts = vec![generalized_time(at)];
                if reason != RevocationReason::UNSPECIFIED {
                    parts.push(context(0, [tagged(tag::ENUMERATED, &[reason.code()])]));
                }
                context(1, parts)
            }
            Self::Unknown => tagged(tag::context(2), &[]),
        }
    }
}

impl OcspResponseData {
    /// The DER that is signed.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let single = sequence([
            self.certificate.to_der(),
            self.status.to_der(),
            generalized_time(self.this_update),
            context(0, [generalized_time(self.next_update)]),
        ]);
        sequence([
            context(1, [self.responder.as_slice()]),
            generalized_time(self.produced_at),
            sequence([single]),
        ])
    }
}

/// The response that carries a signed one.
pub(crate) fn successful_response(basic: &[u8]) -> Vec<u8> {
    let bytes = sequence([oid(&BASIC_RESPONSE), octet_string(basic)]);
    sequence([tagged(tag::ENUMERATED, &[0]), context(0, [bytes])])
}
