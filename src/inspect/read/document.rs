//! YAML and JSON documents: objects in their strings, whatever the document is.

use super::contents::{At, Reading};
use super::{etcd, kubernetes, text};
use crate::inspect::evidence::Container;
use crate::json::{self, Node, Value};
use std::sync::Arc;

/// Reads a JSON document. False if it is none, or nothing is in it.
pub(super) fn read_json(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) || !may_hold_objects(bytes) {
        return false;
    }
    let Some(parsed) = json::parse_at_most(bytes, MOST_VALUES) else { return too_many(reading) };
    let Ok(mut value) = parsed else { return false };
    let found = Document::new(bytes, at, Vec::new()).read(reading, &value, "");
    value.wipe();
    found
}

/// As [`read_json`] with YAML, of any number of documents.
#[cfg(feature = "yaml")]
pub(super) fn read_yaml(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| may_hold_objects(bytes)) else {
        return false;
    };
    let mut read = super::yaml::parse(text, MOST_VALUES);
    if read.is_too_large {
        return too_many(reading);
    }
    let document = Document::new(bytes, at, read.literals);
    let is_one = read.documents.len() == 1 && read.damaged_line.is_none();
    let mut found = false;
    for (number, value) in read.documents.iter_mut().enumerate() {
        let prefix = if is_one { String::new() } else { format!("document {}: ", number + 1) };
        found |= document.read(reading, value, &prefix);
        value.wipe();
    }
    if matches!(at, At::File) {
        let kind =
            if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) { "JSON" } else { "YAML" };
        let fault = match read.damaged_line {
            Some(line) if found => {
                Some(format!("its {kind} is damaged near line {line}; what follows was not read"))
            }
            Some(line) if has_pem_value(bytes) => {
                Some(format!("its {kind} is damaged near line {line}, and nothing of it was read"))
            }
            None if !found && has_pem_value(bytes) => {
                Some("there is base64 of PEM in it, but not where it is expected".to_owned())
            }
            _ => None,
        };
        if let Some(fault) = fault {
            reading.contents.fault.get_or_insert(fault.into());
        }
    }
    found
}

/// Whether base64 of PEM is the value of a key, as in documents and not in source code.
#[cfg(feature = "yaml")]
fn has_pem_value(bytes: &[u8]) -> bool {
    text::positions(bytes, text::BASE64_BEGIN).any(|at| {
        let before = bytes.get(at.saturating_sub(100)..at).unwrap_or_default().trim_ascii_end();
        let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
        let before = before.trim_ascii_end();
        // A key, its literal, or an anchor behind it.
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        before.ends_with(b":")
            || before.ends_with(b"|")
            || before.ends_with(b">")
            || text::contains(line, b": &")
    })
}

/// Without the feature there is no YAML.
#[cfg(not(feature = "yaml"))]
pub(super) fn read_yaml(_: &mut Reading<'_, '_>, _: &[u8], _: &At<'_>) -> bool {
    false
}

/// A document of more values is not read: each takes many times the room that it has in the file.
const MOST_VALUES: usize = 1 << 20;

/// Tells that a document was not read.
fn too_many(reading: &mut Reading<'_, '_>) -> bool {
    let fault = format!("it has more than {MOST_VALUES} values, and was not read");
    reading.contents.fault.get_or_insert(fault.into());
    true
}

/// Whether a document is worth reading.
fn may_hold_objects(bytes: &[u8]) -> bool {
    text::contains_any(bytes, &WORDS)
}

/// One of these is in every document with something in it.
const WORDS: [&[u8]; 11] = [
    text::BEGIN,
    text::BASE64_BEGIN,
    b"-data",
    b"Secret",
    b"ConfigMap",
    b"certificate-authority",
    b"client-certificate",
    b"client-key",
    b"cert-file",
    b"x5c",
    // Base64 of most DER begins so.
    b"MII",
];

/// A document being read.
pub(super) struct Document<'a> {
    outer: &'a At<'a>,
    /// Where lines start, the first left out.
    line_starts: Vec<usize>,
    /// The positions of values whose lines are lines of the text, in ascending order.
    literals: Vec<usize>,
}

