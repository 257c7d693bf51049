//! Rules: one row each.

use std::fmt;
use std::str::FromStr;

/// How grave a finding is, the least grave first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// It works today, and will hurt somebody or breaks a rule.
    Warning,
    /// It does not work, or not everywhere, or is unsafe.
    Error,
    /// A secret is exposed, or trust is broken now.
    Critical,
}

impl Severity {
    /// All, the least grave first.
    pub const ALL: [Self; 4] = [Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|severity| severity.name() == text).ok_or(())
    }
}

/// What a rule looks at, and when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RuleScope {
    /// One certificate alone; always asked.
    Certificate,
    /// The whole set; always asked.
    Set,
    /// Asked with [`UseProfile::Etcd`](super::UseProfile::Etcd) only.
    Etcd,
    /// Asked with [`UseProfile::Kubernetes`](super::UseProfile::Kubernetes) only.
    Kubernetes,
    /// Asked with [`UseProfile::Web`](super::UseProfile::Web) only.
    Web,
}

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Short and stable, in lower case with hyphens: `leaf-outlives-issuer`.
    pub id: &'static str,
    /// How grave a breach is.
    pub severity: Severity,
    /// What it looks at.
    pub scope: RuleScope,
    /// Where it comes from: `RFC 5280, 4.1.2.5`; `practice` where no standard says so.
    pub citation: &'static str,
    /// What a breach is, in one clause, such as `the certificate outlives its issuer`.
    pub title: &'static str,
    /// What it means for whoever runs this, in a sentence or two.
    pub meaning: &'static str,
    /// How to mend it, in a sentence or two.
    pub remedy: &'static str,
}
