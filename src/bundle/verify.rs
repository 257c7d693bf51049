//! Chains from a certificate to a root, as Go's `crypto/x509` finds them.

use super::ChainCertificate;
use crate::json::format_rfc3339;
use crate::keys::{is_unverified, sha256};
use crate::model::{CaRole, Host, NameSubtree, Violation};
use crate::{Error, ErrorKind, Result};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use time::OffsetDateTime;

/// Signatures that are checked for one certificate: hostile files can ask for very many.
const MOST_SIGNATURES: usize = 100;
/// Certificates in a chain; every authority in it is another one, so that this is a matter of the stack.
const MOST_LINKS: usize = 32;

/// A chain: the certificate first, the root last.
pub(super) type Chain = Vec<Arc<ChainCertificate>>;

/// A set of certificates, of which there may be a hundred thousand.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// By the DER of their subjects, in the order they were added.
    by_subject: HashMap<Vec<u8>, Vec<Arc<ChainCertificate>>>,
    /// The SHA-256 of each.
    hashes: HashSet<[u8; 32]>,
    /// The SHA-256 of the signature of each.
    signatures: HashSet<[u8; 32]>,
}

impl Pool {
    pub(super) fn new(certificates: impl IntoIterator<Item = ChainCertificate>) -> Self {
        let mut pool = Self::default();
        certificates.into_iter().for_each(|certificate| pool.add(Arc::new(certificate)));
        pool
    }

    pub(super) fn add(&mut self, certificate: Arc<ChainCertificate>) {
        if self.hashes.insert(sha256(&certificate.der)) {
            self.signatures.insert(sha256(&certificate.signature));
            self.by_subject.entry(certificate.subject.der.clone()).or_default().push(certificate);
        }
    }

    fn contains(&self, certificate: &ChainCertificate) -> bool {
        self.hashes.contains(&sha256(&certificate.der))
    }

    /// True where one of them has the same signature.
    pub(super) fn knows(&self, certificate: &ChainCertificate) -> bool {
        self.signatures.contains(&sha256(&certificate.signature))
    }

    /// Those that may have signed the certificate, the most likely first.
    fn parents(&self, child: &ChainCertificate) -> Vec<Arc<ChainCertificate>> {
        let mut found = self.by_subject.get(&child.issuer.der).cloned().unwrap_or_default();
        found.sort_by_key(|parent| {
            let (ours, theirs) = (&child.authority_key_identifier, &parent.subject_key_identifier);
            match (ours == theirs, ours.is_empty() || theirs.is_empty()) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            }
        });
        found
    }
}

/// Where chains are looked for, and when they must be valid.
pub(super) struct Search<'p> {
    pub(super) roots: &'p Pool,
    pub(super) intermediates: &'p Pool,
    pub(super) now: OffsetDateTime,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Leaf,
    Intermediate,
    Root,
}

