//! What a certificate says: the rules of cfssl's local signer, without keys, clock or chance.

use super::doubts;
use crate::csr::CsrContent;
use crate::model::{CaRole, CsrWhitelist, Host, SigningProfile, SubjectOverride};
use crate::quote::go_quote;
use crate::x509::extension::{BASIC_CONSTRAINTS, CERTIFICATE_POLICIES, DELEGATION_USAGE, SUBJECT_ALT_NAME};
use crate::x509::{
    DistinguishedName, Extension, IssuerCertificate, SerialNumber, TbsCertificate,
    alternative_name_outside_ascii, key_identifier,
};
use crate::{Error, ErrorKind, Result, Warning};
use std::collections::HashSet;
use time::{Duration, OffsetDateTime, UtcOffset};

/// When a certificate is issued, and under which serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// The moment of issue.
    pub now: OffsetDateTime,
    /// The serial number.
    pub serial: SerialNumber,
}

impl Issuance {
    /// Now, by the system's clock, with a random serial number of 159 bits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKey`] where the random generator fails.
    pub fn now() -> Result<Self> {
        Self::at(OffsetDateTime::now_utc())
    }

    /// A given moment, with a random serial number of 159 bits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKey`] where the random generator fails.
    pub fn at(now: OffsetDateTime) -> Result<Self> {
        Ok(Self { now, serial: SerialNumber::random()? })
    }
}

/// What is asked for beyond the CSR: cfssl's flags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Hosts in place of the CSR's, of all kinds (`-hostname`).
    pub hosts: Option<Vec<Host>>,
    /// A subject laid over the CSR's (the second argument of `sign`).
    pub subject: Option<SubjectOverride>,
    /// A CRL address in place of the profile's (`-crl`).
    pub crl_url: Option<String>,
    /// A serial number from the caller. It counts only where the profile demands one.
    pub serial: Option<SerialNumber>,
}

/// A certificate decided upon: it can only be sealed, and only once.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    pub(super) tbs: TbsCertificate,
    /// What about it is probably not meant.
    pub warnings: Vec<Warning>,
}

impl Template {
    /// Everything the certificate will say.
    #[must_use]
    pub fn certificate(&self) -> &TbsCertificate {
        &self.tbs
    }
}

/// Decides what the certificate says.
///
/// `default` is the configuration's default profile, from which the profile inherits its addresses and, at
/// zero, its lifetime. Without an `issuer` the certificate is its own.
///
/// # Errors
///
/// - [`ErrorKind::NoKeyUsages`]: the profile has no known usage.
/// - [`ErrorKind::CsrParse`]: the CSR has an extension twice, or a URI with a host that is none.
/// - [`ErrorKind::InvalidRequest`]: the CSR asks for a CA and the profile or the issuer's path length forbids it.
/// - [`ErrorKind::UnmatchedWhitelist`]: a name does not match the profile's whitelist.
/// - [`ErrorKind::MissingSerial`]: the profile wants the caller's serial number.
/// - [`ErrorKind::InvalidPolicy`]: the profile's policies or times cannot be written into a certificate.
/// - [`ErrorKind::Unsupported`]: the profile wants a remote server or certificate transparency logs.
pub fn apply(
    profile: &SigningProfile,
    default: &SigningProfile,
    csr: &CsrContent,
    ask: &Ask,
    issuer: Option<&IssuerCertificate>,
    issuance: Issuance,
) -> Result<Template> {
    refuse_unsupported(profile)?;
    refuse_unreadable(csr)?;
    let csr = allowed_parts(profile.csr_whitelist, csr)?;
    refuse_authority(profile, csr.role, issuer)?;
    let hosts = ask.hosts.as_ref().unwrap_or(&csr.hosts);
    let subject = match &ask.subject {
        Some(over) => csr.subject.overridden(over),
        None => csr.subject.regrouped(),
    };
    refuse_names(profile, &subject, hosts)?;
    let serial = match (&ask.serial, profile.client_provides_serial_numbers) {
        // A caller who may choose where the profile does not say so could issue one number twice.
        (_, false) => issuance.serial,
        (Some(serial), true) => serial.clone(),
        (None, true) => {
            return Err(Error::of(ErrorKind::MissingSerial).explain(
                "the profile's `ClientProvidesSerialNumbers` wants the serial number from the caller",
            ));
        }
    };
    if profile.usages.is_empty() {
        return Err(Error::of(ErrorKind::NoKeyUsages)
            .explain("the profile has no usage that is known")
            .hint("add some, such as \"usages\": [\"signing\", \"key encipherment\", \"server auth\"]"));
    }
    let (not_before, not_after) = validity(profile, default, issuance.now)?;
    let extensions = extensions(profile, default, &csr, &subject, hosts, ask, issuer)?;
    let subject_der = subject.to_der();
    let tbs = TbsCertificate {
        serial,
        issuer: issuer.map_or_else(|| subject_der.clone(), |issuer| issuer.subject.clone()),
        not_before,
        not_after,
        subject: subject_der,
        subject_public_key_info: csr.subject_public_key_info,
        extensions,
    };
    let mut warnings = Vec::from_iter(doubts::of_names(profile, &subject, hosts));
    if let Some(issuer) = issuer {
        warnings.extend(doubts::of_issuer(issuer, issuance.now, &tbs));
        warnings.extend(doubts::of_path(profile, csr.role, issuer));
        warnings.extend(doubts::of_constraints(issuer, profile.ca, &subject, hosts));
        warnings.extend(doubts::of_directory(issuer, &subject));
    }
    warnings.extend(doubts::of_validity(&tbs));
    warnings.extend(doubts::of_authority_usages(profile));
    Ok(Template { tbs, warnings })
}

