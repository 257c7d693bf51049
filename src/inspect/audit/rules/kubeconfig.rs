//! Kubeconfig files: whom they believe, and whom they call.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::layout::{Kubeconfig, Layout};
use crate::inspect::audit::text::quote;

pub(super) static RULES: [SetRule; 1] = [SetRule {
    rule: Rule {
        id: "kubernetes-kubeconfig-authority",
        severity: Severity::Error,
        scope: RuleScope::Kubernetes,
        citation: "kubernetes.io, manual rotation of CA certificates",
        title: "the authority in a kubeconfig file is not that of the cluster",
        meaning: "Whoever uses the file refuses the API server. Usually the cluster's authority was changed and \
                      the file was not.",
        remedy: "Put the contents of pki/ca.crt into `certificate-authority-data`, or make the file anew.",
    },
    check: |set, findings| {
        let configs = Kubeconfig::all(set);
        for layout in Layout::all(set) {
            let Some(authorities) = layout.authorities(set, "ca") else { continue };
            for config in configs.iter().filter(|config| layout.is_beside(config)) {
                let is_known = |at: &u32| {
                    set.material.certificate(*at).is_some_and(|one| authorities.contains(&one.facts.key))
                };
                if !config.authorities.is_empty() && !config.authorities.iter().any(is_known) {
                    let file = format!("{}ca.crt", layout.folder);
                    let message = format!("none of its authorities is in {}", quote(&file));
                    findings.source(config.source, message, b"");
                }
            }
        }
    },
}];
