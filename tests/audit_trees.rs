//! `cfssl audit` on trees as operators have them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "support/mod.rs"]
mod support;

use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use support::pki::{CLIENT, PEER, Pair, SERVER, Validity, authority, leaf, now, put, recent};
use support::run::{OURS, run};
use time::Duration;

const NOW: &str = "2027-01-31T12:00:00Z";

/// The JSON report, with the exit status.
fn audit(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let all = [&["audit", "-now", NOW, "-format", "json"], arguments].concat();
    let done = run(OURS, folder, &all);
    let report = serde_json::from_str(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", done.stdout, done.stderr));
    (report, done.exit.unwrap())
}

/// Rule and message of each finding.
fn findings(report: &Value) -> Vec<(String, String)> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| (text(finding, "rule"), text(finding, "message"))).collect()
}

fn rules(report: &Value) -> BTreeSet<String> {
    findings(report).into_iter().map(|(rule, _)| rule).collect()
}

fn set(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(|rule| (*rule).to_owned()).collect()
}

/// What the report for people says.
fn text(folder: &Path, arguments: &[&str]) -> String {
    run(OURS, folder, &[&["audit", "-now", NOW], arguments].concat()).stdout
}

const NODES: [(&str, &str); 3] = [("etcd1", "10.0.0.1"), ("etcd2", "10.0.0.2"), ("etcd3", "10.0.0.3")];

/// `nodeN.yml` as etcd reads it.
fn etcd_config(folder: &Path, name: &str, address: &str) {
    let yaml = format!(
        "name: {name}\ndata-dir: /var/lib/etcd\nlisten-client-urls: https://{address}:2379,https://127.0.0.1:2379\n\
         advertise-client-urls: https://{address}:2379\nlisten-peer-urls: https://{address}:2380\n\
         initial-advertise-peer-urls: https://{address}:2380\n\
         client-transport-security:\n  cert-file: /etc/etcd/{name}.pem\n  key-file: /etc/etcd/{name}-key.pem\n  \
         client-cert-auth: true\n  trusted-ca-file: /etc/etcd/ca.pem\n\
         peer-transport-security:\n  cert-file: /etc/etcd/{name}-peer.pem\n  key-file: /etc/etcd/{name}-peer-key.pem\n  \
         client-cert-auth: true\n  trusted-ca-file: /etc/etcd/ca.pem\n"
    );
    put(&folder.join(format!("{name}.yml")), yaml.as_bytes(), 0o644);
}

/// A cluster whose certificates are all as they should be.
fn etcd_cluster(folder: &Path) -> Pair {
    let ca = authority("etcd CA", recent(3650));
    put(&folder.join("ca.pem"), ca.certificate.to_pem().as_bytes(), 0o644);
    for (name, address) in NODES {
        let hosts = [name, address, "localhost", "127.0.0.1"];
        leaf(&ca, name, "etcd", &hosts, PEER, recent(365)).write(
            folder,
            &format!("{name}.pem"),
            &format!("{name}-key.pem"),
        );
        leaf(&ca, name, "etcd", &hosts, PEER, recent(365)).write(
            folder,
            &format!("{name}-peer.pem"),
            &format!("{name}-peer-key.pem"),
        );
        etcd_config(folder, name, address);
    }
    leaf(&ca, "root", "etcd", &[], CLIENT, recent(365)).write(folder, "client.pem", "client-key.pem");
    ca
}

#[test]
fn an_etcd_cluster_in_order_has_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    etcd_cluster(folder.path());
    let (report, status) = audit(folder.path(), &["-for", "etcd", "."]);
    assert_eq!(findings(&report), []);
    assert_eq!(status, 0);
    let text = text(folder.path(), &["-for", "etcd", "."]);
    assert!(text.contains("etcd CA"), "{text}");
}

