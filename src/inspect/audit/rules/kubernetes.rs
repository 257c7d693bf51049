//! What a control plane as kubeadm lays it out asks of its certificates.

use super::SetRule;
use crate::inspect::audit::files::{directory, file_name, leaf_of};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::covers;
use crate::inspect::audit::identity::key_digest;
use crate::inspect::audit::material::{Content, Item};
use crate::inspect::audit::rule::{Rule, RuleScope, Severity};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::few;
use crate::inspect::evidence::{Container, Place};
use crate::inspect::view::{Purpose, common_name, name_attributes};
use crate::json::quote;

/// A certificate below `pki`.
struct Slot {
    file: &'static str,
    /// The file of the authority that issues it.
    authority: &'static str,
    purposes: &'static [Purpose],
    /// Names that it must be for.
    hosts: &'static [&'static str],
    /// The common name that others rely on; empty for any.
    common_name: &'static str,
    /// One of these organizations, which are groups; empty for any.
    groups: &'static [&'static str],
}

const CLIENT: &[Purpose] = &[Purpose::ClientAuth];
const SERVER: &[Purpose] = &[Purpose::ServerAuth];
const BOTH: &[Purpose] = &[Purpose::ServerAuth, Purpose::ClientAuth];
const ADMINISTRATORS: &[&str] = &["system:masters", "kubeadm:cluster-admins"];

const SLOTS: [Slot; 7] = [
    Slot {
        file: "apiserver.crt",
        authority: "ca.crt",
        purposes: SERVER,
        hosts: &["kubernetes", "kubernetes.default", "kubernetes.default.svc"],
        common_name: "",
        groups: &[],
    },
    Slot {
        file: "apiserver-kubelet-client.crt",
        authority: "ca.crt",
        purposes: CLIENT,
        hosts: &[],
        common_name: "",
        groups: ADMINISTRATORS,
    },
    Slot {
        file: "front-proxy-client.crt",
        authority: "front-proxy-ca.crt",
        purposes: CLIENT,
        hosts: &[],
        common_name: "front-proxy-client",
        groups: &[],
    },
    Slot {
        file: "apiserver-etcd-client.crt",
        authority: "etcd/ca.crt",
        purposes: CLIENT,
        hosts: &[],
        common_name: "",
        groups: &[],
    },
    Slot {
        file: "etcd/server.crt",
        authority: "etcd/ca.crt",
        purposes: BOTH,
        hosts: &["localhost", "127.0.0.1"],
        common_name: "",
        groups: &[],
    },
    Slot {
        file: "etcd/peer.crt",
        authority: "etcd/ca.crt",
        purposes: BOTH,
        hosts: &[],
        common_name: "",
        groups: &[],
    },
    Slot {
        file: "etcd/healthcheck-client.crt",
        authority: "etcd/ca.crt",
        purposes: CLIENT,
        hosts: &[],
        common_name: "",
        groups: &[],
    },
];

/// Who a kubeconfig file makes its reader: file, common name (or the beginning of it), group.
const USERS: [(&str, &str, &[&str]); 6] = [
    ("admin.conf", "", ADMINISTRATORS),
    ("super-admin.conf", "", &["system:masters"]),
    ("controller-manager.conf", "system:kube-controller-manager", &[]),
    ("scheduler.conf", "system:kube-scheduler", &[]),
    ("kubelet.conf", "system:node:", &["system:nodes"]),
    ("bootstrap-kubelet.conf", "", &[]),
];

/// A control plane: the folder `pki`, and what stands in it.
struct Plane {
    folder: String,
}

impl Plane {
    /// Every folder with an authority and a certificate that only a control plane has.
    fn all(set: &Set<'_>) -> Vec<Self> {
        let mut planes: Vec<Self> = Vec::new();
        for source in &set.material.sources {
            if file_name(&source.name) != "ca.crt" {
                continue;
            }
            let plane = Self { folder: directory(&source.name).to_owned() };
            let marks = ["apiserver.crt", "apiserver-kubelet-client.crt", "front-proxy-ca.crt"];
            if marks.iter().any(|file| plane.source(set, file).is_some()) {
                planes.push(plane);
            }
        }
        planes
    }

    fn path(&self, file: &str) -> String {
        if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) }
    }

    fn source(&self, set: &Set<'_>, file: &str) -> Option<u32> {
        let path = self.path(file);
        let position = set.material.sources.iter().position(|source| *source.name == path)?;
        u32::try_from(position).ok()
    }

    fn certificate(&self, set: &Set<'_>, file: &str) -> Option<u32> {
        leaf_of(set, self.source(set, file)?)
    }

    /// All authorities in a file: while they change, there are two.
    fn authorities(&self, set: &Set<'_>, file: &str) -> Vec<u32> {
        let Some(source) = self.source(set, file) else { return Vec::new() };
        certificates(set.material.contents_of(source)).collect()
    }
}

