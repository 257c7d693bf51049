//! Authorities read once, for all the chains they stand in.

use super::constraints::{ConstrainedNames, Constraints};
use super::facts::{may_sign_certificates, unknown_critical_extension};
use super::material::Material;
use super::routes::Routes;
use super::text::{called, distinguished};
use super::weak::{weak_issuer_key, weak_signature};
use crate::inspect::view::CertificateView;
use crate::quote::{NAME_LETTERS, cut};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What chains have to know of a certificate that issued others.
#[derive(Debug)]
pub(super) struct Authority<'m> {
    pub(super) view: CertificateView<'m>,
    /// What it is called, in quotes.
    pub(super) name: String,
    /// Its distinguished name, in quotes.
    pub(super) subject: String,
    pub(super) is_authority: bool,
    pub(super) may_sign: bool,
    pub(super) unknown_critical: Option<String>,
    pub(super) path_len: Option<u32>,
    pub(super) purposes: Option<Vec<&'m [u8]>>,
    /// Why its own signature is refused though it holds.
    pub(super) weak_signature: Option<String>,
    /// Why what it signs is refused though it holds.
    pub(super) weak_key: Option<String>,
    constraints: Option<Option<Constraints>>,
    names: OnceLock<ConstrainedNames>,
}

impl<'m> Authority<'m> {
    fn new(der: &'m [u8]) -> Self {
        let view = CertificateView::new(der);
        Self {
            name: called(&view),
            subject: distinguished(view.subject),
            is_authority: view.is_authority(),
            may_sign: may_sign_certificates(&view),
            unknown_critical: unknown_critical_extension(&view)
                .map(|extension| cut(&extension.name(), NAME_LETTERS).into_owned()),
            path_len: view.basic_constraints().and_then(|constraints| constraints.path_len),
            purposes: view.extended_key_usage(),
            weak_signature: weak_signature(&view),
            weak_key: weak_issuer_key(&view),
            constraints: Constraints::of(&view),
            names: OnceLock::new(),
            view,
        }
    }

    /// Its name constraints, where it has some that can be read.
    pub(super) fn constraints(&self) -> Option<&Constraints> {
        self.constraints.as_ref()?.as_ref()
    }

    /// True where it has name constraints, and nobody can tell which.
    pub(super) fn has_unreadable_constraints(&self) -> bool {
        matches!(self.constraints, Some(None))
    }

    /// Its own names, for those above it.
    fn names(&self) -> &ConstrainedNames {
        self.names.get_or_init(|| ConstrainedNames::new(&self.view))
    }
}

/// All that stand in chains, by their index.
#[derive(Debug, Default)]
pub(super) struct Authorities<'m> {
    by_index: HashMap<u32, Authority<'m>>,
    /// What the name constraints of one, the second, have against another: many chains go this way.
    forbidden: Mutex<HashMap<(u32, u32), Option<String>>>,
}

impl<'m> Authorities<'m> {
    pub(super) fn new(material: &'m Material, routes: &Routes, groups: u32) -> Self {
        let issuers = (0..super::material::number(material.certificates.len()))
            .filter_map(|certificate| routes.issuer(certificate));
        let leading = (0..groups).flat_map(|group| routes.leading(group).iter().copied());
        let mut authorities = HashMap::new();
        for at in issuers.chain(leading) {
            if let Some(certificate) = material.certificate(at) {
                authorities.entry(at).or_insert_with(|| Authority::new(&certificate.der));
            }
        }
        Self { by_index: authorities, forbidden: Mutex::default() }
    }

    pub(super) fn get(&self, index: u32) -> Option<&Authority<'m>> {
        self.by_index.get(&index)
    }

    /// What the name constraints of the authority `above` have against the one `below`, in words that follow the
    /// name of the first.
    pub(super) fn forbid(&self, above: u32, below: u32) -> Option<String> {
        let constraints = self.get(above)?.constraints()?;
        let authority = self.get(below)?;
        let mut known = self.forbidden.lock().unwrap_or_else(PoisonError::into_inner);
        let words = known
            .entry((below, above))
            .or_insert_with(|| constraints.forbid(authority.names(), Some(&authority.name)));
        words.clone()
    }
}
