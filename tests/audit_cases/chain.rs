//! A certificate and those above it.

use super::Bad;
use super::certificate::good;
use super::kubernetes::Cluster;
use crate::audit_support::{
    Authority, Scene, Shape, boolean, element, foreign_key, integer, key, key_identifier, name, oid, rsa,
    sequence, tls, utc,
};
use certmint::keys::SignatureAlgorithm;

/// A root, an intermediate of some shape below it, and a leaf below that, with the files that belong together.
fn below(intermediate: Shape, leaf: Shape) -> Scene {
    let root = Authority::root("CN=root");
    let intermediate = Authority::shaped(intermediate, Some(&root), key());
    let leaf = intermediate.sign(leaf);
    Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf, &intermediate.der])
}

fn intermediate() -> Shape {
    Shape::authority("CN=intermediate")
}

/// Name constraints that permit one domain.
fn permitted(domain: &str) -> Vec<u8> {
    let base = sequence(&[element(0x82, &[domain.as_bytes().to_vec()])]);
    sequence(&[element(0xa0, &[base])])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "issuer-missing",
        also: &[],
        says: "its issuer, \"CN=root\"",
        scene: || {
            let leaf = Authority::root("CN=root").sign(good());
            Scene::new().certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "root-missing",
        also: &[],
        says: "no certificate here has the name of its issuer, \"CN=root\"",
        scene: || {
            let lower = Authority::below("CN=lower", &Authority::root("CN=root"));
            let leaf = lower.sign(good());
            Scene::new().certificates("fullchain.pem", &[&leaf, &lower.der])
        },
    },
    Bad {
        rule: "signature-invalid",
        also: &[],
        says: "did not sign it as it stands",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(Shape { is_broken: true, ..good() });
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        // The intermediate that it stands with is its own all the same.
        rule: "signature-invalid",
        also: &["bundle-root"],
        says: "the key of its issuer \"CN=intermediate\" did not sign it",
        scene: || {
            let root = Authority::root("CN=root");
            let intermediate = Authority::below("CN=intermediate", &root);
            let leaf = intermediate.sign(Shape { is_broken: true, ..good() });
            Scene::new().certificates("fullchain.pem", &[&leaf, &intermediate.der, &root.der])
        },
    },
    Bad {
        rule: "issuer-key-differs",
        also: &[],
        says: "no authority of the name of its issuer, \"CN=root\"",
        scene: || {
            let (old, new) = (Authority::root("CN=root"), Authority::root("CN=root"));
            let leaf = old.sign(good());
            Scene::new().certificates("ca.pem", &[&new.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        // The authority was made anew under its name with a key of another kind.
        rule: "issuer-key-differs",
        also: &[],
        says: "no authority of the name of its issuer, \"CN=root\"",
        scene: || {
            let shape = Shape::authority("CN=root");
            let old = Authority::shaped(shape, None, rsa(2048, SignatureAlgorithm::RsaSha256));
            let leaf = old.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&Authority::root("CN=root").der])
                .certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "signature-unverifiable",
        also: &["key-unusual"],
        says: "was not checked",
        scene: || {
            let spki = foreign_key();
            let shape = Shape::authority("CN=root").spki(&spki);
            let signing = key();
            let root = shape.sealed(&name("CN=root"), &*signing);
            let leaf = good().with("2.5.29.35", false, &sequence(&[element(0x80, &[key_identifier(&spki)])]));
            let leaf = leaf.sealed(&name("CN=root"), &*signing);
            Scene::new().certificates("ca.pem", &[&root]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "kubernetes-issuer",
        also: &["signature-unverifiable", "authority-key-identifier-missing"],
        says: "no authority in \"/etc/kubernetes/pki/ca.crt\" signed it",
        scene: || {
            // It has the name of the authority that is there, and a signature that nobody can check.
            let mut cluster = Cluster::new();
            cluster.configs.retain(|(file, _)| *file != "kubelet.conf");
            let (ca, any, key) = (cluster.ca.clone(), key(), key());
            let algorithm = Some(sequence(&[oid("1.3.6.1.4.1.99999.1")]));
            let node = Shape::leaf("O=UTF8:system:nodes, CN=UTF8:system:node:worker", &[]).purposes(&[2]);
            let der = Shape { algorithm, ..node.key(&*key) }.sealed(&ca.name, &*any);
            cluster.scene().kubeconfig("/etc/kubernetes/kubelet.conf", &ca.der, &der, &*key)
        },
    },
    Bad {
        rule: "issuer-name-bytes",
        also: &[],
        says: "is not the bytes",
        scene: || {
            let root = Authority::root("O=Acme, CN=root");
            let leaf = root.sign(Shape { issuer: Some(name("O=UTF8:acme, CN=ROOT")), ..good() });
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "issuer-name-wrong",
        also: &[],
        says: "names \"CN=old name\" as its issuer, and the key of \"CN=root\"",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = root.sign(Shape { issuer: Some(name("CN=old name")), ..good() });
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "authority-key-identifier-mismatch",
        also: &[],
        says: "it names the key 010203",
        scene: || {
            let root = Authority::root("CN=root");
            let leaf = good().with("2.5.29.35", false, &sequence(&[element(0x80, &[vec![1, 2, 3]])]));
            let leaf = root.sign(leaf);
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "authority-key-identifier-mismatch",
        also: &[],
        says: "it names the authority's certificate 0102",
        scene: || {
            let root = Authority::root("CN=root");
            let issuer = element(0xa1, &[element(0xa4, &[name("CN=root")])]);
            let identifier =
                sequence(&[element(0x80, &[root.key_identifier()]), issuer, element(0x82, &[vec![1, 2]])]);
            let leaf = root.sign(good().with("2.5.29.35", false, &identifier));
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf])
        },
    },
    Bad {
        rule: "issuer-not-authority",
        also: &["chain-broken"],
        says: "\"CN=server\" signed it",
        scene: || {
            let root = Authority::root("CN=root");
            let shape = Shape::leaf("CN=server", &["server.example.com"]).with("2.5.29.14", false, &[]);
            let server = Authority::shaped(shape, Some(&root), key());
            let leaf = server.sign(good());
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&leaf, &server.der])
        },
    },
    Bad {
        rule: "leaf-outlives-issuer",
        also: &["authority-ends-first"],
        says: "it ends on 2027-06-01T00:00:00Z, and its issuer \"CN=intermediate\" on 2026-06-01",
        scene: || {
            let short = Shape { not_after: utc("260601000000Z"), ..intermediate() };
            below(short, Shape { not_after: utc("270601000000Z"), ..good() })
        },
    },
    Bad {
        rule: "name-constraint-violated",
        also: &[],
        says: "does not permit \"node.example.com\"",
        scene: || below(intermediate().with("2.5.29.30", true, &permitted("example.org")), good()),
    },
    Bad {
        rule: "path-length-exceeded",
        also: &["chain-broken"],
        says: "\"root\" allows 0 authorities below it, and there are 1",
        scene: || {
            let shape = Shape::authority("CN=root").with(
                "2.5.29.19",
                true,
                &sequence(&[boolean(true), integer(&[0])]),
            );
            let root = Authority::shaped(shape, None, key());
            let intermediate = Authority::below("CN=intermediate", &root);
            let leaf = intermediate.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("leaf.pem", &[&leaf, &intermediate.der])
        },
    },
    Bad {
        rule: "purpose-not-nested",
        also: &[],
        says: "\"intermediate\" does not allow clientAuth",
        scene: || below(intermediate().with("2.5.29.37", false, &tls(&[1])), good()),
    },
    Bad {
        rule: "chain-broken",
        also: &["expired", "authority-ends-first", "leaf-outlives-issuer"],
        says: "its issuer \"intermediate\" expired on 2026-01-01",
        scene: || below(Shape { not_after: utc("260101000000Z"), ..intermediate() }, good()),
    },
    Bad {
        rule: "chain-broken",
        also: &["rsa-too-small"],
        says: "an RSA key of 1024 bits",
        scene: || {
            let small = rsa(1024, SignatureAlgorithm::RsaSha256);
            let root = Authority::root("CN=root");
            let intermediate = Authority::shaped(intermediate(), Some(&root), small);
            let leaf = intermediate.sign(good());
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .certificates("leaf.pem", &[&leaf, &intermediate.der])
        },
    },
    Bad {
        rule: "self-signed-leaf",
        also: &[],
        says: "it signed itself",
        scene: || {
            let key = key();
            let leaf = good().key(&*key).sealed(&name("CN=node"), &*key);
            Scene::new().certificates("leaf.pem", &[&leaf])
        },
    },
];
