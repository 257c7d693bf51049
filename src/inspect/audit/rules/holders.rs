//! Certificates with one key: whether they are of one holder or of several.

use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::identity::{Digest, digest};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{count, few};
use crate::inspect::view::{CertificateView, GeneralName, common_name};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Others that a message names.
const MOST_NAMED: usize = 5;

/// Certificates with one key, of several holders or of one.
pub(super) fn shared_keys(set: &Set<'_>, findings: &mut Findings<'_>, are_several: bool) {
    let mut by_key: HashMap<Digest, Vec<u32>> = HashMap::new();
    for (at, certificate) in set.certificates() {
        by_key.entry(certificate.facts.key).or_default().push(at);
    }
    for (key, mut certificates) in by_key {
        if certificates.len() < 2 {
            continue;
        }
        certificates.sort_by_key(|at| {
            set.material.certificate(*at).map(|one| (Reverse(one.facts.not_after), one.facts.fingerprint))
        });
        let holders = holders(set, &certificates);
        let first_of_each: Vec<(u32, usize)> = certificates
            .iter()
            .zip(&holders)
            .enumerate()
            .filter(|(position, (_, holder))| position == *holder)
            .map(|(_, (at, holder))| (*at, *holder))
            .collect();
        match (first_of_each.as_slice(), are_several) {
            ([_], false) => {
                let is_authority =
                    |at: &u32| set.material.certificate(*at).is_some_and(|one| one.facts.role.is_authority());
                // An authority keeps its key when it is renewed, and has it in every cross-certificate.
                if let Some((newest, others)) = certificates.split_first()
                    && !is_authority(newest)
                {
                    let others = count(others.len(), "other certificate", "other certificates");
                    findings.certificate_with(
                        *newest,
                        format!("{others} of its names have the same key"),
                        &key,
                    );
                }
            }
            ([_, _, ..], true) => {
                let shown = first_of_each.iter().take(MOST_NAMED + 1);
                let named: Vec<(usize, String)> =
                    shown.map(|(at, holder)| (*holder, set.called(*at))).collect();
                for (at, holder) in certificates.iter().zip(&holders) {
                    let others = named.iter().filter(|(other, _)| other != holder);
                    let others: Vec<&str> = others.map(|(_, name)| &**name).take(MOST_NAMED).collect();
                    let more = match first_of_each.len() - 1 - others.len() {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    findings.certificate_with(
                        *at,
                        format!("its key is also that of {}{more}", few(&others)),
                        &key,
                    );
                }
            }
            _ => {}
        }
    }
}

/// For each certificate the position of the first one of its holder. Of one holder are authorities of one name, and
/// leaves with the same subject, common name or any alternative name.
fn holders(set: &Set<'_>, certificates: &[u32]) -> Vec<usize> {
    let mut first: Vec<usize> = (0..certificates.len()).collect();
    let mut known: HashMap<Digest, usize> = HashMap::new();
    for (position, at) in certificates.iter().enumerate() {
        let Some(view) = set.view(*at) else { continue };
        for mark in marks(&view) {
            let other = *known.entry(mark).or_insert(position);
            let (one, other) = (root(&mut first, position), root(&mut first, other));
            // The smaller position is the first.
            if let Some(place) = first.get_mut(one.max(other)) {
                *place = one.min(other);
            }
        }
    }
    (0..certificates.len()).map(|position| root(&mut first, position)).collect()
}

/// The end of a way on which every position is smaller than the one before; the way is shortened.
fn root(first: &mut [usize], mut position: usize) -> usize {
    while let Some(next) = first.get(position).copied().filter(|next| *next < position) {
        let after = first.get(next).copied().unwrap_or(next);
        if let Some(place) = first.get_mut(position) {
            *place = after;
        }
        position = next;
    }
    position
}

/// What tells a holder: hashes of names.
fn marks(view: &CertificateView<'_>) -> HashSet<Digest> {
    let mark = |kind: u8, name: &[u8]| digest(&[&[kind], name].concat());
    let is_authority = view.is_authority();
    let mut marks = HashSet::new();
    if view.subject.len() > 2 {
        marks.insert(mark(u8::from(is_authority), view.subject));
    }
    if is_authority {
        return marks;
    }
    if let Some(name) = common_name(view.subject).filter(|name| !name.trim().is_empty()) {
        marks.insert(mark(2, name.to_lowercase().as_bytes()));
    }
    for name in view.subject_alternative_names().unwrap_or_default() {
        match name {
            // Every machine is called so.
            GeneralName::Dns(b"localhost" | b"localhost.localdomain") => {}
            GeneralName::Ip([127, _, _, _]) => {}
            GeneralName::Ip(_) if name.ip().is_some_and(|address| address.is_loopback()) => {}
            GeneralName::Dns(octets) => _ = marks.insert(mark(3, &octets.to_ascii_lowercase())),
            GeneralName::Ip(octets) => _ = marks.insert(mark(4, octets)),
            GeneralName::Email(octets) => _ = marks.insert(mark(5, octets)),
            GeneralName::Uri(octets) => _ = marks.insert(mark(6, octets)),
            GeneralName::Directory(der) => _ = marks.insert(mark(0, der)),
            GeneralName::Other(_) | GeneralName::RegisteredId(_) | GeneralName::Unknown(..) => {}
        }
    }
    marks
}
