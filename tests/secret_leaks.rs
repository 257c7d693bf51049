//! Private keys whose line breaks were lost, or that are damaged another way, are not shown by anything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop")]

#[path = "readers/mod.rs"]
mod readers;

use readers::{openssl, pki, to_base64};
use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const FORMATS: [&str; 7] = ["html", "json", "jsonl", "junit", "prometheus", "sarif", "text"];

/// The letters that a run of the key's base64 has which must not be shown.
const RUN: usize = 20;

/// Keys in PEM as openssl writes them.
fn keys() -> Vec<String> {
    [
        "genrsa -traditional 2048",
        "genpkey -algorithm ED25519",
        "genrsa -traditional -aes128 -passout pass:secret 2048",
    ]
    .map(|command| String::from_utf8(openssl(pki(), command)).unwrap())
    .to_vec()
}

/// A key in forms that no program reads.
fn mangled(key: &str) -> Vec<(&'static str, String)> {
    let end = key.rfind("-----END").unwrap();
    let label = key["-----BEGIN ".len()..].split("-----").next().unwrap();
    let other = format!("-----BEGIN {}-----", label.replace("PRIVATE KEY", "CERTIFICATE"));
    vec![
        ("blanks", key.replace('\n', " ")),
        ("nothing", key.replace('\n', "")),
        ("tabs", key.replace('\n', "\t")),
        ("commas", key.replace('\n', ",")),
        ("literal", key.replace('\n', "\\n")),
        ("literal_tabs", key.replace('\n', "\\t")),
        ("percent", key.replace('\n', "%0A")),
        ("entities", key.replace('\n', "&#10;")),
        ("carriage_returns", key.replace('\n', "\r")),
        ("vertical", key.replace('\n', "\u{b}")),
        ("begin_joined", key.replacen('\n', "", 1)),
        ("begin_joined_by_blank", key.replacen('\n', " ", 1)),
        ("end_joined", format!("{}{}", key[..end].trim_end(), &key[end..])),
        ("label_and_key", key.replacen("-----\n", " ", 1)),
        (
            "label_and_key_on_one_line",
            key.replacen("-----", " ", 2).replacen(" ", "-----", 1).replace('\n', " "),
        ),
        ("no_dashes", key.replacen("-----\n", "\n", 1)),
        ("four_dashes", key.replacen("-----\n", "----\n", 1)),
        ("end_without_dashes", key.trim_end().trim_end_matches('-').to_owned()),
        ("no_end", key[..end].to_owned()),
        ("half", key[..end / 2].to_owned()),
        ("half_on_one_line", key[..end / 2].replace('\n', " ")),
        ("half_with_dashes", key[..end / 2].replace('\n', "") + "-----"),
        ("another_end", format!("{}-----END CERTIFICATE-----\n", &key[..end])),
        ("another_label", key.replacen(&format!("-----BEGIN {label}-----"), &other, 1)),
        ("letters", key.replace('A', "*")),
        ("twice", key.replace('\n', " ").repeat(2)),
        ("twice_on_two_lines", (key.replace('\n', " ") + "\n").repeat(2)),
        (
            "header",
            key.replacen('\n', "\nDEK-Info: ", 1).replacen("DEK-Info", "Proc-Type: 4,ENCRYPTED\nDEK-Info", 1),
        ),
        ("quoted", key.lines().map(|line| format!("> {line}\n")).collect()),
    ]
}

/// Files that hold a mangled key.
fn files(name: &str, key: &str) -> Vec<(String, Vec<u8>)> {
    let base64 = to_base64(key.as_bytes());
    let folded = key.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let json = serde_json::to_string(key).unwrap();
    let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let kubeconfig = |user: &str| {
        format!("apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: u\n  user:\n    {user}\n")
            .into_bytes()
    };
    [
        ("pem", key.as_bytes().to_vec()),
        ("utf16.pem", utf16),
        ("env", format!("KEY={key}\n").into_bytes()),
        ("quoted.env", format!("KEY=\"{key}\"\n").into_bytes()),
        (
            "secret.json",
            format!("{{\"kind\":\"Secret\",\"data\":{{\"tls.key\":\"{base64}\"}}}}").into_bytes(),
        ),
        (
            "string.json",
            format!("{{\"kind\":\"Secret\",\"stringData\":{{\"tls.key\":{json}}}}}").into_bytes(),
        ),
        ("any.json", format!("{{\"key\":{json}}}").into_bytes()),
        ("name.json", format!("{{\"kind\":\"Secret\",\"data\":{{{json}:\"{base64}\"}}}}").into_bytes()),
        ("folded.yaml", format!("kind: Secret\nstringData:\n  tls.key: >\n{folded}").into_bytes()),
        ("plain.yaml", format!("kind: Secret\nstringData:\n  tls.key:\n{folded}").into_bytes()),
        ("name.yaml", format!("a:\n  ? {json}\n  : [{base64}, x]\n").into_bytes()),
        ("base64.yaml", format!("kind: Secret\ndata:\n  tls.key: {base64}\n").into_bytes()),
        ("conf", kubeconfig(&format!("client-key-data: {base64}"))),
        ("path.conf", kubeconfig(&format!("client-key: {json}"))),
        ("base64path.conf", kubeconfig(&format!("client-key: {base64}"))),
        ("etcd.env", format!("ETCD_NAME=a\nETCD_KEY_FILE={}\n", key.replace('\n', " ")).into_bytes()),
        (
            "etcd.yaml",
            format!(
                "name: a\nlisten-client-urls: https://a:1\nclient-transport-security:\n  key-file: {json}\n"
            )
            .into_bytes(),
        ),
    ]
    .into_iter()
    .map(|(ending, bytes)| (format!("{name}.{ending}"), bytes))
    .collect()
}