impl<'a> Document<'a> {
    fn new(text: &[u8], outer: &'a At<'a>, literals: Vec<usize>) -> Self {
        let line_starts = match outer {
            At::File => (1..).zip(text).filter(|(_, byte)| **byte == b'\n').map(|(next, _)| next).collect(),
            // The lines of a document in a document cannot be told.
            At::Member { .. } => Vec::new(),
        };
        Self { outer, line_starts, literals }
    }

    /// Reads one value of the text, which is a whole document; paths start with `prefix`.
    fn read(&self, reading: &mut Reading<'_, '_>, value: &Value, prefix: &str) -> bool {
        let mut path = match self.outer {
            At::File => Path::new(prefix),
            At::Member { path, .. } => Path::new(&format!("{path}: {prefix}")),
        };
        // Any text is a document of YAML: one long string.
        if !matches!(value.node, Node::Array(_) | Node::Object(_)) {
            return false;
        }
        let before = reading.found();
        kubernetes::read(reading, self, value, &mut path);
        let found = reading.found() > before;
        if found {
            reading.contents.container.get_or_insert(Container::Document);
        }
        found
    }

    /// Reads every string in `value`, and settings of etcd.
    pub(super) fn read_strings(
        &self,
        reading: &mut Reading<'_, '_>,
        value: &Value,
        container: Container,
        path: &mut Path,
    ) {
        match &value.node {
            Node::String(_) => self.read_string(reading, value, container, Encoding::Unknown, path),
            Node::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    path.with_index(number, |path| self.read_strings(reading, item, container, path));
                }
            }
            Node::Object(members) => {
                if let Some(found) = etcd::of_object(value) {
                    reading.etcd_member(container, found);
                }
                for member in members {
                    path.with_key(&member.key, |path| match &member.value.node {
                        Node::String(_) if BASE64_KEYS.iter().any(|end| member.key.ends_with(end)) => {
                            self.read_string(reading, &member.value, container, Encoding::Base64, path);
                        }
                        _ => self.read_strings(reading, &member.value, container, path),
                    });
                }
            }
            Node::Null | Node::Bool(_) | Node::Number(_) => {}
        }
    }

    /// Reads one string.
    pub(super) fn read_string(
        &self,
        reading: &mut Reading<'_, '_>,
        value: &Value,
        container: Container,
        encoding: Encoding,
        path: &Path,
    ) {
        let Some(string) = value.as_str() else { return };
        let is_base64 = match encoding {
            Encoding::Base64 => true,
            Encoding::Unknown => looks_like_base64(string),
        };
        let matters = is_base64 || may_hold_objects(string.as_bytes());
        if !matters {
            return;
        }
        let shown = Arc::from(path.shown());
        let at = self.at(value, container, &shown);
        if !is_base64 {
            reading.value(string.as_bytes(), &at);
            return;
        }
        let decoded = text::decode_base64(string.as_bytes());
        let found = decoded.as_ref().is_some_and(|bytes| reading.value(bytes, &at));
        let is_pem = string.trim_ascii_start().as_bytes().starts_with(text::BASE64_BEGIN);
        if found || (encoding == Encoding::Unknown && !is_pem) {
            return;
        }
        let key = path.key();
        if matters_by_key(key) || encoding == Encoding::Unknown {
            let fault = match decoded {
                None => "its base64 is damaged",
                Some(decoded) if decoded.is_empty() => return,
                Some(_) => "there is nothing in it that is known here",
            };
            reading.damaged(container, at.whole(), key, fault);
        }
    }

    fn at<'p>(&self, value: &Value, container: Container, path: &'p Arc<str>) -> At<'p> {
        if let At::Member { line, .. } = *self.outer {
            return At::Member { container, path, line, has_lines: false };
        }
        let line = self.line_starts.partition_point(|start| *start <= value.offset) + 1;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let has_lines = self.literals.binary_search(&value.offset).is_ok();
        // A literal is placed where its text starts, but empty lines before that are lines of it.
        let text = value.as_str().filter(|_| has_lines).unwrap_or_default();
        let empty = text.bytes().take_while(|byte| *byte == b'\n').count();
        let line = line.saturating_sub(u32::try_from(empty).unwrap_or(u32::MAX));
        At::Member { container, path, line, has_lines }
    }
}

