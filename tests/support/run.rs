//! Runs of `cfssl`, ours or the installed one.

use super::der::decimal;
use super::facts::{Certificate, Facts, certificate, csr, private_key};
use std::path::Path;
use std::process::{Command, Output};

pub(crate) const OURS: &str = env!("CARGO_BIN_EXE_cfssl");
pub(crate) const THEIRS: &str = "/opt/cfssl-1.6.5/usr/bin/cfssl";

/// What a run printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, folder: &Path, arguments: &[&str]) -> Run {
    let output: Output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("CFSSL_STRICT")
        .env_remove("CFSSL_CA_PK_PASSWORD")
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{program}: {error}; apt-get install golang-cfssl openssl gnutls-bin brings what is needed"
            )
        });
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Run {
    /// A PEM of standard output.
    pub(crate) fn part(&self, key: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(&self.stdout).ok()?;
        Some(value.get(key)?.as_str()?.to_owned())
    }

    /// The log without its times, and without what a crash adds.
    pub(crate) fn log(&self) -> Vec<String> {
        let line = |line: &str| {
            let line = match line.as_bytes() {
                [b'2', _, _, _, b'/', ..] => line.get(20..).unwrap_or_default(),
                _ => line,
            };
            // The moment of the check is in Go's words.
            match line.split_once("current time ") {
                Some((before, after)) => format!("{before}{}", after.split_once(' ').unwrap_or_default().1),
                None => line.to_owned(),
            }
        };
        let spoken = self.stderr.lines().take_while(|line| !line.starts_with("panic:"));
        spoken.map(line).collect()
    }

    /// The line that says why a run failed: the last, which is no log.
    pub(crate) fn final_line(&self) -> String {
        self.stderr.lines().last().unwrap_or_default().to_owned()
    }

    /// Everything that can be compared, below `issuer`, or for a certificate that signs itself.
    pub(crate) fn facts(&self, issuer: Option<&Certificate>) -> Facts {
        let mut facts = Facts::new();
        facts.insert("exit".to_owned(), format!("{:?}", self.exit));
        let mut keys: Vec<_> = ["cert", "csr", "key"]
            .into_iter()
            .filter_map(|key| Some((self.stdout.find(&format!("\"{key}\":"))?, key)))
            .collect();
        keys.sort_unstable();
        let keys: Vec<_> = keys.into_iter().map(|(_, key)| key).collect();
        facts.insert("stdout".to_owned(), format!("{keys:?} {} lines", self.stdout.matches('\n').count()));
        let mut log = self.log();
        if let Some(text) = self.part("cert") {
            let certificate = certificate(&text, issuer);
            let serial = decimal(&certificate.serial);
            let line =
                self.stderr.lines().find(|line| line.contains("signed certificate with")).unwrap_or_default();
            // As etcd's own certificate script finds it.
            let ninth = line.split_whitespace().nth(8) == Some(serial.as_str());
            facts.insert("the log's ninth word is the serial number".to_owned(), ninth.to_string());
            for line in &mut log {
                *line = line.replace(&serial, "SERIAL");
            }
            add(&mut facts, "certificate", certificate.facts);
        }
        if let Some(text) = self.part("csr") {
            add(&mut facts, "CSR", csr(&text).0);
        }
        if let Some(text) = self.part("key") {
            add(&mut facts, "private key", private_key(&text));
        }
        facts.insert("log".to_owned(), log.join("\n"));
        facts
    }
}

fn add(facts: &mut Facts, of: &str, more: Facts) {
    facts.extend(more.into_iter().map(|(fact, value)| (format!("{of}: {fact}"), value)));
}
