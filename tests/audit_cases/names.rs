//! Subjects and alternative names.

use super::Bad;
use super::certificate::{good, leaf};
use crate::audit_support::{Scene, Shape, element, email, general_names, name, oid, sequence, uri};

fn dns(hosts: &[&str]) -> Scene {
    let names: Vec<Vec<u8>> = hosts.iter().map(|host| element(0x82, &[host.as_bytes().to_vec()])).collect();
    leaf(good().names(&names))
}

/// A leaf whose common name is in a string of this type.
fn common_name(tag: u8, value: &[u8]) -> Scene {
    let attribute = sequence(&[oid("2.5.4.3"), element(tag, &[value.to_vec()])]);
    leaf(Shape { subject: sequence(&[element(0x31, &[attribute])]), ..good() })
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "no-name",
        also: &[],
        says: "neither a subject nor",
        scene: || leaf(Shape { subject: name(""), ..good() }.without("2.5.29.17").purposes(&[2])),
    },
    Bad {
        rule: "san-not-critical",
        also: &[],
        says: "its subject is empty",
        scene: || leaf(Shape { subject: name(""), ..good() }),
    },
    Bad { rule: "san-missing", also: &[], says: "no client", scene: || leaf(good().without("2.5.29.17")) },
    Bad {
        rule: "cn-not-in-san",
        also: &[],
        says: "\"other.example.com\" is not among",
        scene: || leaf(Shape::leaf("CN=other.example.com", &["node.example.com"])),
    },
    Bad { rule: "cn-blank", also: &[], says: "blank", scene: || common_name(0x0c, b" ") },
    Bad { rule: "cn-too-long", also: &[], says: "65 letters", scene: || common_name(0x0c, &[b'a'; 65]) },
    Bad {
        rule: "country-code",
        also: &[],
        says: "\"China\"",
        scene: || leaf(Shape { subject: name("C=China, CN=node"), ..good() }),
    },
    Bad { rule: "name-letters", also: &[], says: "\"a_b@c\"", scene: || common_name(0x13, b"a_b@c") },
    Bad {
        rule: "name-value-type",
        also: &[],
        says: "the subject's CN is of the ASN.1 type 3",
        scene: || common_name(0x03, &[0, 1]),
    },
    Bad {
        rule: "name-string-type",
        also: &[],
        says: "\"ab\"",
        scene: || common_name(0x1e, &[0, b'a', 0, b'b']),
    },
    Bad { rule: "san-blank", also: &[], says: "blank", scene: || dns(&["node.example.com", ""]) },
    Bad {
        rule: "san-not-ascii",
        also: &[],
        says: "\"m\u{fc}nchen.example.com\" has letters",
        scene: || dns(&["m\u{fc}nchen.example.com"]),
    },
    Bad {
        rule: "san-ip-as-dns",
        also: &[],
        says: "\"10.0.0.1\" is an address",
        scene: || dns(&["10.0.0.1"]),
    },
    Bad { rule: "san-ip-as-dns", also: &[], says: "\"[::1]\" is an address", scene: || dns(&["[::1]"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "is a URL", scene: || dns(&["https://a.example.com"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "has a port", scene: || dns(&["a.example.com:2379"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "is a mailbox", scene: || dns(&["a@example.com"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "several names", scene: || dns(&["a.example.com,b"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "ends with a dot", scene: || dns(&["a.example.com."]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "letters that host", scene: || dns(&["a/b.example.com"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "an empty label", scene: || dns(&[".example.com"]) },
    Bad { rule: "san-dns-syntax", also: &[], says: "hyphen", scene: || dns(&["-a.example.com"]) },
    Bad {
        rule: "san-dns-syntax",
        also: &[],
        says: "is too long",
        scene: || dns(&["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com"]),
    },
    Bad { rule: "san-underscore", also: &[], says: "underscore", scene: || dns(&["my_host.example.com"]) },
    Bad { rule: "san-wildcard", also: &[], says: "\"*.example.com\"", scene: || dns(&["*.example.com"]) },
    Bad { rule: "san-wildcard-broken", also: &[], says: "everything", scene: || dns(&["*"]) },
    Bad { rule: "san-wildcard-broken", also: &[], says: "top-level", scene: || dns(&["*.com"]) },
    Bad { rule: "san-wildcard-broken", also: &[], says: "several", scene: || dns(&["*.*.example.com"]) },
    Bad { rule: "san-wildcard-broken", also: &[], says: "whole first", scene: || dns(&["a.*.example.com"]) },
    Bad {
        rule: "san-ip-length",
        also: &[],
        says: "has 5 octets",
        scene: || leaf(good().names(&[element(0x87, &[vec![10, 0, 0, 1, 24]])])),
    },
    Bad {
        rule: "san-ip-mapped",
        also: &[],
        says: "10.0.0.1 is written in 16 octets, as ::ffff:10.0.0.1",
        scene: || {
            let names = general_names(&["node.example.com", "::ffff:10.0.0.1"]);
            leaf(good().with("2.5.29.17", false, &names))
        },
    },
    Bad {
        rule: "san-unspecified-address",
        also: &[],
        says: "0.0.0.0 is no address",
        scene: || leaf(good().with("2.5.29.17", false, &general_names(&["node.example.com", "0.0.0.0"]))),
    },
    Bad {
        rule: "san-uri-malformed",
        also: &[],
        says: "\"node.example.com\" is no URI",
        scene: || leaf(good().names(&[uri("node.example.com")])),
    },
    Bad {
        rule: "san-email-malformed",
        also: &[],
        says: "\"Bob <bob@example.com>\"",
        scene: || leaf(good().names(&[email("Bob <bob@example.com>")])),
    },
    Bad {
        rule: "san-repeated",
        also: &[],
        says: "\"NODE.example.com\"",
        scene: || dns(&["node.example.com", "NODE.example.com"]),
    },
];
