//! Kubeconfig files: whom they believe, and whom they call.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::missing;
use crate::inspect::audit::identity::Digest;
use crate::inspect::audit::layout::Layout;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{few, quote};
use std::collections::{BTreeMap, HashMap};

pub(super) static RULES: [SetRule; 3] = [
    SetRule {
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
            let configs = set.kubeconfigs();
            for layout in set.layouts() {
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
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-server-name",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "RFC 9525, 6",
            title: "the API server's certificate is not for the host at which a kubeconfig file calls it",
            meaning: "Whoever uses the file refuses the connection. Usually the address of the node or of the load \
                      balancer was changed.",
            remedy: "Issue the certificate anew with the host among its names (`certSANs` in kubeadm's \
                     configuration), or call the API server by one of its names.",
        },
        check: server_names,
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-server-unverified",
            severity: Severity::Warning,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, kubeconfig (v1)",
            title: "a kubeconfig file lets any API server pass",
            meaning: "Whoever stands between can read along, and take the token or give orders in the user's name.",
            remedy: "Remove `insecure-skip-tls-verify`, and put pki/ca.crt into `certificate-authority-data`.",
        },
        check: |set, findings| {
            for config in set.kubeconfigs() {
                if let Some(cluster) = config.clusters.iter().find(|cluster| cluster.is_unverified) {
                    let message = format!("it does not verify the certificate of {}", quote(&cluster.host));
                    findings.source(config.source, message, b"");
                }
            }
        },
    },
];

/// Hosts of kubeconfig files, each with the API servers of the cluster: the one of the control plane beside the file,
/// or else those whose authority the file trusts, of which one has to be meant.
fn server_names(set: &Set<'_>, findings: &mut Findings<'_>) {
    /// API servers of one cluster that are looked at.
    const MOST: usize = 64;
    let layouts = set.layouts();
    let servers: Vec<(&Layout, u32)> =
        layouts.iter().filter_map(|layout| Some((layout, layout.certificate(set, "apiserver")?))).collect();
    let mut by_folder: HashMap<&str, u32> = HashMap::new();
    let mut by_authority: HashMap<Digest, Vec<u32>> = HashMap::new();
    for (layout, server) in &servers {
        if let Some(folder) = layout.beside() {
            by_folder.entry(folder).or_insert(*server);
        }
        for key in layout.authorities(set, "ca").unwrap_or_default() {
            by_authority.entry(key).or_default().push(*server);
        }
    }
    // By certificate and host, who calls so.
    let mut wrong: BTreeMap<(u32, String), Vec<String>> = BTreeMap::new();
    for config in set.kubeconfigs() {
        let beside = by_folder.get(&*config.folder).copied();
        for cluster in config.clusters.iter().filter(|one| !one.is_unverified && !one.host.is_empty()) {
            let known = cluster.authorities.iter().filter_map(|key| by_authority.get(key)).flatten().copied();
            let servers: Vec<u32> = match beside {
                Some(server) => vec![server],
                None => known.take(MOST).collect(),
            };
            let is_for_host = |server: &u32| {
                let names = set.view(*server).and_then(|view| view.subject_alternative_names());
                missing(&names.unwrap_or_default(), std::slice::from_ref(&cluster.host)).is_empty()
            };
            if let Some(server) = servers.first().filter(|_| !servers.iter().any(is_for_host)) {
                wrong.entry((*server, cluster.host.clone())).or_default().push(config.file.clone());
            }
        }
    }
    for ((server, host), mut files) in wrong {
        files.dedup();
        let message = format!("it is not for {}, the server in {}", quote(&host), few(&files));
        findings.certificate_with(server, message, host.as_bytes());
    }
}
