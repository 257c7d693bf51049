//! Kubernetes control planes: the files that have to be there, and belong together.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::identity::{Digest, key_digest};
use crate::inspect::audit::material::Item;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{few, quote};
use std::collections::HashSet;

pub(super) static RULES: [SetRule; 2] = [
    SetRule {
        rule: Rule {
            id: "kubernetes-file-missing",
            severity: Severity::Error,
            scope: RuleScope::Kubernetes,
            citation: "kubernetes.io, PKI certificates and requirements",
            title: "a file of the control plane is not there",
            meaning: "The API server or the etcd that it needs does not start, as its command line names the file.",
            remedy: "Make it (`kubeadm init phase certs`), unless this control plane is laid out otherwise.",
        },
        check: files_missing,
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
            for layout in set.layouts() {
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
];

/// Files that the API server and an etcd on the same machine are told to use, and that are not there.
fn files_missing(set: &Set<'_>, findings: &mut Findings<'_>) {
    let configs = set.kubeconfigs();
    let unreadable: HashSet<&str> = set.material.unreadable.iter().map(|one| &*one.name).collect();
    let layouts = set.layouts();
    for layout in layouts.iter().filter(|layout| layout.is_control_plane(configs)) {
        // Of a folder that was not walked through some files were named, and nothing is known of the others.
        if !set.material.folders.contains(&*layout.folder) {
            continue;
        }
        let mut wanted = vec!["ca.crt", "apiserver.crt", "apiserver.key"];
        wanted.extend(["apiserver-kubelet-client.crt", "apiserver-kubelet-client.key"]);
        wanted.extend(["front-proxy-ca.crt", "front-proxy-client.crt", "front-proxy-client.key"]);
        wanted.extend(["sa.key", "sa.pub"]);
        // An etcd elsewhere has its own machine's files.
        let manifest = format!("{}manifests/etcd.yaml", layout.beside().unwrap_or_default());
        let has_etcd = ["etcd/ca.key", "etcd/server.", "etcd/peer."].iter().any(|start| layout.has(start))
            || set
                .files
                .get("etcd.yaml")
                .is_some_and(|files| files.iter().any(|(name, _)| *name == manifest));
        if has_etcd || layout.has("etcd/ca.crt") || layout.has("apiserver-etcd-client.") {
            wanted.extend(["etcd/ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"]);
        }
        if has_etcd {
            wanted.extend(["etcd/server.crt", "etcd/server.key", "etcd/peer.crt", "etcd/peer.key"]);
        }
        wanted.retain(|path| !unreadable.contains(&*format!("{}{path}", layout.folder)));
        let lacking: Vec<&str> = wanted.iter().filter(|path| layout.file(path).is_none()).copied().collect();
        let is_wrong = |path: &&&str| layout.file(path).is_some_and(|source| !holds(set, source, path));
        let wrong: Vec<&str> = wanted.iter().filter(is_wrong).copied().collect();
        let mut words = Vec::new();
        if !lacking.is_empty() {
            words.push(format!("there is no {}", few(&lacking)));
        }
        if !wrong.is_empty() {
            words.push(format!("nothing in {} can be used", few(&wrong)));
        }
        let here = layout.file("ca.crt").or_else(|| layout.files.values().next().copied());
        if let Some(here) = here.filter(|_| !words.is_empty()) {
            findings.source(here, format!("in {} {}", quote(&layout.folder), words.join("; ")), b"");
        }
    }
    // Nothing at all is left, but for what the other programs of a control plane use.
    let config = configs.iter().find(|config| config.is_of_control_plane());
    if let Some(config) =
        config.filter(|one| layouts.is_empty() && set.material.folders.contains(&*one.folder))
    {
        let message =
            format!("there are no certificates and keys in {}", quote(&format!("{}pki/", config.folder)));
        findings.source(config.source, message, b"");
    }
}

/// Whether a file has what its name says.
fn holds(set: &Set<'_>, source: u32, path: &str) -> bool {
    set.material.contents_of(source).iter().any(|content| match content.item {
        Item::Certificate(_) => !path.ends_with(".key"),
        Item::PrivateKey(_) => !path.ends_with(".crt"),
        Item::PublicKey(_) => path.ends_with(".pub"),
        Item::CertificateList(_) | Item::CertificateRequest(_) | Item::Damaged(_) => false,
    })
}
