//! How etcd's members use the files: by their configuration, and without any by the names of the files.

use super::identity::Digest;
use super::paths::file_name;
use super::set::Set;
use super::text::quote;
use crate::inspect::evidence::EtcdMember;
use crate::inspect::view::Role;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Client,
    Peer,
    Server,
}

impl Part {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Peer => "peer",
            Self::Server => "server",
        }
    }

    /// In words that follow "it is used".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Client => "as a client",
            Self::Peer => "between members",
            Self::Server => "towards clients",
        }
    }
}

/// What a file is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Authority,
    Certificate,
    Key,
}

impl Wanted {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Authority => "certificate of an authority",
            Self::Certificate => "certificate",
            Self::Key => "private key",
        }
    }
}

/// A certificate in use.
pub(super) struct Used {
    pub(super) certificate: u32,
    pub(super) part: Part,
    /// Where others connect to; empty if not known.
    pub(super) hosts: Vec<String>,
    /// Whether its user asks clients for certificates, or nothing is known about it.
    pub(super) asks_for_clients: bool,
    pub(super) trusted: Option<Trusted>,
    /// Words that name the member, to follow another word.
    pub(super) by: String,
}

impl Used {
    /// What tells this use from others of the same certificate.
    pub(super) fn discriminator(&self) -> String {
        format!("{}{}", self.part.name(), self.by)
    }
}

/// A file of authorities.
pub(super) struct Trusted {
    pub(super) file: String,
    pub(super) keys: Arc<HashSet<Digest>>,
}

pub(super) fn by(member: &EtcdMember) -> String {
    if member.name.is_empty() { String::new() } else { format!(" by {}", quote(&member.name)) }
}

/// The files that members are told to use.
pub(super) fn files<'s>(
    set: &Set<'s>,
) -> impl Iterator<Item = (&'s EtcdMember, &'static str, &'s str, Wanted)> {
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
pub(super) fn uses(set: &Set<'_>) -> Vec<Used> {
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
            let Some(certificate) = source.and_then(|source| set.first_certificate(source)) else {
                continue;
            };
            let trusted = authority.as_deref().and_then(|path| Some((path, set.file(path, member.source)?)));
            let trusted = trusted
                .map(|(path, source)| {
                    let keys = known.entry(source).or_insert_with(|| Arc::new(set.authority_keys(source)));
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
    // Of clients no configuration of a member speaks.
    let used: HashSet<u32> = found.iter().map(|used| used.certificate).collect();
    let clients = named_uses(set).into_iter().filter(|one| one.part == Part::Client);
    found.extend(clients.filter(|one| !used.contains(&one.certificate)));
    found
}

/// `peer.crt`, `server.pem`, `etcd-client.pem`, and what its purposes say.
fn named_uses(set: &Set<'_>) -> Vec<Used> {
    let mut found = Vec::new();
    for at in concerned(set) {
        let names: Vec<String> = paths(set, at).map(|path| file_name(path).to_ascii_lowercase()).collect();
        let has = |word: &str| names.iter().any(|name| name.contains(word));
        let serves = set.material.certificate(at).is_some_and(|one| one.facts.role == Role::Server);
        let part = if has("peer") {
            Part::Peer
        } else if has("client") {
            Part::Client
        } else if !has("apiserver") && (has("server") || serves) {
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

/// The certificates that are no authorities, and where some paths speak of etcd, only those there: a control plane
/// has others beside them.
pub(super) fn concerned(set: &Set<'_>) -> Vec<u32> {
    let is_of_etcd = |path: &str| path.to_ascii_lowercase().contains("etcd");
    let speaks_of_etcd = set.material.sources.iter().any(|source| is_of_etcd(&source.name));
    let leaves = set.certificates().filter(|(_, certificate)| !certificate.facts.role.is_authority());
    leaves.map(|(at, _)| at).filter(|at| !speaks_of_etcd || paths(set, *at).any(is_of_etcd)).collect()
}

/// Where a certificate is.
pub(super) fn paths<'s>(set: &Set<'s>, certificate: u32) -> impl Iterator<Item = &'s str> {
    let places = set.material.certificate(certificate).map_or(&[][..], |one| one.places.as_slice());
    let contents = places.iter().filter_map(|place| set.material.contents.get(*place as usize));
    contents.filter_map(|content| set.material.source(content.source)).map(|source| &*source.name)
}