impl Search<'_> {
    /// All chains; there is at least one.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownAuthority`] and the other kinds of faults of a chain, in Go's words.
    pub(super) fn chains(&self, certificate: &Arc<ChainCertificate>) -> Result<Vec<Chain>> {
        self.check_link(certificate, Place::Leaf, &[])?;
        if self.roots.contains(certificate) {
            return Ok(vec![vec![Arc::clone(certificate)]]);
        }
        self.extend(&vec![Arc::clone(certificate)], &mut 0)
    }

    fn extend(&self, chain: &Chain, signatures: &mut usize) -> Result<Vec<Chain>> {
        let Some(last) = chain.last() else { return Ok(Vec::new()) };
        let mut chains = Vec::new();
        let mut fault = None;
        // The first candidate that failed, for the message.
        let mut doubt: Option<(Error, Arc<ChainCertificate>)> = None;
        let roots = self.roots.parents(last).into_iter().map(|parent| (Place::Root, parent));
        let intermediates =
            self.intermediates.parents(last).into_iter().map(|parent| (Place::Intermediate, parent));
        for (place, parent) in roots.chain(intermediates) {
            if chain.len() >= MOST_LINKS || chain.iter().any(|link| is_same_authority(link, &parent)) {
                continue;
            }
            *signatures += 1;
            if *signatures > MOST_SIGNATURES {
                fault = Some(Error::new(
                    ErrorKind::CertificateVerify,
                    "x509: signature check attempts limit reached while verifying certificate chain",
                ));
                break;
            }
            if let Err(error) = last.check_signature_from(&parent) {
                doubt.get_or_insert((error, parent));
                continue;
            }
            if let Err(error) = self.check_link(&parent, place, chain) {
                doubt.get_or_insert((error.clone(), parent));
                fault = Some(error);
                continue;
            }
            let mut longer = chain.clone();
            longer.push(parent);
            match place {
                Place::Intermediate => match self.extend(&longer, signatures) {
                    Ok(found) => chains.extend(found),
                    Err(error) => fault = Some(error),
                },
                _ => chains.push(longer),
            }
        }
        match fault {
            _ if !chains.is_empty() => Ok(chains),
            Some(error) => Err(error),
            None => Err(unknown_authority(last, doubt)),
        }
    }

    /// Checks a certificate for its place at the end of `chain`, all but its signature.
    fn check_link(
        &self,
        certificate: &ChainCertificate,
        place: Place,
        chain: &[Arc<ChainCertificate>],
    ) -> Result<()> {
        let about = |error: Error, words: &str| {
            error.explain(format!("the certificate {:?} {words}", certificate.subject.to_string()))
        };
        if certificate.has_unknown_critical_extension {
            let error = Error::new(ErrorKind::CertificateVerify, "x509: unhandled critical extension");
            return Err(about(error, "has a critical extension that is not known here"));
        }
        let outside = if self.now < certificate.not_before {
            Some(("before", certificate.not_before, "is not valid before"))
        } else if self.now > certificate.not_after {
            Some(("after", certificate.not_after, "expired on"))
        } else {
            None
        };
        if let Some((relation, limit, words)) = outside {
            let limit = format_rfc3339(limit);
            let error = Error::new(
                ErrorKind::CertificateExpired,
                format!(
                    "x509: certificate has expired or is not yet valid: current time {} is {relation} {limit}",
                    format_rfc3339(self.now)
                ),
            );
            return Err(about(error, &format!("{words} {limit}")));
        }
        if place == Place::Leaf {
            return Ok(());
        }
        self.check_names(certificate, chain)?;
        if place == Place::Intermediate && !certificate.is_authority() {
            return Err(Error::new(
                ErrorKind::CertificateNotAuthorizedToSign,
                "x509: certificate is not authorized to sign other certificates",
            ));
        }
        if let Some(CaRole::Authority { path_len: Some(limit) }) = certificate.role {
            let below = chain.len().saturating_sub(1);
            if u32::try_from(below).unwrap_or(u32::MAX) > limit {
                let error = Error::new(
                    ErrorKind::CertificatePathLength,
                    "x509: too many intermediates for path length constraint",
                );
                return Err(about(
                    error,
                    &format!("allows {limit} authorities below it, and there are {below}"),
                ));
            }
        }
        Ok(())
    }

    fn check_names(&self, authority: &ChainCertificate, chain: &[Arc<ChainCertificate>]) -> Result<()> {
        let Some(constraints) = &authority.name_constraints else {
            return Ok(());
        };
        let Some(hosts) = constraints.comparable(chain.iter().flat_map(|link| &link.hosts)) else {
            return Err(Error::of(ErrorKind::CertificateConstraints).explain(format!(
                "the certificate {:?} has too many name constraints to be compared with all names below it",
                authority.subject.to_string()
            )));
        };
        for host in hosts {
            if let Err(violation) = constraints.check(host) {
                return Err(Error::new(
                    ErrorKind::CertificateNameConstraint,
                    format!(
                        "x509: a root or intermediate certificate is not authorized to sign for this name: {}",
                        violation_text(host, &violation)
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn violation_text(host: &Host, violation: &Violation<'_>) -> String {
    let name = match host {
        Host::Dns(name) => format!("DNS name {name:?}"),
        Host::Email(address) => format!("email address {address:?}"),
        Host::Ip(address) => format!("IP address \"{address}\""),
        Host::Uri(uri) => format!("URI {uri:?}"),
    };
    let excluded = |subtree: &NameSubtree| format!("{name} is excluded by constraint \"{subtree}\"");
    match violation {
        Violation::Excluded(subtree) => excluded(subtree),
        Violation::NotPermitted => format!("{name} is not permitted by any constraint"),
    }
}

/// The same name and key: a cross-certificate of an authority does not stand in its own chain.
fn is_same_authority(one: &ChainCertificate, other: &ChainCertificate) -> bool {
    one.subject.der == other.subject.der
        && one.subject_public_key_info == other.subject_public_key_info
        && one.hosts == other.hosts
}

fn unknown_authority(last: &ChainCertificate, doubt: Option<(Error, Arc<ChainCertificate>)>) -> Error {
    let mut words = "x509: certificate signed by unknown authority".to_owned();
    let issuer = last.issuer.to_string();
    let explanation = match &doubt {
        None => format!("no certificate of the issuer {issuer:?} is among the roots and intermediates"),
        Some((error, parent)) => {
            let name = match parent.subject.short() {
                Some(name) => name.to_owned(),
                None => format!(
                    "serial:{}",
                    crate::x509::unsigned_decimal(&parent.serial_number).unwrap_or_default()
                ),
            };
            words.push_str(&format!(
                " (possibly because of {:?} while trying to verify candidate authority certificate {name:?})",
                error.message(),
            ));
            match is_unverified(error) {
                true => format!("the issuer {issuer:?} is at hand, but {}", error.explanation()),
                false => format!("the certificate of the issuer {issuer:?} that is at hand did not sign it"),
            }
        }
    };
    Error::new(ErrorKind::UnknownAuthority, words)
        .explain(explanation)
        .hint("name the file of the root with -ca-bundle and that of the intermediates with -int-bundle")
}
