//! What an etcd cluster asks of its certificates.

use super::SetRule;
use crate::inspect::audit::files::{file_name, leaf_of, named_source};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::hosts::covers;
use crate::inspect::audit::material::Item;
use crate::inspect::audit::rule::{Rule, RuleScope, Severity};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::few;
use crate::inspect::evidence::EtcdMember;
use crate::inspect::view::{Purpose, Role};
use crate::json::quote;

/// What a member shows to clients, or to other members.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Peer,
}

/// A certificate that a member uses.
struct Use<'s> {
    certificate: u32,
    side: Side,
    /// The member and its settings; `None` where the name of the file says what it is for.
    member: Option<&'s EtcdMember>,
}

impl Side {
    fn settings(self, member: &EtcdMember) -> [(&'static str, Option<&str>); 3] {
        match self {
            Self::Client => [
                ("cert-file", member.cert_file.as_deref()),
                ("key-file", member.key_file.as_deref()),
                ("trusted-ca-file", member.trusted_ca_file.as_deref()),
            ],
            Self::Peer => [
                ("peer-cert-file", member.peer_cert_file.as_deref()),
                ("peer-key-file", member.peer_key_file.as_deref()),
                ("peer-trusted-ca-file", member.peer_trusted_ca_file.as_deref()),
            ],
        }
    }

    fn hosts(self, member: &EtcdMember) -> &[String] {
        match self {
            Self::Client => &member.client_hosts,
            Self::Peer => &member.peer_hosts,
        }
    }

    fn asks_for_certificates(self, member: &EtcdMember) -> bool {
        match self {
            Self::Client => member.client_cert_auth,
            Self::Peer => member.peer_client_cert_auth,
        }
    }
}

/// The certificates of the members: those that their configuration names, or else those that are called so.
fn uses<'s>(set: &Set<'s>) -> Vec<Use<'s>> {
    let mut uses = Vec::new();
    for member in &set.material.etcd_members {
        for side in [Side::Client, Side::Peer] {
            let [(_, file), ..] = side.settings(member);
            let source = file.and_then(|file| named_source(set, member.source, file));
            if let Some(certificate) = source.and_then(|source| leaf_of(set, source)) {
                uses.push(Use { certificate, side, member: Some(member) });
            }
        }
    }
    if !set.material.etcd_members.is_empty() {
        return uses;
    }
    for (certificate, found) in set.certificates() {
        let is_called = |word: &str| {
            found.places.iter().any(|place| {
                let content = set.material.contents.get(*place as usize);
                let source = content.and_then(|content| set.source(content.source));
                source.is_some_and(|source| file_name(&source.name).contains(word))
            })
        };
        if found.facts.role.is_authority() || is_called("client") {
            continue;
        }
        if is_called("peer") {
            uses.push(Use { certificate, side: Side::Peer, member: None });
        } else if is_called("server") || matches!(found.facts.role, Role::Server | Role::Peer) {
            uses.push(Use { certificate, side: Side::Client, member: None });
        }
    }
    uses
}

