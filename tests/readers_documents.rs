//! Kubernetes, etcd and any other YAML and JSON documents.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod readers;

use certmint::inspect::evidence::{Container, EtcdMember};
use readers::*;

fn data(name: &str) -> String {
    to_base64(&pki_file(name))
}

/// Text moved to the right, as a literal of YAML wants it.
fn indented(text: &str, blanks: usize) -> String {
    text.lines().map(|line| format!("{:blanks$}{line}\n", "")).collect()
}

fn kubeconfig() -> String {
    // As kubeadm writes it.
    format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {}\n    server: https://10.0.0.1:6443\n  \
         name: kubernetes\ncontexts:\n- context:\n    cluster: kubernetes\n    user: kubernetes-admin\n  name: admin\n\
         current-context: admin\nkind: Config\npreferences: {{}}\nusers:\n- name: kubernetes-admin\n  user:\n    \
         client-certificate-data: {}\n    client-key-data: {}\n",
        data("ca.pem"),
        data("leaf.pem"),
        data("leaf-key.pem")
    )
}

#[test]
fn reads_kubeconfig_files() {
    let expected = [
        "clusters[0].cluster.certificate-authority-data #0 line 4 certificate ca",
        "users[0].user.client-certificate-data #0 line 18 certificate leaf",
        "users[0].user.client-key-data #0 line 19 key PKCS #8 ECDSA P-256",
    ];
    let contents = read(kubeconfig());
    assert_eq!(contents.container, Some(Container::Kubeconfig));
    assert_eq!(lines(&contents), expected);
    assert_eq!(contents.references, []);
    // A byte order mark, carriage returns, and no kind.
    let windows = format!("\u{feff}{}", kubeconfig().replace("kind: Config\n", "#\n").replace('\n', "\r\n"));
    assert_eq!(lines(&read(windows)), expected);

    let json = format!(
        "{{\"kind\": \"Config\", \"clusters\": [{{\"cluster\": {{\n\"certificate-authority-data\": \"{}\"}}}}],\n\"users\": []}}",
        data("ca.pem")
    );
    let contents = read(json);
    assert_eq!(contents.container, Some(Container::Kubeconfig));
    assert_eq!(lines(&contents), ["clusters[0].cluster.certificate-authority-data #0 line 2 certificate ca"]);
}

#[test]
fn tells_the_files_that_a_kubeconfig_names() {
    let contents = read(
        "kind: Config\nclusters: [{cluster: {certificate-authority: ca.crt}}]\n\
         users:\n- user: {client-certificate: /var/lib/kubelet/pki/a.pem, client-key: ''}\n",
    );
    let told: Vec<_> = contents.references.iter().map(|file| (file.setting, file.path.as_str())).collect();
    assert_eq!(
        told,
        [("certificate-authority", "ca.crt"), ("client-certificate", "/var/lib/kubelet/pki/a.pem")]
    );
    assert_eq!(contents.container, Some(Container::Kubeconfig));
    let settings = &contents.kubeconfigs[0];
    assert_eq!(settings.clusters[0].authority_file.as_deref(), Some("ca.crt"));
    assert_eq!(settings.client_certificates, ["/var/lib/kubelet/pki/a.pem"]);
}

#[test]
fn tells_whom_a_kubeconfig_calls() {
    let host = |server: &str| {
        let cluster = format!("{{certificate-authority: ca.crt, {server}}}");
        let contents = read(format!("kind: Config\nclusters: [{{cluster: {cluster}}}]\nusers: []\n"));
        let cluster = contents.kubeconfigs[0].clusters[0].clone();
        (cluster.host, cluster.is_unverified)
    };
    for (server, expected) in [
        ("server: 'https://api.example.com:6443'", ("api.example.com", false)),
        ("server: 'HTTPS://api.example.com/path?a=b:c'", ("api.example.com", false)),
        ("server: 'https://[2001:db8::1]:6443'", ("2001:db8::1", false)),
        ("server: '10.0.0.1:6443'", ("10.0.0.1", false)),
        ("server: 'http://10.0.0.1:8080', tls-server-name: a.example", ("", false)),
        ("server: 'https://10.0.0.1', tls-server-name: a.example", ("a.example", false)),
        ("server: 'https://10.0.0.1', insecure-skip-tls-verify: true", ("10.0.0.1", true)),
        ("server: 'https://10.0.0.1', insecure-skip-tls-verify: false", ("10.0.0.1", false)),
        ("servers: x", ("", false)),
    ] {
        assert_eq!(host(server), (expected.0.to_owned(), expected.1), "{server}");
    }
}

