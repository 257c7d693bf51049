//! Whether certificates are revoked, asked at the CRLs and OCSP servers that they name.

use super::Context;
use super::http::{self, Limits};
use super::log::Level;
use crate::bundle::{ChainCertificate, read_fetched_certificate};
use crate::revocation::{CheckedCertificate, TrustedList, judge_response};
use crate::x509::{CertificateId, CertificateList, CertificateStatus, DistributionPoint, IssuerCertificate};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// The CRLs of large authorities have some ten million bytes.
const FOR_A_LIST: Limits = Limits { time: Duration::from_secs(20), bytes: 32 << 20 };
/// Distribution points, servers and issuers that are tried for one certificate.
const MOST_SOURCES: usize = 16;

/// What was found out about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is not revoked, as far as it says where to ask.
    Good,
    /// It is revoked, or its OCSP server does not know it.
    Revoked,
    /// Somebody who should be asked gave no answer that can be believed.
    Uncertain,
}

/// Asks, and remembers the answers for the other certificates.
#[derive(Debug, Default)]
pub(super) struct RevocationCheck {
    /// Possible issuers by their subject.
    issuers: HashMap<Vec<u8>, Vec<IssuerCertificate>>,
    /// URLs of issuers that were asked.
    fetched: HashSet<String>,
    /// By URL and the issuer's public key.
    lists: HashMap<(String, Vec<u8>), Result<TrustedList, String>>,
    /// Servers that did not answer, and why.
    silent: HashMap<String, String>,
}

impl RevocationCheck {
    /// Learns of a certificate that may be an issuer of others.
    pub(super) fn learn(&mut self, certificate: &ChainCertificate) {
        if let Ok(issuer) = IssuerCertificate::from_der(&certificate.der) {
            let known = self.issuers.entry(issuer.subject.clone()).or_default();
            if known.len() < MOST_SOURCES && !known.contains(&issuer) {
                known.push(issuer);
            }
        }
    }

    /// Asks first the CRLs and then the OCSP servers of a certificate, as cfssl does, and logs what keeps it
    /// from an answer.
    pub(super) fn check(&mut self, context: &mut Context<'_>, certificate: &ChainCertificate) -> Verdict {
        let checked = match CheckedCertificate::from_der(&certificate.der) {
            Ok(checked) => checked,
            Err(error) => {
                context.log(Level::Warning, &format!("cannot tell where to ask for revocations: {error}"));
                return Verdict::Uncertain;
            }
        };
        let lists = named_lists(context, &checked);
        if lists.is_empty() && checked.ocsp_servers.is_empty() {
            return Verdict::Good;
        }
        let Some(issuer) = self.issuer_of(context, &checked) else {
            let urls = checked.issuing_certificate_urls.join(", ");
            let elsewhere = if urls.is_empty() { String::new() } else { format!(", nor at {urls}") };
            let message = format!("the issuer's certificate is not among those below the paths{elsewhere}");
            context.log(Level::Warning, &message);
            return Verdict::Uncertain;
        };
        let by_list = self.ask_lists(context, &lists, &checked, &issuer);
        if by_list != Verdict::Good {
            return told(context, by_list, "CRL");
        }
        let by_responder = self.ask_responders(context, &checked, &issuer);
        told(context, by_responder, "OCSP")
    }

    /// The certificate that signed this one: one that is known, or one from the URLs of issuers.
    fn issuer_of(
        &mut self,
        context: &mut Context<'_>,
        checked: &CheckedCertificate,
    ) -> Option<IssuerCertificate> {
        let known = |check: &Self| {
            let candidates = check.issuers.get(&checked.issued.issuer).map(Vec::as_slice).unwrap_or_default();
            candidates.iter().find(|issuer| checked.issued.check_issued_by(issuer).is_ok()).cloned()
        };
        if let Some(issuer) = known(self) {
            return Some(issuer);
        }
        for url in checked.issuing_certificate_urls.iter().take(MOST_SOURCES) {
            if !self.fetched.insert(url.clone()) {
                continue;
            }
            let fetched = self.unless_silent(url, |url| http::get(url, http::FOR_A_CERTIFICATE));
            let fetched = fetched.and_then(|bytes| {
                read_fetched_certificate(&bytes)
                    .ok_or_else(|| "it is no certificate that can be read".to_owned())
            });
            match fetched {
                Ok(certificate) => self.learn(&certificate),
                Err(reason) => {
                    context.log(Level::Warning, &format!("failed to fetch issuer: {url}: {reason}"));
                }
            }
            if let Some(issuer) = known(self) {
                return Some(issuer);
            }
        }
        None
    }