fn refuse_unsupported(profile: &SigningProfile) -> Result<()> {
    if let Some(remote) = &profile.remote {
        return Err(Error::new(ErrorKind::Unsupported, "signing by a remote server is not supported yet")
            .explain(format!("the profile signs at the remote server {}", crate::json::quote(&remote.name)))
            .hint("use a profile with an `expiry` and `usages` and a local CA"));
    }
    if !profile.ct_log_servers.is_empty() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "submission to certificate transparency logs is not supported",
        )
        .hint("remove `ct_log_servers` from the profile"));
    }
    Ok(())
}

/// What Go does not read, and so nobody whose programs are written in it: one extension twice (RFC 5280 section
/// 4.2 forbids it), a host outside ASCII, and a URI whose host is none.
fn refuse_unreadable(csr: &CsrContent) -> Result<()> {
    let mut seen = HashSet::new();
    if let Some(twice) = csr.extensions.iter().find(|extension| !seen.insert(extension.id)) {
        return Err(Error::new(
            ErrorKind::CsrParse,
            "x509: certificate request contains duplicate requested extensions",
        )
        .explain(format!("the CSR has the extension {} twice", twice.id)));
    }
    let names = csr.extensions.iter().find(|extension| extension.id == SUBJECT_ALT_NAME);
    if let Some(kind) = names.and_then(|names| alternative_name_outside_ascii(&names.value)) {
        return Err(Error::new(ErrorKind::CsrParse, format!("x509: SAN {kind} is malformed"))
            .explain("a host of the CSR holds letters outside ASCII")
            .hint("make the CSR anew; write an international name in its `xn--` form"));
    }
    let foreign = csr.hosts.iter().find_map(|host| match host {
        Host::Uri(uri) if !host.has_readable_domain() => Some(uri),
        _ => None,
    });
    match foreign {
        Some(uri) => {
            let words = format!("x509: cannot parse URI {}: invalid domain", go_quote(uri));
            Err(Error::new(ErrorKind::CsrParse, words)
                .explain(format!("the URI {} names a host that is no domain", crate::json::quote(uri)))
                .hint("write a domain outside ASCII in its other form, `xn--…`"))
        }
        None => Ok(()),
    }
}

/// The parts of the CSR that the whitelist lets through.
fn allowed_parts(whitelist: Option<CsrWhitelist>, csr: &CsrContent) -> Result<CsrContent> {
    let Some(allowed) = whitelist else {
        return Ok(csr.clone());
    };
    if !allowed.public_key {
        return Err(Error::new(ErrorKind::Usage, "x509: unsupported public key type: <nil>")
            .explain("the profile's `CSRWhitelist` does not let the public key through")
            .hint("add \"PublicKey\": true to it"));
    }
    let kept = |host: &&Host| match host {
        Host::Dns(_) => allowed.dns_names,
        Host::Email(_) => allowed.email_addresses,
        Host::Ip(_) => allowed.ip_addresses,
        Host::Uri(_) => allowed.uris,
    };
    Ok(CsrContent {
        subject: if allowed.subject { csr.subject.clone() } else { DistinguishedName::default() },
        subject_public_key_info: csr.subject_public_key_info.clone(),
        hosts: csr.hosts.iter().filter(kept).cloned().collect(),
        role: None,
        extensions: Vec::new(),
    })
}