#[test]
fn says_which_data_of_a_kubeconfig_are_damaged() {
    let ca = data("ca.pem");
    for (wrong, fault) in [
        (ca.replacen("LS0t", "LS*t", 1), "its base64 is damaged"),
        (to_base64(b"nothing"), "there is nothing in it that is known here"),
    ] {
        assert_eq!(
            lines(&read(kubeconfig().replacen(&ca, &wrong, 1)))[0],
            format!(
                "clusters[0].cluster.certificate-authority-data #0 line 4 damaged certificate-authority-data: {fault}"
            )
        );
    }
}

#[test]
fn reads_secrets_config_maps_and_lists() {
    let secret = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {}\n  \
             tls.key: {}\n  ca.crt: {}\n  token: {}\n",
            to_base64(&[pki_file("leaf.pem"), pki_file("ca.pem")].concat()),
            data("leaf-key.pem"),
            data("ca.pem"),
            to_base64(b"secret")
        )
    };
    let contents = read(secret("a"));
    assert_eq!(contents.container, Some(Container::KubernetesSecret));
    assert_eq!(
        lines(&contents),
        [
            "data.tls.crt #0 line 7 certificate leaf",
            "data.tls.crt #1 line 7 certificate ca",
            "data.tls.key #0 line 8 key PKCS #8 ECDSA P-256",
            "data.ca.crt #0 line 9 certificate ca",
        ]
    );
    let config_map = format!(
        "kind: ConfigMap\ndata:\n  ca.crt: |\n\n\n{}  other: x\n",
        indented(&(pki_text("ca.pem") + &pki_text("leaf.pem")), 4)
    );
    let lines_of_begins: Vec<_> = (1..)
        .zip(config_map.lines())
        .filter(|(_, line)| line.contains("BEGIN"))
        .map(|(line, _)| line)
        .collect();
    assert_eq!(
        lines(&read(&config_map)),
        [
            format!("data.ca.crt #0 line {} certificate ca", lines_of_begins[0]),
            format!("data.ca.crt #1 line {} certificate leaf", lines_of_begins[1]),
        ]
    );
    let stream = format!("---\n{}---\n{config_map}", secret("b"));
    let contents = read(&stream);
    assert_eq!(contents.objects.len(), 6);
    assert_eq!(lines(&contents)[0], "document 1: data.tls.crt #0 line 8 certificate leaf");
    assert!(lines(&contents)[4].starts_with("document 2: data.ca.crt #0 "));

    let list = format!(
        "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{{\"kind\":\"Pod\"}},{{\"kind\":\"Secret\",\"data\":{{\"x\":\"{}\"}},\
         \"stringData\":{{\"y.pem\":{}}}}}]}}",
        to_base64(&pki_der("leaf.pem")),
        serde_json::to_string(&pki_text("ca.pem")).unwrap(),
    );
    assert_eq!(
        lines(&read(list)),
        ["items[1].data.x #0 line 1 certificate leaf", "items[1].stringData.y.pem #0 line 1 certificate ca"]
    );
}

