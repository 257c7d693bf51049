//! The whole set as rules see it.

use super::authority::Authorities;
use super::identity::Digest;
use super::index::Index;
use super::issuers::{self, Link};
use super::kubeconfig::Kubeconfig;
use super::layout::Layout;
use super::material::{Certificate, Item, Material, number};
use super::members::{self, Used};
use super::paths::{file_name, folder, shared_beginning, shared_end};
use super::report::AuditOptions;
use super::revocation::{self, Revocations};
use super::routes::{Routes, issuing_group};
use crate::inspect::evidence::Source;
use crate::inspect::view::CertificateView;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Everything that was found out before the rules are asked.
pub(super) struct Set<'s> {
    pub(super) material: &'s Material,
    pub(super) options: &'s AuditOptions,
    pub(super) index: &'s Index,
    pub(super) links: &'s [Link],
    pub(super) routes: &'s Routes,
    pub(super) authorities: &'s Authorities<'s>,
    /// Where the private keys are whose public half is known: indices in [`Material::contents`].
    pub(super) private_keys: &'s HashMap<Digest, Vec<u32>>,
    pub(super) revocations: &'s [Revocations],
    /// Files by their names without folders, each with its whole name.
    pub(super) files: HashMap<&'s str, Vec<(&'s str, u32)>>,
    /// What the rules of uses look at, found where the first of them asks.
    pub(super) of_uses: OfUses,
}

/// How etcd and Kubernetes use the files of a set.
#[derive(Default)]
pub(super) struct OfUses {
    members: OnceLock<Vec<Used>>,
    layouts: OnceLock<Vec<Layout>>,
    kubeconfigs: OnceLock<Vec<Kubeconfig>>,
}

/// Who issued what.
pub(super) struct Relations {
    pub(super) index: Index,
    pub(super) links: Vec<Link>,
    pub(super) routes: Routes,
    pub(super) private_keys: HashMap<Digest, Vec<u32>>,
    pub(super) revocations: Vec<Revocations>,
    /// How many signatures were checked.
    pub(super) checks: u64,
}

impl Relations {
    pub(super) fn new(material: &Material, options: &AuditOptions) -> Self {
        let index = Index::new(material);
        let (links, checks) = issuers::find(material, &index, options.threads);
        let routes = Routes::new(material, &index, &links);
        let mut private_keys: HashMap<Digest, Vec<u32>> = HashMap::new();
        for (at, content) in (0u32..).zip(&material.contents) {
            let Item::PrivateKey(key) = content.item else { continue };
            if let Some(key) = material.private_keys.get(key as usize).and_then(|key| key.key) {
                private_keys.entry(key).or_default().push(at);
            }
        }
        let revocations = revocation::read(material, &index, |at| signer(&index, &links, at));
        Self { index, links, routes, private_keys, revocations, checks }
    }

    /// How many groups of issuers there are.
    pub(super) fn groups(&self) -> u32 {
        number(self.index.groups.len())
    }
}

impl<'s> Set<'s> {
    /// Which certificates etcd's members use, and for what.
    pub(super) fn uses(&self) -> &[Used] {
        self.of_uses.members.get_or_init(|| members::uses(self))
    }

    /// The control planes of Kubernetes.
    pub(super) fn layouts(&self) -> &[Layout] {
        self.of_uses.layouts.get_or_init(|| Layout::all(self))
    }

    /// The kubeconfig files.
    pub(super) fn kubeconfigs(&self) -> &[Kubeconfig] {
        self.of_uses.kubeconfigs.get_or_init(|| Kubeconfig::all(self))
    }

    /// The certificates that were found, those that are only trusted left out.
    pub(super) fn certificates(&self) -> impl Iterator<Item = (u32, &'s Certificate)> {
        (0u32..).zip(&self.material.certificates).filter(|(_, certificate)| !certificate.places.is_empty())
    }

