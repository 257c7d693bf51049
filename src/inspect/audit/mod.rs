//! An audit: what is wrong with a whole set of certificates, keys and revocation lists.
//!
//! [`audit()`] sorts the evidence, finds out by names, key identifiers and signatures who issued what, builds the
//! chains and asks the rules. [`rules()`] lists them all, one row each.

mod assemble;
mod authority;
mod case;
mod constraints;
mod engine;
mod facts;
mod filter;
mod finding;
mod hosts;
mod identity;
mod index;
mod issuers;
mod judge;
mod kubeconfig;
mod layout;
mod material;
mod members;
mod objects;
mod paths;
mod report;
mod revocation;
mod routes;
mod rule;
mod rules;
mod set;
mod text;
mod walk;
mod weak;
mod workers;

pub use engine::audit;
pub use filter::{Exception, Filter};
pub use report::{
    AuditOptions, AuditedCertificate, AuditedObject, Chain, Finding, Report, Subject, Suppressed, UseProfile,
    Verdict, Where,
};
pub use rule::{Rule, RuleScope, Severity};
pub use rules::rules;
