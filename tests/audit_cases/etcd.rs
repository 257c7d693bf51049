//! etcd clusters.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{Authority, Scene, Shape, key, object};
use certmint::inspect::audit::UseProfile;
use certmint::inspect::evidence::EtcdMember;

/// One member with its files, to be changed before it is laid out.
pub(crate) struct Member {
    pub(crate) client_authority: Authority,
    pub(crate) peer_authority: Authority,
    /// The authority whose file the member trusts for its peers.
    pub(crate) trusted: Authority,
    pub(crate) server: Shape,
    pub(crate) peer: Shape,
    pub(crate) config: EtcdMember,
}

impl Member {
    pub(crate) fn new() -> Self {
        let authority = Authority::root("CN=etcd CA");
        let text = |text: &str| Some(text.to_owned());
        let hosts = ["node1.example.com", "10.0.0.1"];
        Self {
            client_authority: authority.clone(),
            peer_authority: authority.clone(),
            trusted: authority,
            server: Shape::leaf("CN=node1", &hosts),
            peer: Shape::leaf("CN=node1", &hosts),
            config: EtcdMember {
                name: "node1".to_owned(),
                client_hosts: vec!["10.0.0.1".to_owned()],
                peer_hosts: vec!["node1.example.com".to_owned()],
                cert_file: text("/etc/etcd/server.pem"),
                key_file: text("/etc/etcd/server-key.pem"),
                trusted_ca_file: text("/etc/etcd/ca.pem"),
                peer_cert_file: text("/etc/etcd/peer.pem"),
                peer_key_file: text("/etc/etcd/peer-key.pem"),
                peer_trusted_ca_file: text("/etc/etcd/peer-ca.pem"),
                client_cert_auth: true,
                peer_client_cert_auth: true,
                ..EtcdMember::default()
            },
        }
    }

    pub(crate) fn scene(self) -> Scene {
        let (server, peer) = (key(), key());
        let server_der = self.client_authority.sign(self.server.key(&*server));
        let peer_der = self.peer_authority.sign(self.peer.key(&*peer));
        Scene::new()
            .for_use(UseProfile::Etcd)
            .certificates("/etc/etcd/ca.pem", &[&self.client_authority.der])
            .certificates("/etc/etcd/peer-ca.pem", &[&self.trusted.der])
            .certificates("/etc/etcd/server.pem", &[&server_der])
            .key("/etc/etcd/server-key.pem", &*server)
            .certificates("/etc/etcd/peer.pem", &[&peer_der])
            .key("/etc/etcd/peer-key.pem", &*peer)
            .member("/etc/etcd/etcd.yml", self.config)
    }
}

/// Files without a configuration.
pub(crate) fn named(name: &str, shape: Shape) -> Scene {
    let root = Authority::root("CN=etcd CA");
    let der = root.sign(shape);
    Scene::new().for_use(UseProfile::Etcd).certificates("ca.pem", &[&root.der]).certificates(name, &[&der])
}

