//! Public web servers.

use super::Bad;
use crate::audit_support::{Authority, Scene, Shape, element, general_names, name, oid, sequence, uri};
use certmint::inspect::audit::UseProfile;
use certmint::keys::{KeyAlgorithm, PrivateKey};

/// A certificate as public authorities issue them.
pub(crate) fn good() -> Shape {
    let point = element(0xa0, &[element(0xa0, &[uri("http://crl.example.com/ca.crl")])]);
    Shape::leaf("CN=www.example.com", &["www.example.com", "example.com"])
        .valid("260101000000Z", "270131235959Z")
        .purposes(&[1])
        .with("2.5.29.31", false, &sequence(&[sequence(&[point])]))
        .with("2.5.29.32", false, &sequence(&[sequence(&[oid("2.23.140.1.2.1")])]))
        .with("1.3.6.1.4.1.11129.2.4.2", false, &element(4, &[vec![0, 0]]))
        .with("2.5.29.19", true, &sequence(&[]))
}

pub(crate) fn server(shape: Shape) -> Scene {
    let root = Authority::root("CN=root");
    let der = root.sign(shape);
    Scene::new()
        .for_use(UseProfile::Web)
        .certificates("ca.pem", &[&root.der])
        .certificates("www.pem", &[&der])
}

fn names(names: &[Vec<u8>]) -> Scene {
    server(Shape { subject: name("O=Acme"), ..good() }.names(names))
}

fn dns(name: &str) -> Vec<u8> {
    element(0x82, &[name.as_bytes().to_vec()])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "web-lifetime",
        also: &[],
        says: "valid for 399 days, and 398 are allowed",
        scene: || server(good().valid("260101000000Z", "270203000000Z")),
    },
    Bad {
        rule: "web-lifetime",
        also: &[],
        says: "valid for 201 days, and 200 are allowed",
        scene: || {
            let mut scene = server(good().valid("260315000000Z", "261001000000Z"));
            scene.options.now = time::macros::datetime!(2026-04-01 0:00 UTC);
            scene
        },
    },
    Bad {
        rule: "web-common-name",
        also: &[],
        says: "\"Our shop\"",
        scene: || server(Shape { subject: name("CN=Our shop"), ..good() }),
    },
    Bad {
        rule: "web-key",
        also: &[],
        says: "Ed25519",
        scene: || server(good().key(&PrivateKey::generate(KeyAlgorithm::Ed25519).unwrap())),
    },
    Bad {
        rule: "web-purpose",
        also: &["purpose-missing"],
        says: "lacks serverAuth",
        scene: || server(good().without("2.5.29.37")),
    },
    Bad {
        rule: "web-names",
        also: &[],
        says: "\"intranet\" is a bare word",
        scene: || names(&[dns("www.example.com"), dns("intranet")]),
    },
    Bad {
        rule: "web-names",
        also: &[],
        says: "\"www.local\" is an internal name",
        scene: || names(&[dns("www.local")]),
    },
    Bad {
        rule: "web-names",
        also: &[],
        says: "\"192.168.0.1\" is a reserved address",
        scene: || {
            server(good().with("2.5.29.17", false, &general_names(&["www.example.com", "192.168.0.1"])))
        },
    },
    Bad {
        rule: "web-names",
        also: &[],
        says: "\"https://www.example.com/\" is neither",
        scene: || names(&[dns("www.example.com"), uri("https://www.example.com/")]),
    },
    Bad {
        rule: "web-serial",
        also: &[],
        says: "7 octets",
        scene: || server(Shape { serial: vec![1, 2, 3, 4, 5, 6, 7], ..good() }),
    },
    Bad {
        rule: "web-revocation",
        also: &[],
        says: "neither a revocation list nor",
        scene: || server(good().without("2.5.29.31")),
    },
    Bad {
        rule: "web-transparency",
        also: &[],
        says: "timestamps",
        scene: || server(good().without("1.3.6.1.4.1.11129.2.4.2")),
    },
    Bad { rule: "web-policy", also: &[], says: "2.23.140.1", scene: || server(good().without("2.5.29.32")) },
    Bad {
        rule: "web-san-missing",
        also: &["san-missing"],
        says: "no alternative names",
        scene: || server(Shape { subject: name("O=Acme"), ..good() }.without("2.5.29.17")),
    },
    Bad {
        rule: "web-hosts-missing",
        also: &[],
        says: "it is not for shop.example.com",
        scene: || server(good()).hosts(&["www.example.com", "shop.example.com"]),
    },
];
