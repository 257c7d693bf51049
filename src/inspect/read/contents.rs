//! What bytes hold, whatever they are written in.

use super::options::ReadOptions;
use super::{der, document, keystore, sections, settings, text};
use crate::inspect::evidence::{Container, EtcdMember, KubeconfigSettings, Object, Place};
use crate::keys::KeyOpener;
use std::sync::Arc;

/// What was found in a file, a stream or any other bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// What they are written in; `None` where nothing was found.
    pub container: Option<Container>,
    /// The objects in order.
    pub objects: Vec<(Place, Object)>,
    /// How etcd members use files, with sources that are not numbered yet.
    pub etcd_members: Vec<EtcdMember>,
    /// What kubeconfig files say, with sources that are not numbered yet.
    pub kubeconfigs: Vec<KubeconfigSettings>,
    /// Files that a kubeconfig or etcd's settings name.
    pub references: Vec<Reference>,
    /// What is unusual about how objects are written.
    pub remarks: Vec<(Place, Box<str>)>,
    /// Lines of markup such as `<cert>` before PEM sections, counted from 1.
    pub markup: Vec<u32>,
    /// Why the whole could not be read, in one clause; it may be of a kind that is known.
    pub fault: Option<Box<str>>,
}

/// A file that a configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The path as written; where it is relative, it starts at the folder of what names it.
    pub path: String,
    /// The setting that names it, such as `client-certificate`.
    pub setting: &'static str,
}

impl Contents {
    /// Reads whatever `bytes` are: PEM with anything around it, DER, PKCS #7, PKCS #12, keystores of Java,
    /// kubeconfig files, Kubernetes Secrets and other YAML (with the feature `yaml`) and JSON documents,
    /// and settings of etcd. What they are is told from what they hold.
    #[must_use]
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Self {
        let passwords = options.passwords();
        let mut opener = KeyOpener::new(&passwords);
        let mut reading =
            Reading { opener: &mut opener, contents: Self::default(), damaged: 0, locked: 0, depth: 0 };
        reading.file(bytes);
        reading.contents
    }

    /// True where nothing was found, and nothing is known to be wrong either.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.container.is_none() && self.fault.is_none()
    }
}

/// Damaged sections beyond this number are passed over: a hostile file may hold millions.
const MOST_DAMAGED: usize = 1000;

/// Objects beyond this number are passed over: a gibibyte of PEM has a quarter as many, and a hostile file may make
/// each of them of a few bytes.
const MOST_OBJECTS: usize = 1 << 22;

/// Documents may hold documents, such as a Secret that holds a kubeconfig; so deep and no deeper.
const MOST_DEPTH: u8 = 3;

/// Reading under way.
pub(super) struct Reading<'r, 'p> {
    pub(super) opener: &'r mut KeyOpener<'p>,
    pub(super) contents: Contents,
    damaged: usize,
    /// How many values could not be opened.
    locked: usize,
    depth: u8,
}

/// Where the bytes being read are.
pub(super) enum At<'a> {
    /// They are the whole source.
    File,
    /// They are a value of a document.
    Member {
        /// What the document is.
        container: Container,
        path: &'a Arc<str>,
        /// The line the value begins in.
        line: u32,
        /// True where the lines of the value are lines of the file.
        has_lines: bool,
    },
}

impl At<'_> {
    /// What the objects are wrapped in; `own` where that is the source itself.
    pub(super) fn container(&self, own: Container) -> Container {
        match *self {
            Self::File => own,
            Self::Member { container, .. } => container,
        }
    }

    /// The place of a PEM section; `line` is counted from 1 in the bytes.
    pub(super) fn section(&self, number: u32, line: u32) -> Place {
        match *self {
            Self::File => Place::Section { number, line },
            Self::Member { path, line: first, has_lines, .. } => Place::Member {
                path: Arc::clone(path),
                number,
                line: if has_lines { first.saturating_add(line - 1) } else { first },
            },
        }
    }

    /// The place of the object `number` in bytes that have no lines and hold several.
    pub(super) fn item(&self, number: usize) -> Place {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        match *self {
            Self::File => Place::Item(number),
            Self::Member { path, line, .. } => Place::Member { path: Arc::clone(path), number, line },
        }
    }

    /// The place of the only object.
    pub(super) fn whole(&self) -> Place {
        match self {
            Self::File => Place::Whole,
            Self::Member { .. } => self.item(0),
        }
    }
}