fn config(change: fn(&mut EtcdMember)) -> Scene {
    let mut member = Member::new();
    change(&mut member.config);
    member.scene()
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "etcd-peer-purposes",
        also: &[],
        says: "between members by \"node1\" and lacks clientAuth",
        scene: || {
            let member = Member::new();
            Member { peer: member.peer.clone().purposes(&[1]), ..member }.scene()
        },
    },
    Bad {
        rule: "etcd-peer-purposes",
        also: &[],
        says: "between members and lacks serverAuth",
        scene: || named("node1-peer.pem", good().purposes(&[2])),
    },
    Bad {
        rule: "etcd-server-purpose",
        also: &[],
        says: "towards clients by \"node1\" and lacks serverAuth",
        scene: || {
            let member = Member::new();
            Member { server: member.server.clone().purposes(&[2]), ..member }.scene()
        },
    },
    Bad {
        rule: "etcd-server-client-auth",
        also: &[],
        says: "lacks clientAuth",
        scene: || {
            let member = Member::new();
            Member { server: member.server.clone().purposes(&[1]), ..member }.scene()
        },
    },
    Bad {
        rule: "etcd-server-client-auth",
        also: &[],
        says: "towards clients and lacks clientAuth",
        scene: || named("server.pem", good().purposes(&[1])),
    },
    Bad {
        rule: "etcd-client-purpose",
        also: &[],
        says: "a client's",
        scene: || named("client.pem", good().purposes(&[1])),
    },
    Bad {
        // Beside the configuration of a member, which says nothing of clients.
        rule: "etcd-client-purpose",
        also: &[],
        says: "a client's",
        scene: || {
            let member = Member::new();
            let client = member.client_authority.sign(good().purposes(&[1]));
            member.scene().certificates("/etc/etcd/client.pem", &[&client])
        },
    },
    Bad {
        rule: "etcd-hosts-missing",
        also: &[],
        says: "it is used between members by \"node1\" and is not for node1.internal",
        scene: || config(|member| member.peer_hosts.push("node1.internal".to_owned())),
    },
    Bad {
        rule: "etcd-hosts-missing",
        also: &[],
        says: "it is not for 10.0.0.2",
        scene: || named("member1.pem", good()).hosts(&["10.0.0.1", "10.0.0.2"]),
    },
    Bad {
        rule: "etcd-hosts-missing",
        also: &[],
        says: "neither it nor any of the other 1 is for 10.0.0.3",
        scene: || {
            let root = Authority::root("CN=etcd CA");
            let one = root.sign(Shape::leaf("CN=one", &["10.0.0.1"]));
            let two = root.sign(Shape::leaf("CN=two", &["10.0.0.2"]));
            Scene::new()
                .for_use(UseProfile::Etcd)
                .hosts(&["10.0.0.1", "10.0.0.2", "10.0.0.3"])
                .certificates("ca.pem", &[&root.der])
                .certificates("one.pem", &[&one])
                .certificates("two.pem", &[&two])
        },
    },
    Bad {
        rule: "etcd-peer-issuer",
        also: &[],
        says: "it is used between members by \"node1\", and no authority in \"/etc/etcd/peer-ca.pem\" issued it",
        scene: || Member { trusted: Authority::root("CN=other CA"), ..Member::new() }.scene(),
    },
    Bad {
        rule: "etcd-server-issuer",
        also: &[],
        says: "it is used towards clients by \"node1\", and no authority in \"/etc/etcd/peer-ca.pem\"",
        scene: || {
            let member = Member { trusted: Authority::root("CN=clients' CA"), ..Member::new() };
            let mut scene = member.scene();
            let config = scene.evidence.etcd_members.first_mut().unwrap();
            config.trusted_ca_file = config.peer_trusted_ca_file.take();
            config.peer_trusted_ca_file = Some("/etc/etcd/ca.pem".to_owned());
            scene
        },
    },
    Bad {
        rule: "etcd-client-auth-off",
        also: &[],
        says: "the member by \"node1\" asks clients for no certificate",
        scene: || {
            config(|member| {
                member.client_cert_auth = false;
                member.trusted_ca_file = None;
            })
        },
    },
    Bad {
        rule: "etcd-file-wrong",
        also: &[],
        says: "trusted-ca-file of the member by \"node1\" names it, and it holds no certificate of an authority",
        scene: || config(|member| member.trusted_ca_file = Some("/etc/etcd/server.pem".to_owned())),
    },
    Bad {
        rule: "etcd-file-wrong",
        also: &[],
        says: "it holds no private key",
        scene: || config(|member| member.key_file = Some("/etc/etcd/ca.pem".to_owned())),
    },
    Bad {
        rule: "etcd-file-missing",
        also: &[],
        says: "peer-trusted-ca-file names \"/etc/etcd/old-ca.pem\", which is not there",
        scene: || {
            let mut scene =
                config(|member| member.peer_trusted_ca_file = Some("/etc/etcd/old-ca.pem".to_owned()));
            scene.evidence.folders.push("/copy/of/etc/etcd/".into());
            scene
        },
    },
    Bad {
        rule: "etcd-file-missing",
        also: &[],
        says: "trusted-ca-file names \"./old-ca.pem\", which is not there",
        scene: || {
            let mut scene = config(|member| member.trusted_ca_file = Some("./old-ca.pem".to_owned()));
            scene.evidence.folders.push("/etc/etcd/".into());
            scene
        },
    },
    Bad {
        rule: "etcd-file-unseen",
        also: &[],
        says: "peer-trusted-ca-file names \"/etc/etcd/old-ca.pem\", which was not looked at",
        scene: || config(|member| member.peer_trusted_ca_file = Some("/etc/etcd/old-ca.pem".to_owned())),
    },
    Bad {
        rule: "etcd-file-unseen",
        also: &[],
        says: "which was not looked at",
        scene: || {
            let mut scene = config(|member| member.trusted_ca_file = Some("/etc/etcd/old-ca.pem".to_owned()));
            scene.evidence.folders.push("/etc/etcd/".into());
            scene.evidence.add_unreadable("/etc/etcd/old-ca.pem", "permission denied");
            scene
        },
    },
    Bad {
        rule: "etcd-file-wrong",
        also: &["file-role"],
        says: "cert-file of the member by \"node1\"",
        scene: || {
            Member::new().scene().file("/etc/etcd/server/cert.pem", vec![object::request()]).member(
                "/etc/etcd/other.yml",
                EtcdMember {
                    name: "node1".to_owned(),
                    cert_file: Some("/etc/etcd/server/cert.pem".to_owned()),
                    client_cert_auth: true,
                    ..EtcdMember::default()
                },
            )
        },
    },
];