fn certificates(contents: &[Content]) -> impl Iterator<Item = u32> {
    contents.iter().filter_map(|content| match content.item {
        Item::Certificate(index) => Some(index),
        _ => None,
    })
}

fn is_issued_by_one_of(set: &Set<'_>, certificate: u32, authorities: &[u32]) -> bool {
    let signer = set.signer(certificate);
    signer.is_some() && authorities.iter().any(|authority| set.index.group_of(*authority) == signer)
}

/// A certificate and an authority's certificates in one kubeconfig file.
struct Config {
    source: u32,
    user: Option<u32>,
    authorities: Vec<u32>,
}

fn configs<'s>(set: &'s Set<'_>) -> impl Iterator<Item = Config> + use<'s> {
    let sources = (0u32..).zip(&set.material.sources);
    let kubeconfigs = sources.filter(|(_, source)| source.container == Container::Kubeconfig);
    kubeconfigs.map(|(source, _)| {
        let mut config = Config { source, user: None, authorities: Vec::new() };
        for content in set.material.contents_of(source) {
            let (Item::Certificate(index), Place::Member { path, .. }) = (content.item, &content.place)
            else {
                continue;
            };
            if path.contains("certificate-authority-data") {
                config.authorities.push(index);
            } else if path.contains("client-certificate-data") && config.user.is_none() {
                config.user = Some(index);
            }
        }
        config
    })
}

/// The control plane that a kubeconfig file belongs to: the one beside it, or else the only one.
fn plane_of<'p>(set: &Set<'_>, planes: &'p [Plane], source: u32) -> Option<&'p Plane> {
    let folder = set.source(source).map(|source| directory(&source.name))?;
    let beside = if folder.is_empty() { "pki".to_owned() } else { format!("{folder}/pki") };
    let found = planes.iter().find(|plane| plane.folder == beside);
    found.or(match planes {
        [only] => Some(only),
        _ => None,
    })
}

fn check_issuers(set: &Set<'_>, findings: &mut Findings<'_>) {
    let planes = Plane::all(set);
    for plane in &planes {
        for slot in &SLOTS {
            let authorities = plane.authorities(set, slot.authority);
            let Some(certificate) = plane.certificate(set, slot.file) else { continue };
            if !authorities.is_empty() && !is_issued_by_one_of(set, certificate, &authorities) {
                let message = format!(
                    "{} was not issued by the authority in {}",
                    plane.path(slot.file),
                    plane.path(slot.authority)
                );
                findings.certificate_with(certificate, message, slot.file.as_bytes());
            }
        }
    }
    for config in configs(set) {
        let Some(plane) = plane_of(set, &planes, config.source) else { continue };
        let authorities = plane.authorities(set, "ca.crt");
        let (Some(user), Some(source)) = (config.user, set.source(config.source)) else { continue };
        if !authorities.is_empty() && !is_issued_by_one_of(set, user, &authorities) {
            let message = format!(
                "the client certificate in {} was not issued by the authority in {}",
                source.name,
                plane.path("ca.crt")
            );
            findings.certificate_with(user, message, b"kubeconfig");
        }
    }
}

fn check_config_authorities(set: &Set<'_>, findings: &mut Findings<'_>) {
    let planes = Plane::all(set);
    for config in configs(set) {
        let Some(plane) = plane_of(set, &planes, config.source) else { continue };
        let authorities = plane.authorities(set, "ca.crt");
        let knows = |authority: &u32| {
            config.authorities.iter().any(|own| set.index.group_of(*own) == set.index.group_of(*authority))
        };
        if !config.authorities.is_empty() && !authorities.is_empty() && !authorities.iter().any(knows) {
            let message =
                format!("its certificate-authority-data is not the authority in {}", plane.path("ca.crt"));
            findings.source(config.source, message, b"");
        }
    }
}

fn check_usages(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        for slot in &SLOTS {
            let Some(certificate) = plane.certificate(set, slot.file) else { continue };
            let Some(view) = set.view(certificate) else { continue };
            let lacking: Vec<&str> = slot
                .purposes
                .iter()
                .filter(|purpose| !view.allows(**purpose))
                .map(|purpose| if *purpose == Purpose::ServerAuth { "server auth" } else { "client auth" })
                .collect();
            if !lacking.is_empty() {
                let message = format!("{} lacks {}", plane.path(slot.file), lacking.join(" and "));
                findings.certificate_with(certificate, message, slot.file.as_bytes());
            }
        }
    }
}

