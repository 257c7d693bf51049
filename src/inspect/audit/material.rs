//! The evidence sorted: each certificate once, with every place it is in.

use super::facts::Facts;
use super::identity::{Digest, key_digest};
use super::paths::stable_name;
use super::report::{AuditOptions, Where};
use super::workers;
use crate::inspect::evidence::{
    AskedHost, Container, EtcdMember, Evidence, KubeconfigSettings, MissingFile, Object, OtherName, Place,
    PrivateKeyFacts, Remark, Source, Unreadable,
};
use crate::keys::sha256;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// One certificate.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) der: Box<[u8]>,
    pub(super) facts: Facts,
    /// Indices in [`Material::contents`]; none for an authority that is only trusted, not in the set.
    pub(super) places: Vec<u32>,
    /// True for one that the caller trusts, whoever signed it.
    pub(super) is_trusted: bool,
}

/// What an object is, and its index in the list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Certificate(u32),
    CertificateList(u32),
    CertificateRequest(u32),
    Damaged(u32),
    PrivateKey(u32),
    PublicKey(u32),
}

/// An object where it is.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) item: Item,
    pub(super) source: u32,
    pub(super) place: Place,
}

/// A private key.
#[derive(Debug)]
pub(super) struct PrivateKey {
    pub(super) facts: PrivateKeyFacts,
    /// Its public half; `None` where that is not known.
    pub(super) key: Option<Digest>,
}

/// A damaged object: what it was to be, and what is wrong.
#[derive(Debug)]
pub(super) struct Damaged {
    pub(super) label: Box<str>,
    pub(super) fault: Box<str>,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Material {
    pub(super) sources: Vec<Source>,
    /// The folders that were walked through, with the slash at their ends.
    pub(super) folders: HashSet<Arc<str>>,
    pub(super) writable_folders: HashSet<Arc<str>>,
    pub(super) other_names: Vec<OtherName>,
    pub(super) unreadable: Vec<Unreadable>,
    pub(super) etcd_members: Vec<EtcdMember>,
    pub(super) kubeconfigs: Vec<KubeconfigSettings>,
    pub(super) remarks: Vec<Remark>,
    pub(super) asked_hosts: Vec<AskedHost>,
    /// For each source with markup, the lines of it.
    markups: HashMap<u32, Box<[u32]>>,
    pub(super) missing_files: Vec<MissingFile>,
    pub(super) certificates: Vec<Certificate>,
    pub(super) lists: Vec<Box<[u8]>>,
    pub(super) requests: Vec<Box<[u8]>>,
    pub(super) private_keys: Vec<PrivateKey>,
    pub(super) public_keys: Vec<Box<[u8]>>,
    pub(super) damaged: Vec<Damaged>,
    /// By source, and within one in the order they were met.
    pub(super) contents: Vec<Content>,
    /// Where relative names start.
    folder: String,
    /// For each source, where its contents are.
    spans: Vec<Range<usize>>,
}

impl Material {
    pub(super) fn gather(evidence: Evidence, options: &AuditOptions) -> Self {
        let mut objects = evidence.objects;
        let mut material = Self {
            sources: evidence.sources,
            folders: evidence.folders.into_iter().collect(),
            writable_folders: evidence.writable_folders.into_iter().collect(),
            other_names: evidence.other_names,
            unreadable: evidence.unreadable,
            etcd_members: evidence.etcd_members,
            kubeconfigs: evidence.kubeconfigs,
            remarks: evidence.remarks,
            asked_hosts: evidence.asked_hosts,
            markups: evidence.markups.into_iter().map(|markup| (markup.source, markup.lines)).collect(),
            missing_files: evidence.missing_files,
            folder: options.folder.clone(),
            ..Self::default()
        };
        objects.retain(|found| found.source < number(material.sources.len()));
        objects.sort_by_key(|found| found.source);
        let hashes = workers::for_each(objects.len(), options.threads, |at| match objects.get(at) {
            Some(found) => match &found.object {
                Object::Certificate(der) => sha256(der),
                _ => [0; 32],
            },
            None => [0; 32],
        });
        let mut known: HashMap<Digest, u32> = HashMap::new();
        let mut ders: Vec<(Box<[u8]>, Vec<u32>, bool)> = Vec::new();
        for (found, hash) in objects.into_iter().zip(&hashes) {
            let place = number(material.contents.len());
            let item = match found.object {
                Object::Certificate(der) => {
                    let index = *known.entry(*hash).or_insert_with(|| {
                        ders.push((der, Vec::with_capacity(1), false));
                        number(ders.len() - 1)
                    });
                    if let Some((_, places, _)) = ders.get_mut(index as usize) {
                        places.push(place);
                    }
                    Item::Certificate(index)
                }
                Object::CertificateList(der) => Item::CertificateList(pushed(&mut material.lists, der)),
                Object::CertificateRequest(der) => {
                    Item::CertificateRequest(pushed(&mut material.requests, der))
                }
                Object::Damaged { label, fault } => {
                    Item::Damaged(pushed(&mut material.damaged, Damaged { label, fault }))
                }
                Object::PrivateKey(facts) => {
                    let key = facts.subject_public_key_info.as_deref().map(key_digest);
                    Item::PrivateKey(pushed(&mut material.private_keys, PrivateKey { facts, key }))
                }
                Object::PublicKey(der) => Item::PublicKey(pushed(&mut material.public_keys, der)),
            };
            material.contents.push(Content { item, source: found.source, place: found.place });
        }
        for der in &options.trusted {
            let index = *known.entry(sha256(der)).or_insert_with(|| {
                ders.push((der.as_slice().into(), Vec::new(), false));
                number(ders.len() - 1)
            });
            if let Some((_, _, is_trusted)) = ders.get_mut(index as usize) {
                *is_trusted = true;
            }
        }
        let facts = workers::for_each(ders.len(), options.threads, |at| {
            ders.get(at).map(|(der, ..)| Facts::new(der, options.now))
        });
        let certificates = ders.into_iter().zip(facts);
        material.certificates.extend(certificates.filter_map(|((der, places, is_trusted), facts)| {
            facts.map(|facts| Certificate { der, facts, places, is_trusted })
        }));
        material.spans = spans(&material.contents, material.sources.len());
        material
    }

