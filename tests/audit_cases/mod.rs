//! For every rule a set that breaks it, and sets that break none.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

pub(crate) mod bundle;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod crl;
pub(crate) mod etcd;
pub(crate) mod extensions;
pub(crate) mod file;
pub(crate) mod good;
pub(crate) mod keys;
pub(crate) mod kubernetes;
pub(crate) mod names;
pub(crate) mod profile;
pub(crate) mod server;
pub(crate) mod set;
pub(crate) mod web;

use crate::audit_support::Scene;

/// A set that breaks a rule.
pub(crate) struct Bad {
    /// The rule.
    pub(crate) rule: &'static str,
    /// Rules that the same set cannot but break.
    pub(crate) also: &'static [&'static str],
    /// Words of the message.
    pub(crate) says: &'static str,
    pub(crate) scene: fn() -> Scene,
}

pub(crate) fn all() -> impl Iterator<Item = &'static Bad> {
    [
        bundle::CASES,
        certificate::CASES,
        chain::CASES,
        crl::CASES,
        etcd::CASES,
        extensions::CASES,
        file::CASES,
        keys::CASES,
        kubernetes::CASES,
        names::CASES,
        profile::CASES,
        server::CASES,
        set::CASES,
        web::CASES,
    ]
    .into_iter()
    .flatten()
}