/// The runs of a key's base64, and those of its base64.
fn runs(keys: &[String]) -> HashSet<Vec<u8>> {
    let mut runs = HashSet::new();
    for key in keys {
        for body in [key.as_str(), &key.replace('\n', " ")].map(|key| to_base64(key.as_bytes())) {
            runs.extend(body.as_bytes().windows(RUN).skip(80).map(<[u8]>::to_vec));
        }
        for line in key.lines().filter(|line| !line.contains(['-', ':'])) {
            runs.extend(line.as_bytes().windows(RUN).map(<[u8]>::to_vec));
        }
    }
    runs
}

fn output(folder: &Path, arguments: &[&str]) -> (String, Vec<u8>) {
    let done =
        Command::new(env!("CARGO_BIN_EXE_cfssl")).args(arguments).current_dir(folder).output().unwrap();
    let text = [&done.stdout[..], &done.stderr].concat();
    assert!(!text.is_empty(), "{arguments:?}");
    (format!("{arguments:?}"), text)
}

#[test]
fn no_format_shows_a_part_of_a_key() {
    let keys = keys();
    let runs = runs(&keys);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (number, key) in keys.iter().enumerate() {
        fs::create_dir(path.join(number.to_string())).unwrap();
        for (name, text) in mangled(key) {
            for (name, bytes) in files(name, &text) {
                fs::write(path.join(number.to_string()).join(name), bytes).unwrap();
            }
        }
    }
    let mut outputs = Vec::new();
    fs::write(path.join("ca.json"), r#"{"CN": "CA", "key": {"algo": "ecdsa", "size": 256}}"#).unwrap();
    output(path, &["gencert", "-initca", "-out", "ca", "ca.json"]);
    let names: Vec<String> = (0..keys.len()).map(|number| number.to_string()).collect();
    for format in FORMATS {
        outputs.push(output(path, &["audit", "-severity", "info", "-format", format, "."]));
    }
    for name in &names {
        let mut files: Vec<String> = fs::read_dir(path.join(name))
            .unwrap()
            .map(|entry| format!("{name}/{}", entry.unwrap().file_name().to_str().unwrap()))
            .collect();
        files.sort();
        // What is named brings what is told of named files alone.
        for format in FORMATS {
            let start = ["audit", "-severity", "info", "-format", format];
            outputs.push(output(
                path,
                &[&start[..], &files.iter().map(String::as_str).collect::<Vec<_>>()].concat(),
            ));
        }
        for format in ["json", "jsonl", "table", "text"] {
            outputs.push(output(path, &["certinfo", "-format", format, name]));
            let start = ["certinfo", "-format", format];
            outputs.push(output(
                path,
                &[&start[..], &files.iter().map(String::as_str).collect::<Vec<_>>()].concat(),
            ));
        }
        for file in files.iter().filter(|file| file.ends_with(".pem")) {
            outputs.push(output(path, &["certinfo", "-cert", file]));
            outputs.push(output(path, &["certinfo", "-csr", file]));
            // The list comes first there, and is easily mistaken for the key.
            outputs.push(output(path, &["gencrl", file, "ca.pem", "ca-key.pem"]));
        }
    }
    for (arguments, text) in outputs {
        // Reports for people are broken into lines.
        let joined: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        for run in text.windows(RUN).chain(joined.windows(RUN)) {
            assert!(!runs.contains(run), "{arguments}: {}", String::from_utf8_lossy(run));
        }
    }
}

/// The rules of the findings.
fn audit(file: &Path) -> Vec<String> {
    let (_, text) = output(Path::new("."), &["audit", "-format", "json", file.to_str().unwrap()]);
    let report: Value = serde_json::from_slice(&text).unwrap();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_that_no_program_reads_is_a_key_that_everybody_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x-key.pem");
    let key = keys().swap_remove(0);
    let forms = [
        "blanks",
        "nothing",
        "tabs",
        "literal",
        "begin_joined",
        "end_joined",
        "no_dashes",
        "four_dashes",
        "no_end",
        "half",
        "half_on_one_line",
        "another_end",
        "twice",
    ];
    for (name, text) in mangled(&key).into_iter().filter(|(name, _)| forms.contains(name)) {
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let rules = audit(&file);
        for rule in ["private-key-readable", "object-damaged"] {
            assert!(rules.iter().any(|found| found == rule), "{name}: {rules:?}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(audit(&file).iter().all(|rule| rule == "object-damaged"), "{name}");
    }
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let key =
        openssl(pki(), "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes-128-cbc -pass pass:sesame");
    fs::write(path.join("x-key.pem"), key).unwrap();
    fs::write(path.join("password"), "sesame\n").unwrap();
    for command in [&["audit"][..], &["certinfo", "-format", "text"]] {
        let ask = |password: &str| output(path, &[command, &["-password", password, "x-key.pem"]].concat()).1;
        for password in ["sesame", "pass:sesame", "0"] {
            let text = String::from_utf8(ask(password)).unwrap();
            assert!(text.contains("-password does not take the password itself"), "{text}");
            assert!(!text.contains("sesame"), "{text}");
        }
        for source in ["file:password", "env:PATH", "empty"] {
            let text = String::from_utf8(ask(source)).unwrap();
            assert!(!text.contains("does not take"), "{text}");
        }
        let text = String::from_utf8(ask("env:NO_SUCH_VARIABLE")).unwrap();
        assert!(text.contains("NO_SUCH_VARIABLE is not set"), "{text}");
    }
}
