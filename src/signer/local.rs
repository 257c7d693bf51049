//! A CA at hand: its certificate, its key, its configuration.

use super::{Ask, Issuance, Issued, Template, apply};
use crate::csr::CsrContent;
use crate::keys::{KeyAlgorithm, PrivateKey, SigningKey};
use crate::model::{CertificateRequest, SigningConfig};
use crate::x509::{Certificate, IssuerCertificate, seal};
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;

/// Signs with a CA whose key is at hand.
///
/// The key may be borrowed or owned: `&PrivateKey`, `PrivateKey`, `Arc<PrivateKey>`, `Box<dyn SigningKey + Send + Sync>`
/// are all keys. A signer can be shared between threads where its key can, as a [`PrivateKey`] can.
///
/// ```
/// # use certmint::model::{CertificateRequest, SigningConfig};
/// # use certmint::signer::{Authority, Issuance, LocalSigner};
/// # fn main() -> certmint::Result<()> {
/// # let ca = Authority::init(&CertificateRequest::from_json(br#"{"CN": "CA", "key": {"algo": "ecdsa", "size": 256}}"#)?, Issuance::now()?)?;
/// # let text = br#"{"signing": {"default": {"expiry": "1h", "usages": ["server auth"]}}}"#;
/// let config = std::sync::Arc::new(SigningConfig::from_json(text)?);
/// let signer = LocalSigner::new(ca.certificate(), ca.key(), config)?;
/// std::thread::scope(|scope| {
///     for node in ["node1", "node2"] {
///         let signer = &signer;
///         scope.spawn(move || {
///             let request = CertificateRequest { common_name: node.to_owned(), ..CertificateRequest::default() };
///             signer.generate(&request, "", Issuance::now()?)
///         });
///     }
/// });
/// # Ok(())
/// # }
/// ```
pub struct LocalSigner<K> {
    issuer: IssuerCertificate,
    key: K,
    config: Arc<SigningConfig>,
}

impl<K: SigningKey> LocalSigner<K> {
    /// A CA certificate and its key, under a configuration. Several signers may share one in an [`Arc`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] where the certificate cannot be read, and [`ErrorKind::Certificate`]
    /// where the key is not the certificate's.
    pub fn new(certificate: &Certificate, key: K, config: impl Into<Arc<SigningConfig>>) -> Result<Self> {
        let issuer = IssuerCertificate::from_der(certificate.der())?;
        if !issuer.has_key(key.subject_public_key_info()) {
            return Err(Error::new(
                ErrorKind::Certificate,
                "x509: provided PrivateKey doesn't match parent's PublicKey",
            )
            .explain("the CA key does not belong to the CA certificate")
            .hint("give the two files of one CA"));
        }
        Ok(Self { issuer, key, config: config.into() })
    }

    /// Generates a key and issues a certificate for it.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::generate`], [`CsrContent::from_request`] and [`sign`](Self::sign); and
    /// [`ErrorKind::Usage`] for a request with a `ca` section, which only a new CA may have.
    pub fn generate(
        &self,
        request: &CertificateRequest,
        profile: &str,
        issuance: Issuance,
    ) -> Result<Issued> {
        refuse_ca_section(request)?;
        let key = PrivateKey::generate(KeyAlgorithm::from_request(&request.key)?)?;
        let (content, mut warnings) = CsrContent::from_request(request, &key)?;
        let csr = content.seal(&key)?;
        let mut issued = self.sign(csr.content(), profile, &Ask::default(), issuance)?;
        warnings.append(&mut issued.warnings);
        Ok(Issued { csr: Some(csr), key: Some(key), warnings, ..issued })
    }

    /// Issues a certificate for a CSR under a profile; an empty name is the default profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownProfile`] as [`SigningConfig::profile_or_default`], and as [`apply`].
    pub fn sign(&self, csr: &CsrContent, profile: &str, ask: &Ask, issuance: Issuance) -> Result<Issued> {
        let name = profile;
        let (profile, unknown) = self.config.profile_or_default(name)?;
        let template = apply(profile, &self.config.default, csr, ask, Some(&self.issuer), issuance).map_err(
            |error| {
                match error.kind() {
                    // The fault lies in the profile, not in what it was asked to sign.
                    ErrorKind::NoKeyUsages | ErrorKind::InvalidPolicy | ErrorKind::Unsupported
                        if name.is_empty() || unknown.is_some() =>
                    {
                        error.at_path("signing.default")
                    }
                    ErrorKind::NoKeyUsages | ErrorKind::InvalidPolicy | ErrorKind::Unsupported => {
                        error.at_path(&format!("signing.profiles.{name}"))
                    }
                    _ => error,
                }
            },
        )?;
        let mut issued = sealed(template, &self.key)?;
        issued.warnings.splice(0..0, unknown);
        Ok(issued)
    }

    /// The configuration it signs under.
    #[must_use]
    pub fn config(&self) -> &SigningConfig {
        &self.config
    }
}

impl<K> std::fmt::Debug for LocalSigner<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalSigner").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A `ca` section in any other request is a mistake that cfssl refuses.
///
/// # Errors
///
/// [`ErrorKind::Usage`] where there is one.
pub(crate) fn refuse_ca_section(request: &CertificateRequest) -> Result<()> {
    match request.ca {
        None => Ok(()),
        Some(_) => Err(Error::new(ErrorKind::Usage, "ca section only permitted in initca")
            .explain("only the request for a new CA may have a `ca` section")
            .hint("remove it, or make a CA with -initca")
            .at_path("ca")),
    }
}

/// Signs a template with the issuer's key.
pub(super) fn sealed(template: Template, key: &dyn SigningKey) -> Result<Issued> {
    let Template { tbs, warnings } = template;
    let der = seal(key, |algorithm| tbs.to_der(algorithm))?;
    let certificate = Certificate::from_der_unchecked(der);
    Ok(Issued { certificate, csr: None, key: None, serial: tbs.serial, warnings })
}