/// A CSR that asks for a CA needs a profile that makes CAs, and an issuer with room below it.
fn refuse_authority(
    profile: &SigningProfile,
    asked: Option<CaRole>,
    issuer: Option<&IssuerCertificate>,
) -> Result<()> {
    let Some(CaRole::Authority { path_len: asked }) = asked else {
        return Ok(());
    };
    let refused = |explanation: &str| Err(Error::of(ErrorKind::InvalidRequest).explain(explanation));
    if profile.ca == CaRole::EndEntity {
        return refused("local signer policy disallows issuing CA certificate");
    }
    match issuer.and_then(|issuer| issuer.role) {
        Some(CaRole::Authority { path_len: Some(0) }) => {
            refused("local signer certificate disallows issuing CA certificate")
        }
        Some(CaRole::Authority { path_len: Some(limit) }) if asked.is_some_and(|asked| asked >= limit) => {
            refused("local signer certificate disallows CA MaxPathLen extending")
        }
        _ => Ok(()),
    }
}

/// The whitelist is looked for in the common name and in DNS, mail and URI names; addresses are free.
fn refuse_names(profile: &SigningProfile, subject: &DistinguishedName, hosts: &[Host]) -> Result<()> {
    let Some(whitelist) = &profile.name_whitelist else {
        return Ok(());
    };
    let names = hosts.iter().filter_map(|host| match host {
        Host::Dns(name) | Host::Email(name) | Host::Uri(name) => Some(name.as_str()),
        Host::Ip(_) => None,
    });
    match subject.common_name().into_iter().chain(names).find(|name| !whitelist.matches(name)) {
        None => Ok(()),
        Some(name) => Err(Error::of(ErrorKind::UnmatchedWhitelist).explain(format!(
            "{} does not match the profile's `name_whitelist` {}",
            crate::json::quote(name),
            crate::json::quote(whitelist.pattern())
        ))),
    }
}

fn validity(
    profile: &SigningProfile,
    default: &SigningProfile,
    now: OffsetDateTime,
) -> Result<(OffsetDateTime, OffsetDateTime)> {
    let beyond = || {
        Error::new(ErrorKind::Certificate, "asn1: structure error: cannot represent time as GeneralizedTime")
            .explain("the certificate's times lie outside the years 0 to 9999, and it can hold no others")
            .hint("look at `expiry`, `backdate`, `not_before` and `not_after` of the profile")
    };
    let backdate = match profile.backdate {
        unset if unset.is_zero() => Duration::minutes(5),
        backdate => backdate.to_time(),
    };
    let not_before = match profile.not_before {
        Some(moment) => moment,
        None => rounded_to_minute(now).checked_sub(backdate).ok_or_else(beyond)?,
    };
    let lifetime = if profile.expiry.is_zero() { default.expiry } else { profile.expiry };
    let not_after = match profile.not_after {
        Some(moment) => moment,
        None => not_before.checked_add(lifetime.to_time()).ok_or_else(beyond)?,
    };
    // A moment of the year 9999 west of Greenwich may be one of the year 10000 there.
    let year = |moment: OffsetDateTime| moment.checked_to_offset(UtcOffset::UTC).map(OffsetDateTime::year);
    match (year(not_before), year(not_after)) {
        (Some(0..=9999), Some(0..=9999)) => Ok((not_before, not_after)),
        _ => Err(beyond()),
    }
}

/// The nearest whole minute; half a minute rounds up.
fn rounded_to_minute(moment: OffsetDateTime) -> OffsetDateTime {
    let beyond =
        Duration::seconds(i64::from(moment.second())) + Duration::nanoseconds(i64::from(moment.nanosecond()));
    let minute = moment.saturating_sub(beyond);
    if beyond >= Duration::seconds(30) { minute.saturating_add(Duration::MINUTE) } else { minute }
}

