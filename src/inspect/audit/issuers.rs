//! Who signed each certificate: found by names and key identifiers, settled by the signature.

use super::identity::{Digest, folded_name};
use super::index::Index;
use super::material::{Certificate, Material};
use super::workers;
use crate::inspect::view::CertificateView;
use crate::keys::{can_verify, verify};

/// Keys that are tried for one certificate. More than a few of one name are a rarity, and made by hand they
/// must not cost the square of their number.
const MOST_TRIALS: usize = 16;

/// How a certificate hangs on its issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Its own key signed it, or it says so with an algorithm that cannot be checked here.
    Own,
    /// None of the certificates with the issuer's name signed it.
    Refused {
        /// The likeliest of them, an index in [`Index::groups`].
        group: u32,
        /// True where the key identifiers of both say that it is the one.
        is_identified: bool,
        /// True where there are more of them than are tried.
        is_cut_short: bool,
    },
    /// The key of this group signed it.
    Signed {
        /// An index in [`Index::groups`].
        group: u32,
        /// Whether the issuer's name is that of the group.
        name: NameMatch,
    },
    /// No certificate has the issuer's name.
    Unknown,
    /// By name this group issued it; the signature is of an algorithm that cannot be checked here.
    Unverified {
        /// An index in [`Index::groups`].
        group: u32,
    },
}

/// How the issuer's name and the name of who signed compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameMatch {
    /// Byte for byte.
    Exact,
    /// Case, blanks or string types differ.
    Folded,
    /// They are different names.
    None,
}

/// The links of all certificates, and how many signatures were checked.
pub(super) fn find(material: &Material, index: &Index, threads: usize) -> (Vec<Link>, u64) {
    let found =
        workers::for_each(material.certificates.len(), threads, |at| match material.certificates.get(at) {
            Some(certificate) => {
                let mut trial = Trial {
                    index,
                    certificate,
                    view: CertificateView::new(&certificate.der),
                    tried: Vec::new(),
                };
                (trial.link(), trial.tried.iter().filter(|(_, outcome)| *outcome != Outcome::Unknown).count())
            }
            None => (Link::Unknown, 0),
        });
    let checks = found.iter().map(|(_, checks)| *checks as u64).sum();
    (found.into_iter().map(|(link, _)| link).collect(), checks)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Holds,
    Fails,
    /// The algorithm cannot be checked with this key.
    Unknown,
}

/// The search for one certificate's issuer.
struct Trial<'m> {
    index: &'m Index,
    certificate: &'m Certificate,
    view: CertificateView<'m>,
    /// Keys that were tried.
    tried: Vec<(Digest, Outcome)>,
}

impl Trial<'_> {
    fn link(&mut self) -> Link {
        // A certificate of which so little can be read was issued by nobody.
        if self.view.issuer.is_empty() {
            return Link::Unknown;
        }
        let facts = &self.certificate.facts;
        let (own, authority) = (facts.subject_key_identifier, facts.authority_key_identifier);
        let may_be_own = facts.is_self_issued() && (own.is_none() || authority.is_none() || own == authority);
        if may_be_own {
            let outcome = self.check(facts.key, self.view.subject_public_key_info);
            if outcome == Outcome::Holds {
                return Link::Own;
            }
            // Nobody looks at the signature of a root.
            if outcome == Outcome::Unknown && facts.role.is_authority() {
                return Link::Own;
            }
        }
        self.among_names(facts.issuer, authority)
            .or_else(|| self.elsewhere(authority))
            .unwrap_or_else(|| self.fallback(facts.issuer, authority, may_be_own))
    }

    /// Among the certificates whose name is, byte for byte, that of the issuer.
    fn among_names(&mut self, issuer: Digest, authority: Option<Digest>) -> Option<Link> {
        let index = self.index;
        let identified = authority.map_or(&[][..], |authority| index.identified(issuer, authority));
        // Those with the right identifier are half of the trials at most.
        let likely = identified.iter().take(MOST_TRIALS / 2);
        let named = index.named(issuer).iter().take(MOST_TRIALS);
        let group = likely.chain(named).find(|group| self.try_group(**group))?;
        // Its key identifiers may deny it, and yet it is its own issuer.
        let facts = &self.certificate.facts;
        if facts.is_self_issued() && index.group(*group).is_some_and(|group| group.key == facts.key) {
            return Some(Link::Own);
        }
        Some(Link::Signed { group: *group, name: NameMatch::Exact })
    }

    /// Among those whose name is written otherwise, or is another one.
    fn elsewhere(&mut self, authority: Option<Digest>) -> Option<Link> {
        let index = self.index;
        let folded = index.folded(folded_name(self.view.issuer));
        if let Some(group) = folded.iter().take(MOST_TRIALS).find(|group| self.try_group(**group)) {
            return Some(Link::Signed { group: *group, name: NameMatch::Folded });
        }
        let identified = index.with_key_identifier(authority?);
        let group = identified.iter().take(4).find(|group| self.try_group(**group))?;
        Some(Link::Signed { group: *group, name: NameMatch::None })
    }

    /// Nobody is known to have signed it: who is likely to, by the names.
    fn fallback(&self, issuer: Digest, authority: Option<Digest>, may_be_own: bool) -> Link {
        let identified = authority.and_then(|authority| self.index.identified(issuer, authority).first());
        let named = self.index.named(issuer);
        let Some(group) = identified.or(named.first()) else {
            return Link::Unknown;
        };
        let key = self.index.group(*group).map(|group| group.key);
        if self.tried.iter().any(|(tried, outcome)| Some(*tried) == key && *outcome == Outcome::Unknown) {
            return Link::Unverified { group: *group };
        }
        // A certificate that only its own name leads to has lost its signature, not its issuer.
        let is_identified = identified.is_some() || may_be_own;
        Link::Refused { group: *group, is_identified, is_cut_short: named.len() > MOST_TRIALS }
    }

    fn try_group(&mut self, group: u32) -> bool {
        let Some(group) = self.index.group(group) else { return false };
        self.check(group.key, &group.subject_public_key_info) == Outcome::Holds
    }

    fn check(&mut self, key: Digest, subject_public_key_info: &[u8]) -> Outcome {
        if let Some((_, outcome)) = self.tried.iter().find(|(tried, _)| *tried == key) {
            return *outcome;
        }
        if self.tried.len() >= MOST_TRIALS {
            return Outcome::Fails;
        }
        // Without a signature there is nothing that could hold.
        if self.view.signature.is_empty() {
            return Outcome::Fails;
        }
        let algorithm = self.view.signature_algorithm();
        let outcome = match algorithm.filter(|algorithm| can_verify(subject_public_key_info, *algorithm)) {
            None => Outcome::Unknown,
            Some(algorithm) => {
                let (body, signature) = (self.view.to_be_signed, self.view.signature);
                match verify(subject_public_key_info, algorithm, body, signature) {
                    Ok(()) => Outcome::Holds,
                    Err(_) => Outcome::Fails,
                }
            }
        };
        self.tried.push((key, outcome));
        outcome
    }
}
