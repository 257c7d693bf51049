//! A CA that signs itself: made anew, or made again for a key.

use super::local::sealed;
use super::{Ask, Issuance, Issued, apply};
use crate::csr::CsrContent;
use crate::keys::{KeyAlgorithm, PrivateKey, SigningKey};
use crate::model::{CertificateRequest, Host, SigningProfile};
use crate::x509::Certificate;
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// A certificate authority with its key in memory.
#[derive(Debug)]
pub struct Authority {
    issued: Issued,
    key: PrivateKey,
}

impl Authority {
    /// Generates a key and makes a self-signed CA certificate, as `gencert -initca` does: five years unless
    /// the request's `ca` section says otherwise.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for a request without a subject; [`ErrorKind::Duration`] and
    /// [`ErrorKind::InvalidPolicy`] for lifetimes that make no sense; and as [`PrivateKey::generate`] and
    /// [`CsrContent::from_request`].
    pub fn init(request: &CertificateRequest, issuance: Issuance) -> Result<Self> {
        Self::check_request(request)?;
        Self::refuse_nameless(request)?;
        let key = PrivateKey::generate(KeyAlgorithm::from_request(&request.key)?)?;
        let issued = Self::sign_itself(request, &key, issuance)?;
        Ok(Self { issued, key })
    }

    /// The self-signed CA certificate and the CSR for a key that was generated for it.
    ///
    /// # Errors
    ///
    /// As [`init`](Self::init).
    pub fn sign_itself(
        request: &CertificateRequest,
        key: &dyn SigningKey,
        issuance: Issuance,
    ) -> Result<Issued> {
        let mut profile = authority_profile(request)?;
        profile.backdate = match &request.ca {
            Some(ca) => ca.backdating()?.unwrap_or_default(),
            None => profile.backdate,
        };
        profile.crl_url.clone_from(&request.crl_url);
        self_signed(request, key, &profile, issuance)
    }

    /// The self-signed CA certificate and the CSR for a key that there is already, as `gencert -initca
    /// -ca-key` does: the request's `ca.backdate` and `crl_url` have no effect, and it may lack a subject.
    ///
    /// # Errors
    ///
    /// As [`init`](Self::init).
    pub fn sign_again(
        request: &CertificateRequest,
        key: &dyn SigningKey,
        issuance: Issuance,
    ) -> Result<Issued> {
        let mut issued = self_signed(request, key, &authority_profile(request)?, issuance)?;
        let ignored = [
            ("ca.backdate", request.ca.as_ref().is_some_and(|ca| !ca.backdate.is_empty())),
            ("crl_url", !request.crl_url.is_empty()),
        ];
        for (path, _) in ignored.into_iter().filter(|(_, given)| *given) {
            let message = "has no effect where the key is given";
            issued.warnings.push(Warning::new(WarningKind::Ignored, message).at_path(path));
        }
        Ok(issued)
    }

    /// cfssl's condition for a CA's subject: a common name, or `names` of which each entry has a value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] where neither holds.
    pub fn refuse_nameless(request: &CertificateRequest) -> Result<()> {
        let named = !request.names.is_empty() && !request.names.iter().any(crate::model::NameEntry::is_blank);
        if !request.common_name.is_empty() || named {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidRequest, "missing subject information")
            .explain("a CA needs a subject")
            .hint("give it a `CN`, or `names` with C, ST, L, O or OU in every entry"))
    }

    /// Looks at the durations and the path length of the `ca` section, before a key is generated for it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duration`], [`ErrorKind::InvalidPolicy`] and [`ErrorKind::InvalidRequest`] as
    /// [`init`](Self::init).
    pub fn check_request(request: &CertificateRequest) -> Result<()> {
        authority_profile(request)?;
        request.ca.as_ref().map(crate::model::CaRequest::backdating).transpose()?;
        Ok(())
    }

    /// The CA certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.issued.certificate
    }

    /// The CA's key.
    #[must_use]
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// What about the CA is probably not meant.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.issued.warnings
    }

    /// Certificate, CSR and key in one, as other certificates come.
    #[must_use]
    pub fn into_issued(self) -> Issued {
        Issued { key: Some(self.key), ..self.issued }
    }
}

/// The built-in CA profile with the request's `ca` section laid over it.
fn authority_profile(request: &CertificateRequest) -> Result<SigningProfile> {
    let mut profile = SigningProfile::built_in_authority();
    let Some(ca) = &request.ca else {
        return Ok(profile);
    };
    if let Some(lifetime) = ca.lifetime()? {
        if lifetime.is_zero() {
            return Err(Error::of(ErrorKind::InvalidPolicy)
                .explain("a CA cannot live for no time at all")
                .at_path("ca.expiry"));
        }
        profile.expiry = lifetime;
    }
    profile.ca = ca.role()?;
    Ok(profile)
}

fn self_signed(
    request: &CertificateRequest,
    key: &dyn SigningKey,
    profile: &SigningProfile,
    issuance: Issuance,
) -> Result<Issued> {
    let (content, mut warnings) = CsrContent::from_request(request, key)?;
    let csr = content.seal(key)?;
    let content = csr.content();
    if content.hosts.iter().any(|host| !matches!(host, Host::Ip(_))) {
        let message = "names are not put into a CA certificate, only IP addresses";
        warnings.push(Warning::new(WarningKind::Ignored, message).at_path("hosts"));
    }
    let template = apply(profile, profile, content, &Ask::default(), None, issuance)?;
    let mut issued = sealed(template, key)?;
    warnings.append(&mut issued.warnings);
    Ok(Issued { csr: Some(csr), warnings, ..issued })
}
