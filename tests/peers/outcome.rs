//! One run of a program, and what can be compared of it.

use super::case::{Case, Stdin};
use super::support::der::pem;
use super::support::facts::{self, Certificate, Facts};
use super::support::run::Run;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// What a run printed and wrote.
pub(crate) struct Outcome {
    pub(crate) run: Run,
    /// Mode and contents of the files that are new or have changed.
    files: BTreeMap<String, (u32, Vec<u8>)>,
    /// The seconds since 1970 at the beginning and at the end.
    pub(crate) clock: (i64, i64),
}

/// Runs a case with the program at `path`, in a folder of its own with links to the inputs that it names.
pub(crate) fn run(path: &str, inputs: &Path, case: &Case) -> Outcome {
    let own = TempDir::new().unwrap();
    let mut known = BTreeSet::new();
    let mut link = |name: &str| {
        let input = inputs.join(name);
        if !name.is_empty() && input.is_file() && known.insert(name.to_owned()) {
            symlink(input, own.path().join(name)).unwrap();
        }
    };
    for word in &case.arguments {
        let value = word.split_once('=').map_or(word.as_str(), |(_, value)| value);
        link(word);
        link(value);
        link(value.strip_prefix("file:").unwrap_or_default());
    }
    case.further.iter().for_each(|name| link(name));
    if let Stdin::File(name) = &case.stdin {
        link(name);
    }
    for (name, contents) in &case.files {
        known.insert((*name).to_owned());
        let path = own.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    let (name, words) = case.line();
    let mut command = match case.before {
        "" => {
            let mut command = Command::new(path);
            command.arg0(name);
            command
        }
        before => {
            let mut command = Command::new("bash");
            command.args(["-c", &format!("{before}; exec -a {name} {path} \"$@\""), name]);
            command
        }
    };
    command.args(words).current_dir(own.path()).env("TZ", "UTC");
    command.env_remove("CFSSL_STRICT").env_remove("CFSSL_CA_PK_PASSWORD");
    command.envs(case.environment.iter().copied());
    // A file of its own cannot block as a pipe can that nobody reads.
    let text = match &case.stdin {
        Stdin::Text(text) => {
            let mut file = tempfile::tempfile().unwrap();
            std::io::Write::write_all(&mut file, text).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            Stdio::from(file)
        }
        Stdin::File(name) => Stdio::from(fs::File::open(own.path().join(name)).unwrap()),
        Stdin::Nothing => Stdio::null(),
    };
    let begin = now();
    let output = command.stdin(text).output().unwrap_or_else(|error| panic!("{path}: {error}"));
    let clock = (begin, now());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let run = Run { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) };
    let mut files = BTreeMap::new();
    collect(own.path(), "", &mut files);
    files.retain(|name, (_, contents)| {
        let before = case.files.iter().find(|(known, _)| known == name);
        before.map_or(!known.contains(name), |(_, before)| before != contents)
    });
    Outcome { run, files, clock }
}

fn now() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    passed.as_secs().try_into().unwrap()
}

/// The files below a folder.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            files.insert(name, (mode, fs::read(entry.path()).unwrap_or_default()));
        }
    }
}

impl Outcome {
    /// Everything that can be compared; `issuer` is the CA of a certificate that does not sign itself.
    pub(crate) fn facts(&self, case: &Case, issuer: Option<&Certificate>) -> Facts {
        let run = &self.run;
        // `sign` hands back the CSR that it was given, and `gencsr` the key's file.
        let parts = match case.command {
            "gencert" | "genkey" | "selfsign" => &["cert", "csr", "key"][..],
            "gencsr" => &["csr"],
            "sign" => &["cert"],
            _ => &[],
        };
        let mut stdout = run.stdout.clone();
        let mut made = serde_json::Map::new();
        for key in parts {
            if let Some(text) = run.part(key) {
                stdout = stdout.replace(&serde_json::json!(text).to_string(), &format!("\"{key}\""));
                made.insert((*key).to_owned(), text.into());
            }
        }
        let made = serde_json::Value::Object(made).to_string();
        let mut facts = Run { exit: run.exit, stdout: made, stderr: run.stderr.clone() }.facts(issuer);
        if let Some(text) = run.part("ocspResponse").filter(|_| case.command == "ocspsign") {
            add(&mut facts, "response", facts::response(&base64(&text)));
            stdout = stdout.replace(&text, "RESPONSE");
        }
        if case.command == "gencrl" && run.exit == Some(0) && !case.usage {
            let text = run.stdout.trim_end();
            add(&mut facts, "CRL", facts::revocation_list(&base64(text)));
            stdout = stdout.replace(text, "CRL");
        }
        let mut stdout = with_sorted_hosts(&stdout);
        if stdout.starts_with("Default configurations are available for:") {
            // In any order.
            let mut lines: Vec<&str> = stdout.lines().collect();
            lines.sort_unstable();
            stdout = lines.join("\n");
        }
        facts.insert("stdout".to_owned(), stdout);
        if case.usage {
            facts.insert("log".to_owned(), run.log().into_iter().next().unwrap_or_default());
        }
        for (name, (mode, contents)) in &self.files {
            facts.insert(format!("file {name}: mode"), format!("{mode:o}"));
            facts.insert(format!("file {name}"), String::from_utf8_lossy(contents).into_owned());
        }
        facts
    }
}

fn add(facts: &mut Facts, of: &str, more: Facts) {
    facts.extend(more.into_iter().map(|(fact, value)| (format!("{of}: {fact}"), value)));
}

/// The bytes of base64 without breaks.
fn base64(text: &str) -> Vec<u8> {
    let lines: String =
        text.as_bytes().chunks(64).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect();
    pem(&format!("-----BEGIN X-----\n{lines}-----END X-----\n")).1
}

/// The host names of a bundle come in any order.
fn with_sorted_hosts(stdout: &str) -> String {
    let key = "\"hostnames\":[";
    let Some(start) = stdout.find(key).map(|at| at + key.len()) else { return stdout.to_owned() };
    let Some(length) = stdout[start..].find(']') else { return stdout.to_owned() };
    let mut hosts: Vec<&str> = stdout[start..start + length].split(',').collect();
    hosts.sort_unstable();
    format!("{}{}{}", &stdout[..start], hosts.join(","), &stdout[start + length..])
}
