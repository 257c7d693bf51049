//! A certificate that signs itself under any profile: `cfssl selfsign`.

use super::local::sealed;
use super::{Ask, Issuance, Issued, apply};
use crate::csr::CertificateSigningRequest;
use crate::json::GoDuration;
use crate::keys::SigningKey;
use crate::model::{CaRole, SigningProfile};
use crate::x509::Extension;
use crate::x509::extension::BASIC_CONSTRAINTS;
use crate::{Error, ErrorKind, Result};
use time::Duration;

/// How long a certificate lives whose profile has no lifetime, as that of a remote signer: three months, unlike the
/// year of certificates that a CA signs.
const LIFETIME: GoDuration = GoDuration::from_hours(2190);

/// Signs a CSR with the CSR's own key.
///
/// Of the profile count its usages, its lifetime, its role and its issuer addresses; all extensions of the
/// CSR are copied, and its basic constraints count more than the profile's. Validity starts five minutes
/// before the second of issue and ends a lifetime after it, three months where the profile has none.
///
/// # Errors
///
/// As [`apply`].
pub fn self_sign(
    csr: &CertificateSigningRequest,
    key: &dyn SigningKey,
    profile: &SigningProfile,
    issuance: Issuance,
) -> Result<Issued> {
    let content = csr.content();
    let expiry = if profile.expiry.is_zero() { LIFETIME } else { profile.expiry };
    let not_before = issuance.now.checked_sub(Duration::minutes(5));
    let not_after = issuance.now.checked_add(expiry.to_time());
    if not_before.is_none() || not_after.is_none() {
        return Err(Error::of(ErrorKind::InvalidPolicy)
            .explain("the certificate's times lie beyond the years a certificate can hold"));
    }
    let own = SigningProfile {
        usages: profile.usages.clone(),
        expiry,
        issuer_urls: profile.issuer_urls.clone(),
        ca: match content.role {
            Some(role @ CaRole::Authority { .. }) => role,
            _ => profile.ca,
        },
        copy_extensions: true,
        not_before,
        not_after,
        ..SigningProfile::default()
    };
    let mut template = apply(&own, &own, content, &Ask::default(), None, issuance)?;
    move_basic_constraints(&mut template.tbs.extensions, &content.extensions);
    sealed(template, key)
}

/// Puts the basic constraints where the CSR has its own: copied extensions stand last, in the CSR's order.
fn move_basic_constraints(extensions: &mut Vec<Extension>, of_csr: &[Extension]) {
    let place = |list: &[Extension]| list.iter().position(|extension| extension.id == BASIC_CONSTRAINTS);
    if let (Some(from), Some(at)) = (place(extensions), place(of_csr)) {
        let constraints = extensions.remove(from);
        let behind = of_csr.len().saturating_sub(at + 1);
        extensions.insert(extensions.len().saturating_sub(behind), constraints);
    }
}
