//! Certificates beside one another.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{Authority, Scene, Shape, key, object, utc};
use certmint::inspect::evidence::{Container, EtcdMember};

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "key-mismatch",
        also: &[],
        says: "the certificate in \"node.pem\"",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("node.pem", &[&leaf])
                .key("node-key.pem", &*key())
        },
    },
    Bad {
        rule: "key-mismatch",
        also: &[],
        says: "a certificate beside it",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .file("node.pem", vec![object::certificate(&leaf), object::key(&*key())])
        },
    },
    Bad {
        rule: "key-mismatch",
        also: &[],
        says: "users[0].user.client-certificate-data",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new().kubeconfig("admin.conf", &root.der, &leaf, &*key())
        },
    },
    Bad {
        rule: "key-mismatch",
        also: &[],
        says: "data.tls.crt",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new().certificates("ca.pem", &[&root.der]).document(
                "secret.yaml",
                Container::KubernetesSecret,
                vec![("data.tls.crt", object::certificate(&leaf)), ("data.tls.key", object::key(&*key()))],
            )
        },
    },
    Bad {
        // What Vault answers.
        rule: "key-mismatch",
        also: &[],
        says: "the certificate in \"data.certificate\"",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new().certificates("ca.pem", &[&root.der]).document(
                "answer.json",
                Container::Document,
                vec![
                    ("data.certificate", object::certificate(&leaf)),
                    ("data.private_key", object::key(&*key())),
                ],
            )
        },
    },
    Bad {
        // Keys and certificates have folders of their own.
        rule: "key-mismatch",
        also: &[],
        says: "the certificate in \"/etc/ssl/certs/web.pem\"",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            Scene::new()
                .certificates("/etc/ssl/certs/ca.pem", &[&root.der])
                .certificates("/etc/ssl/certs/web.pem", &[&leaf])
                .key("/etc/ssl/private/web.key", &*key())
        },
    },
    Bad {
        // One key is named twice, and belongs to the second certificate alone.
        rule: "key-mismatch",
        also: &[],
        says: "the certificate in \"/etc/etcd/server.pem\"",
        scene: || {
            let root = Authority::root("CN=root");
            let peer = key();
            let text = |text: &str| Some(text.to_owned());
            let member = EtcdMember {
                cert_file: text("/etc/etcd/server.pem"),
                key_file: text("/etc/etcd/peer-key.pem"),
                peer_cert_file: text("/etc/etcd/peer.pem"),
                peer_key_file: text("/etc/etcd/peer-key.pem"),
                ..EtcdMember::default()
            };
            Scene::new()
                .certificates("/etc/etcd/ca.pem", &[&root.der])
                .certificates("/etc/etcd/server.pem", &[&root.sign(good())])
                .certificates("/etc/etcd/peer.pem", &[&root.sign(good().key(&*peer))])
                .key("/etc/etcd/peer-key.pem", &*peer)
                .member("/etc/etcd/etcd.yml", member)
        },
    },
    Bad {
        rule: "key-mismatch",
        also: &[],
        says: "/etc/etcd/one.pem",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(good());
            let member = EtcdMember {
                cert_file: Some("one.pem".to_owned()),
                key_file: Some("secret.key".to_owned()),
                ..EtcdMember::default()
            };
            Scene::new()
                .certificates("/etc/etcd/ca.pem", &[&root.der])
                .certificates("/etc/etcd/one.pem", &[&leaf])
                .key("/etc/etcd/secret.key", &*key())
                .member("/etc/etcd/etcd.yml", member)
        },
    },
    Bad {
        rule: "key-shared",
        also: &[],
        says: "its key is also that of \"two\"",
        scene: || {
            let (root, key) = (Authority::root("CN=root"), key());
            let one = root.sign(Shape::leaf("CN=one", &["one.example.com"]).key(&*key));
            let two = root.sign(Shape::leaf("CN=two", &["two.example.com"]).key(&*key));
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("one.pem", &[&one])
                .certificates("two.pem", &[&two])
        },
    },
    Bad {
        rule: "key-reused",
        also: &[],
        says: "1 other certificate",
        scene: || {
            let (root, key) = (Authority::root("CN=root"), key());
            let old = root.sign(Shape::leaf("CN=one", &["one.example.com"]).key(&*key));
            let new = Shape::leaf("CN=one", &["one.example.com"]).valid("260101000000Z", "270101000000Z");
            let new = root.sign(new.key(&*key));
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("old.pem", &[&old])
                .certificates("new.pem", &[&new])
        },
    },
    Bad {
        // One more name, and one server's certificates for its two roles, are of one holder.
        rule: "key-reused",
        also: &[],
        says: "2 other certificates of its names have the same key",
        scene: || {
            let (root, key) = (Authority::root("CN=root"), key());
            let sign = |shape: Shape| root.sign(shape.key(&*key));
            let old = sign(Shape::leaf("CN=one", &["one.example.com"]));
            let new = Shape::leaf("CN=one", &["one.example.com", "two.example.com"]);
            let new = sign(new.valid("260101000000Z", "270101000000Z"));
            let client = sign(Shape::leaf("O=Acme, CN=one", &[]).purposes(&[2]));
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("all.pem", &[&old, &new, &client])
        },
    },
    Bad {
        rule: "key-shared",
        also: &[],
        says: "its key is also that of \"two\"",
        scene: || {
            // That every machine is called localhost makes them not one.
            let (root, key) = (Authority::root("CN=root"), key());
            let sign = |name: &str| {
                root.sign(
                    Shape::leaf(&format!("CN={name}"), &[name, "localhost", "127.0.0.1", "::1"]).key(&*key),
                )
            };
            let (one, two) = (sign("one"), sign("two"));
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("one.pem", &[&one])
                .certificates("two.pem", &[&two])
        },
    },
    Bad {
        rule: "key-shared",
        also: &[],
        says: "its key is also that of \"lower\"",
        scene: || {
            // An authority's key in a leaf of the same name.
            let root = Authority::root("CN=root");
            let lower = Authority::below("CN=lower", &root);
            let leaf = root.sign(Shape::leaf("CN=lower", &["one.example.com"]).key(&*lower.key));
            Scene::new().certificates("ca.pem", &[&root.der, &lower.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "serial-shared",
        also: &[],
        says: "its serial number 0505050505050505 is also that of \"two\"",
        scene: || {
            let root = Authority::root("CN=root");
            let shape = |name: &str| Shape {
                serial: vec![5; 8],
                ..Shape::leaf(&format!("CN={name}"), &["a.example.com"])
            };
            let (one, two) = (root.sign(shape("one")), root.sign(shape("two")));
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("one.pem", &[&one])
                .certificates("two.pem", &[&two])
        },
    },
    Bad {
        rule: "authority-name-shared",
        also: &[],
        says: "2 different keys",
        scene: || {
            let (old, new) = (Authority::root("CN=root"), Authority::root("CN=root"));
            Scene::new().certificates("old.pem", &[&old.der]).certificates("new.pem", &[&new.der])
        },
    },
    Bad {
        rule: "authority-ends-first",
        also: &["leaf-outlives-issuer"],
        says: "before 1 certificate below it, the last on 2035-06-01",
        scene: || {
            let root = Authority::root("CN=root");
            let shape = Shape { not_after: utc("350601000000Z"), ..Shape::authority("CN=below") };
            let below = Authority::shaped(shape, Some(&root), key());
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("below.pem", &[&below.der])
        },
    },
    Bad {
        rule: "authority-key-beside-leaves",
        also: &[],
        says: "\"CN=root\" lies beside 1 key of a leaf below it",
        scene: || {
            // The leaf of another authority does not count.
            let (root, other) = (Authority::root("CN=root"), Authority::root("CN=other"));
            let (key, of_other) = (key(), key());
            let (leaf, below_other) = (root.sign(good().key(&*key)), other.sign(good().key(&*of_other)));
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .key("ca-key.pem", &*root.key)
                .certificates("node.pem", &[&leaf])
                .key("node-key.pem", &*key)
                .certificates("other-ca.pem", &[&other.der])
                .certificates("other.pem", &[&below_other])
                .key("other-key.pem", &*of_other)
        },
    },
];
