//! Where things are in a Kubernetes control plane.

use super::material::Item;
use super::paths::{file_name, folder};
use super::set::Set;
use crate::inspect::evidence::{Container, Place};
use std::collections::BTreeMap;

/// A folder called `pki`.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its path, with the slash at its end.
    pub(super) folder: String,
    /// Its files by their path below it, and the sources they are.
    pub(super) files: BTreeMap<String, u32>,
}

impl Layout {
    /// All such folders among the sources.
    pub(super) fn all(set: &Set<'_>) -> Vec<Self> {
        let mut found: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
        for (at, source) in (0u32..).zip(&set.material.sources) {
            if let Some((folder, path)) = split(&source.name) {
                found.entry(folder).or_default().insert(path.to_owned(), at);
            }
        }
        found.into_iter().map(|(folder, files)| Self { folder: folder.to_owned(), files }).collect()
    }

    /// The source of a file, by its path below the folder.
    pub(super) fn file(&self, path: &str) -> Option<u32> {
        self.files.get(path).copied()
    }

    /// Whether there is anything in a folder below this one; `path` ends with a slash.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.files.keys().any(|file| file.starts_with(path))
    }

    /// True for a kubeconfig file in the folder that this one is in.
    pub(super) fn is_beside(&self, config: &Kubeconfig) -> bool {
        self.folder.strip_suffix("pki/") == Some(&config.folder)
    }
}

/// The path of a `pki` folder, with its slash, and what follows.
fn split(path: &str) -> Option<(&str, &str)> {
    let end = match path.rfind("/pki/") {
        Some(slash) => slash + "/pki/".len(),
        None if path.starts_with("pki/") => "pki/".len(),
        None => return None,
    };
    path.split_at_checked(end)
}

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
}

/// A user of a kubeconfig file.
#[derive(Debug)]
pub(super) struct User {
    /// The first certificate of `client-certificate-data`.
    pub(super) certificate: u32,
}

impl Kubeconfig {
    /// All of the set.
    pub(super) fn all(set: &Set<'_>) -> Vec<Self> {
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
                };
                for content in set.material.contents_of(at) {
                    let (Item::Certificate(certificate), Place::Member { path, number, .. }) =
                        (content.item, &content.place)
                    else {
                        continue;
                    };
                    if path.ends_with("certificate-authority-data") {
                        config.authorities.push(certificate);
                    } else if path.ends_with("client-certificate-data") && *number == 0 {
                        config.users.push(User { certificate });
                    }
                }
                config
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_folder_called_pki() {
        assert_eq!(split("/etc/kubernetes/pki/etcd/ca.crt"), Some(("/etc/kubernetes/pki/", "etcd/ca.crt")));
        assert_eq!(split("pki/ca.crt"), Some(("pki/", "ca.crt")));
        assert_eq!(split("mypki/ca.crt"), None);
        assert_eq!(split("pki"), None);
    }
}
