//! Files and servers with several certificates.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{Authority, Scene, key, object};
use certmint::inspect::evidence::Container;

/// A root, an intermediate, and a leaf.
fn three() -> (Authority, Authority, Vec<u8>) {
    let root = Authority::root("CN=root");
    let lower = Authority::below("CN=lower", &root);
    let leaf = lower.sign(good());
    (root, lower, leaf)
}

/// A root, two intermediates one below the other, and a leaf.
fn four() -> (Authority, Authority, Authority, Vec<u8>) {
    let root = Authority::root("CN=root");
    let upper = Authority::below("CN=upper", &root);
    let lower = Authority::below("CN=lower", &upper);
    let leaf = lower.sign(good());
    (root, upper, lower, leaf)
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "bundle-leaf-not-first",
        also: &[],
        says: "behind 1 authority",
        scene: || {
            let (root, lower, leaf) = three();
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("chain.pem", &[&lower.der, &leaf])
        },
    },
    Bad {
        rule: "bundle-order",
        also: &[],
        says: "it stands behind \"upper\"",
        scene: || {
            let (root, upper, lower, leaf) = four();
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("chain.pem", &[&leaf, &upper.der, &lower.der])
        },
    },
    Bad {
        rule: "bundle-order",
        also: &["bundle-root"],
        says: "it stands behind \"root\"",
        scene: || {
            let (root, upper, lower, leaf) = four();
            Scene::new().server("a.example.com:443", &[&leaf, &lower.der, &root.der, &upper.der])
        },
    },
    Bad {
        rule: "bundle-stranger",
        also: &[],
        says: "it is not above \"node\"",
        scene: || {
            let root = Authority::root("CN=root");
            let lower = Authority::below("CN=lower", &root);
            let other = Authority::below("CN=other", &root);
            let leaf = lower.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("chain.pem", &[&leaf, &lower.der, &other.der])
        },
    },
    Bad {
        rule: "bundle-root",
        also: &[],
        says: "in the file of \"node\"",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new().certificates("chain.pem", &[&leaf, &root.der])
        },
    },
    Bad {
        rule: "bundle-repeated",
        also: &[],
        says: "more than once",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new().certificates("ca.pem", &[&root.der, &root.der])
        },
    },
    Bad {
        rule: "intermediate-missing",
        also: &[],
        says: "its issuer \"CN=lower\" is in no file",
        scene: || {
            let (root, lower, leaf) = three();
            Scene::new()
                .certificates("ca/ca.pem", &[&root.der])
                .certificates("ca/lower.pem", &[&lower.der])
                .certificates("server/leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "intermediate-missing",
        also: &[],
        says: "its issuer \"CN=lower\" is in no file",
        scene: || {
            // Beside its file is the intermediate, and yet the server does not send it.
            let (root, lower, leaf) = three();
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("lower.pem", &[&lower.der])
                .certificates("leaf.pem", &[&leaf])
                .server("node.example.com:443", &[&leaf])
        },
    },
    Bad {
        rule: "intermediate-apart",
        also: &[],
        says: "its issuer \"CN=lower\" is in another file of the folder",
        scene: || {
            let (root, lower, leaf) = three();
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("lower.pem", &[&lower.der])
                .certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "bundle-stranger",
        also: &["bundle-root"],
        says: "it is not above",
        scene: || {
            let (root, key) = (Authority::root("CN=root"), key());
            let leaf = root.sign(good().key(&*key));
            let other = Authority::root("CN=other");
            Scene::new().document(
                "secret.yaml",
                Container::KubernetesSecret,
                vec![
                    ("data.tls.crt", object::certificate(&leaf)),
                    ("data.tls.crt", object::certificate(&root.der)),
                    ("data.tls.crt", object::certificate(&other.der)),
                    ("data.tls.key", object::key(&*key)),
                ],
            )
        },
    },
];
