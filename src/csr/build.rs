//! A request and a key make a CSR.

use crate::keys::SigningKey;
use crate::model::{CaRequest, CaRole, CertificateRequest, Host};
use crate::x509::extension::{BASIC_CONSTRAINTS, SUBJECT_ALT_NAME};
use crate::x509::{
    DistinguishedName, Extension, IssuerCertificate, context, read_alternative_names, read_basic_constraints,
    seal, sequence, set_of, write_oid,
};
use crate::{Error, ErrorKind, Result, Warning};
use der::asn1::ObjectIdentifier;
use rustls_pki_types::CertificateSigningRequestDer;

/// extensionRequest (RFC 2985 section 5.4.2).
pub(crate) const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");

/// What a CSR asks for, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrContent {
    /// The subject.
    pub subject: DistinguishedName,
    /// The DER of the SubjectPublicKeyInfo.
    pub subject_public_key_info: Vec<u8>,
    /// The subject alternative names.
    pub hosts: Vec<Host>,
    /// The basic constraints, where the CSR has them.
    pub role: Option<CaRole>,
    /// All its extensions in order, those of `hosts` and `role` among them.
    pub extensions: Vec<Extension>,
}

/// A finished CSR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateSigningRequest {
    pub(super) der: CertificateSigningRequestDer<'static>,
    pub(super) content: CsrContent,
}

impl CsrContent {
    /// What a CSR for this request and this public key asks for, and what in the request is doubtful.
    ///
    /// The extensions are, in cfssl's order: subject alternative name, basic constraints, delegation usage,
    /// then the request's own, of which a subject alternative name takes the place of the generated one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`] for a host or an attribute type that cannot
    /// be encoded, and [`ErrorKind::InvalidRequest`] for a path length
    /// that cannot.
    pub fn from_request(request: &CertificateRequest, key: &dyn SigningKey) -> Result<(Self, Vec<Warning>)> {
        let subject = DistinguishedName::from_request(request)?;
        let (hosts, warnings) = request.classified_hosts()?;
        let role = request.ca.as_ref().map(CaRequest::role).transpose()?;
        let replaces_hosts = request.extensions.iter().any(|own| own.id == SUBJECT_ALT_NAME);
        let alternative = Extension::subject_alt_name(&hosts, false).filter(|_| !replaces_hosts);
        let own = request.extensions.iter().map(|own| Extension {
            id: own.id,
            critical: own.critical,
            value: own.value.clone(),
        });
        let extensions = alternative
            .into_iter()
            .chain(role.map(Extension::basic_constraints))
            .chain(request.delegation_enabled.then(Extension::delegation_usage))
            .chain(own)
            .collect();
        let content = Self::new(subject, key.subject_public_key_info().to_vec(), extensions)?;
        Ok((content, warnings))
    }

    /// What a CSR for a certificate's successor asks for: its subject, these hosts, and where it is a CA its
    /// basic constraints.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CsrParse`] for a subject that cannot be read.
    pub fn from_certificate(
        certificate: &IssuerCertificate,
        hosts: &[Host],
        key: &dyn SigningKey,
    ) -> Result<Self> {
        let subject = DistinguishedName::from_der(&certificate.subject)?;
        let authority = certificate.role.filter(|role| matches!(role, CaRole::Authority { .. }));
        let extensions = Extension::subject_alt_name(hosts, false)
            .into_iter()
            .chain(authority.map(Extension::basic_constraints))
            .collect();
        Self::new(subject, key.subject_public_key_info().to_vec(), extensions)
    }

    /// The content that these extensions make.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`] where the subject alternative name or the basic constraints are malformed.
    pub fn new(
        subject: DistinguishedName,
        subject_public_key_info: Vec<u8>,
        extensions: Vec<Extension>,
    ) -> Result<Self> {
        let malformed = |what: &str| {
            Error::new(ErrorKind::BadRequest, format!("x509: invalid {what}"))
                .explain(format!("the {what} of the request is malformed"))
        };
        let value = |id| extensions.iter().rfind(|extension| extension.id == id).map(|found| &found.value);
        let hosts = match value(SUBJECT_ALT_NAME) {
            Some(value) => {
                read_alternative_names(value).ok_or_else(|| malformed("subject alternative name"))?
            }
            None => Vec::new(),
        };
        let role = match value(BASIC_CONSTRAINTS) {
            Some(value) => Some(read_basic_constraints(value).ok_or_else(|| malformed("basic constraints"))?),
            None => None,
        };
        Ok(Self { subject, subject_public_key_info, hosts, role, extensions })
    }

    /// Signs the content with its key.
    ///
    /// # Errors
    ///
    /// Whatever the key fails with.
    pub fn seal(self, key: &dyn SigningKey) -> Result<CertificateSigningRequest> {
        let attributes = match self.extensions.as_slice() {
            [] => Vec::new(),
            extensions => {
                let list = sequence(extensions.iter().map(Extension::to_der));
                vec![sequence([write_oid(&EXTENSION_REQUEST), set_of(vec![list])])]
            }
        };
        let version_1: &[u8] = &[2, 1, 0];
        let der = seal(key, |_| {
            sequence([
                version_1,
                &self.subject.to_der(),
                &self.subject_public_key_info,
                &context(0, attributes),
            ])
        })?;
        Ok(CertificateSigningRequest { der: der.into(), content: self })
    }
}

impl CertificateSigningRequest {
    /// The DER.
    #[must_use]
    pub fn der(&self) -> &CertificateSigningRequestDer<'static> {
        &self.der
    }

    /// PEM with a newline at the end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        crate::pem::encode("CERTIFICATE REQUEST", &self.der)
    }

    /// What it asks for.
    #[must_use]
    pub fn content(&self) -> &CsrContent {
        &self.content
    }
}