#[test]
fn reads_pkcs12_and_documents_inside_secrets() {
    let pkcs12 = openssl(pki(), "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -passout pass:changeit");
    let secret = format!(
        "kind: Secret\ndata:\n  keystore.p12: {}\n  value: {}\n",
        to_base64(&pkcs12),
        to_base64(kubeconfig().as_bytes())
    );
    let contents = read_with(&secret, &["changeit"]);
    assert_eq!(contents.container, Some(Container::KubernetesSecret));
    assert_eq!(
        lines(&contents),
        [
            "data.keystore.p12 #0 line 3 certificate leaf",
            "data.keystore.p12 #1 line 3 encrypted key PKCS #12 ECDSA P-256",
            "data.value: clusters[0].cluster.certificate-authority-data #0 line 4 certificate ca",
            "data.value: users[0].user.client-certificate-data #0 line 4 certificate leaf",
            "data.value: users[0].user.client-key-data #0 line 4 key PKCS #8 ECDSA P-256",
        ]
    );
    // It is not damaged, and what is beside it is read.
    let contents = read(&secret);
    assert_eq!(
        contents.fault.as_deref(),
        Some("data.keystore.p12: a PKCS #12 file under a password that is not given")
    );
    assert_eq!(lines(&contents).len(), 3);
    let alone = format!("kind: Secret\ndata:\n  a.p12: {0}\n  b.p12: {0}\n", to_base64(&pkcs12));
    let contents = read_with(&alone, &["wrong"]);
    let fault = "a PKCS #12 file that the password that is given does not open";
    assert_eq!(contents.fault.as_deref(), Some(&*format!("data.a.p12: {fault}; data.b.p12: {fault}")));
    assert_eq!((contents.container, contents.objects.len()), (Some(Container::KubernetesSecret), 0));
    // A damaged one is.
    let damaged = format!("kind: Secret\ndata:\n  a.p12: {}\n", to_base64(&pkcs12[..pkcs12.len() - 3]));
    assert!(read(&damaged).fault.is_none());
}

#[test]
fn reads_what_cfssl_prints() {
    let part = |name: &str| serde_json::to_string(&pki_text(name)).unwrap();
    let json = format!(
        "{{\"cert\":{},\"csr\":{},\"key\":{}}}",
        part("leaf.pem"),
        part("leaf.csr"),
        part("leaf-key.pem")
    );
    let contents = read(json);
    assert_eq!(contents.container, Some(Container::Document));
    assert_eq!(
        lines(&contents),
        ["cert #0 line 1 certificate leaf", "csr #0 line 1 csr", "key #0 line 1 key PKCS #8 ECDSA P-256"]
    );
}

#[test]
fn finds_pem_in_any_document_in_any_style_of_yaml() {
    let leaf = pki_text("leaf.pem");
    let quoted = serde_json::to_string(&leaf).unwrap();
    for (text, place) in [
        (format!("ingress:\n  tls:\n  - cert: |\n{}\n", indented(&leaf, 6)), "ingress.tls[0].cert #0 line 4"),
        (format!("a:\n  b: {quoted}\n"), "a.b #0 line 2"),
        (format!("a: >\n{}\n", indented(&leaf.replace('\n', "\n\n"), 2)), "a #0 line 2"),
        (
            format!(
                "#cloud-config\nwrite_files:\n- path: /x\n  encoding: b64\n  content: {}\n",
                data("leaf.pem")
            ),
            "write_files[0].content #0 line 5",
        ),
        (
            format!("webhooks: [{{clientConfig: {{caBundle: {}}}}}]\n", data("leaf.pem")),
            "webhooks[0].clientConfig.caBundle #0 line 1",
        ),
        (
            format!("kind: CertificateSigningRequest\nstatus:\n  certificate: {}\n", data("leaf.pem")),
            "status.certificate #0 line 3",
        ),
        (format!("kind: ConfigMap\ndata:\n  bundle: {}\n", data("leaf.pem")), "data.bundle #0 line 3"),
        (
            format!("{{\"keys\":[{{\"x5c\":[\"{}\"]}}]}}", to_base64(&pki_der("leaf.pem"))),
            "keys[0].x5c[0] #0 line 1",
        ),
    ] {
        assert_eq!(lines(&read(&text)), [format!("{place} certificate leaf")], "{text}");
    }
}

