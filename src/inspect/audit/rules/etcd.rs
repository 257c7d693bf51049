//! etcd clusters: what members' certificates need.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::HostIndex;
use crate::inspect::audit::material::Item;
use crate::inspect::audit::members::{Part, Wanted, by, concerned, files};
use crate::inspect::audit::paths::{file_name, folder};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{few, quote};
use crate::inspect::view::{Purpose, Role};
use std::collections::{HashMap, HashSet};

pub(super) static RULES: [SetRule; 11] = [
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
            for used in set.uses().iter().filter(|used| used.part == Part::Peer) {
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
            for used in set.uses().iter().filter(|used| used.part == Part::Server) {
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
            let used = set.uses();
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
            for used in set.uses().iter().filter(|used| used.part == Part::Client) {
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
            id: "etcd-peer-issuer",
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, transport security model",
            title: "the authority that a member trusts for peers did not issue the member's own certificate",
            meaning: "Members verify one another by this authority: what another one issued is refused, and the \
                      cluster does not form.",
            remedy: "Name the authority that issued it, or issue it anew by the one that is named; a file may hold \
                     both while one replaces the other.",
        },
        check: |set, findings| untrusted(set, findings, Part::Peer),
    },
    SetRule {
        rule: Rule {
            id: "etcd-server-issuer",
            severity: Severity::Warning,
            scope: RuleScope::Etcd,
            citation: "etcd, issue 16590",
            title: "the authority that a member trusts for clients did not issue the server's certificate",
            meaning: "etcd's gateway for HTTP and JSON comes as a client with the server's certificate and is \
                      refused. All else works where servers and clients have authorities of their own.",
            remedy: "Put both authorities into the trusted-ca-file, or set `enable-grpc-gateway: false`.",
        },
        check: |set, findings| untrusted(set, findings, Part::Server),
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
            severity: Severity::Error,
            scope: RuleScope::Etcd,
            citation: "etcd, configuration",
            title: "a file that a member is told to use is not in its folder, or holds nothing",
            meaning: "The member does not start.",
            remedy: "Put the file there, or name the right one.",
        },
        check: |set, findings| files_missing(set, findings, true),
    },
    SetRule {
        rule: Rule {
            id: "etcd-file-unseen",
            severity: Severity::Info,
            scope: RuleScope::Etcd,
            citation: "etcd, configuration",
            title: "a file that a member is told to use was not looked at",
            meaning: "Nothing can be said about it: the folder that it is to be in is not in the set, or the file \
                      could not be read.",
            remedy: "Audit on the member's machine, or name the file's folder too.",
        },
        check: |set, findings| files_missing(set, findings, false),
    },
];

/// Files of members that are nowhere in the set: those whose folder was looked through, or the others.
fn files_missing(set: &Set<'_>, findings: &mut Findings<'_>, was_looked_for: bool) {
    let mut unreadable: HashSet<&str> =
        set.material.unreadable.iter().map(|one| file_name(&one.name)).collect();
    unreadable.remove("");
    // By their own names, so that copies of a machine's folders are found too.
    let mut folders: HashMap<&str, Vec<&str>> = HashMap::new();
    for name in &set.material.folders {
        folders.entry(last_part(name)).or_default().push(name);
    }
    for (member, setting, path, _) in files(set) {
        if set.file(path, member.source).is_some() {
            continue;
        }
        let own = folder(path);
        let is_walked = if own.starts_with('/') {
            let named = folders.get(last_part(own)).map_or(&[][..], Vec::as_slice);
            named.iter().take(MOST_FOLDERS).any(|name| name.ends_with(own))
        } else {
            let beside = set.source(member.source).map_or("", |source| folder(&source.name));
            let whole = format!("{beside}{}", own.strip_prefix("./").unwrap_or(own));
            set.material.folders.contains(&*whole)
        };
        if (is_walked && !unreadable.contains(file_name(path))) == was_looked_for {
            let message = match was_looked_for {
                true => format!("{setting} names {}, which is not there or holds nothing", quote(path)),
                false => format!("{setting} names {}, which was not looked at", quote(path)),
            };
            let discriminator = format!("{} {setting}", member.name);
            findings.source(member.source, message, discriminator.as_bytes());
        }
    }
}

/// Folders of one name that are compared with a path.
const MOST_FOLDERS: usize = 256;

/// The name of a folder without those that it is in.
fn last_part(folder: &str) -> &str {
    file_name(folder.strip_suffix('/').unwrap_or(folder))
}

/// Certificates in use that no authority of the member's own file leads to.
fn untrusted(set: &Set<'_>, findings: &mut Findings<'_>, part: Part) {
    for used in set.uses().iter().filter(|used| used.part == part) {
        let Some(trusted) = &used.trusted else { continue };
        if !set.is_signed_by(used.certificate, &trusted.keys) {
            let file = quote(&trusted.file);
            let message =
                format!("it is used {}{}, and no authority in {file} issued it", part.words(), used.by);
            findings.certificate_with(used.certificate, message, used.discriminator().as_bytes());
        }
    }
}

/// Each member's own hosts; and those that were asked for, which have to be in some certificate of each kind.
fn hosts_missing(set: &Set<'_>, findings: &mut Findings<'_>) {
    let uses = set.uses();
    // Many members may use one certificate.
    let mut known: HashMap<u32, HostIndex> = HashMap::new();
    let names = |at: u32| {
        let view = set.view(at);
        let names = view.as_ref().and_then(|view| view.subject_alternative_names()).unwrap_or_default();
        HostIndex::new(&names)
    };
    for used in uses {
        let missing = known.entry(used.certificate).or_insert_with(|| names(used.certificate));
        let missing = missing.missing(&used.hosts);
        if !missing.is_empty() {
            let words = used.part.words();
            let message = format!("it is used {words}{} and is not for {}", used.by, few(&missing));
            findings.certificate_with(used.certificate, message, used.discriminator().as_bytes());
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
            let role = |at: u32| set.material.certificate(at).map(|one| one.facts.role);
            certificates = concerned(set).into_iter().filter(|at| role(*at).is_some_and(serves)).collect();
        }
        certificates.sort_by_key(|at| set.material.certificate(*at).map(|one| one.facts.fingerprint));
        certificates.dedup();
        let mut lacking: Vec<&str> = wanted.iter().map(String::as_str).collect();
        for at in &certificates {
            let index = known.entry(*at).or_insert_with(|| names(*at));
            let absent: HashSet<&str> = index.missing(wanted).into_iter().collect();
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
