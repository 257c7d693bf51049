//! Sets that are in order: no rule speaks, but for those that only inform of what is so by design.

use super::certificate::good;
use super::crl::revoking;
use super::etcd::Member;
use super::kubernetes::Cluster;
use super::web;
use crate::audit_support::{
    Authority, List, Scene, Shape, boolean, element, extension, integer, key, object, sequence, tls, uri,
};
use certmint::inspect::audit::UseProfile;
use certmint::inspect::evidence::Container;

/// The name of a set, the set, the rules that may speak.
type Good = (&'static str, Scene, &'static [&'static str]);

pub(crate) fn all() -> Vec<Good> {
    vec![
        ("an authority with leaves", plain(), &[]),
        (
            "all uses asked of it",
            plain().for_use(UseProfile::Kubernetes).for_use(UseProfile::Etcd),
            &["profile-without-subject"],
        ),
        ("intermediates, cross-certificates and name constraints", deep(), &[]),
        ("a renewed authority", renewed(), &[]),
        ("documents", documents(), &[]),
        ("revocation lists", lists(), &[]),
        ("a list of several issuers, whose serial numbers are anybody's", indirect(), &[]),
        (
            "trusted authorities with an old one that is not marked as one",
            old_roots(),
            &["long-lived", "purpose-missing", "self-signed-leaf"],
        ),
        ("keys alone in a folder, such as those of SSH", keys_alone(), &[]),
        ("the records of an authority that revoked a certificate", records(), &[]),
        ("the files of a web server, as certbot writes them", certbot(), &["root-missing"]),
        ("an authority that is trusted and not in the set", trusted(), &[]),
        ("a member of etcd", Member::new().scene(), &[]),
        ("files of etcd without a configuration", etcd_files(), &[]),
        ("a control plane", Cluster::new().scene(), &[]),
        ("a control plane with its etcd", Cluster::new().scene().for_use(UseProfile::Etcd), &[]),
        (
            "a control plane with the keys of its authorities",
            Cluster { has_authority_keys: true, ..Cluster::new() }.scene(),
            &["authority-key-beside-leaves"],
        ),
        ("a web server", web::server(web::good()).hosts(&["www.example.com"]), &[]),
    ]
}

fn plain() -> Scene {
    let root = Authority::root("O=Acme, CN=root");
    let (server, client) = (key(), key());
    let server_der = root.sign(good().key(&*server));
    let client_der = root.sign(Shape::leaf("O=Acme, CN=UTF8:someone", &[]).purposes(&[2]).key(&*client));
    Scene::new()
        .certificates("ca.pem", &[&root.der])
        .certificates("node.pem", &[&server_der])
        .key("node-key.pem", &*server)
        .file("node.csr", vec![object::request()])
        .file("client.pem", vec![object::certificate(&client_der), object::key(&*client)])
        .file("spare.key", vec![object::encrypted_key()])
}

fn deep() -> Scene {
    let root = Authority::root("CN=root");
    let other_root = Authority::root("CN=other root");
    let permitted =
        [element(0x82, &[b"example.com".to_vec()]), element(0x87, &[vec![10, 0, 0, 0, 255, 0, 0, 0]])];
    let permitted = sequence(&[element(0xa0, &permitted.map(|base| sequence(&[base])))]);
    let shape = Shape::authority("CN=upper")
        .with("2.5.29.19", true, &sequence(&[boolean(true), integer(&[1])]))
        .with("2.5.29.30", true, &permitted);
    let upper = Authority::shaped(shape.clone(), Some(&root), key());
    // The same authority below another root.
    let crossed = Authority::shaped(shape, Some(&other_root), upper.key.clone());
    let shape = Shape::authority("CN=lower")
        .with("2.5.29.19", true, &sequence(&[boolean(true), integer(&[0])]))
        .with("2.5.29.37", false, &tls(&[1, 2]));
    let lower = Authority::shaped(shape, Some(&upper), key());
    let leaf = lower.sign(good());
    Scene::new()
        .certificates("roots.pem", &[&root.der, &other_root.der])
        .certificates("crossed.pem", &[&crossed.der])
        .certificates("chain.pem", &[&leaf, &lower.der, &upper.der])
        .server("node.example.com:443", &[&leaf, &lower.der, &upper.der])
        .server_for("node.example.com.", &[&leaf, &lower.der, &upper.der])
        .certificates("leaf.pem", &[&leaf])
}

/// An authority renewed with its key: the old certificate, the new one, and leaves from both times.
fn renewed() -> Scene {
    let old = Authority::root("CN=root");
    let shape = Shape::authority("CN=root").valid("260101000000Z", "360101000000Z");
    let new = Authority::shaped(shape, None, old.key.clone());
    let (before, after) = (old.sign(good()), new.sign(Shape::leaf("CN=other", &["other.example.com"])));
    Scene::new()
        .certificates("ca.pem", &[&old.der, &new.der])
        .certificates("before.pem", &[&before])
        .certificates("after.pem", &[&after])
}

fn documents() -> Scene {
    let (root, key) = (Authority::root("CN=root"), key());
    let leaf = root.sign(good().key(&*key));
    Scene::new().kubeconfig("admin.conf", &root.der, &leaf, &*key).document(
        "secret.yaml",
        Container::KubernetesSecret,
        vec![
            ("data.ca.crt", object::certificate(&root.der)),
            ("data.tls.crt", object::certificate(&leaf)),
            ("data.tls.key", object::key(&*key)),
        ],
    )
}

fn lists() -> Scene {
    let root = Authority::root("CN=root");
    let leaf = root.sign(good());
    let list = List::new().revoking(&[1, 2, 3]).sign(&root);
    // Of an authority that is not here nothing can be said.
    let stranger = List::new().sign(&Authority::root("CN=stranger"));
    Scene::new()
        .certificates("ca.pem", &[&root.der])
        .certificates("leaf.pem", &[&leaf])
        .file("ca.crl", vec![object::list(&list)])
        .file("stranger.crl", vec![object::list(&stranger)])
}

fn indirect() -> Scene {
    let mut list = List::new().revoking(&[7; 8]);
    let point = sequence(&[element(0x84, &[vec![0xff]])]);
    list.extensions.push(extension("2.5.29.28", true, &point));
    revoking(&list)
}

fn certbot() -> Scene {
    let lower = Authority::below("CN=lower", &Authority::root("CN=root"));
    let key = key();
    let leaf = lower.sign(good().key(&*key));
    Scene::new()
        .certificates("live/node/cert.pem", &[&leaf])
        .certificates("live/node/chain.pem", &[&lower.der])
        .certificates("live/node/fullchain.pem", &[&leaf, &lower.der])
        .key("live/node/privkey.pem", &*key)
}

fn trusted() -> Scene {
    let root = Authority::root("CN=root");
    let leaf =
        root.sign(good().names(&[uri("spiffe://example.com/node"), element(0x82, &[b"node".to_vec()])]));
    Scene::new().certificates("leaf.pem", &[&leaf]).trusting(&root.der)
}

fn etcd_files() -> Scene {
    let root = Authority::root("CN=etcd CA");
    let one = root.sign(Shape::leaf("CN=one", &["10.0.0.1", "localhost"]));
    let two = root.sign(Shape::leaf("CN=two", &["10.0.0.2", "localhost"]));
    let client = root.sign(Shape::leaf("CN=root", &[]).purposes(&[2]));
    Scene::new()
        .for_use(UseProfile::Etcd)
        .hosts(&["10.0.0.1", "10.0.0.2"])
        .certificates("ca.pem", &[&root.der])
        .certificates("member-1.pem", &[&one])
        .certificates("member-2.pem", &[&two])
        .certificates("peer-1.pem", &[&one])
        .certificates("peer-2.pem", &[&two])
        .certificates("client.pem", &[&client])
}

/// easy-rsa moves what it revokes; `openssl ca` keeps a copy of all that it issued.
fn records() -> Scene {
    let root = Authority::root("CN=root");
    let list = List::new().revoking(&[7; 8]).sign(&root);
    let leaf = root.sign(Shape { serial: vec![7; 8], ..good() });
    Scene::new()
        .certificates("pki/ca.crt", &[&root.der])
        .file("pki/crl.pem", vec![object::list(&list)])
        .certificates("pki/revoked/certs_by_serial/0707070707070707.crt", &[&leaf])
        .certificates("demoCA/newcerts/0707070707070707.pem", &[&leaf])
}

fn keys_alone() -> Scene {
    let leaf = key();
    let root = Authority::root("CN=root");
    Scene::new()
        .key("home/.ssh/machine.pem", &*key())
        .certificates("ipsec.d/cacerts/ca.pem", &[&root.der])
        .certificates("ipsec.d/certs/gateway.pem", &[&root.sign(good().key(&*leaf))])
        .key("ipsec.d/private/gateway.pem", &*leaf)
}

fn old_roots() -> Scene {
    let roots = ["CN=one", "CN=two", "CN=three"].map(Authority::root);
    let old = Shape::authority("CN=old").without("2.5.29.19").without("2.5.29.15");
    let old = Authority::shaped(old, None, key());
    Scene::new().certificates("cacerts.pem", &[&roots[0].der, &roots[1].der, &old.der, &roots[2].der])
}