    /// One list that has the certificate's status is enough (RFC 5280 section 6.3.3).
    fn ask_lists(
        &mut self,
        context: &mut Context<'_>,
        lists: &[(String, &DistributionPoint)],
        checked: &CheckedCertificate,
        issuer: &IssuerCertificate,
    ) -> Verdict {
        for (url, point) in lists {
            match self.ask_list(context, url, point, checked, issuer) {
                Ok(CertificateStatus::Good) => return Verdict::Good,
                Ok(CertificateStatus::Revoked { .. }) => {
                    context.info("Serial number match: intermediate is revoked.");
                    return Verdict::Revoked;
                }
                Ok(CertificateStatus::Unknown) => {
                    let words = "the CRL has some reasons of revocation only";
                    context.log(Level::Warning, &format!("failed to verify CRL: {url}: {words}"));
                }
                Err(message) => context.log(Level::Warning, &message),
            }
        }
        if lists.is_empty() { Verdict::Good } else { Verdict::Uncertain }
    }

    fn ask_list(
        &mut self,
        context: &Context<'_>,
        url: &str,
        point: &DistributionPoint,
        checked: &CheckedCertificate,
        issuer: &IssuerCertificate,
    ) -> Result<CertificateStatus, String> {
        let place = (url.to_owned(), issuer.subject_public_key_info.clone());
        if !self.lists.contains_key(&place) {
            let list = self.fetch_list(url, issuer);
            self.lists.insert(place.clone(), list);
        }
        let failed = |reason: &dyn std::fmt::Display| format!("failed to verify CRL: {url}: {reason}");
        match self.lists.get(&place) {
            Some(Ok(list)) => list.status(checked, point, context.now()).map_err(|error| failed(&error)),
            Some(Err(message)) => Err(message.clone()),
            None => Err(failed(&"it was not kept")),
        }
    }

    fn fetch_list(&mut self, url: &str, issuer: &IssuerCertificate) -> Result<TrustedList, String> {
        let fetched = self.unless_silent(url, |url| http::get(url, FOR_A_LIST));
        let list =
            fetched.and_then(|bytes| CertificateList::from_file(&bytes).map_err(|error| error.to_string()));
        let list = list.map_err(|reason| format!("failed to fetch CRL: {url}: {reason}"))?;
        TrustedList::new(list, issuer).map_err(|error| format!("failed to verify CRL: {url}: {error}"))
    }

    /// The first server that answers tells the status. cfssl takes a certificate that the server does not know
    /// for revoked.
    fn ask_responders(
        &mut self,
        context: &mut Context<'_>,
        checked: &CheckedCertificate,
        issuer: &IssuerCertificate,
    ) -> Verdict {
        let mut verdict = Verdict::Good;
        let id = CertificateId::new(issuer, checked.issued.serial.clone());
        let request = id.to_request();
        for url in checked.ocsp_servers.iter().take(MOST_SOURCES) {
            let answer = self.unless_silent(url, |url| {
                http::post(url, "application/ocsp-request", &request, http::FOR_A_CERTIFICATE)
            });
            let status = answer.and_then(|response| {
                judge_response(&response, &id, issuer, context.now()).map_err(|error| error.to_string())
            });
            match status {
                Ok(CertificateStatus::Good) => return Verdict::Good,
                Ok(CertificateStatus::Revoked { .. }) => return Verdict::Revoked,
                Ok(CertificateStatus::Unknown) => {
                    context.info(&format!("{url} does not know the certificate"));
                    return Verdict::Revoked;
                }
                Err(reason) => {
                    context.log(Level::Warning, &format!("failed to ask OCSP server: {url}: {reason}"));
                    verdict = Verdict::Uncertain;
                }
            }
        }
        verdict
    }

    /// Asks a server, unless it was silent before: a thousand certificates must not wait for it a thousand times.
    fn unless_silent(
        &mut self,
        url: &str,
        ask: impl FnOnce(&str) -> Result<Vec<u8>, http::Failure>,
    ) -> Result<Vec<u8>, String> {
        let server = http::authority(url).unwrap_or_default();
        if let Some(reason) = self.silent.get(server) {
            return Err(format!("{reason}, when it was asked before"));
        }
        ask(url).map_err(|failure| {
            if failure.is_silence {
                self.silent.insert(server.to_owned(), failure.reason.clone());
            }
            failure.reason
        })
    }
}

/// The CRLs that a certificate names, each with its point. Those in LDAP directories are not asked, as by cfssl.
fn named_lists<'c>(
    context: &mut Context<'_>,
    checked: &'c CheckedCertificate,
) -> Vec<(String, &'c DistributionPoint)> {
    let points = checked.distribution_points.iter();
    let all = points.flat_map(|point| point.urls().map(move |url| (url, point)));
    let (in_directories, others): (Vec<_>, Vec<_>) = all
        .take(MOST_SOURCES)
        .partition(|(url, _)| url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("ldap:")));
    for (url, _) in in_directories {
        context.info(&format!("skipping LDAP CRL: {url}"));
    }
    others
}

/// Says in cfssl's words what came of asking.
fn told(context: &mut Context<'_>, verdict: Verdict, way: &str) -> Verdict {
    match verdict {
        Verdict::Good => {}
        Verdict::Revoked => context.info(&format!("certificate is revoked via {way}")),
        Verdict::Uncertain => {
            context.log(Level::Warning, &format!("error checking revocation via {way}"));
        }
    }
    verdict
}