impl Reading<'_, '_> {
    pub(super) fn push(&mut self, container: Container, place: Place, object: Object) {
        self.contents.container.get_or_insert(container);
        if matches!(object, Object::Damaged { .. }) {
            self.damaged += 1;
            if self.damaged > MOST_DAMAGED {
                return;
            }
        }
        if self.contents.objects.len() < MOST_OBJECTS {
            self.contents.objects.push((place, object));
        } else {
            let fault = format!("it has more than {MOST_OBJECTS} objects; those behind were not read");
            self.contents.fault.get_or_insert(fault.into());
        }
    }

    /// Adds something that is damaged; false where there was too much of that before.
    pub(super) fn damaged(&mut self, container: Container, place: Place, label: &str, fault: &str) -> bool {
        self.push(container, place, Object::Damaged { label: label.into(), fault: fault.into() });
        self.damaged <= MOST_DAMAGED
    }

    /// Tells that a value of a document could not be opened; of very many, those at the beginning.
    pub(super) fn locked(&mut self, container: Container, path: &str, fault: &str) {
        const MOST: usize = 10;
        self.contents.container.get_or_insert(container);
        self.locked += 1;
        let told = match self.contents.fault.take() {
            Some(told) if self.locked > MOST => told,
            Some(told) => format!("{told}; {path}: {fault}").into(),
            None => format!("{path}: {fault}").into(),
        };
        self.contents.fault = Some(told);
    }

    /// What `read` finds, apart from all that was found before.
    pub(super) fn apart(&mut self, read: impl FnOnce(&mut Reading<'_, '_>) -> bool) -> Contents {
        let mut reading = Reading {
            opener: self.opener,
            contents: Contents::default(),
            damaged: 0,
            locked: 0,
            depth: self.depth,
        };
        read(&mut reading);
        reading.contents
    }

    fn file(&mut self, bytes: &[u8]) {
        if self.binary(bytes, &At::File) {
            return;
        }
        match text::from_utf16(bytes) {
            Some(decoded) => {
                self.text(decoded.as_bytes());
                if !self.contents.objects.is_empty() {
                    let fault = "it is UTF-16 text; it could be read here, but other programs do not read it";
                    self.damaged(Container::Pem, Place::Whole, "PEM", fault);
                }
            }
            None => self.text(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
        }
    }

    /// Reads what is no text. False if it is none of what is known.
    pub(super) fn binary(&mut self, bytes: &[u8], at: &At<'_>) -> bool {
        keystore::read(self, bytes, at) || der::read(self, bytes, at)
    }

    fn text(&mut self, bytes: &[u8]) {
        if self.sections_or_documents(bytes, &At::File) || settings::read(self, bytes) {
            return;
        }
        if let Some(der) = text::base64_body(bytes) {
            self.binary(&der, &At::File);
        }
    }

    fn sections_or_documents(&mut self, bytes: &[u8], at: &At<'_>) -> bool {
        // What PEM there is in a document of YAML is indented.
        let has_documents = self.depth < MOST_DEPTH && !text::has_boundary_at_line_start(bytes);
        if has_documents {
            self.depth += 1;
            let found = document::read_json(self, bytes, at) || document::read_yaml(self, bytes, at);
            self.depth -= 1;
            if found {
                return true;
            }
        }
        sections::read(self, bytes, at) || sections::read_loosely(self, bytes, at)
    }

    /// Reads a value of a document: text with PEM in it, another document, or bytes. False if there is nothing
    /// in it.
    pub(super) fn value(&mut self, bytes: &[u8], at: &At<'_>) -> bool {
        self.binary(bytes, at) || self.sections_or_documents(bytes, at)
    }

    /// How many things were found.
    pub(super) fn found(&self) -> usize {
        let contents = &self.contents;
        contents.objects.len() + contents.etcd_members.len() + contents.references.len() + self.locked
    }

    pub(super) fn reference(&mut self, container: Container, reference: Reference) {
        self.contents.container.get_or_insert(container);
        if document::is_path(&reference.path) {
            self.contents.references.push(reference);
        }
    }

    pub(super) fn etcd_member(
        &mut self,
        container: Container,
        (member, files): (EtcdMember, Vec<Reference>),
    ) {
        self.contents.container.get_or_insert(container);
        self.contents.etcd_members.push(member);
        self.contents.references.extend(files);
    }
}