#[test]
fn an_etcd_peer_without_client_auth_and_a_missing_address_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let ca = etcd_cluster(folder.path());
    let hosts = ["etcd2", "10.0.0.2", "localhost", "127.0.0.1"];
    leaf(&ca, "etcd2", "etcd", &hosts, SERVER, recent(365)).write(
        folder.path(),
        "etcd2-peer.pem",
        "etcd2-peer-key.pem",
    );
    // The third node's address was forgotten.
    let hosts = ["etcd3", "localhost", "127.0.0.1"];
    leaf(&ca, "etcd3", "etcd", &hosts, PEER, recent(365)).write(folder.path(), "etcd3.pem", "etcd3-key.pem");

    let (report, status) = audit(folder.path(), &["-for", "etcd", "."]);
    let found = findings(&report);
    assert_eq!(status, 3, "{found:?}");
    let about = |words: &[&str]| {
        found.iter().filter(|(_, message)| words.iter().all(|word| message.contains(word))).count()
    };
    assert!(about(&["10.0.0.3"]) >= 1, "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
    let rules = rules(&report);
    assert!(rules.iter().all(|rule| rule.starts_with("etcd-")), "{rules:?}");
    // Without -for, nothing of that is wrong.
    assert_eq!(audit(folder.path(), &["."]).1, 0);

    let text = text(folder.path(), &["-for", "etcd", "."]);
    for words in ["etcd2-peer.pem", "client auth", "10.0.0.3", "etcd3.pem"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_file_that_a_member_lacks_is_missing_by_whatever_path_its_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ssl = folder.path().join("ssl");
    std::fs::create_dir(&ssl).unwrap();
    etcd_cluster(&ssl);
    let named = ssl.canonicalize().unwrap();
    let yaml = std::fs::read_to_string(ssl.join("etcd1.yml")).unwrap();
    let yaml = yaml.replace("/etc/etcd", named.to_str().unwrap());
    let yaml = yaml.replacen("ca.pem", "old-ca.pem", 1);
    put(&ssl.join("etcd1.yml"), yaml.as_bytes(), 0o644);
    let absolute = folder.path().to_str().unwrap();
    for path in [".", "ssl", "./ssl/", absolute] {
        let (report, status) = audit(folder.path(), &["-for", "etcd", path]);
        assert_eq!((rules(&report), status), (set(&["etcd-file-missing"]), 3), "{path}");
    }
}

/// The tree that kubeadm makes below `/etc/kubernetes`.
struct Kubernetes {
    ca: Pair,
    front_proxy_ca: Pair,
}

fn kubernetes(folder: &Path) -> Kubernetes {
    let pki = folder.join("pki");
    let root = |name: &str, path: &str| {
        let pair = authority(name, recent(3650));
        pair.write(&pki, &format!("{path}.crt"), &format!("{path}.key"));
        pair
    };
    let ca = root("kubernetes", "ca");
    let front_proxy_ca = root("front-proxy-ca", "front-proxy-ca");
    let etcd_ca = root("etcd-ca", "etcd/ca");
    let put_leaf =
        |ca: &Pair, path: &str, name: &str, organization: &str, hosts: &[&str], usages: &[&str]| {
            leaf(ca, name, organization, hosts, usages, recent(365)).write(
                &pki,
                &format!("{path}.crt"),
                &format!("{path}.key"),
            );
        };
    let api = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "master1",
        "10.96.0.1",
        "192.168.1.10",
    ];
    put_leaf(&ca, "apiserver", "kube-apiserver", "", &api, SERVER);
    put_leaf(&ca, "apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters", &[], CLIENT);
    put_leaf(&front_proxy_ca, "front-proxy-client", "front-proxy-client", "", &[], CLIENT);
    let etcd = ["master1", "192.168.1.10", "127.0.0.1", "::1", "localhost"];
    put_leaf(&etcd_ca, "etcd/server", "master1", "", &etcd, PEER);
    put_leaf(&etcd_ca, "etcd/peer", "master1", "", &etcd, PEER);
    put_leaf(&etcd_ca, "etcd/healthcheck-client", "kube-etcd-healthcheck-client", "", &[], CLIENT);
    put_leaf(&etcd_ca, "apiserver-etcd-client", "kube-apiserver-etcd-client", "", &[], CLIENT);
    let service_account = leaf(&ca, "sa", "", &[], CLIENT, recent(365)).key;
    put(&pki.join("sa.key"), service_account.expose_pkcs8_pem().as_bytes(), 0o600);
    let public = public_pem(&service_account);
    put(&pki.join("sa.pub"), public.as_bytes(), 0o644);
    for (file, name, organization) in [
        ("admin.conf", "kubernetes-admin", "system:masters"),
        ("controller-manager.conf", "system:kube-controller-manager", ""),
        ("scheduler.conf", "system:kube-scheduler", ""),
        ("kubelet.conf", "system:node:master1", "system:nodes"),
    ] {
        let user = leaf(&ca, name, organization, &[], CLIENT, recent(365));
        put(&folder.join(file), kubeconfig(&ca, &user, name).as_bytes(), 0o600);
    }
    Kubernetes { ca, front_proxy_ca }
}

