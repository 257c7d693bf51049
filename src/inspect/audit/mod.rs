//! An audit: what is wrong with a whole set of certificates, keys and revocation lists.

mod filter;
mod report;
mod rule;

pub use filter::{Exception, Filter};
pub use report::{
    AuditOptions, AuditedCertificate, Chain, Finding, Report, Subject, Suppressed, UseProfile, Verdict, Where,
};
pub use rule::{Rule, RuleScope, Severity};