fn check_hosts(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        for slot in &SLOTS {
            let Some(certificate) = plane.certificate(set, slot.file) else { continue };
            let Some(view) = set.view(certificate) else { continue };
            let own = slot.hosts.iter().map(|host| (*host).to_owned());
            let is_api = slot.file == "apiserver.crt";
            let asked = set.options.hosts.iter().filter(|_| is_api).cloned();
            let mut missing: Vec<String> =
                own.chain(asked).filter(|host| !covers(&view, host)).map(|host| quote(&host)).collect();
            let names = view.subject_alternative_names().unwrap_or_default();
            if is_api && !names.iter().any(|name| name.ip().is_some()) {
                missing.push("the address of the service, such as 10.96.0.1".to_owned());
            }
            if !missing.is_empty() {
                let message = format!("{} is not for {}", plane.path(slot.file), few(&missing));
                findings.certificate_with(certificate, message, slot.file.as_bytes());
            }
        }
    }
}

/// What is wrong with who a certificate says its owner is.
fn wrong_identity(set: &Set<'_>, certificate: u32, name: &str, groups: &[&str]) -> Option<String> {
    let view = set.view(certificate)?;
    let own = common_name(view.subject).unwrap_or_default();
    let is_named = match name.strip_suffix(':') {
        Some(_) => own.len() > name.len() && own.starts_with(name),
        None => name.is_empty() || own == name,
    };
    if !is_named {
        let wanted = if name.ends_with(':') { format!("{name}NODE") } else { name.to_owned() };
        return Some(format!("its common name is {} where {} is expected", quote(&own), quote(&wanted)));
    }
    let organizations = name_attributes(view.subject);
    let is_member = organizations
        .iter()
        .any(|attribute| attribute.kind == "O" && groups.contains(&attribute.value.as_str()));
    (!groups.is_empty() && !is_member).then(|| format!("its organization is not {}", groups.join(" or ")))
}

fn check_identities(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        for slot in &SLOTS {
            let Some(certificate) = plane.certificate(set, slot.file) else { continue };
            if let Some(words) = wrong_identity(set, certificate, slot.common_name, slot.groups) {
                let message = format!("{}: {words}", plane.path(slot.file));
                findings.certificate_with(certificate, message, slot.file.as_bytes());
            }
        }
    }
    for config in configs(set) {
        let (Some(user), Some(source)) = (config.user, set.source(config.source)) else { continue };
        let known = USERS.iter().find(|(file, ..)| *file == file_name(&source.name));
        let Some((file, name, groups)) = known else { continue };
        if let Some(words) = wrong_identity(set, user, name, groups) {
            findings.certificate_with(user, format!("{}: {words}", source.name), file.as_bytes());
        }
    }
    // The certificates that kubelets fetch for themselves.
    for (source, found) in (0u32..).zip(&set.material.sources) {
        if !file_name(&found.name).starts_with("kubelet-client-") {
            continue;
        }
        let Some(certificate) = leaf_of(set, source) else { continue };
        if let Some(words) = wrong_identity(set, certificate, "system:node:", &["system:nodes"]) {
            findings.certificate_with(certificate, format!("{}: {words}", found.name), b"kubelet");
        }
    }
}

fn check_front_proxy(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        let cluster = plane.authorities(set, "ca.crt");
        for proxy in plane.authorities(set, "front-proxy-ca.crt") {
            let key = |at: u32| set.material.certificate(at).map(|found| found.facts.key);
            if cluster.iter().any(|authority| key(*authority) == key(proxy)) {
                let message = format!(
                    "{} and {} are one authority",
                    plane.path("front-proxy-ca.crt"),
                    plane.path("ca.crt")
                );
                findings.certificate(proxy, message);
            }
        }
    }
}

fn check_service_accounts(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        let (Some(private), Some(public)) = (plane.source(set, "sa.key"), plane.source(set, "sa.pub")) else {
            continue;
        };
        let private_half = set.material.contents_of(private).iter().find_map(|content| match content.item {
            Item::PrivateKey(key) => set.material.private_keys.get(key as usize)?.key,
            _ => None,
        });
        let public_half = set.material.contents_of(public).iter().find_map(|content| match content.item {
            Item::PublicKey(key) => set.material.public_keys.get(key as usize).map(|key| key_digest(key)),
            Item::Certificate(index) => set.material.certificate(index).map(|found| found.facts.key),
            _ => None,
        });
        if let (Some(private_half), Some(public_half)) = (private_half, public_half)
            && private_half != public_half
        {
            let message =
                format!("{} is not the public half of {}", plane.path("sa.pub"), plane.path("sa.key"));
            findings.source(public, message, b"");
        }
    }
}

