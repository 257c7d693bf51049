//! Kubernetes control planes as kubeadm lays them out: `pki/` and the kubeconfig files beside it.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::missing;
use crate::inspect::audit::identity::{Digest, key_digest};
use crate::inspect::audit::layout::{Kubeconfig, Layout, User};
use crate::inspect::audit::material::Item;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{distinguished, few, quote};
use crate::inspect::view::{GeneralName, Purpose, common_name, name_attributes};
use std::collections::HashSet;

/// A certificate of the layout: its path below `pki/` without `.crt`, the path of its authority, what it is for.
struct Row {
    path: &'static str,
    authority: &'static str,
    purposes: &'static [Purpose],
    /// The groups of which the subject has to have one; empty for any.
    groups: &'static [&'static str],
    /// The common name; empty for any.
    common_name: &'static str,
}

const SERVER: &[Purpose] = &[Purpose::ServerAuth];
const CLIENT: &[Purpose] = &[Purpose::ClientAuth];
const BOTH: &[Purpose] = &[Purpose::ServerAuth, Purpose::ClientAuth];
const ADMINS: &[&str] = &["system:masters", "kubeadm:cluster-admins"];

/// kubernetes.io, PKI certificates and requirements.
const LAYOUT: [Row; 7] = [
    row("apiserver", "ca", SERVER, &[], ""),
    row("apiserver-kubelet-client", "ca", CLIENT, ADMINS, ""),
    row("front-proxy-client", "front-proxy-ca", CLIENT, &[], "front-proxy-client"),
    row("apiserver-etcd-client", "etcd/ca", CLIENT, &[], ""),
    row("etcd/server", "etcd/ca", BOTH, &[], ""),
    row("etcd/peer", "etcd/ca", BOTH, &[], ""),
    row("etcd/healthcheck-client", "etcd/ca", CLIENT, &[], ""),
];

const fn row(
    path: &'static str,
    authority: &'static str,
    purposes: &'static [Purpose],
    groups: &'static [&'static str],
    common_name: &'static str,
) -> Row {
    Row { path, authority, purposes, groups, common_name }
}