#[test]
fn indented_pem_is_found_where_yaml_is_damaged() {
    let text = format!("{{{{ if x }}}}\ntls:\n  cert: |\n{}  b: [\n", indented(&pki_text("leaf.pem"), 4));
    assert_eq!(lines(&read(text)), ["section 0 line 4 certificate leaf"]);
}

#[test]
fn says_from_where_on_a_stream_of_documents_was_not_read() {
    let contents = read(format!("{}---\na: [\n---\nb: 1\n", kubeconfig()));
    assert_eq!(contents.objects.len(), 3);
    assert_eq!(
        contents.fault.as_deref(),
        Some("its YAML is damaged near line 21; what follows was not read")
    );
}

fn node1() -> EtcdMember {
    let text = |text: &str| Some(text.to_owned());
    EtcdMember {
        source: 0,
        name: "node1".to_owned(),
        client_hosts: vec![
            "10.0.0.1".to_owned(),
            "etcd.example".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ],
        peer_hosts: vec!["10.0.0.1".to_owned()],
        cert_file: text("/etc/etcd/server.crt"),
        key_file: text("/etc/etcd/server.key"),
        trusted_ca_file: text("/etc/etcd/ca.crt"),
        peer_cert_file: text("/etc/etcd/peer.crt"),
        peer_key_file: text("/etc/etcd/peer.key"),
        peer_trusted_ca_file: text("/etc/etcd/peer-ca.crt"),
        client_cert_auth: true,
        peer_client_cert_auth: true,
    }
}

const FLAGS: &str = "--name=node1 --advertise-client-urls=https://10.0.0.1:2379,https://etcd.example \
--listen-client-urls=https://127.0.0.1:2379,https://[::1]:2379,https://0.0.0.0:2379,http://10.9.9.9:1 \
--initial-advertise-peer-urls=https://10.0.0.1:2380 --cert-file=/etc/etcd/server.crt --key-file=/etc/etcd/server.key \
--client-cert-auth --trusted-ca-file=/etc/etcd/ca.crt --peer-cert-file=/etc/etcd/peer.crt \
--peer-key-file=/etc/etcd/peer.key --peer-client-cert-auth=true --peer-trusted-ca-file=/etc/etcd/peer-ca.crt";

#[test]
fn reads_the_settings_of_etcd_from_its_configuration_file() {
    let text = "name: 'node1'\ndata-dir: /var/lib/etcd\nadvertise-client-urls: https://10.0.0.1:2379,https://etcd.example\n\
        listen-client-urls: 'https://127.0.0.1:2379,https://[::1]:2379,https://[::]:2379,unix://x'\n\
        initial-advertise-peer-urls: https://10.0.0.1:2380\nclient-transport-security:\n  cert-file: /etc/etcd/server.crt\n  \
        key-file: /etc/etcd/server.key\n  client-cert-auth: true\n  trusted-ca-file: /etc/etcd/ca.crt\n\
        peer-transport-security:\n  cert-file: /etc/etcd/peer.crt\n  key-file: /etc/etcd/peer.key\n  \
        client-cert-auth: true\n  trusted-ca-file: /etc/etcd/peer-ca.crt\n";
    let contents = read(text);
    assert_eq!(contents.etcd_members, [node1()]);
    assert_eq!(contents.container, Some(Container::Document));
    assert_eq!(contents.references.len(), 6);
}

