//! Revocation lists: who signed each, how old it is, and which certificates of the set it names.

use super::identity::{Digest, digest};
use super::index::Index;
use super::material::{Content, Item, Material};
use crate::inspect::view::CertificateView;
use crate::model::RevocationReason;
use crate::x509::{CertificateList, SerialNumber};
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// Keys that are tried for one list.
const MOST_TRIALS: usize = 16;

/// Lists that are heard about one certificate: what many of them say is no news.
const MOST_LISTS: u32 = 4;

/// A list, read and checked.
#[derive(Debug)]
pub(super) struct Revocations {
    /// Its index in [`Material::contents`].
    pub(super) content: u32,
    /// What it says; the fault where it cannot be read.
    pub(super) list: Result<ListFacts, String>,
}

/// What is kept of a list.
#[derive(Debug)]
pub(super) struct ListFacts {
    /// The DER of the issuer's name.
    pub(super) issuer: Vec<u8>,
    pub(super) this_update: OffsetDateTime,
    pub(super) next_update: Option<OffsetDateTime>,
    pub(super) has_number: bool,
    pub(super) has_unknown_critical_extension: bool,
    /// True where it is signed with an algorithm that nobody should trust any more.
    pub(super) is_sha1: bool,
    pub(super) signer: Signer,
    /// Certificates of the set that it revokes: index, moment, reason.
    pub(super) revoked: Vec<(u32, OffsetDateTime, RevocationReason)>,
}

/// Who signed a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signer {
    /// The key of this group.
    Group(u32),
    /// None of the certificates with the issuer's name.
    Other,
    /// The issuer is not in the set.
    Unknown,
    /// Perhaps one of the certificates with the issuer's name: the algorithm or the kind of key cannot be checked here.
    Unverified,
}

/// Certificates by who signed them and by serial number, as lists name them.
type Serials = HashMap<(u32, SerialNumber), Vec<u32>>;

/// Reads and checks all lists.
pub(super) fn read(
    material: &Material,
    index: &Index,
    signer: impl Fn(u32) -> Option<u32>,
) -> Vec<Revocations> {
    let is_list = |content: &Content| matches!(content.item, Item::CertificateList(_));
    if !material.contents.iter().any(is_list) {
        return Vec::new();
    }
    let mut serials = Serials::new();
    for (at, certificate) in (0u32..).zip(&material.certificates) {
        if let Some(group) = signer(at) {
            let serial = CertificateView::new(&certificate.der).serial_number;
            serials.entry((group, SerialNumber::from_der_contents(serial))).or_default().push(at);
        }
    }
    let mut known: HashMap<Digest, u32> = HashMap::new();
    // How many lists revoke each certificate.
    let mut lists_of: HashMap<u32, u32> = HashMap::new();
    let mut all = Vec::new();
    for (at, content) in (0u32..).zip(&material.contents) {
        let Item::CertificateList(list) = content.item else { continue };
        let Some(der) = material.lists.get(list as usize) else { continue };
        // A list that lies in several places is read once.
        if known.insert(digest(der), at).is_none() {
            let list = CertificateList::from_der(der).map_err(|error| error.to_string());
            let list = list.map(|list| facts(list, index, &serials, &mut lists_of));
            all.push(Revocations { content: at, list });
        }
    }
    all
}

/// The certificates that a list of this group revokes.
fn revoked(
    list: &CertificateList,
    group: u32,
    serials: &Serials,
    lists_of: &mut HashMap<u32, u32>,
) -> Vec<(u32, OffsetDateTime, RevocationReason)> {
    let mut seen: HashSet<&SerialNumber> = HashSet::new();
    let mut revoked = Vec::new();
    for entry in &list.revoked {
        // An entry that takes a revocation back, in lists of changes.
        if entry.reason.code() == 8 {
            continue;
        }
        // Of several entries of one certificate the first counts.
        let Some(certificates) = serials.get(&(group, entry.serial.clone())) else { continue };
        if !seen.insert(&entry.serial) {
            continue;
        }
        for at in certificates {
            let lists = lists_of.entry(*at).or_default();
            *lists += 1;
            if *lists <= MOST_LISTS {
                revoked.push((*at, entry.revoked_at, entry.reason));
            }
        }
    }
    revoked
}

fn facts(
    list: CertificateList,
    index: &Index,
    serials: &Serials,
    lists_of: &mut HashMap<u32, u32>,
) -> ListFacts {
    use crate::keys::SignatureAlgorithm as S;
    let name = digest(&list.issuer);
    let identifier = list.authority_key_identifier.as_deref().map(digest);
    let identified = identifier.map_or(&[][..], |identifier| index.identified(name, identifier));
    let groups = identified.iter().take(MOST_TRIALS).chain(index.named(name).iter().take(MOST_TRIALS));
    let groups: Vec<u32> = groups.copied().collect();
    let holds = |group: &&u32| {
        index.group(**group).is_some_and(|group| list.verify(&group.subject_public_key_info).is_ok())
    };
    let is_unverified = |group: &u32| {
        index.group(*group).is_some_and(|group| !list.can_verify(&group.subject_public_key_info))
    };
    let signer = match groups.iter().find(holds) {
        Some(group) => Signer::Group(*group),
        None if groups.is_empty() => Signer::Unknown,
        None if groups.iter().any(is_unverified) => Signer::Unverified,
        None => Signer::Other,
    };
    // Anybody can write a list; only a signed one is believed, and one that says whose certificates it is about: an
    // unknown critical extension of an entry may name another issuer, as in lists of several issuers (5.3.3).
    let is_indirect = list.issuing_distribution_point.as_ref().is_some_and(|point| point.is_indirect);
    let revoked = match signer {
        Signer::Group(group) if !list.has_unknown_critical_extension && !is_indirect => {
            revoked(&list, group, serials, lists_of)
        }
        _ => Vec::new(),
    };
    ListFacts {
        this_update: list.this_update,
        next_update: list.next_update,
        has_number: list.number.is_some(),
        has_unknown_critical_extension: list.has_unknown_critical_extension,
        is_sha1: matches!(list.signature_algorithm, Some(S::RsaSha1 | S::EcdsaSha1)),
        issuer: list.issuer,
        signer,
        revoked,
    }
}
