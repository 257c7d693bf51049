//! Files and servers with several certificates: a leaf with those above it, in order.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::issuers::Link;
use crate::inspect::audit::material::{Content, Item, Material};
use crate::inspect::audit::paths::folder;
use crate::inspect::audit::routes::MOST_LINKS;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::count;
use crate::inspect::evidence::Container;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

pub(super) static RULES: [SetRule; 7] = [
    SetRule {
        rule: Rule {
            id: "bundle-leaf-not-first",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 8446, 4.4.2",
            title: "the certificate that is meant does not stand first in its file",
            meaning: "Programs take the first certificate as their own and fail, as the key does not belong to it.",
            remedy: "Put the leaf first, then its issuer, then the issuer of that.",
        },
        check: |set, findings| {
            for chain in chains(set) {
                if let Some((leaf, content)) = chain.certificates.iter().find(|(at, _)| *at == chain.leaf)
                    && chain.certificates.first().is_some_and(|(first, _)| first != leaf)
                {
                    let place = chain.certificates.iter().position(|(at, _)| at == leaf).unwrap_or_default();
                    let message = format!("it stands behind {}", count(place, "authority", "authorities"));
                    findings.certificate_at(*leaf, content, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "bundle-order",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5246, 7.4.2",
            title: "the authorities in a file do not follow one another",
            meaning: "In TLS 1.2 each certificate has to certify the one before it. Old clients refuse another \
                      order; new ones sort.",
            remedy: "Put behind each certificate the one of its issuer.",
        },
        check: |set, findings| {
            for chain in chains(set) {
                let depths = depths(set, &chain);
                let found: Vec<(usize, u32, &Content)> = chain
                    .certificates
                    .iter()
                    .filter_map(|(at, content)| depths.get(at).map(|depth| (*depth, *at, *content)))
                    .filter(|(depth, ..)| *depth > 0)
                    .collect();
                let misplaced = found.iter().zip(found.iter().skip(1)).find(|(one, next)| next.0 < one.0);
                if let Some(((_, above, _), (_, at, content))) = misplaced {
                    let message = format!("it stands behind {}, which is above it", set.called(*above));
                    findings.certificate_at(*at, content, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "bundle-stranger",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5246, 7.4.2",
            title: "a certificate in a file has nothing to do with the first",
            meaning: "It is sent in every handshake for nothing, and strict clients refuse the chain. Often it is \
                      the authority of before, and the one of now is missing.",
            remedy: "Remove it, and see that the issuers of the first certificate are there.",
        },
        check: |set, findings| {
            for chain in chains(set) {
                let depths = depths(set, &chain);
                let strangers = chain.certificates.iter().filter(|(at, _)| !depths.contains_key(at));
                let leaf = OnceCell::new();
                for (at, content) in strangers {
                    let leaf = leaf.get_or_init(|| set.called(chain.leaf));
                    let message = format!("it is not above {leaf}, with which it stands");
                    findings.certificate_at(*at, content, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "bundle-root",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "RFC 8446, 4.4.2",
            title: "the root stands in the file of a leaf",
            meaning: "Who trusts it has it, and who does not is not won over: it only makes handshakes longer.",
            remedy: "Leave it out where the file is for a server to send.",
        },
        check: |set, findings| {
            for chain in chains(set) {
                let depths = depths(set, &chain);
                let is_root = |at: &u32| depths.contains_key(at) && set.routes.is_anchor(*at);
                let root = chain.certificates.iter().find(|(at, _)| is_root(at));
                if let Some((at, content)) = root {
                    let message = format!("it stands in the file of {}", set.called(chain.leaf));
                    findings.certificate_at(*at, content, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "bundle-repeated",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a certificate stands twice in one file",
            meaning: "It does no harm in a list of trusted authorities; in a chain it is sent for nothing.",
            remedy: "Remove one of them.",
        },
        check: |set, findings| {
            for source in (0u32..).zip(&set.material.sources).map(|(at, _)| at) {
                for group in set.material.parts_of(source) {
                    let mut seen = HashSet::new();
                    let mut told = HashSet::new();
                    for (at, content) in certificates(group) {
                        if !seen.insert(at) && told.insert(at) {
                            let message = "it stands there more than once".to_owned();
                            findings.certificate_at(at, content, message);
                        }
                    }
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "intermediate-missing",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 8446, 4.4.2",
            title: "an intermediate authority stands in no file with the leaf that it issued",
            meaning: "Whoever trusts the root only cannot verify the leaf: servers and clients have to send the \
                      intermediates along.",
            remedy: "Make a file of the leaf and the intermediates (`mkbundle` or `cat`), and use that.",
        },
        check: |set, findings| intermediates(set, findings, false),
    },
    SetRule {
        rule: Rule {
            id: "intermediate-apart",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "RFC 8446, 4.4.2",
            title: "an intermediate authority lies beside the leaf that it issued, in another file",
            meaning: "Apache takes it from there where it is told to. nginx and others read one file, and do not send \
                      what is in another.",
            remedy: "Ask the server with `-domain` whether it sends the intermediates; if it does not, make a file of \
                     the leaf and the intermediates.",
        },
        check: |set, findings| intermediates(set, findings, true),
    },
];

/// A leaf and authorities that somebody put together.
struct Chained<'m> {
    leaf: u32,
    certificates: Vec<(u32, &'m Content)>,
}

fn certificates(group: &[Content]) -> impl Iterator<Item = (u32, &Content)> {
    group.iter().filter_map(|content| match content.item {
        Item::Certificate(at) => Some((at, content)),
        _ => None,
    })
}

/// The files that are chains: with one leaf and at least one authority. Several leaves are a collection, authorities
/// alone a list of trusted ones, and containers without an order cannot be wrong about it.
fn chains<'m>(set: &Set<'m>) -> Vec<Chained<'m>> {
    let mut found = Vec::new();
    for (at, source) in (0u32..).zip(&set.material.sources) {
        if !matches!(
            source.container,
            Container::Pem | Container::TlsServer | Container::Kubeconfig | Container::KubernetesSecret
        ) {
            continue;
        }
        for group in set.material.parts_of(at) {
            let certificates: Vec<(u32, &Content)> = certificates(group).collect();
            let is_leaf =
                |at: &u32| set.material.certificate(*at).is_some_and(|one| !one.facts.role.is_authority());
            let mut leaves: Vec<u32> = certificates.iter().map(|(at, _)| *at).filter(is_leaf).collect();
            leaves.dedup();
            let first_is_leaf = certificates.first().is_some_and(|(at, _)| is_leaf(at));
            let has_authority = certificates.iter().any(|(at, _)| !is_leaf(at));
            // One that signed itself in the midst of authorities is an old one of them, without the mark of one.
            let is_old_root = |at: &u32| !first_is_leaf && matches!(set.link(*at), Link::Own);
            leaves.retain(|at| !is_old_root(at));
            // A server's first certificate is its own, whatever follows.
            let is_chain = leaves.len() == 1 || (source.container == Container::TlsServer && first_is_leaf);
            if let Some(leaf) = leaves.first().copied().filter(|_| is_chain && has_authority) {
                found.push(Chained { leaf, certificates });
            }
        }
    }
    found
}

/// The group of who issued a certificate. A signature that does not hold makes no stranger of the authority that the
/// certificate names.
fn above(set: &Set<'_>, at: u32) -> Option<u32> {
    match set.link(at) {
        Link::Refused { group, is_identified, .. } => {
            let facts = &set.material.certificate(at)?.facts;
            (is_identified || facts.authority_key_identifier.is_none()).then_some(group)
        }
        _ => set.signer(at),
    }
}

/// How far above the leaf each certificate is, for those that lead up from it: 0 for the leaf. Cross-certificates
/// stand on one level with what they stand for.
fn depths(set: &Set<'_>, chain: &Chained<'_>) -> HashMap<u32, usize> {
    let mut depths = HashMap::from([(chain.leaf, 0)]);
    let mut by_group: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, _) in &chain.certificates {
        if let Some(group) = set.index.group_of(*at) {
            by_group.entry(group).or_default().push(*at);
        }
    }
    let mut level = vec![chain.leaf];
    let mut depth = 0;
    while !level.is_empty() {
        depth += 1;
        let groups: HashSet<u32> = level.iter().filter_map(|at| above(set, *at)).collect();
        level.clear();
        for group in groups {
            for at in by_group.remove(&group).unwrap_or_default() {
                depths.entry(at).or_insert(depth);
                level.push(at);
            }
        }
    }
    depths
}

/// Certificates by the group of issuers that they belong to.
type ByGroup = HashMap<u32, u32>;

/// Whether certificates that are kept together lead from this one up to below a root.
fn leads_to_root(set: &Set<'_>, leaf: u32, together: &ByGroup) -> bool {
    let mut at = leaf;
    for _ in 0..MOST_LINKS {
        let Some(issuer) = set.signer(at) else { return true };
        if set.routes.leading(issuer).iter().any(|member| set.routes.is_anchor(*member)) {
            return true;
        }
        match together.get(&issuer) {
            Some(above) if *above != at => at = *above,
            _ => return false,
        }
    }
    false
}

fn note(set: &Set<'_>, together: &mut ByGroup, contents: &[Content]) {
    for (at, _) in certificates(contents) {
        if let Some(group) = set.index.group_of(at) {
            together.entry(group).or_insert(at);
        }
    }
}

/// Leaves below an intermediate that no file has together with all that is below the root: those that have it in
/// files of the same folder, or the others.
fn intermediates(set: &Set<'_>, findings: &mut Findings<'_>, is_apart: bool) {
    let mut complete: HashSet<u32> = HashSet::new();
    let mut folders: HashMap<&str, ByGroup> = HashMap::new();
    for (at, source) in (0u32..).zip(&set.material.sources) {
        for group in set.material.groups_of(at) {
            let mut together = ByGroup::new();
            note(set, &mut together, group);
            let leads = |at: &u32| leads_to_root(set, *at, &together);
            complete.extend(certificates(group).map(|(at, _)| at).filter(leads));
        }
        if Material::is_file(source) {
            let together = folders.entry(folder(&source.name)).or_default();
            note(set, together, set.material.contents_of(at));
        }
    }
    for (at, certificate) in set.certificates() {
        let Some(issuer) = set.routes.issuer(at) else { continue };
        if certificate.facts.role.is_authority() || complete.contains(&at) {
            continue;
        }
        // What a server sends is all that its clients get.
        let mut places =
            certificate.places.iter().filter_map(|place| set.material.contents.get(*place as usize));
        let has_beside = places.all(|content| {
            let source = set.source(content.source).filter(|source| Material::is_file(source));
            let together = source.and_then(|source| folders.get(folder(&source.name)));
            together.is_some_and(|together| leads_to_root(set, at, together))
        });
        if has_beside != is_apart {
            continue;
        }
        let name = set.authorities.get(issuer).map_or("", |authority| &authority.subject);
        let place = if is_apart { "in another file of the folder" } else { "in no file together with it" };
        findings.certificate(at, format!("its issuer {name} is {place}"));
    }
}
