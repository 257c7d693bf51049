//! One certificate as rules see it.

use super::authority::Authority;
use super::finding::MOST_LETTERS;
use super::issuers::{Link, NameMatch};
use super::judge;
use super::material::Certificate;
use super::report::Verdict;
use super::routes::MOST_LINKS;
use super::set::Set;
use super::text::distinguished;
use super::walk::{Fault, Walk};
use crate::inspect::view::{CertificateView, GeneralName, PublicKeyView};
use crate::quote::cut;
use time::OffsetDateTime;

/// One certificate with all that is known of it.
pub(super) struct Case<'s> {
    pub(super) set: &'s Set<'s>,
    pub(super) index: u32,
    pub(super) certificate: &'s Certificate,
    pub(super) view: CertificateView<'s>,
    pub(super) key: PublicKeyView<'s>,
    /// The alternative names; none where they are absent or broken.
    pub(super) names: Vec<GeneralName<'s>>,
    /// What is against its chain, in the order of the chain.
    pub(super) faults: Vec<Fault>,
    pub(super) verdict: Verdict,
    /// What webpki says to the chain, where it was asked.
    pub(super) judgement: Option<Result<(), String>>,
}

impl<'s> Case<'s> {
    pub(super) fn new(set: &'s Set<'s>, index: u32, certificate: &'s Certificate) -> Self {
        let view = CertificateView::new(&certificate.der);
        let key = view.public_key();
        let names = view.subject_alternative_names().unwrap_or_default();
        let mut case = Self {
            set,
            index,
            certificate,
            view,
            key,
            names,
            faults: Vec::new(),
            verdict: Verdict::Anchor,
            judgement: None,
        };
        case.follow();
        case
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        self.set.options.now
    }

    pub(super) fn link(&self) -> Link {
        self.set.link(self.index)
    }

    pub(super) fn is_authority(&self) -> bool {
        self.certificate.facts.role.is_authority()
    }

    /// Follows the chain and comes to the verdict.
    fn follow(&mut self) {
        let chain = self.set.routes.above(self.index);
        let (faults, chain) = self.best_chain(chain);
        self.faults = faults;
        let is_complete = chain.last().is_some_and(|last| self.set.routes.is_anchor(*last));
        if self.set.routes.is_anchor(self.index) {
            self.verdict = match self.faults.first() {
                Some(fault) => Verdict::Refused(fault.text.clone()),
                None => Verdict::Anchor,
            };
            return;
        }
        let missing = self.missing_link(&chain, is_complete);
        if missing.is_none() && !self.is_authority() {
            let above = chain.iter().filter_map(|at| self.set.authorities.get(*at));
            let above = above.map(|authority| &authority.view).collect();
            self.judgement = Some(judge::Chain { leaf: &self.view, above, now: self.now() }.judge());
        }
        let reason = missing.or_else(|| self.faults.first().map(|fault| fault.text.clone()));
        let reason = reason.map(|reason| cut(&reason, MOST_LETTERS).into_owned());
        self.verdict = match (reason, &self.judgement) {
            (None, None | Some(Ok(()))) => Verdict::Trusted,
            (Some(reason), None | Some(Err(_))) => Verdict::Refused(reason),
            (Some(reason), Some(Ok(()))) => {
                Verdict::Refused(format!("{reason}; rustls-webpki does not ask for this and takes it"))
            }
            (None, Some(Err(words))) => Verdict::Refused(format!(
                "rustls-webpki refuses it: {words}; nothing else is known against the chain"
            )),
        };
    }