fn check_files(set: &Set<'_>, findings: &mut Findings<'_>) {
    for plane in Plane::all(set) {
        let Some(authority) = plane.source(set, "ca.crt") else { continue };
        let has_etcd = plane.source(set, "etcd/ca.crt").is_some();
        let mut missing: Vec<&str> = SLOTS
            .iter()
            .map(|slot| slot.file)
            .chain(["front-proxy-ca.crt", "sa.key", "sa.pub"])
            // With an etcd elsewhere its certificates are elsewhere too.
            .filter(|file| has_etcd || !file.starts_with("etcd/") && *file != "apiserver-etcd-client.crt")
            .filter(|file| plane.source(set, file).is_none())
            .collect();
        missing.sort_unstable();
        if !missing.is_empty() {
            let message = format!("{} lacks {}", plane.path("").trim_end_matches('/'), few(&missing));
            findings.source(authority, message, b"");
        }
    }
}

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    meaning: &'static str,
    remedy: &'static str,
) -> Rule {
    let citation = "Kubernetes, PKI certificates and requirements";
    Rule { id, severity, scope: RuleScope::Kubernetes, citation, title, meaning, remedy }
}

pub(super) static RULES: [SetRule; 8] = [
    SetRule {
        rule: rule(
            "kubernetes-wrong-issuer",
            Severity::Error,
            "a certificate was not issued by the authority of its place",
            "Whoever trusts that authority refuses the certificate. This is what is left where an authority was \
             rotated and the certificates below it were not.",
            "Issue it anew: kubeadm certs renew, or kubeadm init phase kubeconfig for a .conf file.",
        ),
        check: check_issuers,
    },
    SetRule {
        rule: rule(
            "kubernetes-config-authority",
            Severity::Error,
            "a kubeconfig file trusts another authority than the cluster's",
            "Its user refuses the API server, or accepts an old one.",
            "Write the file anew: kubeadm init phase kubeconfig.",
        ),
        check: check_config_authorities,
    },
    SetRule {
        rule: rule(
            "kubernetes-usages",
            Severity::Error,
            "a certificate lacks a purpose that its place asks for",
            "The other side refuses the connection.",
            "Issue it anew with server auth for servers, client auth for clients, and both for etcd.",
        ),
        check: check_usages,
    },
    SetRule {
        rule: rule(
            "kubernetes-hosts",
            Severity::Error,
            "a server's certificate is not for a name it is reached by",
            "Pods reach the API server as kubernetes.default.svc and by the service's address, kubectl by what \
             stands in its kubeconfig; whoever uses a name that is missing refuses the connection.",
            "Add it to certSANs in kubeadm's configuration, remove the certificate and its key, and make them \
             anew with kubeadm init phase certs apiserver.",
        ),
        check: check_hosts,
    },
    SetRule {
        rule: rule(
            "kubernetes-identity",
            Severity::Error,
            "a client certificate does not name the user or group of its place",
            "The API server takes the common name for the user and organizations for groups: permissions and \
             certificate signing go by them.",
            "Issue it anew with that common name and organization.",
        ),
        check: check_identities,
    },
    SetRule {
        rule: rule(
            "kubernetes-front-proxy-authority",
            Severity::Critical,
            "the front proxy's authority is the cluster's",
            "The API server believes whatever user a client with a certificate of the front proxy's authority \
             names. If that is the cluster's authority, every client can be everybody.",
            "Make an authority of its own for the front proxy.",
        ),
        check: check_front_proxy,
    },
    SetRule {
        rule: rule(
            "kubernetes-service-account-pair",
            Severity::Error,
            "sa.pub is not the public half of sa.key",
            "The API server refuses the tokens that the controller manager signs.",
            "Make sa.pub from sa.key: openssl pkey -in sa.key -pubout -out sa.pub.",
        ),
        check: check_service_accounts,
    },
    SetRule {
        rule: rule(
            "kubernetes-file-missing",
            Severity::Warning,
            "files of a control plane are missing",
            "Either they are elsewhere and were not audited, or a component does not start.",
            "Audit the folder they are in as well, or make them with kubeadm init phase certs.",
        ),
        check: check_files,
    },
];