fn public_pem(key: &certmint::keys::PrivateKey) -> String {
    use certmint::keys::SigningKey;
    let letters = Base64::encode_string(key.subject_public_key_info());
    let lines: Vec<&str> =
        letters.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn kubeconfig(ca: &Pair, user: &Pair, name: &str) -> String {
    let encoded = |pem: &str| Base64::encode_string(pem.as_bytes());
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster:\n    \
         certificate-authority-data: {}\n    server: https://192.168.1.10:6443\n\
         contexts:\n- context:\n    cluster: kubernetes\n    user: {name}\n  name: {name}@kubernetes\n\
         current-context: {name}@kubernetes\npreferences: {{}}\nusers:\n- name: {name}\n  user:\n    \
         client-certificate-data: {}\n    client-key-data: {}\n",
        encoded(&ca.certificate.to_pem()),
        encoded(&user.certificate.to_pem()),
        encoded(&user.key.expose_pkcs8_pem()),
    )
}

#[test]
fn a_kubeadm_tree_in_order_has_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    kubernetes(folder.path());
    let (report, status) = audit(folder.path(), &["-for", "kubernetes", "."]);
    assert_eq!(findings(&report), []);
    assert_eq!(status, 0);
    // ca.crt is in the tree and in four kubeconfig files, and is one certificate.
    let certificates = report["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 3 + 7 + 4, "{certificates:#?}");
}

#[test]
fn a_control_plane_without_its_api_servers_certificate_is_found_by_whatever_path() {
    for fault in ["missing", "empty", "garbage"] {
        let folder = tempfile::tempdir().unwrap();
        kubernetes(folder.path());
        let pki = folder.path().join("pki");
        let file = pki.join("apiserver.crt");
        match fault {
            "missing" => std::fs::remove_file(&file).unwrap(),
            "empty" => put(&file, b"", 0o644),
            _ => put(&file, b"<html>not found</html>\n", 0o644),
        }
        let copy = folder.path().join("bk");
        std::fs::create_dir(&copy).unwrap();
        assert!(
            Command::new("cp")
                .args(["-a", "pki/.", "bk"])
                .current_dir(folder.path())
                .status()
                .unwrap()
                .success()
        );
        for (at, path) in [(folder.path(), "pki"), (folder.path(), "."), (folder.path(), "bk"), (&pki, ".")] {
            let (report, status) = audit(at, &["-for", "kubernetes", path]);
            let found = findings(&report);
            let is_told = |(rule, message): &(String, String)| {
                rule == "kubernetes-file-missing" && message.contains("apiserver.crt")
            };
            assert!(found.iter().any(is_told), "{fault} {path}: {found:?}");
            assert_eq!(status, 3);
        }
        std::fs::remove_dir_all(&copy).unwrap();
    }
}

#[test]
fn sections_in_markup_are_no_chain_and_others_are_whatever_text_stands_between() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("VPN CA", recent(3650));
    let client = leaf(&ca, "client1", "", &[], CLIENT, recent(365));
    let (ca, certificate) = (ca.certificate.to_pem(), client.certificate.to_pem());
    let key = client.key.expose_pkcs8_pem();
    let profile = format!(
        "client\nremote vpn.example.com 1194\n<ca>\n{ca}</ca>\n<cert>\n{certificate}</cert>\n<key>\n{}</key>\n",
        *key
    );
    put(&folder.path().join("client.ovpn"), profile.as_bytes(), 0o600);
    let (report, status) =
        audit(folder.path(), &["-severity", "info", "-ignore", "key-usage-unfit", "client.ovpn"]);
    assert_eq!((findings(&report), status), (Vec::new(), 0));
    // Of the two keys one is wrong, tags or not.
    let other = leaf(&authority("x", recent(9)), "x", "", &[], CLIENT, recent(9)).key.expose_pkcs8_pem();
    put(&folder.path().join("client.ovpn"), profile.replace(&**key, &other).as_bytes(), 0o600);
    assert_eq!(rules(&audit(folder.path(), &["client.ovpn"]).0), set(&["key-mismatch"]));

    let between =
        ["", "\n# the client\n\n", "subject=CN = client1\n\nissuer=CN = VPN CA\n", "our own\n=======\n"];
    for text in between {
        put(&folder.path().join("chain.pem"), format!("{ca}{text}{certificate}").as_bytes(), 0o644);
        let (report, _) = audit(folder.path(), &["chain.pem"]);
        assert_eq!(rules(&report), set(&["bundle-leaf-not-first"]), "{text}");
    }
}