    pub(super) fn certificate(&self, index: u32) -> Option<&Certificate> {
        self.certificates.get(index as usize)
    }

    /// What is in a source, in order.
    pub(super) fn contents_of(&self, source: u32) -> &[Content] {
        let span = self.spans.get(source as usize).cloned().unwrap_or_default();
        self.contents.get(span).unwrap_or_default()
    }

    /// The names of all sources, links to them too, and the sources.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, u32)> {
        let names = (0u32..).zip(&self.sources).map(|(at, source)| (&*source.name, at));
        let others = self.other_names.iter().map(|other| (&*other.name, other.source));
        names.chain(others.filter(|(_, source)| (*source as usize) < self.sources.len()))
    }

    pub(super) fn source(&self, index: u32) -> Option<&Source> {
        self.sources.get(index as usize)
    }

    /// The name of a source, the same however it is spelled.
    pub(super) fn stable_name(&self, index: u32) -> String {
        self.source(index).map_or_else(String::new, |source| stable_name(&source.name, &self.folder))
    }

    /// The objects of a source in the groups that somebody uses together: all of a file, and in a YAML or
    /// JSON document those of one value.
    pub(super) fn groups_of(&self, source: u32) -> impl Iterator<Item = &[Content]> {
        self.contents_of(source).chunk_by(|one, next| match (&one.place, &next.place) {
            (Place::Member { path: one, .. }, Place::Member { path: next, .. }) => one == next,
            (Place::Member { .. }, _) | (_, Place::Member { .. }) => false,
            _ => true,
        })
    }

    /// As [`Self::groups_of`], and a file with markup in parts, each with one purpose.
    pub(super) fn parts_of(&self, source: u32) -> impl Iterator<Item = &[Content]> {
        let tags = self.markups.get(&source).map_or(&[][..], |lines| lines);
        let part = move |content: &Content| match content.place {
            Place::Section { line, .. } => tags.partition_point(|tag| *tag < line),
            _ => 0,
        };
        self.groups_of(source).flat_map(move |group| group.chunk_by(move |one, next| part(one) == part(next)))
    }

    /// Where an object is, for people.
    pub(super) fn place(&self, content: &Content) -> Where {
        self.place_of(content.source, &content.place)
    }

    pub(super) fn place_of(&self, source: u32, place: &Place) -> Where {
        let is_only = self.contents_of(source).len() == 1;
        let (detail, line): (Arc<str>, _) = match place {
            Place::Whole => (Arc::default(), None),
            Place::Item(at) => (format!("item {}", u64::from(*at) + 1).into(), None),
            Place::Member { path, number: 0, line } => (Arc::clone(path), Some(*line)),
            Place::Member { path, number, line } => {
                (format!("{path}, section {}", u64::from(*number) + 1).into(), Some(*line))
            }
            Place::Section { line, .. } if is_only => (Arc::default(), Some(*line)),
            Place::Section { number, line } => {
                (format!("section {}, line {line}", u64::from(*number) + 1).into(), Some(*line))
            }
        };
        Where { source, detail, line }
    }

    /// True for what is a file with a name and a mode of its own.
    pub(super) fn is_file(source: &Source) -> bool {
        source.container != Container::TlsServer && &*source.name != "-"
    }
}

/// The spans of equal sources in sorted contents.
fn spans(contents: &[Content], sources: usize) -> Vec<Range<usize>> {
    let mut spans = vec![0..0; sources];
    let mut start = 0;
    for run in contents.chunk_by(|one, next| one.source == next.source) {
        let end = start + run.len();
        if let Some(span) = run.first().and_then(|first| spans.get_mut(first.source as usize)) {
            *span = start..end;
        }
        start = end;
    }
    spans
}

/// An index; memory ends before numbers do.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn pushed<T>(list: &mut Vec<T>, item: T) -> u32 {
    list.push(item);
    number(list.len() - 1)
}
