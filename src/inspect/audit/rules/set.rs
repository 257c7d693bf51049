//! Certificates beside one another: keys, serial numbers and names that two of them share.

use super::chain::GRACE;
use super::holders::shared_keys;
use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::identity::{Digest, digest};
use crate::inspect::audit::material::{Content, Item};
use crate::inspect::audit::paths::{certificate_names, folder};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{count, distinguished, moment, quote};
use crate::inspect::evidence::Place;
use crate::inspect::text::hex;
use crate::inspect::view::CertificateView;
use std::collections::{HashMap, HashSet};

pub(super) static RULES: [SetRule; 7] = [
    SetRule {
        rule: Rule {
            id: "key-mismatch",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a private key does not belong to the certificate beside it",
            meaning: "No server or client starts with the two. One of them was replaced without the other.",
            remedy: "Put the right key beside the certificate, or issue a certificate for this key.",
        },
        check: key_mismatch,
    },
    SetRule {
        rule: Rule {
            id: "key-shared",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "NIST SP 800-57 part 1, 5.3",
            title: "certificates of different names have the same key",
            meaning: "Whoever has the key of one can stand for the others, and revoking one does not help.",
            remedy: "Make a key for each and issue anew.",
        },
        check: |set, findings| shared_keys(set, findings, true),
    },
    SetRule {
        rule: Rule {
            id: "key-reused",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "NIST SP 800-57 part 1, 5.3",
            title: "certificates of one name have the same key",
            meaning: "So it is after a renewal with the old key. It does no harm now; a key that is never changed \
                      has ever more time to leak.",
            remedy: "Make a new key with the next renewal, unless something pins this one.",
        },
        check: |set, findings| shared_keys(set, findings, false),
    },
    SetRule {
        rule: Rule {
            id: "serial-shared",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.1.2.2",
            title: "two certificates of one issuer have the same serial number",
            meaning: "A revocation of one hits the other, and Firefox refuses both.",
            remedy: "Issue one of them anew, and see why the issuer gives a number twice: a counter that was reset, \
                     or two machines with the same authority.",
        },
        check: shared_serials,
    },
    SetRule {
        rule: Rule {
            id: "authority-name-shared",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.1",
            title: "authorities with different keys have the same name",
            meaning: "This is how an authority looks whose key was changed, and how two clusters look that were \
                      made by the same recipe. Programs tell them apart by key identifiers only, and people do not.",
            remedy: "Give a new authority a new name, such as one with the year.",
        },
        check: shared_names,
    },
    SetRule {
        rule: Rule {
            id: "authority-ends-first",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "an authority ends more than a day before certificates that it issued",
            meaning: "From its end on, programs refuse them all at once, though each says that it is valid.",
            remedy: "Renew the authority with its key (`cfssl gencert -renewca`) and hand the new certificate out in \
                     time.",
        },
        check: ends_first,
    },
    SetRule {
        rule: Rule {
            id: "authority-key-beside-leaves",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "practice",
            title: "the private key of an authority lies beside those of certificates it is there to issue",
            meaning: "Whoever breaks into this machine can issue certificates for every name. kubeadm lays files \
                      out so by design.",
            remedy: "Keep the authority's key on another machine, or remove it once all is issued.",
        },
        check: authority_keys,
    },
];

/// The keys of certificates among these objects.
fn certificate_keys<'c>(set: &Set<'_>, contents: impl Iterator<Item = &'c Content>) -> Vec<Digest> {
    let keys = contents.filter_map(|content| match content.item {
        Item::Certificate(at) => set.material.certificate(at).map(|certificate| certificate.facts.key),
        _ => None,
    });
    keys.collect()
}

/// Certificates that one key is compared with.
const MOST_PARTNERS: usize = 16;

