//! Who may have issued what: certificates by name and key.

use super::identity::{Digest, folded_name};
use super::material::{Certificate, Material, number};
use crate::inspect::view::CertificateView;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Certificates with one name and one key: an authority, its renewals and its cross-certificates.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: Digest,
    /// The key in DER, as its best member has it.
    pub(super) subject_public_key_info: Box<[u8]>,
    /// Indices of certificates, the best issuer first.
    pub(super) members: Vec<u32>,
}

/// Groups, and the ways to find them.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) groups: Vec<Group>,
    /// The group of each certificate; `None` for one that nothing names as its issuer.
    group_of: Vec<Option<u32>>,
    by_name: HashMap<Digest, Vec<u32>>,
    /// Authorities by the name that RFC 5280 compares.
    by_folded_name: HashMap<Digest, Vec<u32>>,
    by_key_identifier: HashMap<Digest, Vec<u32>>,
    by_name_and_key_identifier: HashMap<(Digest, Digest), Vec<u32>>,
}

impl Index {
    pub(super) fn new(material: &Material) -> Self {
        let certificates = &material.certificates;
        let issuers: HashSet<Digest> =
            certificates.iter().map(|certificate| certificate.facts.issuer).collect();
        let mut candidates: Vec<u32> = (0..number(certificates.len()))
            .filter(|at| {
                material.certificate(*at).is_some_and(|candidate| {
                    candidate.facts.role.is_authority() || issuers.contains(&candidate.facts.subject)
                })
            })
            .collect();
        candidates.sort_by_cached_key(|at| material.certificate(*at).map(preference));
        let mut index = Self { group_of: vec![None; certificates.len()], ..Self::default() };
        let mut known: HashMap<(Digest, Digest), u32> = HashMap::new();
        let mut folded: HashSet<u32> = HashSet::new();
        let mut identified: HashSet<(u32, Digest)> = HashSet::new();
        for at in candidates {
            let Some(certificate) = material.certificate(at) else { continue };
            let (subject, key) = (certificate.facts.subject, certificate.facts.key);
            let group = *known.entry((subject, key)).or_insert_with(|| {
                let group = number(index.groups.len());
                let view = CertificateView::new(&certificate.der);
                let subject_public_key_info = view.subject_public_key_info.into();
                let members = Vec::with_capacity(1);
                index.groups.push(Group { key, subject_public_key_info, members });
                index.by_name.entry(subject).or_default().push(group);
                group
            });
            if let Some(group) = index.groups.get_mut(group as usize) {
                group.members.push(at);
            }
            if let Some(place) = index.group_of.get_mut(at as usize) {
                *place = Some(group);
            }
            if certificate.facts.role.is_authority() && folded.insert(group) {
                let name = folded_name(CertificateView::new(&certificate.der).subject);
                index.by_folded_name.entry(name).or_default().push(group);
            }
            if let Some(identifier) = certificate.facts.subject_key_identifier
                && identified.insert((group, identifier))
            {
                index.by_key_identifier.entry(identifier).or_default().push(group);
                index.by_name_and_key_identifier.entry((subject, identifier)).or_default().push(group);
            }
        }
        index
    }

    pub(super) fn group(&self, group: u32) -> Option<&Group> {
        self.groups.get(group as usize)
    }

    pub(super) fn group_of(&self, certificate: u32) -> Option<u32> {
        self.group_of.get(certificate as usize).copied().flatten()
    }

    /// The groups with this name, the best issuer first.
    pub(super) fn named(&self, name: Digest) -> &[u32] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Those of them with this key identifier.
    pub(super) fn identified(&self, name: Digest, key_identifier: Digest) -> &[u32] {
        self.by_name_and_key_identifier.get(&(name, key_identifier)).map_or(&[], Vec::as_slice)
    }

    /// The authorities whose name is the same where case and blanks do not count.
    pub(super) fn folded(&self, folded_name: Digest) -> &[u32] {
        self.by_folded_name.get(&folded_name).map_or(&[], Vec::as_slice)
    }

    /// The groups of any name with this key identifier.
    pub(super) fn with_key_identifier(&self, key_identifier: Digest) -> &[u32] {
        self.by_key_identifier.get(&key_identifier).map_or(&[], Vec::as_slice)
    }
}

/// Sorts the best issuer first: an authority without doubts that lasts longest. The hash makes the order the
/// same wherever the files are.
pub(super) fn preference(certificate: &Certificate) -> impl Ord + use<> {
    let facts = &certificate.facts;
    (
        !certificate.is_trusted,
        !facts.role.is_authority(),
        facts.doubts,
        Reverse(facts.not_after),
        facts.fingerprint,
    )
}
