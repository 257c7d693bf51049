//! Kubernetes: kubeconfig files, Secrets, ConfigMaps and lists of them.

use super::contents::{Reading, Reference};
use super::document::{Document, Encoding, Path};
use super::etcd;
use crate::inspect::evidence::{Container, KubeconfigCluster, KubeconfigSettings};
use crate::json::{Node, Value};

/// Reads a document by its kind; one of another kind string by string.
pub(super) fn read(reading: &mut Reading<'_, '_>, document: &Document<'_>, value: &Value, path: &mut Path) {
    let kind = value.member("kind").and_then(Value::as_str);
    match kind {
        Some("Secret") => {
            read_map(reading, document, value, "data", Encoding::Base64, path);
            read_map(reading, document, value, "stringData", Encoding::Unknown, path);
        }
        Some("ConfigMap") => {
            read_map(reading, document, value, "data", Encoding::Unknown, path);
            read_map(reading, document, value, "binaryData", Encoding::Base64, path);
        }
        _ => match value.member("items").map(|items| &items.node) {
            Some(Node::Array(items)) if kind.is_some() => path.with_key("items", |path| {
                for (number, item) in items.iter().enumerate() {
                    path.with_index(number, |path| read(reading, document, item, path));
                }
            }),
            _ if is_kubeconfig(value) => {
                read_references(reading, value);
                reading.contents.kubeconfigs.push(settings(value));
                document.read_strings(reading, value, Container::Kubeconfig, path);
            }
            _ => document.read_strings(reading, value, Container::Document, path),
        },
    }
}

/// Reads the values of the object `name`, such as `data` of a Secret.
fn read_map(
    reading: &mut Reading<'_, '_>,
    document: &Document<'_>,
    value: &Value,
    name: &str,
    encoding: Encoding,
    path: &mut Path,
) {
    let members = value.member(name).and_then(Value::members).unwrap_or_default();
    path.with_key(name, |path| {
        for member in members {
            path.with_key(&member.key, |path| {
                document.read_string(reading, &member.value, Container::KubernetesSecret, encoding, path);
            });
        }
    });
}

/// A kubeconfig need not say its kind: kubectl takes one without.
fn is_kubeconfig(value: &Value) -> bool {
    let has = |key| value.member(key).is_some_and(|member| matches!(member.node, Node::Array(_)));
    has("clusters") && has("users")
}

/// The files that a kubeconfig names in place of the data.
fn read_references(reading: &mut Reading<'_, '_>, value: &Value) {
    for (list, inner, settings) in [
        ("clusters", "cluster", &["certificate-authority"][..]),
        ("users", "user", &["client-certificate", "client-key"][..]),
    ] {
        let Some(Node::Array(entries)) = value.member(list).map(|list| &list.node) else { continue };
        for entry in entries.iter().filter_map(|entry| entry.member(inner)) {
            for setting in settings {
                let path = entry.member(setting).and_then(Value::as_str).unwrap_or_default();
                if !path.is_empty() {
                    reading.reference(Container::Kubeconfig, Reference { path: path.to_owned(), setting });
                }
            }
        }
    }
}

/// Whom a kubeconfig calls, and the files of its users.
fn settings(value: &Value) -> KubeconfigSettings {
    /// Clusters and users beyond this number are passed over: each is compared with others.
    const MOST: usize = 1000;
    let entries = |list: &str| match value.member(list).map(|list| &list.node) {
        Some(Node::Array(entries)) => entries.get(..MOST).unwrap_or(entries),
        _ => &[],
    };
    let clusters = (0..).zip(entries("clusters")).filter_map(|(number, entry)| {
        let cluster = entry.member("cluster")?;
        let text = |key| cluster.member(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let server = text("server").unwrap_or_default();
        // kubectl takes a server without a scheme for one with TLS where there is anything to verify it by.
        let rest = match server.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some(_) => "",
            None => server,
        };
        let host = text("tls-server-name").filter(|_| !rest.is_empty()).unwrap_or_else(|| etcd::host(rest));
        // Scalars of YAML are strings here.
        let is_true = |value: &Value| value.node == Node::Bool(true) || value.as_str() == Some("true");
        let is_unverified = cluster.member("insecure-skip-tls-verify").is_some_and(is_true);
        let authority_file = text("certificate-authority").map(str::to_owned);
        Some(KubeconfigCluster { number, host: host.to_owned(), authority_file, is_unverified })
    });
    let users = entries("users").iter().filter_map(|entry| {
        let path = entry.member("user")?.member("client-certificate")?.as_str()?;
        Some(path.to_owned()).filter(|path| !path.is_empty())
    });
    KubeconfigSettings { source: 0, clusters: clusters.collect(), client_certificates: users.collect() }
}