    /// The chain with the fewest faults: where a constraint stands against the best one, another certificate of
    /// an authority may be free of it.
    fn best_chain(&self, chain: Vec<u32>) -> (Vec<Fault>, Vec<u32>) {
        let faults = self.walk(&chain);
        if !faults.iter().any(|fault| fault.kind.depends_on_chain()) {
            return (faults, chain);
        }
        /// Other chains that are tried for one certificate.
        const MOST_OTHERS: usize = 8;
        let mut tries = MOST_OTHERS;
        for (position, at) in chain.iter().enumerate() {
            let Some(group) = self.set.index.group_of(*at) else { continue };
            for other in self.set.routes.leading(group).iter().filter(|other| *other != at) {
                if tries == 0 {
                    return (faults, chain);
                }
                tries -= 1;
                let below = chain.iter().take(position).copied();
                let above = self.set.routes.above(*other);
                let candidate: Vec<u32> = below.chain([*other]).chain(above).take(MOST_LINKS).collect();
                let others = self.walk(&candidate);
                if others.is_empty() && self.unverified(&candidate).is_none() {
                    return (others, candidate);
                }
            }
        }
        (faults, chain)
    }

    fn walk(&self, chain: &[u32]) -> Vec<Fault> {
        let walk = Walk {
            authorities: self.set.authorities,
            now: self.now(),
            certificate: self.index,
            view: &self.view,
            chain,
            ends_at_anchor: chain.last().is_some_and(|last| self.set.routes.is_anchor(*last)),
        };
        walk.faults()
    }

    /// Why the chain leads to no trusted authority.
    fn missing_link(&self, chain: &[u32], is_complete: bool) -> Option<String> {
        let own = self.broken_link(self.index, &self.view, "it", "its");
        let unverified = own.or_else(|| {
            let (at, authority) = self.unverified(chain)?;
            let who = format!("the authority {} above it", authority.name);
            self.broken_link(at, &authority.view, &who, "its")
        });
        if unverified.is_some() || is_complete {
            return unverified;
        }
        if chain.len() >= MOST_LINKS {
            return Some("its chain is longer than anybody follows".to_owned());
        }
        let last = chain.last().and_then(|last| self.set.authorities.get(*last).map(|top| (*last, top)));
        let Some((at, top)) = last else {
            return Some("it leads to no trusted authority".to_owned());
        };
        let who = format!("the authority {} above it", top.name);
        let words = self.broken_link(at, &top.view, &who, "its");
        Some(words.unwrap_or_else(|| format!("{who} is not trusted, and who issued it leads in a circle")))
    }

    /// The first authority of a chain whose signature could not be checked. At the end of the chain that is for
    /// those to know who trust it.
    fn unverified(&self, chain: &[u32]) -> Option<(u32, &'s Authority<'s>)> {
        let is_unverified = |at: &&u32| {
            matches!(self.set.link(**at), Link::Unverified { .. }) && !self.set.routes.is_anchor(**at)
        };
        let at = chain.iter().find(is_unverified)?;
        self.set.authorities.get(*at).map(|authority| (*at, authority))
    }

    /// What is broken between a certificate, called `who`, and its issuer.
    fn broken_link(&self, at: u32, view: &CertificateView<'_>, who: &str, whose: &str) -> Option<String> {
        if view.issuer.is_empty() {
            return Some(format!("{who} cannot be read"));
        }
        let issuer = || distinguished(view.issuer);
        match self.set.link(at) {
            Link::Own if !self.set.routes.is_anchor(at) => {
                Some(format!("{who} signed itself and is no authority"))
            }
            Link::Own => None,
            Link::Unknown => {
                Some(format!("{who} was issued by {}, of which there is no certificate here", issuer()))
            }
            Link::Refused { is_identified: true, .. } => {
                Some(format!("{whose} issuer {} did not sign {who} as it stands", issuer()))
            }
            Link::Refused { is_cut_short: true, .. } => {
                Some(format!("none of the first certificates of {whose} issuer {} signed {who}", issuer()))
            }
            Link::Refused { .. } => Some(format!(
                "{who} was issued by an authority called {}, with another key than the one here",
                issuer()
            )),
            Link::Unverified { .. } => {
                Some(format!("the signature of {who} cannot be checked here: {}", view.signature_words()))
            }
            Link::Signed { name: NameMatch::None, .. } => {
                Some(format!("the key of an authority signed {who} whose name is not {}", issuer()))
            }
            Link::Signed { .. } => None,
        }
    }
}