    pub(super) fn view(&self, certificate: u32) -> Option<CertificateView<'s>> {
        self.material.certificate(certificate).map(|certificate| CertificateView::new(&certificate.der))
    }

    /// What a certificate is called, in quotes.
    pub(super) fn called(&self, certificate: u32) -> String {
        self.view(certificate).map_or_else(String::new, |view| super::text::called(&view))
    }

    pub(super) fn link(&self, certificate: u32) -> Link {
        self.links.get(certificate as usize).copied().unwrap_or(Link::Unknown)
    }

    /// The group of who signed a certificate, itself included.
    pub(super) fn signer(&self, certificate: u32) -> Option<u32> {
        signer(self.index, self.links, certificate)
    }

    /// Whether one of the keys signed the certificate or an authority above it, by signatures that were checked.
    pub(super) fn is_signed_by(&self, certificate: u32, keys: &HashSet<Digest>) -> bool {
        let is_checked = |at: &u32| matches!(self.link(*at), Link::Own | Link::Signed { .. });
        let signer =
            |at: u32| self.signer(at).and_then(|group| self.index.group(group)).map(|group| group.key);
        let above = self.routes.above(certificate);
        let chain = std::iter::once(certificate).chain(above).take_while(is_checked);
        chain.filter_map(signer).any(|key| keys.contains(&key))
    }

    /// The certificate that a program takes from a file as its own: the first.
    pub(super) fn first_certificate(&self, source: u32) -> Option<u32> {
        self.material.contents_of(source).iter().find_map(|content| match content.item {
            Item::Certificate(at) => Some(at),
            _ => None,
        })
    }

    /// The keys of the authorities in a file.
    pub(super) fn authority_keys(&self, source: u32) -> HashSet<Digest> {
        let certificates =
            self.material.contents_of(source).iter().filter_map(|content| match content.item {
                Item::Certificate(at) => self.material.certificate(at),
                _ => None,
            });
        let authorities = certificates.filter(|certificate| certificate.facts.role.is_authority());
        authorities.map(|certificate| certificate.facts.key).collect()
    }

    pub(super) fn has_private_key(&self, key: Digest) -> bool {
        self.private_keys.contains_key(&key)
    }

    /// The file that a configuration in the source `named_by` calls `path`, from wherever it was read: with the most
    /// folders in common, and of several such the one nearest to the configuration.
    pub(super) fn file(&self, path: &str, named_by: u32) -> Option<u32> {
        self.named_file(path, named_by).map(|(_, at)| at)
    }

    /// As [`Self::file`], with the whole name of the file.
    fn named_file(&self, path: &str, named_by: u32) -> Option<(&'s str, u32)> {
        /// Files of one name that are compared.
        const MOST: usize = 256;
        let near = self.source(named_by).map_or("", |source| &*source.name);
        let candidates = self.files.get(file_name(path))?.iter().take(MOST);
        let rank = |(name, at): &&(&str, u32)| {
            (shared_end(name, path), shared_beginning(name, near), std::cmp::Reverse(*at))
        };
        candidates.max_by_key(rank).copied()
    }

    /// The file that a configuration in the source `named_by` calls `path`, where its own path is the one that is
    /// meant, below the root of a machine or of a copy of one.
    pub(super) fn file_itself(&self, path: &str, named_by: u32) -> Option<u32> {
        let (name, at) = self.named_file(path, named_by)?;
        let is_itself = match path.strip_prefix('/') {
            Some(_) => name.ends_with(path),
            None => {
                let near = folder(&self.source(named_by)?.name);
                name.strip_prefix(near) == Some(path.strip_prefix("./").unwrap_or(path))
            }
        };
        is_itself.then_some(at)
    }

    pub(super) fn source(&self, source: u32) -> Option<&'s Source> {
        self.material.source(source)
    }
}

fn signer(index: &Index, links: &[Link], certificate: u32) -> Option<u32> {
    match links.get(certificate as usize)? {
        Link::Own => index.group_of(certificate),
        _ => issuing_group(links, certificate),
    }
}

/// Files by their names without folders.
pub(super) fn files(material: &Material) -> HashMap<&str, Vec<(&str, u32)>> {
    let mut files: HashMap<&str, Vec<(&str, u32)>> = HashMap::new();
    for (name, at) in material.names() {
        files.entry(file_name(name)).or_default().push((name, at));
    }
    files
}