fn lacks(set: &Set<'_>, certificate: u32, purposes: &[Purpose]) -> Vec<&'static str> {
    let Some(view) = set.view(certificate) else { return Vec::new() };
    let words = |purpose: &Purpose| match purpose {
        Purpose::ServerAuth => "server auth",
        _ => "client auth",
    };
    purposes.iter().filter(|purpose| !view.allows(**purpose)).map(words).collect()
}

fn owner(one: &Use<'_>) -> String {
    match one.member.map(|member| member.name.as_str()) {
        Some(name) if !name.is_empty() => format!(" of member {}", quote(name)),
        _ => String::new(),
    }
}

fn check_peer_usages(set: &Set<'_>, findings: &mut Findings<'_>) {
    for one in uses(set).iter().filter(|one| one.side == Side::Peer) {
        let lacking = lacks(set, one.certificate, &[Purpose::ServerAuth, Purpose::ClientAuth]);
        if !lacking.is_empty() {
            let message = format!(
                "the peer certificate {}{} lacks {}",
                set.called(one.certificate),
                owner(one),
                lacking.join(" and ")
            );
            findings.certificate(one.certificate, message);
        }
    }
}

fn check_server_usage(set: &Set<'_>, findings: &mut Findings<'_>) {
    for one in uses(set).iter().filter(|one| one.side == Side::Client) {
        if !lacks(set, one.certificate, &[Purpose::ServerAuth]).is_empty() {
            let called = set.called(one.certificate);
            findings.certificate(
                one.certificate,
                format!("the server certificate {called}{} lacks server auth", owner(one)),
            );
        }
    }
}

fn check_server_calls_itself(set: &Set<'_>, findings: &mut Findings<'_>) {
    for one in uses(set).iter().filter(|one| one.side == Side::Client) {
        let asks = one.member.is_some_and(|member| member.client_cert_auth);
        if asks && lacks(set, one.certificate, &[Purpose::ServerAuth, Purpose::ClientAuth]) == ["client auth"]
        {
            let called = set.called(one.certificate);
            findings.certificate(
                one.certificate,
                format!("the server certificate {called}{} lacks client auth", owner(one)),
            );
        }
    }
}

fn check_client_usage(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (certificate, found) in set.certificates() {
        let is_client = found.places.iter().any(|place| {
            let content = set.material.contents.get(*place as usize);
            let source = content.and_then(|content| set.source(content.source));
            source.is_some_and(|source| file_name(&source.name).contains("client"))
        });
        if is_client
            && !found.facts.role.is_authority()
            && !lacks(set, certificate, &[Purpose::ClientAuth]).is_empty()
        {
            let called = set.called(certificate);
            findings.certificate(certificate, format!("the client certificate {called} lacks client auth"));
        }
    }
}

fn check_hosts(set: &Set<'_>, findings: &mut Findings<'_>) {
    let uses = uses(set);
    for one in &uses {
        let (Some(member), Some(view)) = (one.member, set.view(one.certificate)) else { continue };
        let mut missing: Vec<String> = one
            .side
            .hosts(member)
            .iter()
            .filter(|host| !covers(&view, host))
            .map(|host| quote(host))
            .collect();
        missing.dedup();
        if !missing.is_empty() {
            let message = format!(
                "the certificate {}{} is not for {}, where {} connect to it",
                set.called(one.certificate),
                owner(one),
                few(&missing),
                if one.side == Side::Peer { "other members" } else { "clients" },
            );
            let side = if one.side == Side::Peer { &b"peer"[..] } else { b"client" };
            findings.certificate_with(one.certificate, message, side);
        }
    }
    // Without a configuration nothing says which member has which name: somebody must have it.
    for side in [Side::Client, Side::Peer] {
        let servers: Vec<&Use<'_>> = uses.iter().filter(|one| one.side == side).collect();
        let Some(first) = servers.first() else { continue };
        let is_covered = |host: &String| {
            servers.iter().any(|one| set.view(one.certificate).is_some_and(|view| covers(&view, host)))
        };
        let missing: Vec<String> =
            set.options.hosts.iter().filter(|host| !is_covered(host)).map(|host| quote(host)).collect();
        if !missing.is_empty() {
            let kind = if side == Side::Peer { "peer" } else { "server" };
            findings.certificate_with(
                first.certificate,
                format!("no {kind} certificate is for {}", few(&missing)),
                kind.as_bytes(),
            );
        }
    }
}

fn check_trusted(set: &Set<'_>, findings: &mut Findings<'_>) {
    for one in uses(set) {
        let Some(member) = one.member else { continue };
        let [.., (setting, Some(file))] = one.side.settings(member) else { continue };
        let Some(source) = named_source(set, member.source, file) else { continue };
        let issuers = set.routes.above(one.certificate);
        let mut trusted = set.material.contents_of(source).iter().filter_map(|content| match content.item {
            Item::Certificate(index) => Some(index),
            _ => None,
        });
        let is_issuer = |at: u32| {
            at == one.certificate
                || issuers
                    .iter()
                    .any(|issuer| *issuer == at || set.index.group_of(*issuer) == set.index.group_of(at))
        };
        if !trusted.any(is_issuer) {
            let message = format!(
                "the certificate {}{} was issued by none of the authorities in {file}, its {setting}",
                set.called(one.certificate),
                owner(&one),
            );
            findings.certificate_with(one.certificate, message, setting.as_bytes());
        }
    }
}

fn check_files(set: &Set<'_>, findings: &mut Findings<'_>) {
    for member in &set.material.etcd_members {
        let settings = [Side::Client, Side::Peer].into_iter().flat_map(|side| side.settings(member));
        for (setting, file) in settings {
            let Some(file) = file.filter(|file| !file.is_empty()) else { continue };
            if named_source(set, member.source, file).is_none() {
                let message = format!("{setting} is {file}, which is not among what was read");
                findings.source(member.source, message, setting.as_bytes());
            }
        }
    }
}

fn check_asks(set: &Set<'_>, findings: &mut Findings<'_>) {
    for member in &set.material.etcd_members {
        for (side, setting) in [(Side::Client, "client-cert-auth"), (Side::Peer, "peer-client-cert-auth")] {
            let [(_, certificate), ..] = side.settings(member);
            if certificate.is_some() && !side.asks_for_certificates(member) {
                let whom = if side == Side::Peer { "members" } else { "clients" };
                findings.source(
                    member.source,
                    format!("{setting} is not on: no certificate is asked of {whom}"),
                    setting.as_bytes(),
                );
            }
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
    Rule {
        id,
        severity,
        scope: RuleScope::Etcd,
        citation: "etcd, transport security model",
        title,
        meaning,
        remedy,
    }
}

pub(super) static RULES: [SetRule; 8] = [
    SetRule {
        rule: rule(
            "etcd-peer-usages",
            Severity::Error,
            "a peer certificate lacks server auth or client auth",
            "A member serves and calls the others with the same certificate. With only one of the two purposes its \
             peers refuse the connection, and it does not join.",
            "Issue it anew under a profile with both `server auth` and `client auth`.",
        ),
        check: check_peer_usages,
    },
    SetRule {
        rule: rule(
            "etcd-server-usage",
            Severity::Error,
            "a server certificate lacks server auth",
            "Clients refuse a server whose certificate does not have this purpose.",
            "Issue it anew under a profile with `server auth`, and with `client auth` beside it.",
        ),
        check: check_server_usage,
    },
    SetRule {
        rule: rule(
            "etcd-server-client-auth",
            Severity::Warning,
            "a server certificate lacks client auth while client certificates are asked for",
            "etcd's HTTP gateway calls its own server with the server's certificate. Where client-cert-auth is on, \
             it is refused: the log fills with bad certificate, and the JSON interface does not answer.",
            "Issue it anew under a profile with both purposes, or give the gateway a client certificate of its own.",
        ),
        check: check_server_calls_itself,
    },
    SetRule {
        rule: rule(
            "etcd-client-usage",
            Severity::Error,
            "a client certificate lacks client auth",
            "etcd refuses clients whose certificate does not have this purpose.",
            "Issue it anew under a profile with `client auth`.",
        ),
        check: check_client_usage,
    },
    SetRule {
        rule: rule(
            "etcd-host-missing",
            Severity::Error,
            "a certificate is not for a host that its member is reached at",
            "Whoever connects to that name or address refuses the certificate: x509: certificate is valid for …, \
             not ….",
            "Add it to `hosts` in the request, or with -hostname, and issue the certificate anew.",
        ),
        check: check_hosts,
    },
    SetRule {
        rule: rule(
            "etcd-trusted-authority",
            Severity::Error,
            "the trusted authority of a member is not the issuer of its certificate",
            "Members check each other with this file, and the HTTP gateway checks its own server: they refuse \
             certificates of another authority.",
            "Give the file of the authority that issued the certificates; while authorities change, one with both.",
        ),
        check: check_trusted,
    },
    SetRule {
        rule: rule(
            "etcd-file-missing",
            Severity::Warning,
            "a file that the configuration of a member names was not found",
            "What it holds was not looked at; the member may not start.",
            "Audit the folder with the file as well, or mend the path.",
        ),
        check: check_files,
    },
    SetRule {
        rule: rule(
            "etcd-no-client-certificates",
            Severity::Warning,
            "a member asks for no client certificates",
            "Whoever reaches the port can read and write everything, unless passwords are on.",
            "Set client-cert-auth and trusted-ca-file, for clients and for peers.",
        ),
        check: check_asks,
    },
];
