//! Extensions, each by itself.

use super::Bad;
use super::certificate::{good, leaf, root};
use crate::audit_support::{Scene, Shape, boolean, element, integer, oid, sequence};

fn authority() -> Shape {
    Shape::authority("CN=root")
}

fn constraints(parts: &[Vec<u8>]) -> Vec<u8> {
    sequence(parts)
}

/// Name constraints that permit names in one subtree.
fn permitting(tag: u8, base: &[u8]) -> Vec<u8> {
    let subtree = sequence(&[element(tag, &[base.to_vec()])]);
    sequence(&[element(0xa0, &[subtree])])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its keyUsage cannot be read",
        scene: || leaf(good().with("2.5.29.15", true, &[4, 1, 0])),
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its nameConstraints cannot be read",
        scene: || {
            root(authority().with("2.5.29.30", true, &permitting(0x87, &[10, 0, 0, 0, 0xf0, 0xf0, 0, 0])))
        },
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its nameConstraints cannot be read",
        scene: || {
            root(authority().with("2.5.29.30", true, &permitting(0x87, &[10, 0, 0, 0, 255, 0, 255, 0])))
        },
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its nameConstraints cannot be read",
        scene: || root(authority().with("2.5.29.30", true, &permitting(0x87, &[10, 0, 0, 0]))),
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its nameConstraints cannot be read",
        scene: || root(authority().with("2.5.29.30", true, &sequence(&[]))),
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its nameConstraints cannot be read",
        scene: || root(authority().with("2.5.29.30", true, &permitting(0x81, b"@example.com"))),
    },
    Bad {
        rule: "extension-malformed",
        also: &[],
        says: "its basicConstraints cannot be read",
        scene: || root(authority().with("2.5.29.19", true, &constraints(&[element(1, &[vec![1]])]))),
    },
    Bad {
        rule: "policy-repeated",
        also: &[],
        says: "its policy 1.2.3.4 stands there more than once",
        scene: || {
            let policy = sequence(&[oid("1.2.3.4")]);
            leaf(good().with("2.5.29.32", false, &sequence(&[policy.clone(), policy])))
        },
    },
    Bad {
        rule: "extension-repeated",
        also: &["chain-broken"],
        says: "its extKeyUsage stands there",
        scene: || leaf(good().also("2.5.29.37", false, &sequence(&[oid("1.3.6.1.5.5.7.3.1")]))),
    },
    Bad {
        rule: "extension-unknown-critical",
        also: &[],
        says: "its extension 1.2.3.4 is critical",
        scene: || leaf(good().with("1.2.3.4", true, &[5, 0])),
    },
    Bad {
        rule: "extension-criticality",
        also: &["chain-broken"],
        says: "its subjectKeyIdentifier is critical",
        scene: || leaf(good().with("2.5.29.14", true, &element(4, &[vec![1, 2, 3]]))),
    },
    Bad {
        rule: "extension-criticality",
        also: &[],
        says: "its nameConstraints is not critical",
        scene: || root(authority().with("2.5.29.30", false, &permitting(0x82, b"example.com"))),
    },
    Bad {
        rule: "ca-constraints-not-critical",
        also: &[],
        says: "not critical",
        scene: || root(authority().with("2.5.29.19", false, &constraints(&[boolean(true)]))),
    },
    Bad {
        rule: "ca-without-cert-sign",
        also: &[],
        says: "lacks keyCertSign",
        scene: || root(authority().with("2.5.29.15", true, &[3, 2, 1, 2])),
    },
    Bad {
        rule: "ca-without-key-usage",
        also: &[],
        says: "no key usage",
        scene: || root(authority().without("2.5.29.15")),
    },
    Bad {
        rule: "cert-sign-without-ca",
        also: &[],
        says: "has keyCertSign",
        scene: || leaf(good().with("2.5.29.15", true, &[3, 2, 2, 0x84])),
    },
    Bad {
        rule: "path-length-without-ca",
        also: &[],
        says: "path length is 0",
        scene: || leaf(good().with("2.5.29.19", true, &constraints(&[boolean(false), integer(&[0])]))),
    },
    Bad {
        rule: "path-length-negative",
        also: &[],
        says: "below zero",
        scene: || root(authority().with("2.5.29.19", true, &constraints(&[boolean(true), integer(&[0xff])]))),
    },
    Bad {
        rule: "ca-without-key-identifier",
        also: &[],
        says: "no subject key identifier",
        scene: || root(authority().without("2.5.29.14")),
    },
    Bad {
        rule: "authority-key-identifier-missing",
        also: &[],
        says: "no authority key identifier",
        scene: || {
            let root = crate::audit_support::Authority::root("CN=root");
            let der = root.sign_raw(good());
            Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&der])
        },
    },
    Bad {
        rule: "name-constraints-on-leaf",
        also: &[],
        says: "no authority",
        scene: || {
            let base = sequence(&[element(0x82, &[b"example.com".to_vec()])]);
            leaf(good().with("2.5.29.30", true, &sequence(&[element(0xa0, &[base])])))
        },
    },
    Bad {
        rule: "key-usage-empty",
        also: &[],
        says: "no bit",
        scene: || leaf(good().with("2.5.29.15", true, &[3, 1, 0])),
    },
    Bad {
        rule: "key-usage-unfit",
        also: &[],
        says: "ECDSA P-256 and cannot do keyEncipherment",
        scene: || leaf(good().with("2.5.29.15", true, &[3, 2, 5, 0xa0])),
    },
    Bad {
        rule: "tls-without-digital-signature",
        also: &[],
        says: "lacks digitalSignature",
        scene: || leaf(good().with("2.5.29.15", true, &[3, 2, 3, 8])),
    },
    Bad {
        rule: "purpose-any",
        also: &[],
        says: "anyExtendedKeyUsage",
        scene: || leaf(good().with("2.5.29.37", false, &sequence(&[oid("2.5.29.37.0")]))),
    },
    Bad {
        rule: "purpose-missing",
        also: &[],
        says: "no extended key usage",
        scene: || leaf(good().without("2.5.29.37")),
    },
    Bad {
        rule: "authority-as-server",
        also: &[],
        says: "has the name localhost",
        scene: || root(authority().names(&[element(0x82, &[b"localhost".to_vec()])])),
    },
];
