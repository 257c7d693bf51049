//! Files and folders: the only part of the readers that touches the file system.

use super::contents::{Contents, Reference};
use super::options::ReadOptions;
use super::secret::SecretBytes;
use super::text;
use crate::error::io_reason;
use crate::inspect::evidence::{Container, Evidence};
use std::collections::{HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How to gather.
#[derive(Debug, Clone)]
pub struct GatherOptions {
    /// How to read each file.
    pub read: ReadOptions,
    /// Files of more bytes are passed over; 64 MiB by default.
    pub largest_file: u64,
    /// As many bytes may a file have that begins with PEM: a bundle of any number of certificates; 1 GiB by default.
    pub largest_bundle: u64,
}

impl Default for GatherOptions {
    fn default() -> Self {
        Self { read: ReadOptions::default(), largest_file: 64 << 20, largest_bundle: 1 << 30 }
    }
}

/// How far gathering has come, told before each file is read.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    /// How many files were read.
    pub files: u64,
    /// How many objects were found in them.
    pub objects: usize,
    /// The file that is next.
    pub path: &'p Path,
}

impl Evidence {
    /// Reads files, and folders with all that is below them, and adds what is in them. The order depends on
    /// names alone: files and folders in a folder by their names, links after everything else, each file and
    /// folder once, whatever links lead to it.
    ///
    /// Of a path that is named, everything that is wrong is told in [`Evidence::unreadable`], such as that
    /// nothing is in it; a kubeconfig or settings of etcd that are named bring the files they name. Inside a
    /// folder, files with nothing in them, special files, and the file systems of the kernel are passed over.
    pub fn gather<P: AsRef<Path>>(
        &mut self,
        paths: &[P],
        options: &GatherOptions,
        progress: &mut dyn FnMut(Progress<'_>),
    ) {
        let mut walk = Walk {
            evidence: self,
            options,
            progress,
            seen: HashSet::new(),
            links: VecDeque::new(),
            kernel_devices: HashMap::new(),
            buffer: SecretBytes::new(),
            files: 0,
        };
        for path in paths {
            walk.named(path.as_ref(), None);
        }
        while let Some(link) = walk.links.pop_front() {
            walk.link(&link);
        }
    }
}

/// A walk under way.
struct Walk<'w> {
    evidence: &'w mut Evidence,
    options: &'w GatherOptions,
    progress: &'w mut dyn FnMut(Progress<'_>),
    /// Device and number of the files and folders that were read.
    seen: HashSet<(u64, u64)>,
    /// Links that were met in folders, to be followed at the end: real names are better names.
    links: VecDeque<PathBuf>,
    /// Which devices are file systems of the kernel, such as `/proc`.
    kernel_devices: HashMap<u64, bool>,
    /// What the file being read holds; it may be a secret.
    buffer: SecretBytes,
    files: u64,
}

/// Why a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It was met in a folder.
    Met,
    /// It, or a file that names it, was asked for.
    Named,
}

