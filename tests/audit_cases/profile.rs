//! Uses without anything of theirs.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{Authority, Scene};
use certmint::inspect::audit::UseProfile;

/// An authority, and a client where it is asked for.
fn without_servers(profile: UseProfile) -> Scene {
    let root = Authority::root("CN=root");
    let client = root.sign(good().purposes(&[2]));
    Scene::new()
        .for_use(profile)
        .certificates("/etc/ssl/root.pem", &[&root.der])
        .certificates("/etc/ssl/someone.pem", &[&client])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "profile-without-subject",
        also: &[],
        says: "there is no file of a Kubernetes control plane or node",
        scene: || without_servers(UseProfile::Kubernetes),
    },
    Bad {
        rule: "profile-without-subject",
        also: &[],
        says: "there is no certificate of an etcd cluster",
        scene: || without_servers(UseProfile::Etcd),
    },
    Bad {
        rule: "profile-without-subject",
        also: &[],
        says: "there is no certificate of a server",
        scene: || without_servers(UseProfile::Web),
    },
];