fn key_mismatch(set: &Set<'_>, findings: &mut Findings<'_>) {
    let by_name: HashMap<&str, u32> =
        (0u32..).zip(&set.material.sources).map(|(at, source)| (&*source.name, at)).collect();
    // A configuration that names both knows better than the names of files.
    let mut configured: HashMap<u32, Vec<u32>> = HashMap::new();
    for member in &set.material.etcd_members {
        let pairs = [(&member.key_file, &member.cert_file), (&member.peer_key_file, &member.peer_cert_file)];
        for (key, certificate) in pairs {
            if let (Some(key), Some(certificate)) = (key, certificate)
                && let Some(key) = set.file(key, member.source)
                && let Some(certificate) = set.file(certificate, member.source)
            {
                let certificates = configured.entry(key).or_default();
                // A cluster's members may all use one key with one certificate.
                if !certificates.contains(&certificate) && certificates.len() < MOST_PARTNERS {
                    certificates.push(certificate);
                }
            }
        }
    }
    for (source_at, source) in (0u32..).zip(&set.material.sources) {
        let mut members: HashMap<&str, &[Content]> = HashMap::new();
        for group in set.material.groups_of(source_at) {
            if let Some(Place::Member { path, .. }) = group.first().map(|first| &first.place) {
                members.insert(path, group);
            }
        }
        for group in set.material.groups_of(source_at) {
            let is_key = |content: &&Content| matches!(content.item, Item::PrivateKey(_));
            let mut keys = group.iter().filter(is_key);
            let (Some(content), None) = (keys.next(), keys.next()) else { continue };
            let Item::PrivateKey(at) = content.item else { continue };
            let Some(key) = set.material.private_keys.get(at as usize).and_then(|key| key.key) else {
                continue;
            };
            let own = certificate_keys(set, group.iter());
            if !own.is_empty() {
                if !own.contains(&key) {
                    findings.object(content, "it is not the key of a certificate beside it".to_owned());
                }
                continue;
            }
            let of_file = |partner: u32| {
                let keys = certificate_keys(set, set.material.contents_of(partner).iter());
                let name = set.source(partner).map(|source| source.name.to_string())?;
                (!keys.is_empty()).then_some((name, keys))
            };
            // Each certificate that settings name has to go with the key; of those that go by their names, the first.
            let mut partners: Vec<_> = match &content.place {
                Place::Member { .. } => Vec::new(),
                _ => configured.get(&source_at).into_iter().flatten().copied().filter_map(of_file).collect(),
            };
            if partners.is_empty() {
                partners.extend(match &content.place {
                    Place::Member { path, .. } => certificate_names(path).into_iter().find_map(|name| {
                        let keys = certificate_keys(set, members.get(name.as_str())?.iter());
                        (!keys.is_empty()).then_some((name, keys))
                    }),
                    _ => {
                        let named = certificate_names(&source.name).into_iter();
                        named.filter_map(|name| by_name.get(name.as_str()).copied()).find_map(of_file)
                    }
                });
            }
            if let Some((name, _)) = partners.iter().find(|(_, keys)| !keys.contains(&key)) {
                findings.object(content, format!("it is not the key of the certificate in {}", quote(name)));
            }
        }
    }
}

fn shared_serials(set: &Set<'_>, findings: &mut Findings<'_>) {
    // Who issued is known by the key that signed, else by the key that is named.
    let mut by_serial: HashMap<(Digest, Digest, Digest), Vec<u32>> = HashMap::new();
    for (at, certificate) in set.certificates() {
        let facts = &certificate.facts;
        let signer = set.signer(at).and_then(|group| set.index.group(group)).map(|group| group.key);
        let signer = signer.or(facts.authority_key_identifier).unwrap_or_default();
        let serial = digest(CertificateView::new(&certificate.der).serial_number);
        by_serial.entry((facts.issuer, signer, serial)).or_default().push(at);
    }
    for certificates in by_serial.values().filter(|certificates| certificates.len() > 1) {
        let mut sorted = certificates.clone();
        sorted
            .sort_by_key(|at| set.material.certificate(*at).map(|certificate| certificate.facts.fingerprint));
        let first: Vec<(u32, String)> = sorted.iter().take(2).map(|at| (*at, set.called(*at))).collect();
        for at in &sorted {
            let Some(view) = set.view(*at) else { continue };
            let other = first.iter().find(|(other, _)| other != at).map_or("", |(_, name)| name);
            let serial = hex(view.serial_number);
            let more = match sorted.len() {
                2 => String::new(),
                all => format!(" and {} more", all - 2),
            };
            findings.certificate(*at, format!("its serial number {serial} is also that of {other}{more}"));
        }
    }
}

