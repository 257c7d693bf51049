//! A certificate as a link of a chain: what chain building has to know of it.

use super::name::ChainName;
use crate::keys::{KeyAlgorithm, SignatureAlgorithm, verify};
use crate::model::{CaRole, Host, NameConstraints};
use crate::x509::der_reader::{Item, Malformed, Reader, tag};
use crate::x509::extension::{
    AUTHORITY_INFO_ACCESS, AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, CERTIFICATE_POLICIES,
    CRL_DISTRIBUTION_POINTS, EXTENDED_KEY_USAGE, KEY_USAGE, NAME_CONSTRAINTS, SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
};
use crate::x509::{
    Accesses, CertificateParts, ExtensionParts, read_alternative_names, read_basic_constraints,
    read_name_constraints, read_time,
};
use crate::{Error, ErrorKind, Result};
use time::OffsetDateTime;

/// A certificate that may stand in a chain, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainCertificate {
    /// The DER of the certificate.
    pub der: Vec<u8>,
    /// Whom it is about.
    pub subject: ChainName,
    /// Who signed it.
    pub issuer: ChainName,
    /// The contents of the serial number, without leading zeros.
    pub serial_number: Vec<u8>,
    /// The first moment of validity.
    pub not_before: OffsetDateTime,
    /// The last moment of validity.
    pub not_after: OffsetDateTime,
    /// The DER of the public key's SubjectPublicKeyInfo.
    pub subject_public_key_info: Vec<u8>,
    /// Whether it is an authority; `None` without basic constraints.
    pub role: Option<CaRole>,
    /// The subject key identifier; empty if absent.
    pub subject_key_identifier: Vec<u8>,
    /// The key identifier of the issuer; empty if absent.
    pub authority_key_identifier: Vec<u8>,
    /// The names of its subject alternative name.
    pub hosts: Vec<Host>,
    /// Where OCSP is answered.
    pub ocsp_servers: Vec<String>,
    /// Where the issuer's certificate is served.
    pub issuing_certificate_urls: Vec<String>,
    /// True where it names a CRL.
    pub names_crl: bool,
    /// cfssl's words for the algorithm of its signature, such as `ECDSAWithSHA256`.
    pub signature_words: &'static str,
    pub(super) signature: Vec<u8>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) has_unknown_critical_extension: bool,
    signature_algorithm: Option<SignatureAlgorithm>,
    body: Vec<u8>,
    has_extensions: bool,
    may_sign_certificates: Option<bool>,
}

