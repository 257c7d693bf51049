//! The fields of a certificate.

use super::Bad;
use crate::audit_support::{Authority, Scene, Shape, element, key, name, oid, sequence, utc};

/// A root and a leaf below it.
pub(crate) fn leaf(shape: Shape) -> Scene {
    let root = Authority::root("CN=root");
    let der = root.sign(shape);
    Scene::new().certificates("ca.pem", &[&root.der]).certificates("leaf.pem", &[&der])
}

/// A good leaf.
pub(crate) fn good() -> Shape {
    Shape::leaf("CN=node", &["node.example.com", "10.0.0.1"])
}

/// A root of some shape.
pub(crate) fn root(shape: Shape) -> Scene {
    let root = Authority::shaped(shape, None, key());
    Scene::new().certificates("ca.pem", &[&root.der])
}

/// RSA with SHA-1 or another hash, by the last arc below PKCS #1.
pub(crate) fn rsa_with(last: u8) -> Vec<u8> {
    sequence(&[oid(&format!("1.2.840.113549.1.1.{last}")), vec![5, 0]])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "certificate-malformed",
        also: &["chain-broken"],
        says: "bytes follow its end",
        scene: || leaf(Shape { tail: vec![0], ..good() }),
    },
    Bad {
        rule: "time-encoding",
        also: &["chain-broken"],
        says: "with seconds and Z",
        scene: || leaf(Shape { not_after: element(0x18, &[b"20261130000000+0000".to_vec()]), ..good() }),
    },
    Bad {
        rule: "version-mismatch",
        also: &["chain-broken"],
        says: "version 1 and has 3 extensions",
        scene: || leaf(Shape { version: 0, ..good() }),
    },
    Bad {
        rule: "version-old",
        also: &["chain-broken"],
        says: "version 1",
        scene: || leaf(Shape { version: 0, extensions: Vec::new(), ..good() }),
    },
    Bad { rule: "serial-zero", also: &[], says: "is 0", scene: || leaf(Shape { serial: vec![0], ..good() }) },
    Bad {
        rule: "serial-negative",
        also: &[],
        says: "the sign",
        scene: || leaf(Shape { serial: vec![0x80, 1, 2, 3, 4, 5, 6, 7, 8], ..good() }),
    },
    Bad {
        rule: "serial-too-long",
        also: &[],
        says: "21 octets",
        scene: || leaf(Shape { serial: vec![0x11; 21], ..good() }),
    },
    Bad {
        rule: "signature-algorithms-differ",
        also: &["chain-broken"],
        says: "is not the one beside",
        scene: || leaf(Shape { inner_algorithm: Some(rsa_with(11)), ..good() }),
    },
    Bad {
        rule: "signature-md5",
        also: &["signature-unverifiable"],
        says: "MD5",
        scene: || leaf(Shape { algorithm: Some(rsa_with(4)), ..good() }),
    },
    Bad {
        rule: "signature-sha1",
        also: &["signature-invalid"],
        says: "SHA-1",
        scene: || leaf(Shape { algorithm: Some(rsa_with(5)), ..good() }),
    },
    Bad {
        rule: "issuer-empty",
        also: &["issuer-name-wrong"],
        says: "is empty",
        scene: || leaf(Shape { issuer: Some(name("")), ..good() }),
    },
    Bad {
        rule: "authority-without-name",
        also: &["issuer-empty"],
        says: "its subject is empty",
        scene: || root(Shape::authority("")),
    },
    Bad {
        rule: "validity-reversed",
        also: &["expired"],
        says: "begins on 2025-12-01T00:00:00Z and ends on 2025-11-01",
        scene: || leaf(good().valid("251201000000Z", "251101000000Z")),
    },
    Bad {
        rule: "expired",
        also: &[],
        says: "expired on 2026-01-05T12:00:00Z, 10 days ago",
        scene: || leaf(good().valid("250101000000Z", "260105120000Z")),
    },
    Bad {
        rule: "expires-soon",
        also: &[],
        says: "in 4 days",
        scene: || leaf(good().valid("250201000000Z", "260120000000Z")),
    },
    Bad {
        rule: "not-yet-valid",
        also: &[],
        says: "not valid before 2026-02-01",
        scene: || leaf(good().valid("260201000000Z", "260501000000Z")),
    },
    Bad {
        rule: "long-lived",
        also: &[],
        says: "9 years",
        scene: || leaf(Shape { not_after: utc("341231000000Z"), ..good() }),
    },
    Bad {
        rule: "unique-identifiers",
        also: &["chain-broken"],
        says: "unique identifier",
        scene: || leaf(Shape { unique: element(0x81, &[vec![0, 1, 2]]), ..good() }),
    },
];
