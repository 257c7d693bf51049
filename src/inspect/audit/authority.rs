//! Authorities read once, for all the chains they stand in.

use super::facts::{may_sign_certificates, unknown_critical_extension};
use super::material::Material;
use super::routes::Routes;
use super::text::called;
use super::weak::{weak_issuer_key, weak_signature};
use crate::inspect::view::CertificateView;
use crate::model::{Host, NameConstraints, Violation};
use crate::x509::extension::NAME_CONSTRAINTS;
use crate::x509::{DistinguishedName, read_directory_constraints, read_name_constraints};
use std::collections::HashMap;

/// Names times constraints that are compared for one certificate below one authority.
const MOST_COMPARISONS: usize = 1 << 16;

/// What chains have to know of a certificate that issued others.
#[derive(Debug)]
pub(super) struct Authority<'m> {
    pub(super) view: CertificateView<'m>,
    /// What it is called, in quotes.
    pub(super) name: String,
    pub(super) is_authority: bool,
    pub(super) may_sign: bool,
    pub(super) unknown_critical: Option<String>,
    pub(super) path_len: Option<u32>,
    pub(super) purposes: Option<Vec<&'m [u8]>>,
    /// Why its own signature is refused though it holds.
    pub(super) weak_signature: Option<String>,
    /// Why what it signs is refused though it holds.
    pub(super) weak_key: Option<String>,
    constraints: Option<NameConstraints>,
    directories: [Vec<DistinguishedName>; 2],
}

impl<'m> Authority<'m> {
    fn new(der: &'m [u8]) -> Self {
        let view = CertificateView::new(der);
        let constraints = view.extension(NAME_CONSTRAINTS.as_bytes()).map(|extension| extension.value);
        Self {
            name: called(&view),
            is_authority: view.is_authority(),
            may_sign: may_sign_certificates(&view),
            unknown_critical: unknown_critical_extension(&view).map(|extension| extension.name()),
            path_len: view.basic_constraints().and_then(|constraints| constraints.path_len),
            purposes: view.extended_key_usage(),
            weak_signature: weak_signature(&view),
            weak_key: weak_issuer_key(&view),
            constraints: constraints.and_then(read_name_constraints),
            directories: constraints.and_then(read_directory_constraints).unwrap_or_default(),
            view,
        }
    }

    pub(super) fn has_constraints(&self) -> bool {
        self.constraints.is_some()
    }

    /// What its name constraints have against the names of a certificate below it, in words that follow the
    /// name of the authority.
    pub(super) fn forbids(&self, hosts: &[Host], subject: &[u8]) -> Option<String> {
        let [permitted, excluded] = &self.directories;
        if !permitted.is_empty() || !excluded.is_empty() {
            let subject = DistinguishedName::from_der(subject).unwrap_or_default();
            let below = |names: &[DistinguishedName]| names.iter().any(|name| subject.is_within(name));
            if !subject.is_empty() && below(excluded) {
                return Some("excludes its subject".to_owned());
            }
            if !subject.is_empty() && !permitted.is_empty() && !below(permitted) {
                return Some("does not permit its subject".to_owned());
            }
        }
        let constraints = self.constraints.as_ref()?;
        let count = constraints.permitted.len().saturating_add(constraints.excluded.len());
        if count.saturating_mul(hosts.len()) > MOST_COMPARISONS {
            return Some("has too many name constraints to be compared with its names".to_owned());
        }
        hosts.iter().find_map(|host| match constraints.check(host) {
            Ok(()) => None,
            Err(Violation::Excluded(subtree)) => {
                Some(format!("excludes {subtree}, and with it {}", host_text(host)))
            }
            Err(Violation::NotPermitted) => Some(format!("does not permit {}", host_text(host))),
        })
    }
}

fn host_text(host: &Host) -> String {
    match host {
        Host::Dns(name) | Host::Email(name) | Host::Uri(name) => crate::inspect::audit::text::quote(name),
        Host::Ip(address) => address.to_string(),
    }
}

/// All that stand in chains, by their index.
#[derive(Debug, Default)]
pub(super) struct Authorities<'m>(HashMap<u32, Authority<'m>>);

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
        Self(authorities)
    }

    pub(super) fn get(&self, index: u32) -> Option<&Authority<'m>> {
        self.0.get(&index)
    }
}
