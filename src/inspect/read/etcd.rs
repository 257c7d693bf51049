//! How etcd members use certificates: configuration files, command lines in manifests, environment variables.

use super::contents::Reference;
use super::document;
use crate::inspect::evidence::EtcdMember;
use crate::json::{Node, Value};
use std::net::IpAddr;

/// Settings of one member, gathered one by one.
#[derive(Debug, Default)]
pub(super) struct Settings {
    member: EtcdMember,
    is_etcd: bool,
}

impl Settings {
    /// Takes a setting by the name of its flag, without dashes; names that do not matter here are passed over.
    /// Values with variables in them are not known here, nor are those that are keys themselves.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        if value.contains('$') || !document::is_path(value) {
            return;
        }
        let member = &mut self.member;
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match name {
            "name" => value.clone_into(&mut member.name),
            "advertise-client-urls" | "listen-client-urls" => add_hosts(&mut member.client_hosts, value),
            "initial-advertise-peer-urls" => add_hosts(&mut member.peer_hosts, value),
            "cert-file" => member.cert_file = text(),
            "key-file" => member.key_file = text(),
            "trusted-ca-file" => member.trusted_ca_file = text(),
            "peer-cert-file" => member.peer_cert_file = text(),
            "peer-key-file" => member.peer_key_file = text(),
            "peer-trusted-ca-file" => member.peer_trusted_ca_file = text(),
            "client-cert-auth" => member.client_cert_auth = value == "true",
            "peer-client-cert-auth" => member.peer_client_cert_auth = value == "true",
            _ => return,
        }
        // A name alone may be anything's.
        self.is_etcd |= name != "name";
    }

    /// Takes an environment variable, such as `ETCD_CERT_FILE`.
    pub(super) fn set_variable(&mut self, name: &str, value: &str) {
        if let Some(name) = name.strip_prefix("ETCD_") {
            self.set(&name.to_ascii_lowercase().replace('_', "-"), value);
        }
    }

    /// Takes the flags of a command line in which the program is called `etcd`. False if it is not.
    pub(super) fn set_flags<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> bool {
        let mut words = words.skip_while(|word| word.rsplit('/').next() != Some("etcd")).peekable();
        let is_etcd = words.next().is_some();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else { continue };
            match flag.split_once('=') {
                Some((name, value)) => self.set(name, value),
                None if flag.ends_with("cert-auth") => self.set(flag, "true"),
                None => {
                    let value = words.next_if(|word| !word.starts_with('-')).unwrap_or_default();
                    self.set(flag, value);
                }
            }
        }
        is_etcd
    }

    /// The member, and the files that it names; `None` where nothing was said that matters here.
    pub(super) fn finish(self) -> Option<(EtcdMember, Vec<Reference>)> {
        let member = self.is_etcd.then_some(self.member)?;
        let files = [
            ("cert-file", &member.cert_file),
            ("key-file", &member.key_file),
            ("trusted-ca-file", &member.trusted_ca_file),
            ("peer-cert-file", &member.peer_cert_file),
            ("peer-key-file", &member.peer_key_file),
            ("peer-trusted-ca-file", &member.peer_trusted_ca_file),
        ];
        let references =
            files.into_iter().filter_map(|(setting, path)| Some(Reference { path: path.clone()?, setting }));
        let references = references.collect();
        Some((member, references))
    }
}

/// What an object of a document says of a member: etcd's configuration file, or a container with its command.
pub(super) fn of_object(value: &Value) -> Option<(EtcdMember, Vec<Reference>)> {
    let mut settings = Settings::default();
    let is_configuration = [
        "client-transport-security",
        "peer-transport-security",
        "advertise-client-urls",
        "listen-client-urls",
    ]
    .iter()
    .any(|key| value.member(key).is_some());
    if is_configuration {
        for (section, prefix) in
            [("", ""), ("client-transport-security", ""), ("peer-transport-security", "peer-")]
        {
            let section = if section.is_empty() { Some(value) } else { value.member(section) };
            for member in section.and_then(Value::members).unwrap_or_default() {
                let text = match &member.value.node {
                    Node::String(text) => text.as_str(),
                    Node::Bool(true) => "true",
                    _ => continue,
                };
                settings.set(&format!("{prefix}{}", member.key), text);
            }
        }
        return settings.finish();
    }
    let mut words = Vec::new();
    for key in ["command", "args"] {
        match value.member(key).map(|words| &words.node) {
            // A shell's command is one word of many.
            Some(Node::Array(items)) => {
                words.extend(items.iter().filter_map(Value::as_str).flat_map(str::split_whitespace));
            }
            Some(Node::String(line)) => words.extend(line.split_whitespace()),
            _ => {}
        }
    }
    if words.is_empty() {
        return None;
    }
    if words.first().is_some_and(|word| word.starts_with('-')) {
        // The image knows its program.
        let image = value.member("image").and_then(Value::as_str)?;
        let program = image.rsplit('/').next()?.split([':', '@']).next()?;
        words.insert(0, program);
    }
    set_environment(&mut settings, value);
    settings.set_flags(words.into_iter()).then(|| settings.finish())?
}

/// Environment variables as Kubernetes (`env`) and Compose (`environment`) list them.
fn set_environment(settings: &mut Settings, value: &Value) {
    for key in ["env", "environment"] {
        match value.member(key).map(|variables| &variables.node) {
            Some(Node::Array(items)) => {
                for item in items {
                    let text = |key| item.member(key).and_then(Value::as_str);
                    match item.as_str().and_then(|item| item.split_once('=')) {
                        Some((name, value)) => settings.set_variable(name, value),
                        None => {
                            settings.set_variable(
                                text("name").unwrap_or_default(),
                                text("value").unwrap_or_default(),
                            );
                        }
                    }
                }
            }
            Some(Node::Object(members)) => {
                for member in members {
                    settings.set_variable(&member.key, member.value.as_str().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
}

/// Adds the hosts of those of `urls` that use TLS; addresses that mean every interface are left out.
fn add_hosts(hosts: &mut Vec<String>, urls: &str) {
    for url in urls.split(',') {
        let Some(rest) = url.trim().strip_prefix("https://") else { continue };
        let host = host(rest);
        let is_unspecified = host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
        // A member has few; each new one is compared with all.
        let has_room = hosts.len() < 100 && !hosts.iter().any(|known| known == host);
        if !host.is_empty() && !is_unspecified && has_room {
            hosts.push(host.to_owned());
        }
    }
}

/// The host of a URL, by what follows its scheme.
pub(super) fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    }
}
