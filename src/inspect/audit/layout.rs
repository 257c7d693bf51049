//! Where things are in a Kubernetes control plane.

use super::identity::Digest;
use super::kubeconfig::Kubeconfig;
use super::paths::{file_name, folder};
use super::set::Set;
use crate::inspect::view::Purpose;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A certificate of the layout: its path below `pki/` without `.crt`, the path of its authority, what it is for.
pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) authority: &'static str,
    pub(super) purposes: &'static [Purpose],
    /// The groups of which the subject has to have one; empty for any.
    pub(super) groups: &'static [&'static str],
    /// The common name; empty for any.
    pub(super) common_name: &'static str,
}

const SERVER: &[Purpose] = &[Purpose::ServerAuth];
pub(super) const CLIENT: &[Purpose] = &[Purpose::ClientAuth];
const BOTH: &[Purpose] = &[Purpose::ServerAuth, Purpose::ClientAuth];
pub(super) const ADMINS: &[&str] = &["system:masters", "kubeadm:cluster-admins"];

/// kubernetes.io, PKI certificates and requirements.
pub(super) const LAYOUT: [Row; 7] = [
    row("apiserver", "ca", SERVER, &[], ""),
    row("apiserver-kubelet-client", "ca", CLIENT, ADMINS, ""),
    row("front-proxy-client", "front-proxy-ca", CLIENT, &[], "front-proxy-client"),
    row("apiserver-etcd-client", "etcd/ca", CLIENT, &[], ""),
    row("etcd/server", "etcd/ca", BOTH, &[], ""),
    row("etcd/peer", "etcd/ca", BOTH, &[], ""),
    row("etcd/healthcheck-client", "etcd/ca", CLIENT, &[], ""),
];

const fn row(
    path: &'static str,
    authority: &'static str,
    purposes: &'static [Purpose],
    groups: &'static [&'static str],
    common_name: &'static str,
) -> Row {
    Row { path, authority, purposes, groups, common_name }
}

/// A folder of a control plane's files, called `pki` or known by what is in it.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its path, with the slash at its end.
    pub(super) folder: String,
    /// Its files by their path below it, and the sources they are.
    pub(super) files: BTreeMap<String, u32>,
    /// How many of [`STEMS`] name files right in it.
    stems: u32,
}

/// Files by which a folder is known, whatever it is called, without their endings; several have to be there.
const STEMS: [&str; 7] = [
    "apiserver",
    "apiserver-etcd-client",
    "apiserver-kubelet-client",
    "ca",
    "front-proxy-ca",
    "front-proxy-client",
    "sa",
];

/// The file that a name is of, as a bit for each of [`STEMS`]; 0 for others.
fn stem_bit(file: &str) -> u8 {
    let stem = [".crt", ".key", ".pub"].iter().find_map(|end| file.strip_suffix(end));
    let at = stem.and_then(|stem| STEMS.iter().position(|known| *known == stem));
    at.map_or(0, |at| 1 << at)
}

impl Layout {
    /// All such folders among the sources.
    pub(super) fn all(set: &Set<'_>) -> Vec<Self> {
        let mut stems: HashMap<&str, u8> = HashMap::new();
        for (name, _) in set.material.names() {
            let bit = stem_bit(file_name(name));
            if bit != 0 {
                *stems.entry(folder(name)).or_default() |= bit;
            }
        }
        let stems = |folder: &str| stems.get(folder).map_or(0, |bits| bits.count_ones());
        let mut found: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
        for (name, at) in set.material.names() {
            if let Some((folder, path)) = split(name, |folder| stems(folder) >= 2) {
                found.entry(folder).or_default().insert(path.to_owned(), at);
            }
        }
        let layouts = found.into_iter();
        layouts
            .map(|(folder, files)| Self { folder: folder.to_owned(), files, stems: stems(folder) })
            .collect()
    }

    /// The source of a file, by its path below the folder.
    pub(super) fn file(&self, path: &str) -> Option<u32> {
        self.files.get(path).copied()
    }

    /// Whether there is a file whose path below this folder starts so.
    pub(super) fn has(&self, start: &str) -> bool {
        self.files.range(start.to_owned()..).next().is_some_and(|(file, _)| file.starts_with(start))
    }

