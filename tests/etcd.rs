//! A real three-node etcd cluster on the certificates of the walkthrough, made by the programs as they are built.
//!
//! `CERTMINT_TEST_PROGRAMS=/usr/bin` makes the certificates with the cfssl found there instead, which tells a fault
//! of ours from a fault of this test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const CONFIG: &str = r#"{ "signing": { "default": { "expiry": "87600h" }, "profiles": { "etcd": { "expiry": "87600h", "usages": [ "signing", "key encipherment", "server auth", "client auth" ] } } } }"#;
const CA_REQUEST: &str = r#"{ "CN": "etcd", "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }"#;
const NODE_REQUEST: &str = r#"{ "CN": "etcd", "hosts": [ "127.0.0.1", "192.168.100.111", "192.168.100.112", "192.168.100.113", "kube-cluster-master01", "kube-cluster-master02", "kube-cluster-master03" ], "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }"#;

/// How long three nodes may take to elect a leader on a busy machine.
const START: Duration = Duration::from_secs(60);
/// How long any other command may take.
const COMMAND: Duration = Duration::from_secs(30);

#[test]
fn serves_its_clients_with_client_cert_auth_off() {
    let cluster = Cluster::start(false);
    cluster.assert_healthy();
    cluster.assert_members();
    cluster.assert_round_trip();
    // trusted-ca-file alone already makes etcd demand a certificate: what docs/etcd.md says.
    cluster.assert_refuses(&cluster.stranger_without_certificate(), "client didn't provide a certificate");
    cluster.enable_accounts();
    let answer = cluster.etcdctl(&["get", "greeting"]);
    assert!(
        !answer.success && answer.stderr.contains("user name is empty"),
        "the common name logged somebody in: {answer:?}"
    );
}

#[test]
fn serves_its_clients_with_client_cert_auth_on() {
    let cluster = Cluster::start(true);
    cluster.assert_healthy();
    cluster.assert_members();
    cluster.assert_round_trip();
    cluster.assert_refuses(&cluster.stranger_without_certificate(), "client didn't provide a certificate");
    cluster
        .assert_refuses(&cluster.stranger_of_another_authority(), "certificate signed by unknown authority");
    cluster.enable_accounts();
    let answer = cluster.etcdctl(&["get", "greeting", "--print-value-only"]);
    assert_eq!(answer.expect("get as user etcd").trim(), "hello");
}

/// Three running nodes; they end when this is dropped.
struct Cluster {
    directory: TempDir,
    nodes: Vec<Child>,
    client_urls: Vec<String>,
}

impl Cluster {
    /// Makes the certificates, starts the nodes, and waits for a leader.
    fn start(client_cert_auth: bool) -> Self {
        let mut cluster =
            Self { directory: tempfile::tempdir().unwrap(), nodes: Vec::new(), client_urls: Vec::new() };
        write_certificates(cluster.path());
        for attempt in 1.. {
            match cluster.try_start(client_cert_auth) {
                Ok(()) => return cluster,
                // Somebody may take a port between our look and etcd's bind; that alone deserves another try.
                Err(logs) if attempt < 3 && logs.contains("address already in use") => {
                    cluster.stop();
                }
                Err(logs) => panic!("the cluster did not come up:\n{logs}"),
            }
        }
        unreachable!("the loop returns or panics")
    }

