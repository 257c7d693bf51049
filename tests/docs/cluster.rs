//! The page's cluster, on this machine: its own files with other addresses and directories.

use crate::page::{Page, normal, shell};
use regex::Regex;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Ends the nodes, however the test ends.
struct Nodes(Vec<Child>);

impl Drop for Nodes {
    fn drop(&mut self) {
        for node in &mut self.0 {
            let _ = node.kill();
            let _ = node.wait();
        }
    }
}

/// Starts the nodes with the files that the page's commands left in `place`, and compares its tables.
pub(crate) fn runs(page: &Page, place: &Path) {
    // Another program may take a port between our look and etcd's bind.
    let started = (0..3).find_map(|_| start(place));
    let (_nodes, addresses) = started.expect("the page's cluster comes up");
    let exports: String = page
        .blocks
        .iter()
        .filter(|block| block.info == "console cluster")
        .flat_map(|block| block.steps())
        .filter(|step| step.command.starts_with("export "))
        .map(|step| format!("{}; ", step.command))
        .collect();
    let mut tables = 0;
    for block in page.blocks.iter().filter(|block| block.info == "console cluster") {
        for step in block.steps().iter().filter(|step| !step.command.starts_with("export ")) {
            let (success, printed) = shell(&moved(&format!("{exports}{}", step.command), &addresses), place);
            assert!(success, "{}: {printed}", step.command);
            tables += 1;
            if is_etcd_of_the_page(place) {
                let (shown, printed) = (table(&step.shown), table(&moved_back(&printed, &addresses)));
                assert_eq!(shown, printed, "$ {}", step.command);
            }
        }
    }
    assert_eq!(tables, 3, "health, status and members");
}

/// The page shows the tables of etcd 3.4; other versions may have other columns.
fn is_etcd_of_the_page(place: &Path) -> bool {
    shell("etcd --version", place).1.starts_with("etcd Version: 3.4.")
}

/// Pairs of an address on the page and one on this machine.
type Addresses = Vec<(String, String)>;

fn start(place: &Path) -> Option<(Nodes, Addresses)> {
    let listeners: Vec<TcpListener> = (0..6).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let ports = listeners.iter().map(|listener| listener.local_addr().unwrap());
    let named = (1..=3).flat_map(|node| [2379, 2380].map(|port| format!("192.168.100.11{node}:{port}")));
    let addresses: Addresses = named.zip(ports.map(|address| address.to_string())).collect();
    drop(listeners);
    let mut nodes = Nodes(Vec::new());
    for node in 1..=3 {
        let home = place.join(format!("home{node}"));
        let _ = fs::remove_dir_all(&home);
        fs::create_dir(&home).unwrap();
        let text = fs::read_to_string(place.join(format!("node{node}.yml"))).unwrap();
        let text = moved(&text, &addresses)
            .replace("/etc/etcd/", &format!("{}/", place.display()))
            .replace("/var/lib/etcd/", &format!("{}/", home.display()));
        assert!(!text.contains("192.168."), "node{node}.yml has an address that no node has: {text}");
        let file = home.join("etcd.yml");
        fs::write(&file, text).unwrap();
        let mut command = Command::new("etcd");
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        if std::env::consts::ARCH == "aarch64" {
            command.env("ETCD_UNSUPPORTED_ARCH", "arm64");
        }
        let log = File::create(home.join("log")).unwrap();
        command.arg("--config-file").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        nodes.0.push(command.spawn().expect("etcd starts; `make peers` installs it"));
    }
    let endpoints: Vec<_> = addresses.iter().step_by(2).map(|(_, here)| format!("https://{here}")).collect();
    let health = format!(
        "ETCDCTL_API=3 etcdctl --cacert=ca-etcd.pem --cert=etcd.pem --key=etcd-key.pem \
         --command-timeout=3s --endpoints={} endpoint health",
        endpoints.join(",")
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if nodes.0.iter_mut().any(|node| node.try_wait().unwrap().is_some()) {
            for node in 1..=3 {
                let log = fs::read_to_string(place.join(format!("home{node}/log"))).unwrap_or_default();
                eprintln!("node {node}: {}", log.lines().last().unwrap_or("no word"));
            }
            return None;
        }
        if shell(&health, place).0 {
            return Some((nodes, addresses));
        }
        sleep(Duration::from_millis(200));
    }
    None
}

fn moved(text: &str, addresses: &Addresses) -> String {
    addresses.iter().fold(text.to_owned(), |text, (page, here)| text.replace(page, here))
}

fn moved_back(text: &str, addresses: &Addresses) -> String {
    addresses.iter().fold(text.to_owned(), |text, (page, here)| text.replace(here, page))
}

/// A table's rows in order, without what is luck: identifiers, times, counters, widths, and who leads.
fn table(text: &str) -> Vec<String> {
    let text = normal(text);
    let rules = [
        (r"\b[0-9a-f]{9,16}\b", "ID"),
        (r"\b[0-9.]+(ms|µs|s)\b", "TOOK"),
        (r"\b3\.4\.\d+\b", "VERSION"),
        (r"\b\d+ kB\b", "SIZE"),
        (r"-+", "-"),
        (r" +", " "),
    ];
    let plain = rules.iter().fold(text, |text, (pattern, with)| {
        Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    });
    let leaders = plain.lines().filter(|line| line.contains("SIZE | true")).count();
    let counters = Regex::new(r"SIZE \| (true|false) \| false \| \d+ \| \d+ \| \d+").unwrap();
    let mut rows: Vec<String> = counters.replace_all(&plain, "SIZE").lines().map(str::to_owned).collect();
    rows.sort();
    rows.push(format!("{leaders} leaders"));
    rows
}
