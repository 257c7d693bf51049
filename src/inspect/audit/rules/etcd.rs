//! etcd clusters: what members' certificates need, by their configuration or by the names of the files.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::missing;
use crate::inspect::audit::identity::Digest;
use crate::inspect::audit::material::Item;
use crate::inspect::audit::paths::file_name;
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{few, quote};
use crate::inspect::evidence::EtcdMember;
use crate::inspect::view::{Purpose, Role};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(super) static RULES: [SetRule; 9] = [
    SetRule {
        rule: Rule {
            id: "etcd-peer-purposes",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "a peer certificate is not for both servers and clients",
            meaning: "Members call one another and are called with the same certificate. Where a purpose is missing \
                      the other member refuses the connection, and the cluster does not form.",
            remedy: "Issue it anew with both `server auth` and `client auth`.",
        },
        check: |set, findings| {
            for used in uses(set).iter().filter(|used| used.part == Part::Peer) {
                let Some(view) = set.view(used.certificate) else { continue };
                let lacking: Vec<&str> = [Purpose::ServerAuth, Purpose::ClientAuth]
                    .into_iter()
                    .filter(|purpose| !view.allows(*purpose))
                    .map(Purpose::name)
                    .collect();
                if !lacking.is_empty() {
                    let message =
                        format!("it is used between members{} and lacks {}", used.by, few(&lacking));
                    findings.certificate(used.certificate, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-server-purpose",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "a server certificate is not for servers",
            meaning: "Every client refuses the connection.",
            remedy: "Issue it anew with `server auth` and `client auth`.",
        },
        check: |set, findings| {
            for used in uses(set).iter().filter(|used| used.part == Part::Server) {
                let Some(view) = set.view(used.certificate) else { continue };
                if !view.allows(Purpose::ServerAuth) {
                    let message = format!("it is used towards clients{} and lacks serverAuth", used.by);
                    findings.certificate(used.certificate, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-server-client-auth",
            severity: Severity::Warning,
            scope: RuleScope::Etcd,
            citation: "etcd, issue 9785",
            title: "a server certificate is not for clients as well",
            meaning: "etcd's gateway for HTTP and JSON, which is on by default, calls etcd's own port with the \
                      server's certificate as that of a client. Where clients need certificates, the log fills with \
                      `tls: bad certificate`, and the gateway and health checks through it fail.",
            remedy: "Issue it anew with both `server auth` and `client auth`, or set `enable-grpc-gateway: false`.",
        },
        check: |set, findings| {
            let used = uses(set);
            for used in used.iter().filter(|used| used.part == Part::Server && used.asks_for_clients) {
                let Some(view) = set.view(used.certificate) else { continue };
                if view.allows(Purpose::ServerAuth) && !view.allows(Purpose::ClientAuth) {
                    let message = format!("it is used towards clients{} and lacks clientAuth", used.by);
                    findings.certificate(used.certificate, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-client-purpose",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "a client certificate is not for clients",
            meaning: "etcd refuses it.",
            remedy: "Issue it anew with `client auth`.",
        },
        check: |set, findings| {
            for used in uses(set).iter().filter(|used| used.part == Part::Client) {
                let Some(view) = set.view(used.certificate) else { continue };
                if !view.allows(Purpose::ClientAuth) {
                    let message = "it is named as a client's and lacks clientAuth".to_owned();
                    findings.certificate(used.certificate, message);
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-hosts-missing",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "RFC 9525, 6",
            title: "a member's certificate lacks a host that the member is reached at",
            meaning: "Whoever connects to this address or name refuses the certificate; between members, the \
                      cluster does not form.",
            remedy: "Issue it anew with every address and name of the member's URLs among `hosts`.",
        },
        check: hosts_missing,
    },
    SetRule {
        rule: Rule {
            id: "etcd-issuer",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "the authority that a member trusts did not issue the member's certificates",
            meaning: "Members verify one another by the peers' trusted authority, and etcd's gateway comes as a \
                      client with the server's certificate: what another authority issued is refused.",
            remedy: "Name the authority that issued them, or issue them anew by the one that is named; a file may \
                     hold both while one replaces the other.",
        },
        check: |set, findings| {
            for used in uses(set) {
                let Some(trusted) = &used.trusted else { continue };
                if !leads_to(set, used.certificate, &trusted.keys) {
                    let message = format!("no authority in {} issued it{}", quote(&trusted.file), used.by);
                    findings.certificate_with(used.certificate, message, used.part.name().as_bytes());
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-client-auth-off",
            severity: Severity::Warning,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "a member does not ask for certificates",
            meaning: "Whoever reaches the port can read and write everything, unless users and passwords are set \
                      up; on the peers' port, can join the cluster.",
            remedy: "Set `client-cert-auth: true` with a `trusted-ca-file`, and the same for peers.",
        },
        check: |set, findings| {
            for member in &set.material.etcd_members {
                let parts = [
                    ("clients", &member.cert_file, &member.trusted_ca_file, member.client_cert_auth),
                    (
                        "other members",
                        &member.peer_cert_file,
                        &member.peer_trusted_ca_file,
                        member.peer_client_cert_auth,
                    ),
                ];
                for (whom, file, authority, asks) in parts {
                    // With an authority to trust, etcd asks whether or not it is told to.
                    if file.is_some() && authority.is_none() && !asks {
                        let message = format!("the member{} asks {whom} for no certificate", by(member));
                        findings.source(member.source, message, format!("{} {whom}", member.name).as_bytes());
                    }
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-file-wrong",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, configuration",
            title: "a file that a member is told to use holds something else",
            meaning: "The member does not start.",
            remedy: "Name the right file, or put the right thing into it.",
        },
        check: |set, findings| {
            for (member, setting, path, wanted) in files(set) {
                let Some(source) = set.file(path, member.source) else { continue };
                let contents = set.material.contents_of(source);
                let is_there = contents.iter().any(|content| match (wanted, content.item) {
                    (Wanted::Certificate, Item::Certificate(_)) | (Wanted::Key, Item::PrivateKey(_)) => true,
                    (Wanted::Authority, Item::Certificate(at)) => {
                        set.material.certificate(at).is_some_and(|one| one.facts.role.is_authority())
                    }
                    _ => false,
                });
                if !is_there {
                    let message = format!(
                        "{setting} of the member{} names it, and it holds no {}",
                        by(member),
                        wanted.name()
                    );
                    findings.source(source, message, setting.as_bytes());
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "etcd-file-missing",
            severity: Severity::Info,
            scope: RuleScope::Etcd,
            citation: "etcd, configuration",
            title: "a file that a member is told to use is not in the set",
            meaning: "Nothing can be said about it. Where this is the member's machine, the member does not start.",
            remedy: "Audit on the member's machine, or name the file too.",
        },
        check: |set, findings| {
            for (member, setting, path, _) in files(set) {
                if set.file(path, member.source).is_none() {
                    let message = format!("{setting} names {}, which was not found", quote(path));
                    let discriminator = format!("{} {setting}", member.name);
                    findings.source(member.source, message, discriminator.as_bytes());
                }
            }
        },
    },
];

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Client,
    Peer,
    Server,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Peer => "peer",
            Self::Server => "server",
        }
    }
}

/// What a file is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Authority,
    Certificate,
    Key,
}

impl Wanted {
    const fn name(self) -> &'static str {
        match self {
            Self::Authority => "certificate of an authority",
            Self::Certificate => "certificate",
            Self::Key => "private key",
        }
    }
}

/// A certificate in use.
struct Used {
    certificate: u32,
    part: Part,
    /// Where others connect to; empty if not known.
    hosts: Vec<String>,
    /// Whether its user asks clients for certificates, or nothing is known about it.
    asks_for_clients: bool,
    trusted: Option<Trusted>,
    /// Words that name the member, to follow another word.
    by: String,
}

/// A file of authorities.
struct Trusted {
    file: String,
    keys: Arc<HashSet<Digest>>,
}

fn by(member: &EtcdMember) -> String {
    if member.name.is_empty() { String::new() } else { format!(" by {}", quote(&member.name)) }
}

/// The files that members are told to use.
fn files<'s>(set: &Set<'s>) -> impl Iterator<Item = (&'s EtcdMember, &'static str, &'s str, Wanted)> {
    set.material.etcd_members.iter().flat_map(|member| {
        let files = [
            ("cert-file", &member.cert_file, Wanted::Certificate),
            ("key-file", &member.key_file, Wanted::Key),
            ("trusted-ca-file", &member.trusted_ca_file, Wanted::Authority),
            ("peer-cert-file", &member.peer_cert_file, Wanted::Certificate),
            ("peer-key-file", &member.peer_key_file, Wanted::Key),
            ("peer-trusted-ca-file", &member.peer_trusted_ca_file, Wanted::Authority),
        ];
        files
            .into_iter()
            .filter_map(move |(setting, path, wanted)| Some((member, setting, path.as_deref()?, wanted)))
    })
}

/// Who uses which certificate for what: by the members' configuration, and without any by the names of files.
fn uses(set: &Set<'_>) -> Vec<Used> {
    let members = &set.material.etcd_members;
    if !members.iter().any(|member| member.cert_file.is_some() || member.peer_cert_file.is_some()) {
        return named_uses(set);
    }
    let mut found = Vec::new();
    let mut known: HashMap<u32, Arc<HashSet<Digest>>> = HashMap::new();
    for member in members {
        let parts = [
            (
                Part::Server,
                &member.cert_file,
                &member.trusted_ca_file,
                &member.client_hosts,
                member.client_cert_auth,
            ),
            (
                Part::Peer,
                &member.peer_cert_file,
                &member.peer_trusted_ca_file,
                &member.peer_hosts,
                member.peer_client_cert_auth,
            ),
        ];
        for (part, file, authority, hosts, asks) in parts {
            let source = file.as_deref().and_then(|file| set.file(file, member.source));
            let Some(certificate) = source.and_then(|source| first_certificate(set, source)) else {
                continue;
            };
            let trusted = authority.as_deref().and_then(|path| Some((path, set.file(path, member.source)?)));
            let trusted = trusted
                .map(|(path, source)| {
                    let keys = known.entry(source).or_insert_with(|| Arc::new(authorities(set, source)));
                    Trusted { file: path.to_owned(), keys: Arc::clone(keys) }
                })
                .filter(|trusted| !trusted.keys.is_empty());
            found.push(Used {
                certificate,
                part,
                hosts: hosts.clone(),
                asks_for_clients: asks || authority.is_some(),
                trusted,
                by: by(member),
            });
        }
    }
    found
}

/// `peer.crt`, `server.pem`, `etcd-client.pem`, and what its purposes say.
fn named_uses(set: &Set<'_>) -> Vec<Used> {
    let mut found = Vec::new();
    for (at, certificate) in set.certificates() {
        if certificate.facts.role.is_authority() {
            continue;
        }
        let names: Vec<String> = certificate
            .places
            .iter()
            .filter_map(|place| set.material.contents.get(*place as usize))
            .filter_map(|content| set.source(content.source))
            .map(|source| file_name(&source.name).to_ascii_lowercase())
            .collect();
        let has = |word: &str| names.iter().any(|name| name.contains(word));
        let part = if has("peer") {
            Part::Peer
        } else if has("client") {
            Part::Client
        } else if has("server") || certificate.facts.role == Role::Server {
            Part::Server
        } else {
            continue;
        };
        found.push(Used {
            certificate: at,
            part,
            hosts: Vec::new(),
            asks_for_clients: true,
            trusted: None,
            by: String::new(),
        });
    }
    found
}

/// The certificate that a program takes from a file as its own.
fn first_certificate(set: &Set<'_>, source: u32) -> Option<u32> {
    set.material.contents_of(source).iter().find_map(|content| match content.item {
        Item::Certificate(at) => Some(at),
        _ => None,
    })
}

fn authorities(set: &Set<'_>, source: u32) -> HashSet<Digest> {
    let certificates = set.material.contents_of(source).iter().filter_map(|content| match content.item {
        Item::Certificate(at) => set.material.certificate(at),
        _ => None,
    });
    let authorities = certificates.filter(|certificate| certificate.facts.role.is_authority());
    authorities.map(|certificate| certificate.facts.key).collect()
}

/// Whether one of the keys signed the certificate, or an authority above it.
fn leads_to(set: &Set<'_>, certificate: u32, keys: &HashSet<Digest>) -> bool {
    let signer = |at: u32| set.signer(at).and_then(|group| set.index.group(group)).map(|group| group.key);
    let mut above = vec![certificate];
    above.extend(set.routes.above(certificate));
    above.into_iter().filter_map(signer).any(|key| keys.contains(&key))
}

/// Each member's own hosts; and those that were asked for, which have to be in some certificate of each kind.
fn hosts_missing(set: &Set<'_>, findings: &mut Findings<'_>) {
    let uses = uses(set);
    for used in &uses {
        let Some(view) = set.view(used.certificate) else { continue };
        let names = view.subject_alternative_names().unwrap_or_default();
        let missing = missing(&names, &used.hosts);
        if !missing.is_empty() {
            let message = format!("it is used{} and is not for {}", used.by, few(&missing));
            findings.certificate_with(used.certificate, message, used.part.name().as_bytes());
        }
    }
    let wanted = &set.options.hosts;
    if wanted.is_empty() {
        return;
    }
    for part in [Part::Server, Part::Peer] {
        let mut certificates: Vec<u32> =
            uses.iter().filter(|used| used.part == part).map(|used| used.certificate).collect();
        if certificates.is_empty() && part == Part::Server {
            // Files that are called after the members.
            let serves = |role| matches!(role, Role::Server | Role::Peer);
            certificates =
                set.certificates().filter(|(_, one)| serves(one.facts.role)).map(|(at, _)| at).collect();
        }
        certificates.sort_by_key(|at| set.material.certificate(*at).map(|one| one.facts.fingerprint));
        certificates.dedup();
        let mut lacking: Vec<&str> = wanted.iter().map(String::as_str).collect();
        for at in &certificates {
            let view = set.view(*at);
            let names = view.as_ref().and_then(|view| view.subject_alternative_names()).unwrap_or_default();
            let absent: HashSet<&str> = missing(&names, wanted).into_iter().collect();
            lacking.retain(|host| absent.contains(host));
        }
        if lacking.is_empty() {
            continue;
        }
        for at in &certificates {
            let message = match certificates.len() {
                1 => format!("it is not for {}", few(&lacking)),
                all => format!("neither it nor any of the other {} is for {}", all - 1, few(&lacking)),
            };
            findings.certificate_with(*at, message, format!("asked {}", part.name()).as_bytes());
        }
    }
}