fn shared_names(set: &Set<'_>, findings: &mut Findings<'_>) {
    let mut by_name: HashMap<Digest, Vec<u32>> = HashMap::new();
    for (at, certificate) in set.certificates() {
        if certificate.facts.role.is_authority() {
            by_name.entry(certificate.facts.subject).or_default().push(at);
        }
    }
    for certificates in by_name.values() {
        let facts = |at: &u32| set.material.certificate(*at).map(|certificate| &certificate.facts);
        let keys: HashSet<Digest> = certificates.iter().filter_map(facts).map(|facts| facts.key).collect();
        let newest =
            certificates.iter().max_by_key(|at| facts(at).map(|one| (one.not_after, one.fingerprint)));
        let Some(newest) = newest.filter(|_| keys.len() > 1) else { continue };
        let message = format!("{} have this name", count(keys.len(), "key", "different keys"));
        findings.certificate(*newest, message);
    }
}

fn ends_first(set: &Set<'_>, findings: &mut Findings<'_>) {
    let mut outlived: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, certificate) in set.certificates() {
        let Some(issuer) = set.routes.issuer(at) else { continue };
        let end = set.material.certificate(issuer).and_then(|issuer| issuer.facts.not_after);
        if let (Some(own), Some(end)) = (certificate.facts.not_after, end)
            && own - end > GRACE
        {
            outlived.entry(issuer).or_default().push(at);
        }
    }
    for (issuer, below) in outlived {
        let ends = below.iter().filter_map(|at| set.material.certificate(*at)?.facts.not_after);
        let Some(last) = ends.max() else { continue };
        let Some(end) = set.material.certificate(issuer).and_then(|issuer| issuer.facts.not_after) else {
            continue;
        };
        let message = format!(
            "it ends on {}, before {} below it, the last on {}",
            moment(end),
            count(below.len(), "certificate", "certificates"),
            moment(last)
        );
        findings.certificate(issuer, message);
    }
}

fn authority_keys(set: &Set<'_>, findings: &mut Findings<'_>) {
    // How many keys of leaves below an authority, by its key, are in a folder.
    let mut leaves: HashMap<(&str, Digest), usize> = HashMap::new();
    let mut authorities: Vec<(&Content, u32)> = Vec::new();
    let mut by_key: HashMap<Digest, u32> = HashMap::new();
    for (at, certificate) in set.certificates() {
        // Of an authority and a leaf with one key, the authority counts.
        let known = by_key.entry(certificate.facts.key).or_insert(at);
        if certificate.facts.role.is_authority() {
            *known = at;
        }
    }
    for (key, places) in set.private_keys {
        let Some(at) = by_key.get(key) else { continue };
        let Some(certificate) = set.material.certificate(*at) else { continue };
        for place in places {
            let Some(content) = set.material.contents.get(*place as usize) else { continue };
            let Some(source) = set.source(content.source) else { continue };
            if certificate.facts.role.is_authority() {
                authorities.push((content, *at));
                continue;
            }
            let above = set.routes.above(*at).into_iter();
            let key = |at| set.material.certificate(at).map(|authority| authority.facts.key);
            for key in above.filter_map(key).collect::<HashSet<_>>() {
                *leaves.entry((folder(&source.name), key)).or_default() += 1;
            }
        }
    }
    let mut names: HashMap<u32, String> = HashMap::new();
    for (content, at) in authorities {
        let Some(source) = set.source(content.source) else { continue };
        let key = set.material.certificate(at).map(|authority| authority.facts.key).unwrap_or_default();
        if let Some(number) = leaves.get(&(folder(&source.name), key)) {
            let name = || set.view(at).map(|view| distinguished(view.subject)).unwrap_or_default();
            let name = names.entry(at).or_insert_with(name);
            let leaves = count(*number, "key of a leaf", "keys of leaves");
            findings
                .object(content, format!("the key of the authority {name} lies beside {leaves} below it"));
        }
    }
}
