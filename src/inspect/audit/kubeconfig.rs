//! Kubeconfig files: whom they believe, whom they call, and as whom.

use super::identity::Digest;
use super::material::Item;
use super::paths::{file_name, folder};
use super::set::Set;
use crate::inspect::evidence::{Container, KubeconfigSettings, Place};
use std::collections::{HashMap, HashSet};

/// A kubeconfig file with certificates in it.
#[derive(Debug)]
pub(super) struct Kubeconfig {
    pub(super) source: u32,
    /// Its folder, with the slash at its end.
    pub(super) folder: String,
    /// Its name without folders.
    pub(super) file: String,
    /// Certificates of `certificate-authority-data`.
    pub(super) authorities: Vec<u32>,
    pub(super) users: Vec<User>,
    pub(super) clusters: Vec<Cluster>,
}

/// A user of a kubeconfig file.
#[derive(Debug)]
pub(super) struct User {
    /// The first certificate of `client-certificate-data`, or of the file that `client-certificate` names.
    pub(super) certificate: u32,
}

/// An API server that a kubeconfig file calls.
#[derive(Debug)]
pub(super) struct Cluster {
    /// Whose certificate is wanted; empty where TLS is not used.
    pub(super) host: String,
    /// The keys of the authorities that it is verified by.
    pub(super) authorities: HashSet<Digest>,
    pub(super) is_unverified: bool,
}

impl Kubeconfig {
    /// Whether it is that of a program that runs beside an API server alone.
    pub(super) fn is_of_control_plane(&self) -> bool {
        matches!(&*self.file, "controller-manager.conf" | "scheduler.conf")
    }

    /// All of the set.
    pub(super) fn all(set: &Set<'_>) -> Vec<Self> {
        let mut settings: HashMap<u32, Vec<&KubeconfigSettings>> = HashMap::new();
        for one in &set.material.kubeconfigs {
            settings.entry(one.source).or_default().push(one);
        }
        let sources = (0u32..).zip(&set.material.sources);
        let configs = sources.filter(|(_, source)| source.container == Container::Kubeconfig);
        configs
            .map(|(at, source)| {
                let mut config = Self {
                    source: at,
                    folder: folder(&source.name).to_owned(),
                    file: file_name(&source.name).to_owned(),
                    authorities: Vec::new(),
                    users: Vec::new(),
                    clusters: Vec::new(),
                };
                let mut by_path: HashMap<&str, HashSet<Digest>> = HashMap::new();
                for content in set.material.contents_of(at) {
                    let (Item::Certificate(certificate), Place::Member { path, number, .. }) =
                        (content.item, &content.place)
                    else {
                        continue;
                    };
                    if path.ends_with("certificate-authority-data") {
                        config.authorities.push(certificate);
                        let key = set.material.certificate(certificate).map(|one| one.facts.key);
                        // Of several documents in one file each path begins with the number of its own.
                        let path = path.rsplit(": ").next().unwrap_or_default();
                        by_path.entry(path).or_default().extend(key);
                    } else if path.ends_with("client-certificate-data") && *number == 0 {
                        config.users.push(User { certificate });
                    }
                }
                for one in settings.get(&at).into_iter().flatten() {
                    config.add(set, one, |cluster| {
                        let path = format!("clusters[{cluster}].cluster.certificate-authority-data");
                        by_path.get(&*path).cloned().unwrap_or_default()
                    });
                }
                config
            })
            .collect()
    }

    /// Adds what the settings say; `authorities` gives the keys in the data of a cluster.
    fn add(
        &mut self,
        set: &Set<'_>,
        settings: &KubeconfigSettings,
        authorities: impl Fn(u32) -> HashSet<Digest>,
    ) {
        for cluster in &settings.clusters {
            let mut authorities = authorities(cluster.number);
            let file = cluster.authority_file.as_deref().filter(|_| authorities.is_empty());
            if let Some(file) = file.and_then(|file| set.file_itself(file, self.source)) {
                authorities = set.authority_keys(file);
            }
            let (host, is_unverified) = (cluster.host.clone(), cluster.is_unverified);
            self.clusters.push(Cluster { host, authorities, is_unverified });
        }
        for file in &settings.client_certificates {
            let source = set.file_itself(file, self.source);
            let certificate = source.and_then(|source| set.first_certificate(source));
            self.users.extend(certificate.map(|certificate| User { certificate }));
        }
    }
}