#[test]
fn kubeconfig_files_have_to_call_the_api_server_by_a_name_of_its_certificate() {
    let folder = tempfile::tempdir().unwrap();
    kubernetes(folder.path());
    let file = folder.path().join("admin.conf");
    let config = std::fs::read_to_string(&file).unwrap();
    let server = "server: https://192.168.1.10:6443";
    for (line, rule) in [
        (server.to_owned(), None),
        ("server: https://kubernetes".to_owned(), None),
        ("server: https://10.0.0.99:6443".to_owned(), Some("kubernetes-server-name")),
        ("server: https://127.0.0.1:6443".to_owned(), Some("kubernetes-server-name")),
        ("server: https://[2001:db8::1]:6443/path".to_owned(), Some("kubernetes-server-name")),
        ("server: https://127.0.0.1:6443\n    tls-server-name: kubernetes.default".to_owned(), None),
        (format!("{server}\n    tls-server-name: lb.example.com"), Some("kubernetes-server-name")),
        (
            "server: https://10.0.0.99:6443\n    insecure-skip-tls-verify: true".to_owned(),
            Some("kubernetes-server-unverified"),
        ),
        ("server: http://10.0.0.99:8080".to_owned(), None),
    ] {
        put(&file, config.replace(server, &line).as_bytes(), 0o600);
        let (report, _) = audit(folder.path(), &["-for", "kubernetes", "."]);
        assert_eq!(rules(&report), set(rule.as_slice()), "{line}");
    }
}

