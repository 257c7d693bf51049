//! Uses that were asked for, and of which there is nothing in the set.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::members::concerned;
use crate::inspect::audit::report::UseProfile;
use crate::inspect::audit::set::Set;
use crate::inspect::view::Role;

pub(super) static RULES: [SetRule; 1] = [SetRule {
    rule: Rule {
        id: "profile-without-subject",
        severity: Severity::Warning,
        scope: RuleScope::Set,
        citation: "practice",
        title: "there is nothing in the set of the use that was asked for",
        meaning: "The rules of the use had nothing to look at: that they are silent says nothing.",
        remedy: "Audit the folder that has the files, such as /etc/kubernetes, or leave the use out.",
    },
    check: |set, findings| {
        for (at, profile) in set.options.uses.iter().enumerate() {
            let is_repeated = set.options.uses.iter().take(at).any(|one| one == profile);
            let words = match profile {
                UseProfile::Etcd => "certificate of an etcd cluster",
                UseProfile::Kubernetes => "file of a Kubernetes control plane or node",
                UseProfile::Web => "certificate of a server",
            };
            // Without any source there is nothing at all, and others say so.
            if !is_repeated && !set.material.sources.is_empty() && !has_subject(set, *profile) {
                findings.source(0, format!("there is no {words} in the set"), words.as_bytes());
            }
        }
    },
}];

/// Whether there is anything that the rules of a use look at.
fn has_subject(set: &Set<'_>, profile: UseProfile) -> bool {
    let serves = |role| matches!(role, Role::Server | Role::Peer | Role::Any);
    let is_server = |at: u32| set.material.certificate(at).is_some_and(|one| serves(one.facts.role));
    match profile {
        UseProfile::Etcd => {
            !set.material.etcd_members.is_empty()
                || !set.uses().is_empty()
                || concerned(set).into_iter().any(is_server)
        }
        UseProfile::Kubernetes => {
            set.layouts().iter().any(|layout| layout.is_of_kubernetes(set)) || !set.kubeconfigs().is_empty()
        }
        UseProfile::Web => set.certificates().any(|(at, _)| is_server(at)),
    }
}
