//! The way from each certificate to a trusted authority: of several issuers with one key the best.

use super::index::Index;
use super::issuers::Link;
use super::material::{Certificate, Material, number};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use time::OffsetDateTime;

/// Certificates above one that are followed; nobody has so many, and long chains made by hand must not cost the
/// square of their length.
pub(super) const MOST_LINKS: usize = 16;

/// Who issued each certificate, as chains are built.
#[derive(Debug)]
pub(super) struct Routes {
    issuers: Vec<Option<u32>>,
    anchors: Vec<bool>,
    /// The certificates of each group that lead to an anchor, the best first; a few of them.
    leading: Vec<Vec<u32>>,
}

/// Members of a group that are kept as alternatives.
const MOST_MEMBERS: usize = 4;

/// What a signature that cannot be checked counts: more than all else that may be against a few authorities.
const UNVERIFIED: u32 = 64;

/// How good the way to an anchor is, the smaller the better: doubts on the way, its length, then what lasts
/// longest; the hash decides between equals.
type Cost = (u32, u32, Reverse<Option<OffsetDateTime>>, [u8; 32]);

impl Routes {
    pub(super) fn new(material: &Material, index: &Index, links: &[Link]) -> Self {
        let count = material.certificates.len();
        let mut routes = Self {
            issuers: vec![None; count],
            anchors: vec![false; count],
            leading: vec![Vec::new(); index.groups.len()],
        };
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); index.groups.len()];
        let mut heap: BinaryHeap<Reverse<(Cost, u32)>> = BinaryHeap::new();
        for (at, certificate) in (0u32..).zip(&material.certificates) {
            let is_root = matches!(links.get(at as usize), Some(Link::Own))
                && (certificate.facts.role.is_authority() && !certificate.places.is_empty());
            if is_root || certificate.is_trusted {
                if let Some(anchor) = routes.anchors.get_mut(at as usize) {
                    *anchor = true;
                }
                heap.push(Reverse((cost(certificate, 0, 0), at)));
            } else if let Some(group) = issuing_group(links, at)
                && let Some(children) = children.get_mut(group as usize)
            {
                children.push(at);
            }
        }
        while let Some(Reverse(((doubts, length, ..), at))) = heap.pop() {
            let Some(group) = index.group_of(at) else { continue };
            let Some(leading) = routes.leading.get_mut(group as usize) else { continue };
            if leading.len() < MOST_MEMBERS {
                leading.push(at);
            }
            if leading.len() > 1 {
                continue;
            }
            // The first that comes is the best: what the group issued goes this way.
            for child in children.get_mut(group as usize).map(std::mem::take).unwrap_or_default() {
                let Some(certificate) = material.certificate(child) else { continue };
                if let Some(issuer) = routes.issuers.get_mut(child as usize) {
                    *issuer = Some(at);
                }
                let is_issuer = index.group_of(child).is_some_and(|group| index.group(group).is_some());
                if is_issuer {
                    let is_unverified = matches!(links.get(child as usize), Some(Link::Unverified { .. }));
                    let doubts = doubts.saturating_add(if is_unverified { UNVERIFIED } else { 0 });
                    heap.push(Reverse((cost(certificate, doubts, length + 1), child)));
                }
            }
        }
        routes.follow_strangers(material, index, links);
        routes
    }

    /// Certificates that lead to no anchor: by the issuer that looks best, and never in a circle.
    fn follow_strangers(&mut self, material: &Material, index: &Index, links: &[Link]) {
        for at in 0..number(material.certificates.len()) {
            if self.is_anchor(at) || self.issuer(at).is_some() {
                continue;
            }
            let group = issuing_group(links, at).and_then(|group| index.group(group));
            let issuer = group.and_then(|group| group.members.iter().find(|member| **member != at));
            if let Some(place) = self.issuers.get_mut(at as usize) {
                *place = issuer.copied();
            }
        }
        // Each certificate is passed once: 0 for those not met, else the number of the walk that met it.
        let mut met = vec![0u32; material.certificates.len()];
        for start in 0..number(material.certificates.len()) {
            let walk = start.saturating_add(1);
            let mut at = start;
            loop {
                match met.get_mut(at as usize) {
                    Some(mark @ 0) => *mark = walk,
                    Some(mark) if *mark == walk => {
                        self.cut_circle(material, at);
                        break;
                    }
                    _ => break,
                }
                match self.issuer(at) {
                    Some(issuer) => at = issuer,
                    None => break,
                }
            }
        }
    }

    /// Cuts the circle that `start` is in above the certificate with the smallest hash.
    fn cut_circle(&mut self, material: &Material, start: u32) {
        let hash = |at| material.certificate(at).map(|certificate| certificate.facts.fingerprint);
        let mut least = start;
        let mut at = start;
        while let Some(issuer) = self.issuer(at).filter(|issuer| *issuer != start) {
            at = issuer;
            if hash(at) < hash(least) {
                least = at;
            }
        }
        if let Some(issuer) = self.issuers.get_mut(least as usize) {
            *issuer = None;
        }
    }

    /// The certificate that issued this one, as the best chain has it; `None` for anchors and strangers.
    pub(super) fn issuer(&self, certificate: u32) -> Option<u32> {
        self.issuers.get(certificate as usize).copied().flatten()
    }

    /// True for an authority that chains may end at.
    pub(super) fn is_anchor(&self, certificate: u32) -> bool {
        self.anchors.get(certificate as usize).copied().unwrap_or_default()
    }

    /// The members of a group that lead to an anchor, the best first; a few of them.
    pub(super) fn leading(&self, group: u32) -> &[u32] {
        self.leading.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// The certificates above this one, its issuer first; at most [`MOST_LINKS`].
    pub(super) fn above(&self, certificate: u32) -> Vec<u32> {
        let next = |at: &u32| self.issuer(*at);
        std::iter::successors(self.issuer(certificate), next).take(MOST_LINKS).collect()
    }
}

/// The group that issued a certificate, by its signature or where that cannot be checked by its names.
pub(super) fn issuing_group(links: &[Link], certificate: u32) -> Option<u32> {
    match links.get(certificate as usize)? {
        Link::Signed { group, .. } | Link::Unverified { group } => Some(*group),
        Link::Own | Link::Refused { .. } | Link::Unknown => None,
    }
}

fn cost(certificate: &Certificate, doubts: u32, length: u32) -> Cost {
    let facts = &certificate.facts;
    (doubts.saturating_add(facts.doubts), length, Reverse(facts.not_after), facts.fingerprint)
}