    /// Whether an API server works with these files: a node without one has `ca.crt` and what the kubelet needs, one
    /// of an etcd cluster `etcd/` and `apiserver-etcd-client`.
    pub(super) fn is_control_plane(&self, configs: &[Kubeconfig]) -> bool {
        let signs =
            ["apiserver.", "apiserver-kubelet-client.", "front-proxy-ca.", "front-proxy-client.", "sa."];
        let beside = || configs.iter().filter(|config| self.is_beside(config));
        let is_called_so = self.folder.ends_with("kubernetes/pki/");
        let has_sign = signs.iter().any(|sign| self.has(sign))
            || beside().any(Kubeconfig::is_of_control_plane)
            || (self.has("ca.key") && (is_called_so || beside().next().is_some()));
        // Elsewhere two such files may be copies for another node.
        has_sign && (is_named(&self.folder) || self.stems >= 3)
    }

    /// Whether there is anything of Kubernetes in it: others call folders `pki` too.
    pub(super) fn is_of_kubernetes(&self, set: &Set<'_>) -> bool {
        self.stems > 1
            || LAYOUT.iter().any(|row| self.has(&format!("{}.", row.path)))
            || !self.kubelets(set).is_empty()
    }

    /// The certificate in a file, by the path without `.crt`.
    pub(super) fn certificate(&self, set: &Set<'_>, path: &str) -> Option<u32> {
        set.first_certificate(self.file(&format!("{path}.crt"))?)
    }

    /// The keys of the authorities in a file, by the path without `.crt`; `None` where there are none.
    pub(super) fn authorities(&self, set: &Set<'_>, path: &str) -> Option<HashSet<Digest>> {
        let keys = set.authority_keys(self.file(&format!("{path}.crt"))?);
        (!keys.is_empty()).then_some(keys)
    }

    /// The certificates of `kubelet-client-current.pem` and its like.
    pub(super) fn kubelets(&self, set: &Set<'_>) -> Vec<u32> {
        let files = self.files.iter().filter(|(path, _)| path.starts_with("kubelet-client"));
        let mut found: Vec<u32> = files.filter_map(|(_, source)| set.first_certificate(*source)).collect();
        // A link leads to the one in use.
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The folder that this one is in, with the slash at its end; `None` where that is not known.
    pub(super) fn beside(&self) -> Option<&str> {
        let own = self.folder.strip_suffix('/')?;
        Some(folder(own)).filter(|_| own != ".")
    }

    /// True for a kubeconfig file in the folder that this one is in.
    pub(super) fn is_beside(&self, config: &Kubeconfig) -> bool {
        self.beside() == Some(&config.folder)
    }
}

/// Whether a folder is called `pki`.
fn is_named(folder: &str) -> bool {
    folder == "pki/" || folder.ends_with("/pki/")
}

/// The path of a folder of a control plane, with its slash, and what follows: a folder called `pki`, or the one that
/// the file is in, or has its folder `etcd` in, where that is known by its files.
fn split(path: &str, is_known: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let end = match path.rfind("/pki/") {
        Some(slash) => slash + "/pki/".len(),
        None if path.starts_with("pki/") => "pki/".len(),
        None => {
            let own = folder(path);
            let above = own.strip_suffix("etcd/").filter(|above| above.is_empty() || above.ends_with('/'));
            [Some(own), above].into_iter().flatten().find(|folder| is_known(folder))?.len()
        }
    };
    path.split_at_checked(end)
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_the_folder_called_pki_and_others_by_what_is_in_them() {
        let split = |path| super::split(path, |folder| matches!(folder, "" | "bk/" | "/srv/ssl/"));
        assert_eq!(split("/etc/kubernetes/pki/etcd/ca.crt"), Some(("/etc/kubernetes/pki/", "etcd/ca.crt")));
        assert_eq!(split("pki/ca.crt"), Some(("pki/", "ca.crt")));
        assert_eq!(split("mypki/ca.crt"), None);
        assert_eq!(split("ca.crt"), Some(("", "ca.crt")));
        assert_eq!(split("etcd/ca.crt"), Some(("", "etcd/ca.crt")));
        assert_eq!(split("bk/etcd/ca.crt"), Some(("bk/", "etcd/ca.crt")));
        assert_eq!(split("/srv/ssl/apiserver.crt"), Some(("/srv/ssl/", "apiserver.crt")));
        assert_eq!(split("/srv/ssl/old/apiserver.crt"), None);
        assert_eq!(split("/srv/other-etcd/ca.crt"), None);
    }
}
