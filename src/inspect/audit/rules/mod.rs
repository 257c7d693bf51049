//! The catalogue: every rule is a row, and its check stands below the words.

mod bundle;
mod certificate;
mod chain;
mod crl;
mod etcd;
mod extensions;
mod file;
mod holders;
mod keys;
mod kubeconfig;
mod kubernetes;
mod kubernetes_files;
mod names;
mod profile;
mod server;
mod set;
mod subject;
mod web;

use super::case::Case;
use super::finding::Findings;
use super::rule::{Rule, RuleScope, Severity};
use super::set::Set;

/// A rule about one certificate: the check says what is wrong, or nothing.
pub(super) struct CertificateRule {
    pub(super) rule: Rule,
    pub(super) check: fn(&Case<'_>) -> Option<String>,
}

/// A rule about the whole set.
pub(super) struct SetRule {
    pub(super) rule: Rule,
    pub(super) check: fn(&Set<'_>, &mut Findings<'_>),
}

static CERTIFICATE_RULES: [&[CertificateRule]; 7] = [
    &certificate::RULES,
    &subject::RULES,
    &names::RULES,
    &extensions::RULES,
    &keys::RULES,
    &chain::RULES,
    &web::RULES,
];
static SET_RULES: [&[SetRule]; 10] = [
    &set::RULES,
    &bundle::RULES,
    &file::RULES,
    &crl::RULES,
    &server::RULES,
    &profile::RULES,
    &etcd::RULES,
    &kubernetes::RULES,
    &kubernetes_files::RULES,
    &kubeconfig::RULES,
];

pub(super) fn certificate_rules() -> impl Iterator<Item = &'static CertificateRule> {
    CERTIFICATE_RULES.into_iter().flatten()
}

pub(super) fn set_rules() -> impl Iterator<Item = &'static SetRule> {
    SET_RULES.into_iter().flatten()
}

/// All rules: those about single certificates first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    certificate_rules().map(|rule| &rule.rule).chain(set_rules().map(|rule| &rule.rule))
}