#[test]
fn reads_the_settings_of_etcd_from_manifests_and_compose_files() {
    let list = |words: &str, blanks: usize| -> String {
        words.split(' ').map(|word| format!("{:blanks$}- {word}\n", "")).collect()
    };
    for text in [
        format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - command:\n    - etcd\n{}    image: registry.k8s.io/etcd:3.5.15-0\n",
            list(FLAGS, 4)
        ),
        format!(
            "spec:\n  containers:\n  - command: [sh, -c]\n    args:\n    - exec /usr/local/bin/etcd {FLAGS}\n"
        ),
        format!("services:\n  a:\n    image: quay.io/coreos/etcd:v3.5.1\n    command:\n{}", list(FLAGS, 4)),
        format!("services:\n  a:\n    command: etcd {FLAGS}\n"),
        format!(
            "kind: Pod\nspec:\n  containers:\n  - command: [etcd]\n    args:\n{}    env:\n    - name: ETCD_NAME\n      value: other\n\
             \x20   - {{name: ETCD_KEY_FILE, valueFrom: {{}}}}\n",
            list(FLAGS, 4)
        ),
    ] {
        assert_eq!(read(&text).etcd_members, [node1()], "{text}");
    }
    for text in [
        format!("spec:\n  containers:\n  - command: [etcdctl]\n    args:\n{}", list(FLAGS, 4)),
        "spec:\n  containers:\n  - command: [etcd, --data-dir=/cert-file]\n".to_owned(),
    ] {
        assert_eq!(read(&text).etcd_members, [], "{text}");
    }
}

#[test]
fn reads_the_settings_of_etcd_from_units_scripts_and_environment_files() {
    let variables: Vec<String> = FLAGS
        .split(' ')
        .map(|flag| {
            let (name, value) = flag.trim_start_matches('-').split_once('=').unwrap_or((&flag[2..], "true"));
            format!("ETCD_{}=\"{value}\"", name.to_uppercase().replace('-', "_"))
        })
        .collect();
    for text in [
        format!(
            "[Unit]\nDescription=etcd\n\n[Service]\nExecStart=/usr/bin/etcd \\\n  {}\n",
            FLAGS.replace(' ', " \\\n  ")
        ),
        format!(
            "#!/bin/sh\n# starts etcd --name=x --cert-file=y\nexec etcd {}\n",
            FLAGS.replacen('=', " ", 5)
        ),
        variables.join("\n"),
        format!("export {}", variables.join("\nexport ")),
        format!(
            "[Service]\nEnvironment=\"{}\"\n",
            variables.join("\" \"").replace("=\"", "=").replace("\"\"", "\"")
        ),
        format!("[Service]\nEnvironment=ETCD_NAME=other\nExecStart=/usr/bin/etcd {FLAGS}\n"),
    ] {
        let contents = read(&text);
        assert_eq!(contents.etcd_members, [node1()], "{text}");
        assert_eq!(contents.container, Some(Container::Settings));
    }
    // Two members in one script; and what a variable stands for is not known.
    let two = read("etcd --name a --cert-file a.pem &\netcd --name b --cert-file b.pem --key-file $KEY &\n");
    let told: Vec<_> =
        two.etcd_members.iter().map(|member| (member.name.as_str(), &member.key_file)).collect();
    assert_eq!(told, [("a", &None), ("b", &None)]);
}

#[test]
fn tells_documents_with_certificates_that_could_not_be_read() {
    let leaf = to_base64(&pki_file("leaf.pem"));
    for (text, fault) in [
        (format!("kind: Secret\n  data:\n tls.crt: {leaf}\n"), "its YAML is damaged near line"),
        (
            format!("{{\"kind\": \"Secret\", \"data\": {{\"tls.crt\": \"{leaf}\"}}"),
            "its JSON is damaged near line",
        ),
        (
            format!("x: &leaf {leaf}\n---\nkind: Secret\ncommon: &leaf {leaf}\ndata:\n  tls.crt: *leaf\n")
                .split_once("---\n")
                .unwrap()
                .1
                .to_owned(),
            "there is base64 of PEM in it, but not where it is expected",
        ),
    ] {
        let contents = read(&text);
        assert!(
            contents.fault.as_ref().is_some_and(|found| found.starts_with(fault)),
            "{text}: {contents:?}"
        );
        assert!(!contents.is_empty());
    }
    let one = format!("{{\"a\": \"{leaf}\"}}\n");
    let two = read(one.repeat(2));
    assert_eq!(two.objects.len(), 1);
    assert!(two.fault.as_ref().is_some_and(|fault| fault.starts_with("its JSON is damaged")), "{two:?}");
    // Source code may hold whatever it likes.
    assert!(read(format!("let x = f(\"{leaf}\");\n")).is_empty());
}
