//! Which of several chains is taken.

use super::ChainCertificate;
use super::platform::Platform;
use super::verify::Chain;
use crate::keys::{Curve, KeyAlgorithm};
use std::cmp::Ordering;
use std::sync::Arc;

/// What makes a chain the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// The certificates as they were given, each signed by the next; no root is looked for.
    Force,
    /// The shortest chain, then the one that is valid for longest.
    Optimal,
    /// The chain that most platforms trust; without platforms, nearly as [`Optimal`](Self::Optimal).
    Ubiquitous,
}

impl Flavor {
    /// The flavor of a name; as in cfssl, a name it does not know is `ubiquitous`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "force" => Self::Force,
            "optimal" => Self::Optimal,
            _ => Self::Ubiquitous,
        }
    }
}

/// How widely a hash is understood: SHA-2, as far as cfssl is concerned, less than SHA-1.
pub(super) const SHA_2: u32 = 70;
pub(super) const SHA_1: u32 = 100;
/// How widely a kind of key is understood.
pub(super) const ECDSA_256: u32 = 70;

/// The best chain of `chains`, of which there is at least one.
pub(super) fn best(mut chains: Vec<Chain>, flavor: Flavor, platforms: &[Platform]) -> Option<Chain> {
    if flavor != Flavor::Optimal {
        keep_best(&mut chains, |chain| reach(chain, platforms));
        keep_best(&mut chains, |chain| without_root(chain).iter().all(|link| hash_reach(link) == SHA_2));
        keep_best(&mut chains, |chain| std::cmp::Reverse(chain.len()));
        keep_best(&mut chains, |chain| chain_hash_reach(chain));
        keep_best(&mut chains, |chain| chain_key_reach(chain));
        keep_best_by(&mut chains, compare_expiry_from_root);
    }
    keep_best(&mut chains, |chain| std::cmp::Reverse(chain.len()));
    keep_best(&mut chains, |chain| chain.iter().map(|link| link.not_after).min());
    keep_best(&mut chains, |chain| average(chain, hash_rank) + average(chain, key_rank));
    chains.into_iter().next()
}

fn keep_best<R: Ord>(chains: &mut Vec<Chain>, rank: impl Fn(&Chain) -> R) {
    keep_best_by(chains, |one, other| rank(one).cmp(&rank(other)));
}

fn keep_best_by(chains: &mut Vec<Chain>, compare: impl Fn(&Chain, &Chain) -> Ordering) {
    let mut best: Vec<Chain> = Vec::new();
    for chain in chains.drain(..) {
        match best.first().map_or(Ordering::Equal, |leader| compare(&chain, leader)) {
            Ordering::Less => {}
            Ordering::Equal => best.push(chain),
            Ordering::Greater => best = vec![chain],
        }
    }
    *chains = best;
}

fn without_root(chain: &Chain) -> &[Arc<ChainCertificate>] {
    chain.split_last().map_or(&[], |(_, others)| others)
}

/// The weight of the platforms that trust the chain and understand it.
fn reach(chain: &Chain, platforms: &[Platform]) -> i64 {
    let Some(root) = chain.last() else { return 0 };
    let understands = |platform: &&Platform| {
        platform.trusts(root)
            && platform.hash_reach() <= chain_hash_reach(chain)
            && platform.key_reach() <= chain_key_reach(chain)
    };
    platforms.iter().filter(understands).map(Platform::weight).fold(0, i64::saturating_add)
}

pub(super) fn chain_hash_reach(chain: &[Arc<ChainCertificate>]) -> u32 {
    chain.iter().map(|link| hash_reach(link)).min().unwrap_or(u32::MAX)
}

pub(super) fn chain_key_reach(chain: &[Arc<ChainCertificate>]) -> u32 {
    chain.iter().map(|link| key_reach(link)).min().unwrap_or(u32::MAX)
}

fn hash_reach(certificate: &ChainCertificate) -> u32 {
    match certificate.signature_words {
        words if words.contains("SHA1") => SHA_1,
        words if words.contains("SHA") => SHA_2,
        _ => 0,
    }
}

fn key_reach(certificate: &ChainCertificate) -> u32 {
    match certificate.key_algorithm() {
        Some(KeyAlgorithm::Rsa { bits: 1024.. }) => 100,
        Some(KeyAlgorithm::Ecdsa(Curve::P256 | Curve::P384)) => ECDSA_256,
        Some(KeyAlgorithm::Ecdsa(Curve::P521)) => 30,
        _ => 0,
    }
}

/// The first difference from the root down decides: a span of validity that browsers took once before a
/// longer one, then the longer valid.
fn compare_expiry_from_root(one: &Chain, other: &Chain) -> Ordering {
    let mut pairs = one.iter().rev().zip(other.iter().rev());
    let orders = pairs.by_ref().map(|(one, other)| {
        has_moderate_span(one).cmp(&has_moderate_span(other)).then(one.not_after.cmp(&other.not_after))
    });
    orders.into_iter().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// Whether it is valid for no more months than the CA/Browser Forum allowed server certificates when it was
/// issued; cfssl asks that of authorities, too.
fn has_moderate_span(certificate: &ChainCertificate) -> bool {
    let (from, to) = (certificate.not_before, certificate.not_after);
    let most = match (from.year(), u8::from(from.month())) {
        (2016.., _) | (2015, 4..) => 39,
        (2013.., _) | (2012, 7..) => 60,
        _ => 120,
    };
    let months =
        (to.year() - from.year()) * 12 + i32::from(u8::from(to.month())) - i32::from(u8::from(from.month()));
    months + i32::from(to.day() > from.day()) <= most
}

fn average(chain: &Chain, rank: fn(&ChainCertificate) -> usize) -> usize {
    chain.iter().map(|link| rank(link)).sum::<usize>() / chain.len().max(1)
}

fn hash_rank(certificate: &ChainCertificate) -> usize {
    match hash_reach(certificate) {
        SHA_1 => 10,
        SHA_2 => 100,
        _ => 0,
    }
}

fn key_rank(certificate: &ChainCertificate) -> usize {
    match certificate.key_algorithm() {
        Some(KeyAlgorithm::Ecdsa(Curve::P256)) => 100,
        Some(KeyAlgorithm::Ecdsa(Curve::P384)) => 120,
        Some(KeyAlgorithm::Ecdsa(Curve::P521)) => 140,
        Some(KeyAlgorithm::Rsa { bits: 4096 }) => 70,
        Some(KeyAlgorithm::Rsa { bits: 3072 }) => 50,
        Some(KeyAlgorithm::Rsa { bits: 2048 }) => 30,
        _ => 0,
    }
}
