//! A CRL that somebody else made, read back (RFC 5280 section 5).

use super::der_reader::{Item, Malformed, Reader, tag};
use super::extension::{
    AUTHORITY_KEY_IDENTIFIER, CRL_NUMBER, DELTA_CRL_INDICATOR, ISSUING_DISTRIBUTION_POINT, REASON_CODE,
};
use super::moment::read_time;
use super::parts::ExtensionParts;
use super::{IssuingDistributionPoint, RevokedCertificate, SerialNumber};
use crate::keys::{SignatureAlgorithm, can_verify, verify};
use crate::model::RevocationReason;
use crate::pem;
use crate::{Error, ErrorKind, Result};
use time::OffsetDateTime;

/// A CRL of version 1 or 2. Reading it checks its form; [`verify`](Self::verify) checks its signature, and
/// whether it speaks of a certificate, and still does, is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateList {
    /// The DER of the issuer's name, exactly as the CRL has it.
    pub issuer: Vec<u8>,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When the next one is due at the latest; old CRLs do not say.
    pub next_update: Option<OffsetDateTime>,
    /// The CRL number, which grows from list to list.
    pub number: Option<SerialNumber>,
    /// The key identifier of the key that signed it.
    pub authority_key_identifier: Option<Vec<u8>>,
    /// Which certificates it is about, where that is not all of the issuer's.
    pub issuing_distribution_point: Option<IssuingDistributionPoint>,
    /// True for a list of changes only, which means nothing without the list that it changes.
    pub is_delta: bool,
    /// True where an extension, of the list or of an entry, is critical and not among those above: such a CRL
    /// must not be relied on (section 5.2).
    pub has_unknown_critical_extension: bool,
    /// The revoked certificates, in order. A reason that RFC 5280 does not have is taken to be unspecified.
    pub revoked: Vec<RevokedCertificate>,
    /// The algorithm of its signature, where it is one that can be verified here.
    pub signature_algorithm: Option<SignatureAlgorithm>,
    body: Vec<u8>,
    signature: Vec<u8>,
}

