//! Kubernetes control planes.

use super::Bad;
use crate::audit_support::{Authority, Key, Scene, Shape, general_names, key, name, object};
use certmint::inspect::audit::UseProfile;
use certmint::inspect::evidence::{Container, KubeconfigCluster, KubeconfigSettings};

/// A control plane as kubeadm makes it, to be changed before it is laid out.
pub(crate) struct Cluster {
    pub(crate) ca: Authority,
    pub(crate) front_proxy_ca: Authority,
    pub(crate) etcd_ca: Authority,
    /// Path below `pki/`, shape, path of the authority.
    pub(crate) leaves: Vec<(&'static str, Shape, &'static str)>,
    /// Kubeconfig files and their users.
    pub(crate) configs: Vec<(&'static str, Shape)>,
    /// The authority that the kubeconfig files name, if it is not that of the cluster.
    pub(crate) config_authority: Option<Authority>,
    /// Files below `pki/` that are left out.
    pub(crate) omitted: Vec<&'static str>,
    pub(crate) sa_pub: Option<Key>,
    pub(crate) has_authority_keys: bool,
    /// The host at which the kubeconfig files call the API server.
    pub(crate) called: Option<&'static str>,
}

const API_SERVER: [&str; 7] = [
    "control-plane",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "10.96.0.1",
    "192.0.2.10",
];

/// A name as Kubernetes writes it: groups, then the user.
fn user(groups: &[&str], user: &str) -> Shape {
    let groups: Vec<String> = groups.iter().map(|group| format!("O={group}, ")).collect();
    Shape::leaf(&format!("{}CN={user}", groups.concat()), &[]).purposes(&[2])
}

impl Cluster {
    pub(crate) fn new() -> Self {
        let etcd_hosts = ["control-plane", "localhost", "192.0.2.10", "127.0.0.1", "::1"];
        Self {
            ca: Authority::root("CN=kubernetes"),
            front_proxy_ca: Authority::root("CN=front-proxy-ca"),
            etcd_ca: Authority::root("CN=etcd-ca"),
            leaves: vec![
                ("apiserver", Shape::leaf("CN=kube-apiserver", &API_SERVER).purposes(&[1]), "ca"),
                (
                    "apiserver-kubelet-client",
                    user(&["kubeadm:cluster-admins"], "kube-apiserver-kubelet-client"),
                    "ca",
                ),
                ("front-proxy-client", user(&[], "front-proxy-client"), "front-proxy-ca"),
                ("apiserver-etcd-client", user(&[], "kube-apiserver-etcd-client"), "etcd/ca"),
                ("etcd/server", Shape::leaf("CN=control-plane", &etcd_hosts), "etcd/ca"),
                ("etcd/peer", Shape::leaf("CN=control-plane", &etcd_hosts), "etcd/ca"),
                ("etcd/healthcheck-client", user(&[], "kube-etcd-healthcheck-client"), "etcd/ca"),
            ],
            configs: vec![
                ("admin.conf", user(&["kubeadm:cluster-admins"], "kubernetes-admin")),
                ("controller-manager.conf", user(&[], "system:kube-controller-manager")),
                ("scheduler.conf", user(&[], "system:kube-scheduler")),
                ("kubelet.conf", user(&["system:nodes"], "system:node:control-plane")),
            ],
            config_authority: None,
            omitted: Vec::new(),
            sa_pub: None,
            has_authority_keys: false,
            called: Some("192.0.2.10"),
        }
    }

    /// Changes the certificate at a path.
    pub(crate) fn change(mut self, path: &str, change: impl FnOnce(Shape) -> Shape) -> Self {
        let leaf = self.leaves.iter_mut().find(|(known, ..)| *known == path).unwrap();
        leaf.1 = change(leaf.1.clone());
        self
    }

    /// Changes the user of a kubeconfig file.
    pub(crate) fn change_user(mut self, file: &str, change: impl FnOnce(Shape) -> Shape) -> Self {
        let config = self.configs.iter_mut().find(|(known, _)| *known == file).unwrap();
        config.1 = change(config.1.clone());
        self
    }