impl ChainCertificate {
    /// Reads a certificate; its signature is not checked.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateParse`] where it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::read(der).map_err(|Malformed(part)| {
            Error::of(ErrorKind::CertificateParse)
                .explain(format!("not a certificate that can be read: its {part} is malformed"))
        })
    }

    fn read(der: &[u8]) -> std::result::Result<Self, Malformed> {
        let parts = CertificateParts::read(der)?;
        let mut outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?.open();
        let body = outer.expect_tag(tag::SEQUENCE, "outer structure")?;
        outer.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        let signature = outer.expect_tag(tag::BIT_STRING, "signature")?;
        let moment = |item| read_time(item).ok_or(Malformed("validity"));
        let serial = parts.serial_number.value;
        let zeros = serial.iter().take_while(|octet| **octet == 0).count();
        let mut certificate = Self {
            der: der.to_vec(),
            subject: ChainName::read(parts.subject).ok_or(Malformed("subject"))?,
            issuer: ChainName::read(parts.issuer).ok_or(Malformed("issuer"))?,
            serial_number: serial.get(zeros..).unwrap_or_default().to_vec(),
            not_before: moment(parts.not_before)?,
            not_after: moment(parts.not_after)?,
            subject_public_key_info: parts.public_key.whole.to_vec(),
            role: None,
            subject_key_identifier: Vec::new(),
            authority_key_identifier: Vec::new(),
            hosts: Vec::new(),
            ocsp_servers: Vec::new(),
            issuing_certificate_urls: Vec::new(),
            names_crl: false,
            signature_words: crate::inspect::signature_words(parts.signature_algorithm),
            signature: signature.value.get(1..).unwrap_or_default().to_vec(),
            name_constraints: None,
            has_unknown_critical_extension: false,
            signature_algorithm: SignatureAlgorithm::from_der(parts.signature_algorithm.whole),
            body: body.whole.to_vec(),
            has_extensions: parts.extensions.is_some(),
            may_sign_certificates: None,
        };
        if let Some(extensions) = parts.extensions {
            let list = Reader::only(extensions.value, tag::SEQUENCE).ok_or(Malformed("extensions"))?;
            for extension in list.open() {
                certificate.note_extension(extension).ok_or(Malformed("extensions"))?;
            }
        }
        Ok(certificate)
    }

    fn note_extension(&mut self, item: Item<'_>) -> Option<()> {
        let ExtensionParts { oid, critical, value } = ExtensionParts::read(item)?;
        let is = |id: der::asn1::ObjectIdentifier| id.as_bytes() == oid;
        if is(BASIC_CONSTRAINTS) {
            self.role = Some(read_basic_constraints(value)?);
        } else if is(KEY_USAGE) {
            let bits = Reader::only(value, tag::BIT_STRING)?.value;
            // keyCertSign is bit 5 of the first octet; before it stands the count of unused bits.
            self.may_sign_certificates = Some(bits.get(1).is_some_and(|octet| octet & 0x04 != 0));
        } else if is(SUBJECT_KEY_IDENTIFIER) {
            self.subject_key_identifier = Reader::only(value, tag::OCTET_STRING)?.value.to_vec();
        } else if is(AUTHORITY_KEY_IDENTIFIER) {
            let mut identifiers = Reader::only(value, tag::SEQUENCE)?.open();
            if let Some(identifier) = identifiers.take_if(tag::context(0)) {
                self.authority_key_identifier = identifier.value.to_vec();
            }
        } else if is(SUBJECT_ALT_NAME) {
            match read_alternative_names(value) {
                Some(hosts) => self.hosts = hosts,
                None => self.has_unknown_critical_extension |= critical,
            }
        } else if is(NAME_CONSTRAINTS) {
            self.name_constraints = Some(read_name_constraints(value)?);
        } else if is(AUTHORITY_INFO_ACCESS) {
            let accesses = Accesses::read(value)?;
            self.ocsp_servers.extend(accesses.ocsp_servers);
            self.issuing_certificate_urls.extend(accesses.issuing_certificate_urls);
        } else if is(CRL_DISTRIBUTION_POINTS) {
            self.names_crl = true;
        } else if critical && !is(EXTENDED_KEY_USAGE) && !is(CERTIFICATE_POLICIES) {
            self.has_unknown_critical_extension = true;
        }
        Some(())
    }

    /// PEM without a newline at the end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        crate::pem::encode("CERTIFICATE", &self.der).trim_end().to_owned()
    }

    /// True for an authority, as its basic constraints say.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        matches!(self.role, Some(CaRole::Authority { .. }))
    }

    /// The algorithm of its key, where it is one that can be used here.
    #[must_use]
    pub fn key_algorithm(&self) -> Option<KeyAlgorithm> {
        KeyAlgorithm::from_spki(&self.subject_public_key_info)
    }

    /// Checks that `issuer` signed it and may sign certificates; names and times are not looked at.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateVerify`] in Go's words.
    pub fn check_signature_from(&self, issuer: &Self) -> Result<()> {
        let fault = |words: &str| Err(Error::new(ErrorKind::CertificateVerify, words));
        // A certificate of version 1 has no extensions to be an authority by.
        let no_authority = match issuer.role {
            Some(role) => role == CaRole::EndEntity,
            None => issuer.has_extensions,
        };
        if no_authority || issuer.may_sign_certificates == Some(false) {
            return fault("x509: invalid signature: parent certificate cannot sign this kind of certificate");
        }
        match self.signature_algorithm {
            None => fault("x509: cannot verify signature: algorithm unimplemented").map_err(|error| {
                error.explain("the signature cannot be verified: its algorithm is not supported")
            }),
            Some(SignatureAlgorithm::RsaSha1 | SignatureAlgorithm::EcdsaSha1) => {
                fault("x509: cannot verify signature: insecure algorithm SHA1")
            }
            Some(algorithm) => {
                verify(&issuer.subject_public_key_info, algorithm, &self.body, &self.signature)
                    .map_err(|error| error.with_kind(ErrorKind::CertificateVerify))
            }
        }
    }

    /// True where it is an authority that signed itself.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.check_signature_from(self).is_ok()
    }

    /// The file name that cfssl gives it in the directory of intermediates.
    #[must_use]
    pub fn file_name(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        // A common name may hold a slash, and must not lead out of the directory.
        let name = self.subject.common_name.replace(['.', ' ', '/', '\0'], "");
        format!("{name}_{}_{}.crt", hex(&self.subject_key_identifier), hex(&self.serial_number))
    }
}