impl CertificateList {
    /// Reads a CRL in DER; nothing may follow it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where it is no CRL, with the name of the malformed part.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::read(der).map_err(|Malformed(part)| {
            Error::of(ErrorKind::Revocation)
                .explain(format!("not a CRL that can be read: its {part} is malformed"))
        })
    }

    /// Reads a CRL from a file: the first PEM section of the label `X509 CRL`, or DER, or the bare base64 that
    /// `gencrl` prints.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where the file holds something else.
    pub fn from_file(contents: &[u8]) -> Result<Self> {
        if let Some(section) = pem::sections(contents).find(|section| section.label == "X509 CRL") {
            return Self::from_der(&section.der);
        }
        match crate::base64::decode(contents.trim_ascii()).filter(|der| !der.is_empty()) {
            Some(der) => Self::from_der(&der),
            None => Self::from_der(contents),
        }
    }

    /// Checks that the signature is by the key in `issuer`, the DER of a SubjectPublicKeyInfo.
    ///
    /// SHA-1 is accepted, as by Go: the issuer alone chooses what stands in its CRL.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Revocation`] where it is not, or is of an algorithm that is not supported.
    pub fn verify(&self, issuer: &[u8]) -> Result<()> {
        let fault = |words: &str| Error::of(ErrorKind::Revocation).explain(words);
        let algorithm = self
            .signature_algorithm
            .ok_or_else(|| fault("the CRL is signed with an algorithm that is not supported"))?;
        verify(issuer, algorithm, &self.body, &self.signature).map_err(|error| {
            match can_verify(issuer, algorithm) {
                true => fault("the CRL is not signed with the issuer's key"),
                false => fault(&format!("the CRL is not known to be genuine: {}", error.explanation())),
            }
        })
    }

    /// Whether [`verify`](Self::verify) can tell if the signature is by the key in `issuer`: the library may know
    /// neither the algorithm nor the kind of key.
    #[must_use]
    pub fn can_verify(&self, issuer: &[u8]) -> bool {
        self.signature_algorithm.is_some_and(|algorithm| can_verify(issuer, algorithm))
    }

    /// The entry of a certificate of the issuer; the first where there are several.
    #[must_use]
    pub fn find(&self, serial: &SerialNumber) -> Option<&RevokedCertificate> {
        self.revoked.iter().find(|entry| entry.serial == *serial)
    }

    fn read(der: &[u8]) -> std::result::Result<Self, Malformed> {
        let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
        let mut outer = outer.open();
        let body = outer.expect_tag(tag::SEQUENCE, "outer structure")?;
        let algorithm = outer.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        // The first octet counts unused bits: none.
        let signature = match outer.expect_tag(tag::BIT_STRING, "signature")?.value {
            [0, signature @ ..] => signature.to_vec(),
            _ => return Err(Malformed("signature")),
        };
        let mut fields = body.open();
        match fields.take_if(tag::INTEGER).map(|version| version.value) {
            None | Some([0 | 1]) => {}
            Some(_) => return Err(Malformed("version")),
        }
        let inner_algorithm = fields.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        if inner_algorithm.whole != algorithm.whole {
            return Err(Malformed("signature algorithm"));
        }
        let issuer = fields.expect_tag(tag::SEQUENCE, "issuer")?;
        let this_update = fields.next().and_then(read_time).ok_or(Malformed("this update"))?;
        let next_update = fields.take_if(tag::UTC_TIME).or_else(|| fields.take_if(tag::GENERALIZED_TIME));
        let next_update = match next_update {
            Some(item) => Some(read_time(item).ok_or(Malformed("next update"))?),
            None => None,
        };
        let mut list = Self {
            issuer: issuer.whole.to_vec(),
            this_update,
            next_update,
            number: None,
            authority_key_identifier: None,
            issuing_distribution_point: None,
            is_delta: false,
            has_unknown_critical_extension: false,
            revoked: Vec::new(),
            signature_algorithm: SignatureAlgorithm::from_der(algorithm.whole),
            body: body.whole.to_vec(),
            signature,
        };
        if let Some(revoked) = fields.take_if(tag::SEQUENCE) {
            let mut entries = revoked.open();
            for entry in entries.by_ref() {
                list.note_entry(entry).ok_or(Malformed("list of revoked certificates"))?;
            }
            if !entries.is_empty() {
                return Err(Malformed("list of revoked certificates"));
            }
        }
        if let Some(extensions) = fields.take_if(tag::context_constructed(0)) {
            list.note_extensions(extensions).ok_or(Malformed("extensions"))?;
        }
        if !fields.is_empty() || !outer.is_empty() {
            return Err(Malformed("outer structure"));
        }
        Ok(list)
    }

    fn note_entry(&mut self, entry: Item<'_>) -> Option<()> {
        let mut parts = (entry.tag == tag::SEQUENCE).then(|| entry.open())?;
        let serial = SerialNumber::from_der_contents(parts.take_if(tag::INTEGER)?.value);
        let revoked_at = read_time(parts.next()?)?;
        let mut reason = RevocationReason::UNSPECIFIED;
        if let Some(extensions) = parts.take_if(tag::SEQUENCE) {
            let mut extensions = extensions.open();
            for extension in extensions.by_ref() {
                let extension = ExtensionParts::read(extension)?;
                if extension.oid == REASON_CODE.as_bytes() {
                    let code = Reader::only(extension.value, tag::ENUMERATED)?.value;
                    reason = match code {
                        [code] => RevocationReason::from_code(*code).unwrap_or_default(),
                        _ => RevocationReason::UNSPECIFIED,
                    };
                } else {
                    self.has_unknown_critical_extension |= extension.critical;
                }
            }
            extensions.is_empty().then_some(())?;
        }
        self.revoked.push(RevokedCertificate { serial, revoked_at, reason });
        parts.is_empty().then_some(())
    }

    fn note_extensions(&mut self, explicit: Item<'_>) -> Option<()> {
        let mut extensions = Reader::only(explicit.value, tag::SEQUENCE)?.open();
        for extension in extensions.by_ref() {
            let extension = ExtensionParts::read(extension)?;
            let is = |id: der::asn1::ObjectIdentifier| id.as_bytes() == extension.oid;
            let value = extension.value;
            // None of them may stand there twice: two readers could believe two different ones.
            let is_first = if is(CRL_NUMBER) {
                let number = Reader::only(value, tag::INTEGER)?.value;
                self.number.replace(SerialNumber::from_der_contents(number)).is_none()
            } else if is(AUTHORITY_KEY_IDENTIFIER) {
                let mut identifiers = Reader::only(value, tag::SEQUENCE)?.open();
                match identifiers.take_if(tag::context(0)) {
                    Some(item) => self.authority_key_identifier.replace(item.value.to_vec()).is_none(),
                    None => true,
                }
            } else if is(ISSUING_DISTRIBUTION_POINT) {
                let point = IssuingDistributionPoint::read(value)?;
                self.issuing_distribution_point.replace(point).is_none()
            } else if is(DELTA_CRL_INDICATOR) {
                !std::mem::replace(&mut self.is_delta, true)
            } else {
                self.has_unknown_critical_extension |= extension.critical;
                true
            };
            is_first.then_some(())?;
        }
        extensions.is_empty().then_some(())
    }
}