#[test]
fn nodes_that_are_no_control_plane_and_other_layouts_lack_nothing() {
    let folder = tempfile::tempdir().unwrap();
    kubernetes(folder.path());
    let path = folder.path();
    let lacks = || {
        let (report, _) = audit(path, &["-for", "kubernetes", "."]);
        let found = findings(&report);
        found.into_iter().filter(|(rule, _)| rule == "kubernetes-file-missing").collect::<Vec<_>>()
    };
    let remove = |names: &[&str]| {
        for name in names {
            std::fs::remove_file(path.join(name)).unwrap();
        }
    };
    // Authorities elsewhere sign.
    remove(&["pki/ca.key", "pki/front-proxy-ca.key", "pki/etcd/ca.key"]);
    assert_eq!(lacks(), []);
    // A file is a link to another one in the tree.
    std::fs::create_dir(path.join("real")).unwrap();
    std::fs::rename(path.join("pki/apiserver.crt"), path.join("real/2026.crt")).unwrap();
    std::os::unix::fs::symlink("../real/2026.crt", path.join("pki/apiserver.crt")).unwrap();
    assert_eq!(lacks(), []);
    // etcd is elsewhere.
    remove(&["pki/etcd/server.crt", "pki/etcd/server.key", "pki/etcd/peer.crt", "pki/etcd/peer.key"]);
    assert_eq!(lacks(), []);
    remove(&["pki/apiserver-etcd-client.crt"]);
    assert_eq!(lacks().len(), 1);
    // A worker.
    remove(&["pki/apiserver.crt", "pki/apiserver.key", "pki/apiserver-kubelet-client.crt"]);
    remove(&["pki/apiserver-kubelet-client.key", "pki/front-proxy-ca.crt", "pki/front-proxy-client.crt"]);
    remove(&["pki/front-proxy-client.key", "pki/sa.key", "pki/sa.pub", "pki/apiserver-etcd-client.key"]);
    remove(&["controller-manager.conf", "scheduler.conf", "admin.conf"]);
    std::fs::remove_dir_all(path.join("pki/etcd")).unwrap();
    assert_eq!(lacks(), []);
}

#[test]
fn a_use_without_anything_of_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    etcd_cluster(folder.path());
    let (report, status) = audit(folder.path(), &["-for", "kubernetes", "."]);
    assert_eq!(rules(&report), set(&["profile-without-subject"]));
    assert_eq!(status, 3);
}

#[test]
fn an_expired_front_proxy_client_and_a_rotated_authority_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let tree = kubernetes(folder.path());
    let pki = folder.path().join("pki");
    let ended = Validity { from: now() - Duration::days(400), days: 365 };
    // The authority is older than that, so that only the client has ended.
    leaf(&tree.front_proxy_ca, "front-proxy-client", "", &[], CLIENT, ended).write(
        &pki,
        "front-proxy-client.crt",
        "front-proxy-client.key",
    );
    // Somebody made a new authority of the same name; the API server's certificate is still the old one's.
    authority("kubernetes", recent(3650)).write(&pki, "ca.crt", "ca.key");

    let (report, status) = audit(folder.path(), &["-for", "kubernetes", "."]);
    let found = findings(&report);
    assert_eq!(status, 5, "{found:?}");
    let rules = rules(&report);
    assert!(rules.contains("expired"), "{found:?}");
    let about = |file: &str| {
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["rule"] != "expired" && finding["places"].to_string().contains(file))
    };
    assert!(about("apiserver.crt"), "{found:#?}");
    assert!(about("admin.conf"), "{found:#?}");
    assert!(!about("etcd/server.crt"), "{found:#?}");
    drop(tree.ca);
    let text = text(folder.path(), &["-for", "kubernetes", "."]);
    assert!(text.contains("front-proxy-client"), "{text}");
}

#[test]
fn statuses_tell_ends_from_other_findings() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("CA", recent(3650));
    put(&folder.path().join("ca.pem"), ca.certificate.to_pem().as_bytes(), 0o644);
    leaf(&ca, "a", "", &["a"], PEER, recent(50)).write(folder.path(), "a.pem", "a-key.pem");
    let status = |arguments: &[&str]| audit(folder.path(), arguments).1;
    assert_eq!(status(&["."]), 4);
    assert_eq!(status(&["-within", "7d", "."]), 0);
    assert_eq!(status(&["-now", "2027-03-01", "."]), 5);
    assert_eq!(status(&["-now", "2027-03-01", "-ignore", "expired", "."]), 0);
    assert_eq!(status(&["-within", "7d", ".", "no-such-file"]), 1);
}