impl Walk<'_> {
    /// Reads what was asked for, or what a file that was asked for names.
    fn named(&mut self, path: &Path, by: Option<(&Path, &Reference)>) {
        let result = std::fs::metadata(path).and_then(|metadata| {
            if metadata.is_dir() && by.is_none() {
                self.folder(path, &metadata);
                return Ok(());
            }
            self.file(path, Reason::Named)
        });
        if let Err(error) = result {
            let reason = match by {
                Some((file, reference)) => {
                    format!("{} (named as {} in {})", io_reason(&error), reference.setting, file.display())
                }
                None => io_reason(&error),
            };
            self.unreadable(path, reason);
        }
    }

    /// Reads what a link leads to.
    fn link(&mut self, path: &Path) {
        let result = std::fs::metadata(path).and_then(|metadata| {
            if metadata.is_dir() {
                self.folder(path, &metadata);
            } else if metadata.is_file() {
                self.file(path, Reason::Met)?;
            }
            Ok(())
        });
        if let Err(error) = result {
            let target = std::fs::read_link(path).unwrap_or_default();
            self.unreadable(path, format!("{} (a link to {})", io_reason(&error), target.display()));
        }
    }

    fn unreadable(&mut self, path: &Path, reason: impl Into<Box<str>>) {
        self.evidence.add_unreadable(&path.to_string_lossy(), reason);
    }

    /// Walks through a folder and all below it.
    fn folder(&mut self, path: &Path, metadata: &Metadata) {
        if !self.seen.insert((metadata.dev(), metadata.ino())) {
            return;
        }
        // Folders under way, each with the entries still to come: no recursion, however deep they are.
        let mut open = vec![(path.to_owned(), metadata.dev(), self.entries(path).into_iter())];
        while let Some((folder, device, entries)) = open.last_mut() {
            let Some((name, kind)) = entries.next() else {
                open.pop();
                continue;
            };
            let path = folder.join(name);
            let device = *device;
            if kind.is_symlink() {
                self.links.push_back(path);
            } else if kind.is_file() {
                if let Err(error) = self.file(&path, Reason::Met) {
                    self.unreadable(&path, io_reason(&error));
                }
            } else if kind.is_dir() {
                match std::fs::symlink_metadata(&path) {
                    Ok(metadata) => {
                        let own = metadata.dev();
                        let is_kernel = own != device && self.is_kernel(&path, own);
                        if !is_kernel && self.seen.insert((own, metadata.ino())) {
                            let entries = self.entries(&path);
                            open.push((path, own, entries.into_iter()));
                        }
                    }
                    Err(error) => self.unreadable(&path, io_reason(&error)),
                }
            }
        }
    }

    /// The entries of a folder by their names.
    fn entries(&mut self, path: &Path) -> Vec<(OsString, FileType)> {
        let read = || -> io::Result<Vec<_>> {
            let entries = std::fs::read_dir(path)?;
            entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))).collect()
        };
        let mut entries = read().unwrap_or_else(|error| {
            self.unreadable(path, io_reason(&error));
            Vec::new()
        });
        entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        entries
    }

    /// Whether a folder is in a file system in which the kernel shows itself.
    fn is_kernel(&mut self, path: &Path, device: u64) -> bool {
        *self.kernel_devices.entry(device).or_insert_with(|| {
            /// `PROC_SUPER_MAGIC`, `SYSFS_MAGIC`, `DEBUGFS_MAGIC` and `TRACEFS_MAGIC` of Linux.
            const MAGICS: [u64; 4] = [0x9fa0, 0x6265_6572, 0x6462_6720, 0x7472_6163];
            rustix::fs::statfs(path).is_ok_and(|about| MAGICS.contains(&(about.f_type as u64)))
        })
    }

    /// Reads a file.
    fn file(&mut self, path: &Path, reason: Reason) -> io::Result<()> {
        let mut open = OpenOptions::new();
        if reason == Reason::Met {
            // What was a file a moment ago may have become a pipe that nobody writes to.
            open.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        }
        let mut file = open.read(true).open(path)?;
        let metadata = file.metadata()?;
        let is_file = metadata.is_file();
        let is_new = !is_file || self.seen.insert((metadata.dev(), metadata.ino()));
        if metadata.is_dir() || !is_new || (reason == Reason::Met && !is_file) {
            return match metadata.is_dir() {
                true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
                false => Ok(()),
            };
        }
        (self.progress)(Progress { files: self.files, objects: self.evidence.objects.len(), path });
        self.files += 1;
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.read(&mut file, &metadata, path, reason, &mut buffer);
        buffer.truncate(0);
        if buffer.capacity() <= MOST_KEPT {
            self.buffer = buffer;
        }
        result
    }

    fn read(
        &mut self,
        file: &mut File,
        metadata: &Metadata,
        path: &Path,
        reason: Reason,
        buffer: &mut SecretBytes,
    ) -> io::Result<()> {
        let mut limit = self.options.largest_file;
        buffer.read(file, HEAD, if metadata.len() > limit { HEAD } else { metadata.len() })?;
        let is_bundle = metadata.len() > limit && text::contains(buffer, text::BEGIN);
        if is_bundle && metadata.len() <= self.options.largest_bundle {
            limit = self.options.largest_bundle;
        }
        if reason == Reason::Met && !is_worth_reading(buffer) {
            return Ok(());
        }
        let is_too_large = metadata.len() > limit;
        if buffer.len() as u64 == HEAD && !is_too_large {
            // Pipes and devices do not tell how much is in them.
            let most = limit.saturating_add(1).saturating_sub(HEAD);
            buffer.read(file, most, metadata.len().saturating_sub(HEAD))?;
        }
        if is_too_large || buffer.len() as u64 > limit {
            if reason == Reason::Named || text::contains(buffer, text::BEGIN) {
                self.unreadable(path, format!("it has more than {limit} bytes, and was passed over"));
            }
            return Ok(());
        }
        let contents = Contents::read(buffer, &self.options.read);
        if contents.is_empty() && reason == Reason::Named {
            let words = if buffer.is_empty() {
                "it is empty"
            } else {
                "there is no certificate, key, request or revocation list in it"
            };
            self.unreadable(path, words);
            return Ok(());
        }
        let references = if reason == Reason::Named { contents.references.clone() } else { Vec::new() };
        let is_kubeconfig = contents.container == Some(Container::Kubeconfig);
        let mode = metadata.is_file().then(|| metadata.mode() & 0o7777);
        self.evidence.add(&path.to_string_lossy(), mode, contents);
        for reference in references {
            let target = path.parent().unwrap_or(Path::new("")).join(&reference.path);
            // Where etcd's files are is often another machine's business; kubectl cannot work without its own.
            if is_kubeconfig || target.exists() {
                self.named(&target, Some((path, &reference)));
            }
        }
        Ok(())
    }
}

/// A buffer of more bytes is not kept for the next file.
const MOST_KEPT: usize = 1 << 20;

/// How many bytes tell whether a file is worth reading.
const HEAD: u64 = 8192;

/// Whether a file that starts so may hold anything: text, DER or a keystore.
fn is_worth_reading(head: &[u8]) -> bool {
    match head {
        [] => false,
        [0x30, 0x80..=0x84, ..] | [0xFE, 0xED, 0xFE, 0xED, ..] | [0xCE, 0xCE, 0xCE, 0xCE, ..] => true,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'-', 0, b'-', ..] | [b'-', 0, b'-', 0, ..] => true,
        // Short DER, such as the public key of Ed25519.
        [0x30, length, ..] if usize::from(*length) + 2 == head.len() => true,
        _ => !head.contains(&0),
    }
}