    fn try_start(&mut self, client_cert_auth: bool) -> Result<(), String> {
        let ports = free_ports(6);
        let (peers, clients) = ports.split_at(3);
        self.client_urls = clients.iter().map(|port| url(*port)).collect();
        let cluster: Vec<String> = (0..3).map(|node| format!("node{node}={}", url(peers[node]))).collect();
        for node in 0..3 {
            let home = self.path().join(format!("node{node}"));
            let _ = fs::remove_dir_all(&home);
            fs::create_dir(&home).unwrap();
            let file = self.path().join(format!("node{node}.yml"));
            let yaml = node_file(
                self.path(),
                node,
                (peers[node], clients[node]),
                &cluster.join(","),
                client_cert_auth,
            );
            fs::write(&file, yaml).unwrap();
            let log = File::create(self.log(node)).unwrap();
            let child = clean("etcd")
                .arg(format!("--config-file={}", file.display()))
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap_or_else(|error| missing("etcd", &error));
            self.nodes.push(child);
        }
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            if self.nodes.iter_mut().any(|node| node.try_wait().unwrap().is_some()) {
                break;
            }
            if self.etcdctl(&["endpoint", "health"]).success {
                return Ok(());
            }
            sleep(Duration::from_millis(200));
        }
        Err((0..3)
            .map(|node| {
                let log = fs::read_to_string(self.log(node)).unwrap();
                let tail: Vec<&str> = log.lines().rev().take(5).collect();
                tail.into_iter().rev().collect::<Vec<_>>().join("\n") + "\n"
            })
            .collect())
    }

    fn stop(&mut self) {
        for node in &mut self.nodes {
            let _ = node.kill();
            let _ = node.wait();
        }
        self.nodes.clear();
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn log(&self, node: usize) -> PathBuf {
        self.path().join(format!("node{node}.log"))
    }

    /// etcdctl with the walkthrough's certificate, at all three nodes.
    fn etcdctl(&self, arguments: &[&str]) -> Answer {
        let mut command = self.client();
        command.args(["--cert=etcd.pem", "--key=etcd-key.pem"]).args(arguments);
        run(&mut command, self.path())
    }

    /// etcdctl without a certificate of its own.
    fn client(&self) -> Command {
        let mut command = clean("etcdctl");
        command
            .arg("--cacert=ca-etcd.pem")
            .arg(format!("--endpoints={}", self.client_urls.join(",")))
            .args(["--dial-timeout=3s", "--command-timeout=5s"]);
        command
    }

    fn stranger_without_certificate(&self) -> Answer {
        let mut command = self.client();
        command.args(["get", "greeting"]);
        run(&mut command, self.path())
    }

    /// A client whose certificate says the same but comes from an authority of the same name with another key.
    fn stranger_of_another_authority(&self) -> Answer {
        let other = self.path().join("other");
        fs::create_dir(&other).unwrap();
        write_certificates(&other);
        let mut command = self.client();
        command.args(["--cert=other/etcd.pem", "--key=other/etcd-key.pem"]).args(["get", "greeting"]);
        run(&mut command, self.path())
    }

    fn assert_healthy(&self) {
        let answer = self.etcdctl(&["endpoint", "health", "--write-out=json"]);
        let endpoints: Value = serde_json::from_str(&answer.expect("endpoint health")).unwrap();
        let endpoints = endpoints.as_array().unwrap();
        assert_eq!(endpoints.len(), 3);
        for endpoint in endpoints {
            assert_eq!(endpoint["health"], Value::Bool(true), "{endpoint}");
        }
    }

    fn assert_members(&self) {
        let answer = self.etcdctl(&["member", "list", "--write-out=json"]);
        let list: Value = serde_json::from_str(&answer.expect("member list")).unwrap();
        let mut members: Vec<(String, String)> = list["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| {
                (
                    member["name"].as_str().unwrap().to_owned(),
                    member["clientURLs"][0].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        members.sort();
        let expected: Vec<(String, String)> = self
            .client_urls
            .iter()
            .enumerate()
            .map(|(node, url)| (format!("node{node}"), url.clone()))
            .collect();
        assert_eq!(members, expected);
    }

    /// What one node accepts, another one answers.
    fn assert_round_trip(&self) {
        let written = self.etcdctl(&["put", "greeting", "hello"]);
        assert_eq!(written.expect("put").trim(), "OK");
        let mut command = clean("etcdctl");
        command
            .args(["--cacert=ca-etcd.pem", "--cert=etcd.pem"])
            .arg("--key=etcd-key.pem")
            .arg(format!("--endpoints={}", self.client_urls[2]))
            .args(["get", "greeting", "--print-value-only"]);
        let read = run(&mut command, self.path());
        assert_eq!(read.expect("get").trim(), "hello");
    }

    /// The client was not served, and for this reason: a node's log says so in the words of Go's TLS.
    fn assert_refuses(&self, answer: &Answer, reason: &str) {
        assert!(!answer.success, "a stranger was served: {answer:?}");
        let logs: String = (0..3).map(|node| fs::read_to_string(self.log(node)).unwrap()).collect();
        assert!(logs.contains(reason), "no node's log says {reason:?}; the client says: {answer:?}");
    }

    /// Turns on etcd's own accounts: `root`, and `etcd`, who may read one key.
    fn enable_accounts(&self) {
        for command in [
            "user add root --no-password",
            "user grant-role root root",
            "role add reader",
            "role grant-permission reader read greeting",
            "user add etcd --no-password",
            "user grant-role etcd reader",
            "auth enable",
        ] {
            let words: Vec<&str> = command.split(' ').collect();
            self.etcdctl(&words).expect(command);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The walkthrough: an authority and one certificate for all nodes, through the pipe.
fn write_certificates(directory: &Path) {
    fs::write(directory.join("ca-etcd-config.json"), CONFIG).unwrap();
    fs::write(directory.join("ca-etcd-csr.json"), CA_REQUEST).unwrap();
    fs::write(directory.join("etcd-csr.json"), NODE_REQUEST).unwrap();
    pipe(directory, &["gencert", "-initca", "ca-etcd-csr.json"], "ca-etcd");
    pipe(
        directory,
        &[
            "gencert",
            "-ca=ca-etcd.pem",
            "-ca-key=ca-etcd-key.pem",
            "-config=ca-etcd-config.json",
            "-profile=etcd",
            "etcd-csr.json",
        ],
        "etcd",
    );
}

/// `cfssl … | cfssljson -bare base`.
fn pipe(directory: &Path, arguments: &[&str], base: &str) {
    let made = run(Command::new(program("cfssl", env!("CARGO_BIN_EXE_cfssl"))).args(arguments), directory)
        .expect("cfssl gencert");
    let mut writer = Command::new(program("cfssljson", env!("CARGO_BIN_EXE_cfssljson")))
        .args(["-bare", base])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writer.stdin.take().unwrap().write_all(made.as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success(), "cfssljson -bare {base}");
    for suffix in [".pem", "-key.pem", ".csr"] {
        let file = directory.join(format!("{base}{suffix}"));
        assert!(file.is_file(), "{} is missing", file.display());
    }
}

fn program(name: &str, ours: &str) -> PathBuf {
    match std::env::var_os("CERTMINT_TEST_PROGRAMS") {
        Some(directory) => Path::new(&directory).join(name),
        None => PathBuf::from(ours),
    }
}

/// etcd's file with the keys of the walkthrough, no more.
fn node_file(
    home: &Path,
    node: usize,
    (peer, client): (u16, u16),
    cluster: &str,
    client_cert_auth: bool,
) -> String {
    let home = home.display();
    let security = format!(
        "  cert-file: {home}/etcd.pem
  key-file: {home}/etcd-key.pem
  client-cert-auth: {client_cert_auth}
  trusted-ca-file: {home}/ca-etcd.pem
  auto-tls: false"
    );
    let (peer, client) = (url(peer), url(client));
    format!(
        "name: node{node}
wal-dir: {home}/node{node}/wal
data-dir: {home}/node{node}/data
listen-peer-urls: {peer}
listen-client-urls: {client}
advertise-client-urls: {client}
initial-advertise-peer-urls: {peer}
initial-cluster: {cluster}
initial-cluster-token: certmint-test
initial-cluster-state: new
client-transport-security:
{security}
peer-transport-security:
{security}
logger: zap
log-outputs: [stderr]
"
    )
}

fn url(port: u16) -> String {
    format!("https://127.0.0.1:{port}")
}

/// Ports that were free a moment ago.
fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<TcpListener> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

/// A command without the caller's `ETCD_…` and `ETCDCTL_…` variables, which override or contradict the files.
fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LC_ALL", "C")
        .env("ETCDCTL_API", "3");
    // etcd 3.4 runs on these only when it is told that nobody supports it there.
    let unsupported = match std::env::consts::ARCH {
        "x86_64" | "powerpc64" => None,
        "aarch64" => Some("arm64"),
        "x86" => Some("386"),
        other => Some(other),
    };
    if let Some(architecture) = unsupported {
        command.env("ETCD_UNSUPPORTED_ARCH", architecture);
    }
    command
}

/// How a command ended and what it said.
#[derive(Debug)]
struct Answer {
    success: bool,
    stdout: String,
    stderr: String,
}

impl Answer {
    /// The standard output of a command that must succeed.
    #[track_caller]
    fn expect(self, what: &str) -> String {
        assert!(self.success, "{what} failed: {self:?}");
        self.stdout
    }
}

/// Runs a command to its end, or kills it when it takes longer than [`COMMAND`].
fn run(command: &mut Command, directory: &Path) -> Answer {
    let outputs = tempfile::tempdir().unwrap();
    let (out, err) = (outputs.path().join("out"), outputs.path().join("err"));
    let mut child = command
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap_or_else(|error| missing(&command.get_program().to_string_lossy(), &error));
    let deadline = Instant::now() + COMMAND;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        sleep(Duration::from_millis(5));
    };
    Answer {
        success: status.success(),
        stdout: fs::read_to_string(out).unwrap(),
        stderr: fs::read_to_string(err).unwrap(),
    }
}

fn missing(program: &str, error: &std::io::Error) -> ! {
    panic!("{program} cannot be started ({error}); `make peers` installs what the tests need")
}
