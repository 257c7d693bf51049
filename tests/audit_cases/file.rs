//! Files: who may read them, and what is in them.

use super::Bad;
use crate::audit_support::{Authority, Scene, key, object};
use certmint::inspect::evidence::{Container, MissingFile, Object, PrivateKeyFacts};

/// A root, so that there is a certificate, and one more file.
fn beside(name: &str, mode: u32, object: Object) -> Scene {
    let root = Authority::root("CN=root");
    Scene::new().certificates("ca.pem", &[&root.der]).file_with_mode(name, mode, vec![object])
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "private-key-readable",
        also: &[],
        says: "everybody can read a private key in it: its mode is 0644",
        scene: || beside("node-key.pem", 0o644, object::key(&*key())),
    },
    Bad {
        rule: "private-key-readable",
        also: &[],
        says: "a private key of a Secret",
        scene: || {
            let mut scene = beside("other-key.pem", 0o600, object::key(&*key())).document(
                "secret.yaml",
                Container::KubernetesSecret,
                vec![("data.tls.key", object::key(&*key()))],
            );
            scene.evidence.sources.last_mut().unwrap().mode = Some(0o604);
            scene
        },
    },
    Bad {
        rule: "private-key-group-readable",
        also: &[],
        says: "its group can read a private key",
        scene: || beside("node-key.pem", 0o640, object::key(&*key())),
    },
    Bad {
        rule: "encrypted-key-readable",
        also: &[],
        says: "0644",
        scene: || beside("node-key.pem", 0o644, object::encrypted_key()),
    },
    Bad {
        rule: "file-writable",
        also: &[],
        says: "0666",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new().file_with_mode("ca.pem", 0o666, vec![object::certificate(&root.der)])
        },
    },
    Bad {
        rule: "folder-writable",
        also: &[],
        says: "everybody can replace what is in its folder, \"pki/\"",
        scene: || {
            let root = Authority::root("CN=root");
            let mut scene = Scene::new().certificates("pki/ca.pem", &[&root.der]);
            scene.evidence.writable_folders.push("pki/".into());
            scene
        },
    },
    Bad {
        rule: "object-damaged",
        also: &[],
        says: "CERTIFICATE: its base64 breaks off",
        scene: || {
            let damaged =
                Object::Damaged { label: "CERTIFICATE".into(), fault: "its base64 breaks off".into() };
            beside("node.pem", 0o644, damaged)
        },
    },
    Bad {
        rule: "private-key-unusable",
        also: &[],
        says: "a kind that is not known",
        scene: || {
            let key = PrivateKeyFacts {
                subject_public_key_info: None,
                form: "PKCS #8",
                is_encrypted: false,
                fault: "it is of a kind that is not known".into(),
            };
            beside("node-key.pem", 0o600, Object::PrivateKey(key))
        },
    },
    Bad {
        rule: "unusual-form",
        also: &[],
        says: "labelled TRUSTED CERTIFICATE",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new()
                .certificates("ca.pem", &[&root.der])
                .remark("ca.pem", "a certificate is labelled TRUSTED CERTIFICATE")
        },
    },
    Bad {
        rule: "file-missing",
        also: &[],
        says: "its client-key is \"pki/kubelet.key\", which is not there",
        scene: || {
            let root = Authority::root("CN=root");
            let authority = object::certificate(&root.der);
            let mut scene = Scene::new().document(
                "kubelet.conf",
                Container::Kubeconfig,
                vec![("clusters[0].cluster.certificate-authority-data", authority)],
            );
            let missing = MissingFile { source: 0, setting: "client-key", path: "pki/kubelet.key".into() };
            scene.evidence.missing_files.push(missing);
            scene
        },
    },
    Bad {
        rule: "file-role",
        also: &[],
        says: "\"node-key.pem\" holds a certificate and not a private key",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new().certificates("node-key.pem", &[&root.der])
        },
    },
    Bad {
        rule: "file-role",
        also: &[],
        says: "\"node.csr\" holds a certificate and not a certificate signing request",
        scene: || {
            let root = Authority::root("CN=root");
            Scene::new().certificates("node.csr", &[&root.der])
        },
    },
    Bad {
        rule: "file-role",
        also: &[],
        says: "\"node.crt\" holds a private key and not a certificate",
        scene: || beside("node.crt", 0o600, object::key(&*key())),
    },
    Bad {
        rule: "file-role",
        also: &[],
        says: "\"node.pem\" holds a certificate signing request and not a certificate",
        scene: || beside("node.pem", 0o644, object::request()),
    },
    Bad {
        rule: "file-role",
        also: &[],
        says: "\"node.pem\" holds a private key",
        scene: || beside("node.pem", 0o600, object::key(&*key())),
    },
];