pub(super) static RULES: [SetRule; 11] = [
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
            let configs = Kubeconfig::all(set);
            for layout in Layout::all(set) {
                for row in &LAYOUT {
                    let Some(authorities) = keys_of(set, &layout, row.authority) else { continue };
                    for at in certificates_of(set, &layout, row.path) {
                        if !is_signed_by(set, at, &authorities) {
                            let file = format!("{}{}.crt", layout.folder, row.authority);
                            findings.certificate(at, format!("no authority in {} signed it", quote(&file)));
                        }
                    }
                }
                let Some(authorities) = keys_of(set, &layout, "ca") else { continue };
                for config in configs.iter().filter(|one| layout.is_beside(one)) {
                    for user in
                        config.users.iter().filter(|user| !is_signed_by(set, user.certificate, &authorities))
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
            for layout in Layout::all(set) {
                for row in &LAYOUT {
                    for at in certificates_of(set, &layout, row.path) {
                        check(findings, at, row.purposes, row.path);
                    }
                }
                for at in kubelets(set, &layout) {
                    check(findings, at, CLIENT, "a kubelet's client");
                }
            }
            for config in Kubeconfig::all(set) {
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
            for layout in Layout::all(set) {
                for at in certificates_of(set, &layout, "apiserver") {
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
                let Some(authorities) = keys_of(set, &layout, "ca") else { continue };
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
            id: "kubernetes-file-missing",
            severity: Severity::Warning,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "a file of the control plane is not there",
            meaning: "The component that needs it does not start, or starts without what it is for.",
            remedy: "Make it (`kubeadm init phase certs`), unless this control plane is laid out otherwise.",
        },
        check: |set, findings| {
            for layout in Layout::all(set) {
                // Without the API server's certificate this is another folder of the name.
                let Some(here) = layout.file("apiserver.crt") else { continue };
                let mut wanted = vec![
                    "ca.crt",
                    "apiserver.key",
                    "apiserver-kubelet-client.crt",
                    "apiserver-kubelet-client.key",
                ];
                wanted.extend(["front-proxy-ca.crt", "front-proxy-client.crt", "front-proxy-client.key"]);
                wanted.extend(["sa.key", "sa.pub"]);
                if layout.has_folder("etcd/") {
                    wanted.extend(["etcd/ca.crt", "etcd/server.crt", "etcd/server.key", "etcd/peer.crt"]);
                    wanted.extend([
                        "etcd/peer.key",
                        "apiserver-etcd-client.crt",
                        "apiserver-etcd-client.key",
                    ]);
                }
                let lacking: Vec<&str> =
                    wanted.into_iter().filter(|path| layout.file(path).is_none()).collect();
                if !lacking.is_empty() {
                    let message = format!("beside it there is no {}", few(&lacking));
                    findings.source(here, message, b"");
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "kubernetes-service-account-keys",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "the two keys of service accounts do not belong together",
            meaning: "The API server refuses the tokens that the controller manager signs: no pod can call it.",
            remedy: "Write sa.pub anew: `openssl pkey -in sa.key -pubout -out sa.pub`.",
        },
        check: |set, findings| {
            for layout in Layout::all(set) {
                let (Some(private), Some(public)) = (layout.file("sa.key"), layout.file("sa.pub")) else {
                    continue;
                };
                let private =
                    set.material.contents_of(private).iter().find_map(|content| match content.item {
                        Item::PrivateKey(at) => set.material.private_keys.get(at as usize)?.key,
                        _ => None,
                    });
                let contents = set.material.contents_of(public).iter();
                let publics: Vec<Digest> = contents
                    .filter_map(|content| match content.item {
                        Item::PublicKey(at) => {
                            set.material.public_keys.get(at as usize).map(|der| key_digest(der))
                        }
                        Item::Certificate(at) => set.material.certificate(at).map(|one| one.facts.key),
                        _ => None,
                    })
                    .collect();
                if let Some(private) = private
                    && !publics.is_empty()
                    && !publics.contains(&private)
                {
                    findings.source(public, "it is not the public half of sa.key".to_owned(), b"");
                }
            }
        },
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
            for layout in Layout::all(set) {
                for path in ["etcd/server", "etcd/peer"] {
                    for at in certificates_of(set, &layout, path) {
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
            }
        },
    },
];

const MASTERS: &str = "system:masters";

/// The certificates in a file of the layout that are no authorities, by the path without `.crt`.
fn certificates_of(set: &Set<'_>, layout: &Layout, path: &str) -> Vec<u32> {
    let source = layout.file(&format!("{path}.crt"));
    let first = source.and_then(|source| {
        set.material.contents_of(source).iter().find_map(|content| match content.item {
            Item::Certificate(at) => Some(at),
            _ => None,
        })
    });
    first.into_iter().collect()
}

/// The keys of the authorities in a file of the layout; `None` where there are none.
fn keys_of(set: &Set<'_>, layout: &Layout, path: &str) -> Option<HashSet<Digest>> {
    let source = layout.file(&format!("{path}.crt"))?;
    let keys: HashSet<Digest> = set
        .material
        .contents_of(source)
        .iter()
        .filter_map(|content| match content.item {
            Item::Certificate(at) => set.material.certificate(at),
            _ => None,
        })
        .filter(|certificate| certificate.facts.role.is_authority())
        .map(|certificate| certificate.facts.key)
        .collect();
    (!keys.is_empty()).then_some(keys)
}

/// Whether one of the keys signed the certificate or an authority above it.
fn is_signed_by(set: &Set<'_>, certificate: u32, keys: &HashSet<Digest>) -> bool {
    let signer = |at: u32| set.signer(at).and_then(|group| set.index.group(group)).map(|group| group.key);
    let above = set.routes.above(certificate);
    std::iter::once(certificate).chain(above).filter_map(signer).any(|key| keys.contains(&key))
}

/// `kubelet-client-current.pem` and its like, below any `pki/`.
fn kubelets(set: &Set<'_>, layout: &Layout) -> Vec<u32> {
    let files = layout.files.iter().filter(|(path, _)| path.starts_with("kubelet-client"));
    let contents = files.flat_map(|(_, source)| set.material.contents_of(*source));
    contents
        .filter_map(|content| match content.item {
            Item::Certificate(at) => Some(at),
            _ => None,
        })
        .collect()
}

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
    for layout in Layout::all(set) {
        for row in &LAYOUT {
            for at in certificates_of(set, &layout, row.path) {
                check(at, row.path, row.common_name, row.groups);
            }
        }
        for at in kubelets(set, &layout) {
            check(at, "a kubelet's client", "system:node:*", &["system:nodes"]);
        }
    }
    for config in Kubeconfig::all(set) {
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
    for layout in Layout::all(set) {
        let Some(cluster) = keys_of(set, &layout, "ca") else { continue };
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