/// How the keys end whose values are base64 in a kubeconfig file.
const BASE64_KEYS: [&str; 3] = ["-authority-data", "-certificate-data", "-key-data"];

/// How the bytes of a string are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Base64,
    /// As they are, or base64 if they look like it.
    Unknown,
}

/// Whether a string is base64 of PEM or of DER, by its beginning.
fn looks_like_base64(string: &str) -> bool {
    let string = string.trim_ascii_start().as_bytes();
    string.starts_with(text::BASE64_BEGIN) || (string.len() >= 64 && string.starts_with(b"MI"))
}

/// False for text that holds an object where the name of a file belongs: it may be a key, and is not to be shown.
pub(super) fn is_path(text: &str) -> bool {
    !text.contains(['\n', '\r']) && !looks_like_base64(text) && !may_be_secret(text)
}

/// Whether a text may be a private key or a part of one.
fn may_be_secret(text: &str) -> bool {
    // No key begins so, and every path has slashes.
    let has_slashes = !text.starts_with(['/', '.']);
    let is_other = |letter: char| {
        !(letter.is_ascii_alphanumeric() || matches!(letter, '+' | '=') || (has_slashes && letter == '/'))
    };
    let is_mixed = |word: &str| {
        let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
    };
    text.contains("-----BEGIN") || text.split(is_other).any(|word| word.len() >= 40 && is_mixed(word))
}

/// Whether a value under this key is expected to hold something.
fn matters_by_key(key: &str) -> bool {
    let endings = [".crt", ".key", ".pem", ".p12", ".jks"];
    BASE64_KEYS.iter().chain(&endings).any(|ending| key.ends_with(ending))
}

/// The beginning of a key that may be a private key, as where somebody lost a colon.
fn first_of_secret(key: &str) -> Option<&str> {
    let end = key.char_indices().nth(8).map_or(key.len(), |(end, _)| end);
    may_be_secret(key).then(|| key.get(..end).unwrap_or_default())
}

/// Where in a document a value is, for people.
#[derive(Debug, Default)]
pub(super) struct Path {
    text: String,
    /// Where the last key starts.
    key: usize,
}

impl Path {
    /// Longer paths are cut: a hostile document could make each of its many objects a very long one.
    const MOST: usize = 300;

    fn new(prefix: &str) -> Self {
        Self { text: prefix.to_owned(), key: prefix.len() }
    }

    /// Goes on inside the member `key`.
    pub(super) fn with_key(&mut self, key: &str, read: impl FnOnce(&mut Self)) {
        let (length, outer) = (self.text.len(), self.key);
        if !self.text.is_empty() && !self.text.ends_with(": ") {
            self.text.push('.');
        }
        self.key = self.text.len();
        match first_of_secret(key) {
            Some(first) => self.text.extend([first, "…"]),
            None => self.text.push_str(key),
        }
        read(self);
        self.text.truncate(length);
        self.key = outer;
    }

    /// Goes on inside the item `number` of an array.
    pub(super) fn with_index(&mut self, number: usize, read: impl FnOnce(&mut Self)) {
        let length = self.text.len();
        self.text.push_str(&format!("[{number}]"));
        read(self);
        self.text.truncate(length);
    }

    fn key(&self) -> &str {
        let key = self.text.get(self.key..).unwrap_or_default();
        let end = (0..=100).rev().find(|end| key.is_char_boundary(*end));
        end.and_then(|end| key.get(..end)).unwrap_or(key)
    }

    fn shown(&self) -> String {
        let Some(surplus) = self.text.len().checked_sub(Self::MOST).filter(|surplus| *surplus > 0) else {
            return self.text.clone();
        };
        let start = (surplus..self.text.len()).find(|at| self.text.is_char_boundary(*at));
        format!("…{}", start.and_then(|start| self.text.get(start..)).unwrap_or_default())
    }
}
