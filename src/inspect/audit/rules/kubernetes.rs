//! Kubernetes control planes as kubeadm lays them out: `pki/` and the kubeconfig files beside it.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::missing;
use crate::inspect::audit::kubeconfig::User;
use crate::inspect::audit::layout::{ADMINS, CLIENT, LAYOUT};
use crate::inspect::audit::material::Item;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{distinguished, few, quote};
use crate::inspect::view::{GeneralName, Purpose, common_name, name_attributes};
use std::collections::HashSet;

pub(super) static RULES: [SetRule; 8] = [
    SetRule {
        rule: Rule {
            id: "kubernetes-issuer",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "a certificate of the control plane was not issued by the authority of its place",
            meaning: "The components verify one another by these authorities and refuse the certificate. Usually \
                      the authority was changed and not everything was issued anew.",
            remedy: "Issue it anew (`kubeadm certs renew`), or put both authorities into the file until all is \
                     replaced.",
        },
        check: |set, findings| {
            let configs = set.kubeconfigs();
            for layout in set.layouts() {
                for row in &LAYOUT {
                    let Some(authorities) = layout.authorities(set, row.authority) else { continue };
                    let at = layout.certificate(set, row.path);
                    if let Some(at) = at.filter(|at| !set.is_signed_by(*at, &authorities)) {
                        let file = format!("{}{}.crt", layout.folder, row.authority);
                        findings.certificate(at, format!("no authority in {} signed it", quote(&file)));
                    }
                }
                let Some(authorities) = layout.authorities(set, "ca") else { continue };
                for config in configs.iter().filter(|one| layout.is_beside(one)) {
                    for user in
                        config.users.iter().filter(|user| !set.is_signed_by(user.certificate, &authorities))
                    {
                        let file = format!("{}ca.crt", layout.folder);
                        let message = format!("no authority in {} signed it", quote(&file));
                        findings.certificate(user.certificate, message);
                    }
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-purposes",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "a certificate of the control plane lacks a purpose",
            meaning: "The other side refuses it: servers need serverAuth, clients clientAuth, etcd's members both.",
            remedy: "Issue it anew (`kubeadm certs renew`).",
        },
        check: |set, findings| {
            let check = |findings: &mut Findings<'_>, at: u32, purposes: &[Purpose], what: &str| {
                let Some(view) = set.view(at) else { return };
                let lacking: Vec<&str> =
                    purposes.iter().filter(|one| !view.allows(**one)).map(|one| one.name()).collect();
                if !lacking.is_empty() {
                    findings.certificate(at, format!("as {what} it needs {}", few(&lacking)));
                }
            };
            for layout in set.layouts() {
                for row in &LAYOUT {
                    if let Some(at) = layout.certificate(set, row.path) {
                        check(findings, at, row.purposes, row.path);
                    }
                }
                for at in layout.kubelets(set) {
                    check(findings, at, CLIENT, "a kubelet's client");
                }
            }
            for config in set.kubeconfigs() {
                for user in &config.users {
                    check(findings, user.certificate, CLIENT, "a client");
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-subject",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "the subject of a client certificate is not the user or group that its component needs",
            meaning: "The API server takes the common name as user and the organizations as groups; with others the \
                      component may not do its work.",
            remedy: "Issue it anew with the right CN and O (`kubeadm certs renew`, `kubeadm kubeconfig`).",
        },
        check: subjects,
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-api-server-names",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "the API server's certificate lacks a name that it is called by",
            meaning: "Pods call it `kubernetes.default.svc` and by the first address of the services' network, \
                      everybody else by the names of the nodes and the load balancer. Whoever uses a name that is \
                      missing refuses the connection.",
            remedy: "Issue it anew; `certSANs` in kubeadm's configuration adds names.",
        },
        check: |set, findings| {
            for layout in set.layouts() {
                let Some(at) = layout.certificate(set, "apiserver") else { continue };
                let Some(view) = set.view(at) else { continue };
                let names = view.subject_alternative_names().unwrap_or_default();
                let wanted = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
                let mut wanted: Vec<String> = wanted.map(str::to_owned).to_vec();
                wanted.extend(set.options.hosts.iter().cloned());
                let mut lacking = missing(&names, &wanted);
                // The cluster's domain is free to choose.
                let has_domain = names.iter().any(|name| match name {
                    GeneralName::Dns(text) => text.starts_with(b"kubernetes.default.svc."),
                    _ => false,
                });
                if !has_domain {
                    lacking.push("kubernetes.default.svc.cluster.local");
                }
                if !names.iter().any(|name| name.ip().is_some_and(|ip| !ip.is_loopback())) {
                    lacking.push("the address of the service, such as 10.96.0.1");
                }
                if !lacking.is_empty() {
                    findings.certificate(at, format!("it is not for {}", few(&lacking)));
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-front-proxy-trust",
            severity: Severity::Critical,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, configure the aggregation layer",
            title: "the authority of the front proxy is that of the cluster",
            meaning: "The API server believes whoever shows a certificate of the front proxy's authority about who \
                      the user is. If it is the cluster's authority, its clients can claim to be anybody, unless \
                      the allowed common names are limited.",
            remedy: "Make an authority for the front proxy alone, and issue front-proxy-client anew by it.",
        },
        check: |set, findings| shared_authority(set, findings, "front-proxy-ca"),
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-etcd-trust",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, operating etcd clusters for Kubernetes",
            title: "the authority of etcd is that of the cluster",
            meaning: "etcd lets in whoever shows a certificate of its authority. If it is the cluster's, every \
                      client and every node of the cluster can read and write all secrets.",
            remedy: "Make an authority for etcd alone, and issue etcd's certificates and clients anew by it.",
        },
        check: |set, findings| shared_authority(set, findings, "etcd/ca"),
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-masters",
            severity: Severity::Info,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, RBAC good practices",
            title: "a certificate is of the group system:masters",
            meaning: "This group may do everything, whatever the rules say, and a certificate cannot be taken back \
                      before it ends.",
            remedy: "Keep one for emergencies (super-admin.conf), and use groups with rules for the rest.",
        },
        check: |set, findings| {
            for (at, certificate) in set.certificates() {
                let is_leaf = !certificate.facts.role.is_authority();
                if is_leaf
                    && set.view(at).is_some_and(|view| groups(view.subject).iter().any(|one| one == MASTERS))
                {
                    findings.certificate(at, "it is of the group system:masters".to_owned());
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-etcd-names",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "a certificate of etcd lacks localhost or the address of its node",
            meaning: "The API server and the probes call etcd at 127.0.0.1 or localhost, other members at the \
                      address of the node.",
            remedy: "Issue it anew (`kubeadm init phase certs etcd-server` and `etcd-peer`).",
        },
        check: |set, findings| {
            for layout in set.layouts() {
                for path in ["etcd/server", "etcd/peer"] {
                    let Some(at) = layout.certificate(set, path) else { continue };
                    let Some(view) = set.view(at) else { continue };
                    let names = view.subject_alternative_names().unwrap_or_default();
                    let mut lacking = missing(&names, &[String::from("localhost")]).len()
                        + missing(&names, &[String::from("127.0.0.1")]).len();
                    // One of both is enough for the probes.
                    lacking = lacking.saturating_sub(1);
                    let has_node = names.iter().any(|name| name.ip().is_some_and(|ip| !ip.is_loopback()));
                    let message = match (lacking > 0, has_node) {
                        (true, _) => "it is for neither localhost nor 127.0.0.1",
                        (false, false) => "it is for no address but the machine's own loop",
                        (false, true) => continue,
                    };
                    findings.certificate(at, message.to_owned());
                }
            }
        },
    },
];

const MASTERS: &str = "system:masters";

/// The organizations of a subject, which are groups to Kubernetes.
fn groups(subject: &[u8]) -> Vec<String> {
    name_attributes(subject).into_iter().filter(|one| one.kind == "O").map(|one| one.value).collect()
}

fn subjects(set: &Set<'_>, findings: &mut Findings<'_>) {
    let mut check = |at: u32, what: &str, name: &str, wanted: &[&str]| {
        let Some(view) = set.view(at) else { return };
        let own = common_name(view.subject).unwrap_or_default();
        let is_named = match name.strip_suffix('*') {
            Some(start) => own.len() > start.len() && own.starts_with(start),
            None => name.is_empty() || own == name,
        };
        let groups = groups(view.subject);
        let is_member = wanted.is_empty() || wanted.iter().any(|group| groups.iter().any(|own| own == group));
        if is_named && is_member {
            return;
        }
        let needs = match (is_named, wanted) {
            (false, _) => format!("the common name {}", name.replace('*', "NAME")),
            (true, groups) => format!("the organization {}", groups.join(" or ")),
        };
        let subject = distinguished(view.subject);
        findings.certificate_with(
            at,
            format!("as {what} it needs {needs}; it is {subject}"),
            what.as_bytes(),
        );
    };
    let configs = set.kubeconfigs();
    let kubelets = configs.iter().filter(|config| config.file == "kubelet.conf");
    let used: HashSet<u32> = kubelets.flat_map(|config| &config.users).map(|user| user.certificate).collect();
    let is_used = |at: u32| used.contains(&at);
    for layout in set.layouts() {
        for row in &LAYOUT {
            if let Some(at) = layout.certificate(set, row.path) {
                check(at, row.path, row.common_name, row.groups);
            }
        }
        for at in layout.kubelets(set).into_iter().filter(|at| !is_used(*at)) {
            check(at, "a kubelet's client", "system:node:*", &["system:nodes"]);
        }
    }
    for config in configs {
        let (name, groups): (&str, &[&str]) = match config.file.as_str() {
            "admin.conf" => ("", ADMINS),
            "super-admin.conf" => ("", &[MASTERS]),
            "controller-manager.conf" => ("system:kube-controller-manager", &[]),
            "scheduler.conf" => ("system:kube-scheduler", &[]),
            "kubelet.conf" => ("system:node:*", &["system:nodes"]),
            _ => continue,
        };
        for User { certificate } in &config.users {
            check(*certificate, &format!("the user of {}", config.file), name, groups);
        }
    }
}

/// An authority of one purpose whose key is also the cluster's.
fn shared_authority(set: &Set<'_>, findings: &mut Findings<'_>, path: &str) {
    for layout in set.layouts() {
        let Some(cluster) = layout.authorities(set, "ca") else { continue };
        let source = layout.file(&format!("{path}.crt"));
        for content in source.map(|source| set.material.contents_of(source)).unwrap_or_default() {
            let Item::Certificate(at) = content.item else { continue };
            if set.material.certificate(at).is_some_and(|one| cluster.contains(&one.facts.key)) {
                let message =
                    format!("the key in {path}.crt is that of an authority in {}ca.crt", layout.folder);
                findings.certificate_at(at, content, message);
            }
        }
    }
}