/// The extensions, in cfssl's order. One that the CSR brings takes the place of a generated one and stands
/// behind them, where the CSR's stand.
fn extensions(
    profile: &SigningProfile,
    default: &SigningProfile,
    csr: &CsrContent,
    subject: &DistinguishedName,
    hosts: &[Host],
    ask: &Ask,
    issuer: Option<&IssuerCertificate>,
) -> Result<Vec<Extension>> {
    if profile.policies.iter().any(crate::model::CertificatePolicy::has_untyped_qualifier) {
        return Err(Error::new(ErrorKind::InvalidPolicy, "Invalid qualifier type in Policies ")
            .explain("a policy qualifier has no type")
            .hint("write `id-qt-cps` or `id-qt-unotice`"));
    }
    if let Some(address) = profile.policies.iter().find_map(crate::model::CertificatePolicy::foreign_address)
    {
        return Err(Error::new(
            ErrorKind::InvalidPolicy,
            "asn1: structure error: IA5String contains invalid character",
        )
        .explain(format!("the address {} of a policy has letters outside ASCII", crate::json::quote(address)))
        .hint("write them with percent signs, such as %C3%A9"));
    }
    let inherited =
        |own: &str, default: &str| if own.is_empty() { default.to_owned() } else { own.to_owned() };
    let issuer_urls = profile.issuer_urls.as_ref().or(default.issuer_urls.as_ref());
    let ocsp_url = inherited(&profile.ocsp_url, &default.ocsp_url);
    let crl_url = ask.crl_url.clone().unwrap_or_else(|| inherited(&profile.crl_url, &default.crl_url));
    // A CA is no host: cfssl drops all its names and keeps its addresses.
    let keeps = |host: &&Host| profile.ca == CaRole::EndEntity || matches!(host, Host::Ip(_));
    let hosts: Vec<Host> = hosts.iter().filter(keeps).cloned().collect();
    let own_identifier = key_identifier(&csr.subject_public_key_info);

    let constraints = profile.name_constraints.as_ref().filter(|_| profile.ca != CaRole::EndEntity);

    let generated = [
        Extension::key_usage(&profile.usages),
        Extension::extended_key_usage(&profile.usages),
        Some(Extension::basic_constraints(profile.ca)),
        Some(Extension::subject_key_identifier(&own_identifier)),
        issuer.map(|issuer| Extension::authority_key_identifier(&issuer.key_identifier())),
        Extension::authority_info_access(&ocsp_url, issuer_urls.map_or(&[][..], Vec::as_slice)),
        Extension::subject_alt_name(&hosts, subject.is_empty()),
        Extension::crl_distribution_point(&crl_url),
        constraints.map(Extension::name_constraints),
    ];
    let policies = Extension::certificate_policies(&profile.policies);
    let copied: Vec<Extension> = csr
        .extensions
        .iter()
        .filter(|extension| match extension.id {
            BASIC_CONSTRAINTS => false,
            DELEGATION_USAGE => true,
            // cfssl writes both, a certificate that it cannot read itself: the profile's stand.
            CERTIFICATE_POLICIES => profile.copy_extensions && policies.is_none(),
            _ => profile.copy_extensions,
        })
        .cloned()
        .collect();
    let replaced = |extension: &Extension| copied.iter().any(|copy| copy.id == extension.id);
    Ok(generated
        .into_iter()
        .flatten()
        .filter(|extension| !replaced(extension))
        .chain(copied.iter().cloned())
        .chain(policies)
        .chain(profile.ocsp_no_check.then(Extension::ocsp_no_check))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_callers_serial_number_counts_only_where_the_profile_demands_one() {
        let csr = CsrContent {
            subject: DistinguishedName::default(),
            subject_public_key_info: crate::keys::PrivateKey::generate(crate::keys::KeyAlgorithm::Ed25519)
                .map(|key| crate::keys::SigningKey::subject_public_key_info(&key).to_vec())
                .unwrap(),
            hosts: Vec::new(),
            role: None,
            extensions: Vec::new(),
        };
        let chosen = SerialNumber::random().unwrap();
        let issuance = Issuance::at(datetime!(2026-11-22 10:00 UTC)).unwrap();
        let ask = Ask { serial: Some(chosen.clone()), ..Ask::default() };
        for (demanded, expected) in [(false, &issuance.serial), (true, &chosen)] {
            let profile =
                SigningProfile { client_provides_serial_numbers: demanded, ..SigningProfile::built_in() };
            let template = apply(&profile, &profile, &csr, &ask, None, issuance.clone()).unwrap();
            assert_eq!(&template.certificate().serial, expected);
        }
    }

    #[test]
    fn times_that_leave_the_years_on_their_way_to_utc_are_an_error() {
        let now = datetime!(2026-11-22 10:00 UTC);
        for (not_before, not_after) in [
            (datetime!(2026-01-01 0:00 UTC), datetime!(9999-12-31 23:59:59 -1)),
            (datetime!(0000-01-01 0:00 +1), datetime!(2026-01-01 0:00 UTC)),
        ] {
            let profile = SigningProfile {
                not_before: Some(not_before),
                not_after: Some(not_after),
                ..SigningProfile::built_in()
            };
            let error = validity(&profile, &profile, now).unwrap_err();
            assert!(error.message().starts_with("asn1: structure error: cannot represent time"), "{error}");
        }
    }

    #[test]
    fn rounds_to_the_nearest_minute() {
        for (moment, rounded) in [
            (datetime!(2026-11-22 10:00:29.999 UTC), datetime!(2026-11-22 10:00 UTC)),
            (datetime!(2026-11-22 10:00:30 UTC), datetime!(2026-11-22 10:01 UTC)),
            (datetime!(2026-12-31 23:59:59 UTC), datetime!(2027-01-01 00:00 UTC)),
        ] {
            assert_eq!(rounded_to_minute(moment), rounded);
        }
    }
}