#[test]
fn a_command_line_that_makes_no_sense_has_a_status_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    put(&folder.path().join("ca.pem"), authority("CA", recent(30)).certificate.to_pem().as_bytes(), 0o644);
    for line in [
        "audit",
        "audit -for nothing .",
        "audit -within soon .",
        "audit -severity bad .",
        "audit -format xml .",
        "audit -now yesterday .",
        "audit -rules -format sarif",
        "audit -domain https://example.com/",
        "audit -nosuch .",
    ] {
        let done = run(OURS, folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!((done.exit, done.stdout.as_str()), (Some(2), ""), "{line}: {}", done.stderr);
        assert!(!done.stderr.is_empty(), "{line}");
    }
    // These make sense.
    for line in ["audit missing", "audit -ca-bundle missing .", "audit -ignore-file ca.pem ."] {
        let done = run(OURS, folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!(done.exit, Some(1), "{line}: {}", done.stderr);
    }
}

#[test]
fn a_baseline_and_an_ignore_file_leave_new_findings_only() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("CA", recent(3650));
    put(&folder.path().join("pki/ca.pem"), ca.certificate.to_pem().as_bytes(), 0o644);
    leaf(&ca, "a", "", &["a"], PEER, recent(50)).write(&folder.path().join("pki"), "a.pem", "a-key.pem");
    let (report, status) = audit(folder.path(), &["pki"]);
    assert_eq!(status, 4);
    put(&folder.path().join("baseline.json"), report.to_string().as_bytes(), 0o644);
    assert_eq!(audit(folder.path(), &["-baseline", "baseline.json", "pki"]).1, 0);

    leaf(&ca, "b", "", &["b"], PEER, recent(55)).write(&folder.path().join("pki"), "b.pem", "b-key.pem");
    let (report, status) = audit(folder.path(), &["-baseline", "baseline.json", "pki"]);
    assert_eq!((findings(&report).len(), status), (1, 4));
    assert_eq!(rules(&report), set(&["expires-soon"]));

    let accept = |until: &str| {
        let ignore = format!(
            r#"{{"ignore": [{{"rule": "expires-soon", "path": "pki/*", "reason": "replaced in March", "until": "{until}"}}]}}"#
        );
        put(&folder.path().join("ignore.json"), ignore.as_bytes(), 0o644);
        audit(folder.path(), &["-ignore-file", "ignore.json", "pki"]).1
    };
    assert_eq!(accept("2027-01-31"), 0);
    assert_eq!(accept("2027-01-30"), 4);
    assert_eq!(accept("never"), 0);
    let text = text(folder.path(), &["-ignore", "expires-soon", "pki"]);
    assert!(text.contains("Left out: 2 findings by -ignore expires-soon.\n"), "{text}");
}

#[test]
fn places_beyond_those_shown_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("CA", recent(50));
    for (copies, words) in [(4, "… and 1 more place\n"), (5, "… and 2 more places\n")] {
        for number in 0..copies {
            let file = folder.path().join(format!("{number}.pem"));
            put(&file, ca.certificate.to_pem().as_bytes(), 0o644);
        }
        let text = text(folder.path(), &["."]);
        assert!(text.contains(words) || text.contains(&words.replace('…', "...")), "{text}");
    }
}

