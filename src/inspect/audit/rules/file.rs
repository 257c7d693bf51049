//! Files: who may read them, and whether they hold what their names promise.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::finding::Findings;
use crate::inspect::audit::material::{Content, Item, Material, PrivateKey};
use crate::inspect::audit::paths::{file_name, folder, is_named_key};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::quote;
use crate::inspect::evidence::{Container, PrivateKeyFacts, Source};
use std::collections::HashSet;

/// Permission bits.
const GROUP_READ: u32 = 0o040;
const OTHERS_READ: u32 = 0o004;
const OTHERS_WRITE: u32 = 0o002;

pub(super) static RULES: [SetRule; 10] = [
    SetRule {
        rule: Rule {
            id: "private-key-readable",
            severity: Severity::Critical,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a private key can be read by everybody on the machine",
            meaning: "Every user and every program there can take the key, and nobody will notice, unless a folder \
                      above it lets nobody in.",
            remedy: "`chmod 600` the file; if others were on the machine, make a new key and issue anew.",
        },
        check: |set, findings| modes(set, findings, false, |mode| mode & OTHERS_READ != 0, "everybody"),
    },
    SetRule {
        rule: Rule {
            id: "private-key-group-readable",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a private key can be read by a group",
            meaning: "Everybody in the group has the key. Where that is one service it is meant so; `users` is not.",
            remedy: "`chmod 600` the file, unless the group is that of the service alone.",
        },
        check: |set, findings| {
            let is_wide = |mode| mode & GROUP_READ != 0 && mode & OTHERS_READ == 0;
            modes(set, findings, false, is_wide, "its group");
        },
    },
    SetRule {
        rule: Rule {
            id: "encrypted-key-readable",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "practice",
            title: "an encrypted private key can be read by everybody on the machine",
            meaning: "Only the password stands between them and the key, and they may guess for as long as they \
                      like.",
            remedy: "`chmod 600` the file.",
        },
        check: |set, findings| modes(set, findings, true, |mode| mode & OTHERS_READ != 0, "everybody"),
    },
    SetRule {
        rule: Rule {
            id: "file-writable",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a file with certificates or keys can be written by everybody on the machine",
            meaning: "Everybody there can put an authority of their own into its place.",
            remedy: "`chmod o-w` the file, and compare its contents with a copy from elsewhere.",
        },
        check: |set, findings| {
            for (at, source) in (0u32..).zip(&set.material.sources) {
                let mode = source.mode.filter(|mode| mode & OTHERS_WRITE != 0);
                if let Some(mode) = mode.filter(|_| !set.material.contents_of(at).is_empty()) {
                    findings.source(at, format!("its mode is {:04o}", mode & 0o7777), b"");
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "folder-writable",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a folder with certificates or keys can be written by everybody on the machine",
            meaning: "Whatever the modes of the files in it, everybody there can put others into their place.",
            remedy: "`chmod o-w` the folder, and compare the files in it with copies from elsewhere.",
        },
        check: |set, findings| {
            let mut told = HashSet::new();
            for (at, source) in (0u32..).zip(&set.material.sources) {
                let own = folder(&source.name);
                let is_open = set.material.writable_folders.contains(own);
                if is_open && !set.material.contents_of(at).is_empty() && told.insert(own) {
                    findings.source(
                        at,
                        format!("everybody can replace what is in its folder, {}", quote(own)),
                        b"",
                    );
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "object-damaged",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 7468, 2",
            title: "an object in a file is damaged",
            meaning: "Programs stop at it or pass over it, and act as if it was not there.",
            remedy: "Copy the file again from where it was made.",
        },
        check: |set, findings| {
            for content in &set.material.contents {
                let Item::Damaged(at) = content.item else { continue };
                if let Some(damaged) = set.material.damaged.get(at as usize) {
                    findings.object(content, format!("{}: {}", damaged.label, damaged.fault));
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "private-key-unusable",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a private key cannot be used",
            meaning: "It is of a kind that is not known here, or its numbers do not belong together: whether it \
                      fits a certificate was not found out.",
            remedy: "Try it with the program that uses it; make a new key if that fails too.",
        },
        check: |set, findings| {
            for content in &set.material.contents {
                let Item::PrivateKey(at) = content.item else { continue };
                let key = set.material.private_keys.get(at as usize);
                let is_told = |key: &&PrivateKey| key.facts.form == PrivateKeyFacts::DAMAGED;
                let key = key.filter(|key| !is_told(key) && !key.facts.is_encrypted);
                if let Some(key) = key.filter(|key| key.key.is_none()) {
                    let fault = match &*key.facts.fault {
                        "" => "its public half is not known",
                        fault => fault,
                    };
                    findings.object(content, fault.to_owned());
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "unusual-form",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "RFC 7468, 2",
            title: "an object is written in an unusual way",
            meaning: "It could be read here; other programs may be stricter.",
            remedy: "Write the file anew, such as with `openssl x509 -in FILE -out FILE`.",
        },
        check: |set, findings| {
            for remark in &set.material.remarks {
                findings.at(remark.source, &remark.place, remark.message.to_string());
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "file-missing",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a kubeconfig names a file that is not there",
            meaning: "Programs that are given the kubeconfig stop, or were given a copy of it without its files.",
            remedy: "Put the file where the kubeconfig looks for it, or the data into the kubeconfig with `kubectl \
                     config view --flatten --raw`.",
        },
        check: |set, findings| {
            for missing in &set.material.missing_files {
                let message =
                    format!("its {} is {}, which is not there", missing.setting, quote(&missing.path));
                let discriminator = format!("{} {}", missing.setting, missing.path);
                findings.source(missing.source, message, discriminator.as_bytes());
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "file-role",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a file holds something else than its name says",
            meaning: "Whoever goes by the name gives a program the wrong file, or hands out a key as a certificate.",
            remedy: "Rename the file, or put the right thing into it.",
        },
        check: |set, findings| {
            let folders = folders_with_certificates(set);
            for (at, source) in (0u32..).zip(&set.material.sources) {
                let is_plain = matches!(source.container, Container::Pem | Container::Der);
                let contents = set.material.contents_of(at);
                let message = wrong_role(source, contents, folders.contains(folder(&source.name)));
                if let Some(message) = message.filter(|_| is_plain) {
                    findings.source(at, message, b"");
                }
            }
        },
    },
];

/// Private keys in files whose mode lets in more than their owner.
fn modes(
    set: &Set<'_>,
    findings: &mut Findings<'_>,
    is_encrypted: bool,
    is_wide: fn(u32) -> bool,
    who: &str,
) {
    for (at, source) in (0u32..).zip(&set.material.sources) {
        let Some(mode) = source.mode.filter(|mode| is_wide(*mode)) else { continue };
        if !Material::is_file(source) {
            continue;
        }
        let keys: Vec<bool> = private_keys(set, at).collect();
        // An unprotected key beside an encrypted one is what counts.
        let is_meant = !keys.is_empty() && keys.iter().all(|encrypted| *encrypted) == is_encrypted;
        if is_meant {
            let what = match source.container {
                Container::Kubeconfig => "a client's private key",
                Container::KubernetesSecret => "a private key of a Secret",
                _ => "a private key",
            };
            let message = format!("{who} can read {what} in it: its mode is {:04o}", mode & 0o7777);
            findings.source(at, message, b"");
        }
    }
}

/// For each private key in a source, whether a password protects it.
fn private_keys(set: &Set<'_>, source: u32) -> impl Iterator<Item = bool> {
    set.material.contents_of(source).iter().filter_map(|content| match content.item {
        Item::PrivateKey(at) => set.material.private_keys.get(at as usize).map(|key| key.facts.is_encrypted),
        _ => None,
    })
}

/// The folders with a certificate in one of their own files.
fn folders_with_certificates<'s>(set: &Set<'s>) -> HashSet<&'s str> {
    let certificates = set.material.contents.iter();
    let certificates = certificates.filter(|content| matches!(content.item, Item::Certificate(_)));
    certificates.filter_map(|content| set.source(content.source)).map(|source| folder(&source.name)).collect()
}

/// What a file holds instead of what its name says; nothing where the name says nothing.
fn wrong_role(source: &Source, contents: &[Content], is_beside_certificates: bool) -> Option<String> {
    let has = |is: fn(&Item) -> bool| contents.iter().any(|content| is(&content.item));
    let certificate = has(|item| matches!(item, Item::Certificate(_)));
    let request = has(|item| matches!(item, Item::CertificateRequest(_)));
    let key = has(|item| matches!(item, Item::PrivateKey(_)));
    let list = has(|item| matches!(item, Item::CertificateList(_)));
    if has(|item| matches!(item, Item::Damaged(_))) {
        return None;
    }
    let found = match (certificate, key, request, list) {
        (true, ..) => "a certificate",
        (_, true, ..) => "a private key",
        (_, _, true, _) => "a certificate signing request",
        (_, _, _, true) => "a revocation list",
        _ => return None,
    };
    let name = file_name(&source.name).to_ascii_lowercase();
    let (expected, is_there) = if is_named_key(&name) {
        ("a private key", key)
    } else if name.ends_with(".csr") || name.ends_with("-csr.pem") || name.ends_with(".csr.pem") {
        ("a certificate signing request", request)
    } else if [".crt", ".cer", ".cert"].iter().any(|end| name.ends_with(end)) {
        ("a certificate", certificate)
    } else if name.ends_with(".crl") {
        ("a revocation list", list)
    } else if name.ends_with(".pem") && !["key", "csr", "crl", "req"].iter().any(|word| name.contains(word)) {
        // Among keys alone, such as those of SSH, the ending promises nothing.
        ("a certificate", certificate || list || (key && !is_beside_certificates))
    } else {
        return None;
    };
    (!is_there).then(|| format!("{} holds {found} and not {expected}", quote(file_name(&source.name))))
}