    fn authority(&self, path: &str) -> &Authority {
        match path {
            "ca" => &self.ca,
            "front-proxy-ca" => &self.front_proxy_ca,
            _ => &self.etcd_ca,
        }
    }

    pub(crate) fn scene(self) -> Scene {
        let mut scene = Scene::new().for_use(UseProfile::Kubernetes);
        let pki = "/etc/kubernetes/pki";
        scene.evidence.folders.push("/etc/kubernetes/pki/".into());
        let is_there = |path: &str| !self.omitted.contains(&path);
        for path in ["ca", "front-proxy-ca", "etcd/ca"] {
            let authority = self.authority(path);
            scene = scene.certificates(&format!("{pki}/{path}.crt"), &[&authority.der]);
            if self.has_authority_keys {
                scene = scene.key(&format!("{pki}/{path}.key"), &*authority.key);
            }
        }
        for (path, shape, authority) in &self.leaves {
            let key = key();
            let der = self.authority(authority).sign(shape.clone().key(&*key));
            for (file, object) in [
                (format!("{path}.crt"), object::certificate(&der)),
                (format!("{path}.key"), object::key(&*key)),
            ] {
                if is_there(&file) {
                    scene = scene.file(&format!("{pki}/{file}"), vec![object]);
                }
            }
        }
        let service_accounts = key();
        let public = self.sa_pub.clone().unwrap_or_else(|| service_accounts.clone());
        scene = scene
            .key(&format!("{pki}/sa.key"), &*service_accounts)
            .file(&format!("{pki}/sa.pub"), vec![object::public_key(&*public)]);
        for (file, shape) in &self.configs {
            let key = key();
            let der = self.ca.sign(shape.clone().key(&*key));
            let authority = self.config_authority.as_ref().unwrap_or(&self.ca);
            let file = format!("/etc/kubernetes/{file}");
            scene = scene.kubeconfig(&file, &authority.der, &der, &*key);
            if let Some(host) = self.called {
                scene = scene.calling(&file, host);
            }
        }
        scene
    }
}

fn subject(text: &'static str) -> impl FnOnce(Shape) -> Shape {
    move |shape| Shape { subject: name(text), ..shape }
}

fn hosts(hosts: &'static [&'static str]) -> impl FnOnce(Shape) -> Shape {
    move |shape| shape.with("2.5.29.17", false, &general_names(hosts))
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "kubernetes-issuer",
        also: &[],
        says: "no authority in \"/etc/kubernetes/pki/front-proxy-ca.crt\" signed it",
        scene: || {
            let mut cluster = Cluster::new();
            cluster.leaves.iter_mut().find(|(path, ..)| *path == "front-proxy-client").unwrap().2 = "ca";
            cluster.scene()
        },
    },
    Bad {
        rule: "kubernetes-issuer",
        also: &["issuer-key-differs"],
        says: "no authority in \"/etc/kubernetes/pki/ca.crt\" signed it",
        scene: || {
            // A leaf of the authority of before.
            let old = Authority::root("CN=kubernetes");
            let mut scene = Cluster { called: None, ..Cluster::new() }.scene();
            let key = key();
            let der = old.sign(user(&["system:nodes"], "system:node:worker").key(&*key));
            scene.evidence.sources.retain(|source| !source.name.ends_with("kubelet.conf"));
            scene.evidence.objects.retain(|found| (found.source as usize) < scene.evidence.sources.len());
            let ca = scene
                .evidence
                .objects
                .iter()
                .find_map(|found| match &found.object {
                    certmint::inspect::evidence::Object::Certificate(der) => Some(der.to_vec()),
                    _ => None,
                })
                .unwrap();
            scene.kubeconfig("/etc/kubernetes/kubelet.conf", &ca, &der, &*key)
        },
    },
    Bad {
        rule: "kubernetes-purposes",
        also: &[],
        says: "as etcd/peer it needs clientAuth",
        scene: || Cluster::new().change("etcd/peer", |shape| shape.purposes(&[1])).scene(),
    },
    Bad {
        rule: "kubernetes-purposes",
        also: &[],
        says: "as a client it needs clientAuth",
        scene: || {
            let server = |shape: Shape| shape.purposes(&[1]).names(&[crate::audit_support::ip("192.0.2.1")]);
            Cluster::new().change_user("scheduler.conf", server).scene()
        },
    },
    Bad {
        rule: "kubernetes-subject",
        also: &[],
        says: "as front-proxy-client it needs the common name front-proxy-client; it is \"CN=proxy\"",
        scene: || Cluster::new().change("front-proxy-client", subject("CN=proxy")).scene(),
    },
    Bad {
        rule: "kubernetes-subject",
        also: &[],
        says: "it needs the organization system:masters or kubeadm:cluster-admins",
        scene: || {
            Cluster::new()
                .change("apiserver-kubelet-client", subject("CN=kube-apiserver-kubelet-client"))
                .scene()
        },
    },
    Bad {
        rule: "kubernetes-subject",
        also: &[],
        says: "as the user of kubelet.conf it needs the common name system:node:NAME",
        scene: || Cluster::new().change_user("kubelet.conf", subject("O=system:nodes, CN=worker")).scene(),
    },
    Bad {
        rule: "kubernetes-subject",
        also: &[],
        says: "as a kubelet's client it needs the organization system:nodes",
        scene: || {
            let cluster = Cluster::new();
            let key = key();
            let der = cluster.ca.sign(user(&[], "system:node:worker").key(&*key));
            let objects = vec![object::certificate(&der), object::key(&*key)];
            cluster.scene().file("/var/lib/kubelet/pki/kubelet-client-current.pem", objects)
        },
    },
    Bad {
        rule: "kubernetes-api-server-names",
        also: &["kubernetes-server-name"],
        says: "it is not for kubernetes.default.svc, lb.example.com, kubernetes.default.svc.cluster.local, the address",
        scene: || {
            let cluster = Cluster::new().change("apiserver", hosts(&["kubernetes", "kubernetes.default"]));
            cluster.scene().hosts(&["lb.example.com"])
        },
    },
    Bad {
        rule: "kubernetes-front-proxy-trust",
        also: &[],
        says: "front-proxy-ca.crt is that of an authority in /etc/kubernetes/pki/ca.crt",
        scene: || {
            let cluster = Cluster::new();
            Cluster { front_proxy_ca: cluster.ca.clone(), ..cluster }.scene()
        },
    },
    Bad {
        rule: "kubernetes-etcd-trust",
        also: &[],
        says: "etcd/ca.crt is that of an authority",
        scene: || {
            let cluster = Cluster::new();
            Cluster { etcd_ca: cluster.ca.clone(), ..cluster }.scene()
        },
    },
    Bad {
        rule: "kubernetes-kubeconfig-authority",
        also: &["authority-name-shared"],
        says: "none of its authorities is in \"/etc/kubernetes/pki/ca.crt\"",
        scene: || {
            Cluster { config_authority: Some(Authority::root("CN=kubernetes")), ..Cluster::new() }.scene()
        },
    },
    Bad {
        rule: "kubernetes-file-missing",
        also: &[],
        says: "there is no front-proxy-client.crt, etcd/peer.key",
        scene: || {
            Cluster { omitted: vec!["front-proxy-client.crt", "etcd/peer.key"], ..Cluster::new() }.scene()
        },
    },
    Bad {
        rule: "kubernetes-file-missing",
        also: &[],
        says: "there is no apiserver.crt, apiserver-etcd-client.crt",
        scene: || {
            let omitted = vec!["apiserver.crt", "apiserver-etcd-client.crt"];
            Cluster { omitted, ..Cluster::new() }.scene()
        },
    },
    Bad {
        rule: "kubernetes-file-missing",
        also: &["file-role"],
        says: "nothing in apiserver.crt can be used",
        scene: || {
            let cluster = Cluster { omitted: vec!["apiserver.crt"], ..Cluster::new() };
            cluster.scene().file("/etc/kubernetes/pki/apiserver.crt", vec![object::request()])
        },
    },
    Bad {
        rule: "kubernetes-file-missing",
        also: &[],
        says: "there are no certificates and keys in \"/etc/kubernetes/pki/\"",
        scene: || {
            let mut scene = Cluster { called: None, ..Cluster::new() }.scene();
            let all = std::mem::take(&mut scene.evidence.sources);
            let is_config = |name: &str| name.ends_with(".conf");
            scene
                .evidence
                .objects
                .retain(|found| all.get(found.source as usize).is_some_and(|source| is_config(&source.name)));
            let first = all.iter().position(|source| is_config(&source.name)).unwrap();
            for found in &mut scene.evidence.objects {
                found.source -= u32::try_from(first).unwrap();
            }
            scene.evidence.sources = all.into_iter().skip(first).collect();
            scene.evidence.folders = vec!["/etc/kubernetes/".into()];
            scene
        },
    },
    Bad {
        rule: "kubernetes-subject",
        also: &[],
        says: "as the user of kubelet.conf it needs the organization system:nodes",
        scene: || {
            let mut cluster = Cluster::new();
            cluster.configs.retain(|(file, _)| *file != "kubelet.conf");
            let key = key();
            let ca = cluster.ca.clone();
            let der = ca.sign(user(&[], "system:node:worker").key(&*key));
            let file = "/var/lib/kubelet/client.pem";
            let config = "/etc/kubernetes/kubelet.conf";
            cluster
                .scene()
                .file(file, vec![object::certificate(&der), object::key(&*key)])
                .document(
                    config,
                    Container::Kubeconfig,
                    vec![("clusters[0].cluster.certificate-authority-data", object::certificate(&ca.der))],
                )
                .settings(
                    config,
                    KubeconfigSettings {
                        client_certificates: vec![file.to_owned()],
                        ..KubeconfigSettings::default()
                    },
                )
        },
    },
    Bad {
        rule: "kubernetes-server-name",
        also: &[],
        says: "it is not for \"lb.example.com\", the server in admin.conf, controller-manager.conf, scheduler.conf, kubelet.conf",
        scene: || Cluster { called: Some("lb.example.com"), ..Cluster::new() }.scene(),
    },
    Bad {
        rule: "kubernetes-server-name",
        also: &[],
        says: "it is not for \"192.0.2.77\", the server in config",
        scene: || {
            // Elsewhere, and known by its authority.
            let cluster = Cluster::new();
            let (key, ca) = (key(), cluster.ca.clone());
            let der = ca.sign(user(&["kubeadm:cluster-admins"], "someone").key(&*key));
            let file = "/root/.kube/config";
            cluster.scene().kubeconfig(file, &ca.der, &der, &*key).calling(file, "192.0.2.77")
        },
    },
    Bad {
        rule: "kubernetes-server-unverified",
        also: &[],
        says: "it does not verify the certificate of \"lb.example.com\"",
        scene: || {
            let cluster = KubeconfigCluster {
                host: "lb.example.com".to_owned(),
                is_unverified: true,
                ..KubeconfigCluster::default()
            };
            let settings = KubeconfigSettings { clusters: vec![cluster], ..KubeconfigSettings::default() };
            Cluster { called: None, ..Cluster::new() }
                .scene()
                .settings("/etc/kubernetes/admin.conf", settings)
        },
    },
    Bad {
        rule: "kubernetes-service-account-keys",
        also: &[],
        says: "sa.key",
        scene: || Cluster { sa_pub: Some(key()), ..Cluster::new() }.scene(),
    },
    Bad {
        rule: "kubernetes-masters",
        also: &[],
        says: "system:masters",
        scene: || {
            Cluster::new().change_user("admin.conf", subject("O=system:masters, CN=kubernetes-admin")).scene()
        },
    },
    Bad {
        rule: "kubernetes-etcd-names",
        also: &[],
        says: "neither localhost nor",
        scene: || Cluster::new().change("etcd/server", hosts(&["control-plane", "192.0.2.10"])).scene(),
    },
    Bad {
        rule: "kubernetes-etcd-names",
        also: &[],
        says: "no address but",
        scene: || {
            Cluster::new().change("etcd/peer", hosts(&["control-plane", "localhost", "127.0.0.1"])).scene()
        },
    },
];