#[test]
fn exceptions_that_accept_nothing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("CA", recent(3650));
    put(&folder.path().join("ca.pem"), ca.certificate.to_pem().as_bytes(), 0o644);
    leaf(&ca, "a", "", &["a"], PEER, recent(50)).write(folder.path(), "a.pem", "a-key.pem");
    let ignore = |rule: &str, more: &str| {
        let entry = format!(r#"{{"rule": "{rule}", "reason": "as agreed", "until": "never"{more}}}"#);
        put(&folder.path().join("ignore.json"), format!(r#"{{"ignore": [{entry}]}}"#).as_bytes(), 0o644);
        let line = ["audit", "-now", NOW, "-ignore-file", "ignore.json", "-strict", "ca.pem", "a.pem"];
        let done = run(OURS, folder.path(), &line);
        (done.exit.unwrap(), done.stderr)
    };
    assert_eq!(ignore("expires-soon", ""), (0, String::new()));
    assert_eq!(ignore("expires-soon", r#", "certificate": "a", "path": "a.*""#), (0, String::new()));
    for (rule, more) in [
        ("expired", ""),
        ("expires-soon", r#", "certificate": "b""#),
        ("expires-soon", r#", "certificate": "CA", "path": "ca.pem""#),
    ] {
        let (exit, errors) = ignore(rule, more);
        assert_eq!(exit, 1, "{rule} {more}");
        let words =
            format!("the exception from {rule} (as agreed) accepts nothing; what it was for is mended");
        assert!(errors.contains(&words), "{errors}");
    }
    // For another audit.
    for (rule, more) in [("etcd-client-purpose", ""), ("expired", r#", "path": "elsewhere/*""#)] {
        assert_eq!(ignore(rule, more), (4, String::new()), "{rule}");
    }
}

#[test]
fn a_baseline_knows_a_file_however_its_path_is_spelled() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority("CA", recent(3650));
    leaf(&ca, "a", "", &["a"], PEER, recent(300)).write(&folder.path().join("pki"), "a.pem", "a-key.pem");
    put(&folder.path().join("pki/ca.pem"), ca.certificate.to_pem().as_bytes(), 0o644);
    put(&folder.path().join("pki/broken.crt"), b"-----BEGIN CERTIFICATE-----\nAAAA\n", 0o644);
    std::fs::set_permissions(folder.path().join("pki/a-key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
    let (report, _) = audit(folder.path(), &["pki"]);
    assert_eq!(rules(&report), set(&["object-damaged", "private-key-readable"]));
    put(&folder.path().join("baseline.json"), report.to_string().as_bytes(), 0o644);
    let absolute = std::fs::canonicalize(folder.path().join("pki")).unwrap();
    for path in ["pki", "./pki", "pki/", ".//pki/.", absolute.to_str().unwrap()] {
        assert_eq!(audit(folder.path(), &["-baseline", "baseline.json", path]).1, 0, "{path}");
    }
    // Another file with the same fault is another finding.
    std::fs::rename(folder.path().join("pki"), folder.path().join("other")).unwrap();
    assert_eq!(audit(folder.path(), &["-baseline", "baseline.json", "other"]).1, 3);
}

#[test]
fn what_cannot_be_read_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let (report, status) = audit(folder.path(), &["-domain", "localhost:1", "empty"]);
    assert_eq!(status, 1);
    let unreadable = report["unreadable"].as_array().unwrap();
    let reasons: Vec<&str> = unreadable.iter().map(|entry| entry["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert_eq!(reasons[0], "there is no certificate, key, request or revocation list in it");
    assert!(reasons[1].starts_with("no connection"), "{reasons:?}");
}

#[test]
fn keys_requests_and_lists_are_listed_with_their_certificates() {
    let folder = tempfile::tempdir().unwrap();
    kubernetes(folder.path());
    let (report, _) = audit(folder.path(), &["."]);
    let objects = report["objects"].as_array().unwrap();
    let summary = &report["summary"];
    for (kind, count) in
        [("private-key", "private_keys"), ("public-key", "public_keys"), ("csr", "certificate_requests")]
    {
        let found = objects.iter().filter(|object| object["kind"] == kind).count();
        assert_eq!(summary[count], found, "{kind}");
    }
    assert!(summary["public_keys"].as_u64().unwrap() > 0);
    let certificates = report["certificates"].as_array().unwrap();
    let with_keys = certificates.iter().filter(|certificate| certificate["has_private_key"] == true);
    for certificate in with_keys {
        let owner = objects.iter().find(|object| {
            object["kind"] == "private-key"
                && object["certificates"].as_array().unwrap().contains(&certificate["sha256"])
        });
        let owner = owner.unwrap_or_else(|| panic!("{}", certificate["name"]));
        assert_eq!(owner["key"], certificate["key"]);
        assert_eq!(owner["places"].as_array().unwrap().len(), 1);
    }
}
