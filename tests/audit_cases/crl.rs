//! Revocation lists.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{
    Authority, List, Scene, Shape, bit_string, element, extension, foreign_key, integer, key, name, object,
    oid, rsa, sequence, utc,
};
use certmint::keys::SignatureAlgorithm;

/// A root with a list.
fn list(list: &List) -> Scene {
    let root = Authority::root("CN=root");
    let der = list.sign(&root);
    Scene::new().certificates("ca.pem", &[&root.der]).file("ca.crl", vec![object::list(&der)])
}

/// A root with a list, and a leaf of the serial number 07 07 07 07 07 07 07 07.
pub(crate) fn revoking(list: &List) -> Scene {
    let root = Authority::root("CN=root");
    let leaf = root.sign(Shape { serial: vec![7; 8], ..good() });
    Scene::new()
        .certificates("ca.pem", &[&root.der])
        .certificates("leaf.pem", &[&leaf])
        .file("ca.crl", vec![object::list(&list.sign(&root))])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "crl-malformed",
        also: &[],
        says: "not a CRL that can be read",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new().certificates("ca.pem", &[&root.der]).file("ca.crl", vec![object::list(&[0x30, 0])])
        },
    },
    Bad {
        rule: "crl-stale",
        also: &[],
        says: "due on 2026-01-12",
        scene: || list(&List { next_update: Some(utc("260112000000Z")), ..List::new() }),
    },
    Bad {
        rule: "crl-without-next-update",
        also: &[],
        says: "does not say when",
        scene: || list(&List { next_update: None, ..List::new() }),
    },
    Bad {
        rule: "crl-not-yet-valid",
        also: &[],
        says: "2026-01-20",
        scene: || list(&List { this_update: utc("260120000000Z"), ..List::new() }),
    },
    Bad {
        rule: "crl-unnumbered",
        also: &[],
        says: "no CRL number",
        scene: || list(&List { extensions: Vec::new(), ..List::new() }),
    },
    Bad {
        rule: "crl-unknown-critical",
        also: &[],
        says: "critical extension",
        scene: || {
            let mut changed = List::new();
            changed.extensions.push(extension("1.2.3.4", true, &[5, 0]));
            list(&changed)
        },
    },
    Bad {
        rule: "crl-signature-invalid",
        also: &[],
        says: "\"CN=root\" here signed it",
        scene: || list(&List { is_broken: true, ..List::new() }),
    },
    Bad {
        // The algorithm is not known.
        rule: "crl-signature-unverifiable",
        also: &[],
        says: "whether \"CN=root\" signed it cannot be checked here",
        scene: || {
            let root = Authority::root("CN=root");
            let algorithm = sequence(&[oid("1.3.6.1.4.1.99999.1")]);
            let list = List::new();
            let extensions = element(0xa0, &[sequence(&list.extensions)]);
            let body = list.body(&root.name, &algorithm, Vec::new(), extensions);
            let der = sequence(&[body, algorithm, bit_string(&[1, 2, 3])]);
            Scene::new().certificates("ca.pem", &[&root.der]).file("ca.crl", vec![object::list(&der)])
        },
    },
    Bad {
        // The key of the authority is on a curve that nobody here can use.
        rule: "crl-signature-unverifiable",
        also: &["key-unusual"],
        says: "the kind of the key is not supported",
        scene: || {
            let root = Authority::root("CN=root");
            let der = List::new().sign(&root);
            let foreign = foreign_key();
            let shape = Shape::authority("CN=root").spki(&foreign).sealed(&root.name, &*root.key);
            Scene::new().certificates("ca.pem", &[&shape]).file("ca.crl", vec![object::list(&der)])
        },
    },
    Bad {
        // A key of another kind cannot have signed it.
        rule: "crl-signature-invalid",
        also: &[],
        says: "\"CN=root\" here signed it",
        scene: || {
            let old = Authority::shaped(
                Shape::authority("CN=root"),
                None,
                rsa(2048, SignatureAlgorithm::RsaSha256),
            );
            let new = Authority::root("CN=root");
            let der = List::new().sign(&old);
            Scene::new().certificates("ca.pem", &[&new.der]).file("ca.crl", vec![object::list(&der)])
        },
    },
    Bad {
        rule: "crl-signature-sha1",
        also: &[],
        says: "SHA-1",
        scene: || {
            // The root itself is signed with SHA-1 too, which nobody looks at.
            let root =
                Authority::shaped(Shape::authority("CN=root"), None, rsa(2048, SignatureAlgorithm::RsaSha1));
            let der = List::new().sign(&root);
            Scene::new().certificates("ca.pem", &[&root.der]).file("ca.crl", vec![object::list(&der)])
        },
    },
    Bad {
        rule: "crl-issuer-may-not-sign",
        also: &[],
        says: "lacks cRLSign",
        scene: || {
            let shape = Shape::authority("CN=root").with("2.5.29.15", true, &[3, 2, 2, 4]);
            let root = Authority::shaped(shape, None, key());
            let der = List::new().sign(&root);
            Scene::new().certificates("ca.pem", &[&root.der]).file("ca.crl", vec![object::list(&der)])
        },
    },
    Bad {
        rule: "revoked-in-use",
        also: &[],
        says: "revoked on 2026-01-05T00:00:00Z, keyCompromise",
        scene: || revoking(&List::new().revoking(&[7; 8])),
    },
    Bad {
        rule: "revoked-in-use",
        also: &[],
        says: "revoked on 2026-01-07T00:00:00Z",
        scene: || {
            // Two entries of one certificate: the first counts.
            let mut twice = List::new();
            twice.revoked.push(sequence(&[integer(&[7; 8]), utc("260107000000Z")]));
            revoking(&twice.revoking(&[7; 8]))
        },
    },
    Bad {
        // Whom such a list revokes, only those know who know the extension; revoked-in-use is silent.
        rule: "crl-unknown-critical",
        also: &[],
        says: "critical extension",
        scene: || {
            let mut changed = List::new();
            let issuer = sequence(&[element(0xa4, &[name("CN=other")])]);
            let issuer = extension("2.5.29.29", true, &issuer);
            changed.revoked.push(sequence(&[integer(&[7; 8]), utc("260105000000Z"), sequence(&[issuer])]));
            revoking(&changed)
        },
    },
];
