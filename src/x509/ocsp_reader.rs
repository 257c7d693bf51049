//! An OCSP response that somebody else made, read back (RFC 6960 section 4.2.1).

use super::der_reader::{Item, Malformed, Reader, tag};
use super::moment::read_time;
use super::ocsp::BASIC_RESPONSE;
use super::parts::ExtensionParts;
use super::{CertificateId, CertificateStatus, IssuerCertificate, key_identifier};
use crate::keys::{SignatureAlgorithm, can_verify, verify};
use crate::model::RevocationReason;
use crate::{Error, ErrorKind, Result};
use time::OffsetDateTime;

/// Certificates in a response; it needs one.
const MOST_CERTIFICATES: usize = 8;

/// A basic response. Reading it checks its form; [`verify`](Self::verify) checks its signature, and whether
/// who signed it may do so is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicOcspResponse {
    /// Who signed it.
    pub responder: ResponderId,
    /// When it was made.
    pub produced_at: OffsetDateTime,
    /// What it says of certificates, in order.
    pub responses: Vec<SingleResponse>,
    /// The DER of the certificates that came along, eight at most, for those who have no other way to check
    /// the signature.
    pub certificates: Vec<Vec<u8>>,
    /// True where an extension is critical: none that is known here may be, so that the response must not be
    /// relied on.
    pub has_unknown_critical_extension: bool,
    /// The algorithm of its signature, where it is one that can be verified here.
    pub signature_algorithm: Option<SignatureAlgorithm>,
    body: Vec<u8>,
    signature: Vec<u8>,
}

/// How a response names who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponderId {
    /// The SHA-1 of the public key's bits.
    KeyHash(Vec<u8>),
    /// The DER of the name.
    Name(Vec<u8>),
}

/// What a response says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleResponse {
    /// The certificate; `None` where it is named by another hash than SHA-1.
    pub certificate: Option<CertificateId>,
    /// What it is said to be. A reason that RFC 5280 does not have is taken to be unspecified.
    pub status: CertificateStatus,
    /// When that was known to be so.
    pub this_update: OffsetDateTime,
    /// When something newer will be known; `None` where it is at any time.
    pub next_update: Option<OffsetDateTime>,
}

impl ResponderId {
    /// True where it names the holder of a certificate.
    #[must_use]
    pub fn is(&self, certificate: &IssuerCertificate) -> bool {
        match self {
            Self::KeyHash(hash) => *hash == key_identifier(&certificate.subject_public_key_info),
            Self::Name(name) => *name == certificate.subject,
        }
    }
}

impl BasicOcspResponse {
    /// Reads an OCSPResponse in DER; nothing may follow it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where it is malformed or of another type, and where the responder answers
    /// that it has no answer.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let fault = |words: String| Error::of(ErrorKind::Revocation).explain(words);
        let malformed = |Malformed(part)| {
            fault(format!("not an OCSP response that can be read: its {part} is malformed"))
        };
        let (status, basic) = unwrap(der).map_err(malformed)?;
        match status {
            0 => basic.ok_or(Malformed("outer structure")).and_then(Self::read).map_err(malformed),
            status => {
                let name = match status {
                    1 => "malformedRequest".to_owned(),
                    2 => "internalError".to_owned(),
                    3 => "tryLater".to_owned(),
                    5 => "sigRequired".to_owned(),
                    6 => "unauthorized".to_owned(),
                    other => format!("status {other}"),
                };
                Err(fault(format!("the responder answers {name}")))
            }
        }
    }

    /// Checks that the signature is by the key in `signer`, the DER of a SubjectPublicKeyInfo.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where it is not, or is of an algorithm that is not supported.
    pub fn verify(&self, signer: &[u8]) -> Result<()> {
        let fault = |words: &str| Error::of(ErrorKind::Revocation).explain(words);
        let algorithm = self
            .signature_algorithm
            .ok_or_else(|| fault("the response is signed with an algorithm that is not supported"))?;
        verify(signer, algorithm, &self.body, &self.signature).map_err(|error| {
            match can_verify(signer, algorithm) {
                true => fault("the response is not signed with the key of the responder it names"),
                false => fault(&format!("the response is not known to be genuine: {}", error.explanation())),
            }
        })
    }

    /// What it says of a certificate; the first where it says several things.
    #[must_use]
    pub fn find(&self, certificate: &CertificateId) -> Option<&SingleResponse> {
        self.responses.iter().find(|response| response.certificate.as_ref() == Some(certificate))
    }

    fn read(basic: &[u8]) -> std::result::Result<Self, Malformed> {
        let outer = Reader::only(basic, tag::SEQUENCE).ok_or(Malformed("basic response"))?;
        let mut outer = outer.open();
        let body = outer.expect_tag(tag::SEQUENCE, "basic response")?;
        let algorithm = outer.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        // The first octet counts unused bits: none.
        let signature = match outer.expect_tag(tag::BIT_STRING, "signature")?.value {
            [0, signature @ ..] => signature.to_vec(),
            _ => return Err(Malformed("signature")),
        };
        let certificates = match outer.take_if(tag::context_constructed(0)) {
            Some(list) => {
                let list = Reader::only(list.value, tag::SEQUENCE).ok_or(Malformed("certificates"))?;
                list.open().take(MOST_CERTIFICATES).map(|item| item.whole.to_vec()).collect()
            }
            None => Vec::new(),
        };
        let mut fields = body.open();
        fields.take_if(tag::context_constructed(0));
        let responder = fields.next().and_then(read_responder).ok_or(Malformed("responder"))?;
        let produced_at = fields.next().and_then(read_time).ok_or(Malformed("time of production"))?;
        let mut has_unknown_critical_extension = false;
        let mut items = fields.expect_tag(tag::SEQUENCE, "list of responses")?.open();
        let responses = items
            .by_ref()
            .map(|item| read_single(item, &mut has_unknown_critical_extension))
            .collect::<Option<Vec<_>>>()
            .filter(|_| items.is_empty())
            .ok_or(Malformed("list of responses"))?;
        if let Some(extensions) = fields.take_if(tag::context_constructed(1)) {
            has_unknown_critical_extension |= any_critical(extensions).ok_or(Malformed("extensions"))?;
        }
        if !fields.is_empty() || !outer.is_empty() {
            return Err(Malformed("basic response"));
        }
        Ok(Self {
            responder,
            produced_at,
            responses,
            certificates,
            has_unknown_critical_extension,
            signature_algorithm: SignatureAlgorithm::from_der(algorithm.whole),
            body: body.whole.to_vec(),
            signature,
        })
    }
}

/// The status of an OCSPResponse, and the basic response in it where there is one.
fn unwrap(der: &[u8]) -> std::result::Result<(u8, Option<&[u8]>), Malformed> {
    let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
    let mut outer = outer.open();
    let [status] = outer.expect_tag(tag::ENUMERATED, "status")?.value else {
        return Err(Malformed("status"));
    };
    let Some(bytes) = outer.take_if(tag::context_constructed(0)) else {
        return if outer.is_empty() { Ok((*status, None)) } else { Err(Malformed("outer structure")) };
    };
    let bytes = Reader::only(bytes.value, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
    let mut bytes = bytes.open();
    if bytes.expect_tag(tag::OID, "type")?.value != BASIC_RESPONSE.as_bytes() {
        return Err(Malformed("type"));
    }
    let basic = bytes.expect_tag(tag::OCTET_STRING, "basic response")?.value;
    match outer.is_empty() && bytes.is_empty() {
        true => Ok((*status, Some(basic))),
        false => Err(Malformed("outer structure")),
    }
}

fn read_responder(item: Item<'_>) -> Option<ResponderId> {
    const NAME: u8 = tag::context_constructed(1);
    const KEY: u8 = tag::context_constructed(2);
    match item.tag {
        NAME => Some(ResponderId::Name(Reader::only(item.value, tag::SEQUENCE)?.whole.to_vec())),
        KEY => Some(ResponderId::KeyHash(Reader::only(item.value, tag::OCTET_STRING)?.value.to_vec())),
        _ => None,
    }
}

fn read_single(item: Item<'_>, has_unknown_critical_extension: &mut bool) -> Option<SingleResponse> {
    let mut parts = (item.tag == tag::SEQUENCE).then(|| item.open())?;
    let certificate = CertificateId::read(parts.take_if(tag::SEQUENCE)?);
    let status = read_status(parts.next()?)?;
    let this_update = read_time(parts.next()?)?;
    let next_update = match parts.take_if(tag::context_constructed(0)) {
        Some(explicit) => Some(read_time(Reader::only(explicit.value, tag::GENERALIZED_TIME)?)?),
        None => None,
    };
    if let Some(extensions) = parts.take_if(tag::context_constructed(1)) {
        *has_unknown_critical_extension |= any_critical(extensions)?;
    }
    parts.is_empty().then_some(SingleResponse { certificate, status, this_update, next_update })
}

fn read_status(item: Item<'_>) -> Option<CertificateStatus> {
    const GOOD: u8 = tag::context(0);
    const REVOKED: u8 = tag::context_constructed(1);
    const UNKNOWN: u8 = tag::context(2);
    match item.tag {
        GOOD => Some(CertificateStatus::Good),
        REVOKED => {
            let mut parts = item.open();
            let at = read_time(parts.next()?)?;
            let reason = match parts.take_if(tag::context_constructed(0)) {
                Some(explicit) => match Reader::only(explicit.value, tag::ENUMERATED)?.value {
                    [code] => RevocationReason::from_code(*code).unwrap_or_default(),
                    _ => RevocationReason::UNSPECIFIED,
                },
                None => RevocationReason::UNSPECIFIED,
            };
            parts.is_empty().then_some(CertificateStatus::Revoked { at, reason })
        }
        UNKNOWN => Some(CertificateStatus::Unknown),
        _ => None,
    }
}

/// Whether one of the extensions is critical; `None` where they are malformed.
fn any_critical(explicit: Item<'_>) -> Option<bool> {
    let mut items = Reader::only(explicit.value, tag::SEQUENCE)?.open();
    let mut is_critical = false;
    for item in items.by_ref() {
        is_critical |= ExtensionParts::read(item)?.critical;
    }
    items.is_empty().then_some(is_critical)
}
