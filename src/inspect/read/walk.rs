//! Files and folders: the only part of the readers that touches the file system.

use super::contents::{Contents, Reference};
use super::options::ReadOptions;
use super::promise;
use super::secret::SecretBytes;
use super::text;
use crate::error::io_reason;
use crate::inspect::evidence::{Container, Evidence, MissingFile, Object, OtherName, Place, PrivateKeyFacts};
use std::collections::{HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How to gather; `Default` makes one, and the fields are there to be set.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// nothing is in it. Inside a folder, files with nothing in them, special files, and the file systems of the
    /// kernel are passed over, but for files whose names promise something: that they hold nothing is told as an
    /// object that is damaged.
    ///
    /// A kubeconfig brings the files that it names, and settings of etcd that are named bring theirs; files that
    /// were brought so bring no further ones. Where a kubeconfig in a folder names a file that is not there, that is
    /// told in [`Evidence::missing_files`].
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
            read: HashMap::new(),
            links: VecDeque::new(),
            kernel_devices: HashMap::new(),
            references: VecDeque::new(),
            buffer: SecretBytes::new(),
            files: 0,
            found: 0,
        };
        let mut empty = Vec::new();
        for path in paths {
            let before = (walk.found, walk.evidence.unreadable.len());
            walk.named(path.as_ref());
            walk.follow();
            if before == (walk.found, walk.evidence.unreadable.len()) {
                empty.push((path.as_ref(), walk.links.len()));
            }
        }
        let before = (walk.found, walk.evidence.unreadable.len());
        while let Some(link) = walk.links.pop_front() {
            walk.link(&link);
        }
        walk.follow();
        let is_same = before == (walk.found, walk.evidence.unreadable.len());
        for (path, links) in empty {
            // What links lead to belongs to some of the folders.
            if links == 0 || is_same {
                walk.unreadable(path, NOTHING);
            }
        }
    }
}

/// What is told of a path that was asked for.
const NOTHING: &str = "there is no certificate, key, request or revocation list in it";

/// A walk under way.
struct Walk<'w> {
    evidence: &'w mut Evidence,
    options: &'w GatherOptions,
    progress: &'w mut dyn FnMut(Progress<'_>),
    /// Device and number of the files and folders that were read.
    seen: HashSet<(u64, u64)>,
    /// By device and number, the sources that files are.
    read: HashMap<(u64, u64), u32>,
    /// Links that were met in folders, to be followed at the end: real names are better names.
    links: VecDeque<PathBuf>,
    /// Which devices are file systems of the kernel, such as `/proc`.
    kernel_devices: HashMap<u64, bool>,
    /// Files that are named by those that were read, still to come.
    references: VecDeque<Follow>,
    /// What the file being read holds; it may be a secret.
    buffer: SecretBytes,
    files: u64,
    /// How many files had something in them, those included that were met before.
    found: u64,
}

/// A file that a file names.
struct Follow {
    by: PathBuf,
    /// The index of the source that names it.
    source: u32,
    /// Why that was read.
    reason: Reason,
    reference: Reference,
}

/// Why a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It was met in a folder.
    Met,
    /// It was asked for.
    Named,
    /// A file that was read names it.
    Referenced,
}

impl Walk<'_> {
    /// Reads what was asked for.
    fn named(&mut self, path: &Path) {
        let result = std::fs::metadata(path).and_then(|metadata| {
            if metadata.is_dir() {
                let before = self.evidence.folders.len();
                self.folder(path, &metadata);
                if path.is_relative() {
                    self.whole_names(path, before);
                }
                return Ok(());
            }
            self.file(path, Reason::Named)
        });
        if let Err(error) = result {
            self.unreadable(path, io_reason(&error));
        }
    }

    /// Adds the absolute names of the folders that were walked through below a relative path: settings name files by
    /// those.
    fn whole_names(&mut self, path: &Path, from: usize) {
        let Ok(whole) = std::fs::canonicalize(path) else { return };
        let start = path.to_string_lossy();
        let below = self.evidence.folders.get(from..).unwrap_or_default().iter();
        let names = below.filter_map(|folder| {
            let rest = folder.strip_prefix(&*start)?.trim_start_matches('/');
            let slash = if rest.is_empty() { "" } else { "/" };
            Some(format!("{}/{}{slash}", whole.display(), rest.trim_end_matches('/')).into())
        });
        let names: Vec<_> = names.collect();
        self.evidence.folders.extend(names);
    }

    /// Reads the files that files name.
    fn follow(&mut self) {
        while let Some(Follow { by, source, reason, reference }) = self.references.pop_front() {
            let target = by.parent().unwrap_or(Path::new("")).join(&reference.path);
            let result = std::fs::metadata(&target).and_then(|metadata| {
                if metadata.is_dir() {
                    return Err(io::Error::from(io::ErrorKind::IsADirectory));
                }
                if !metadata.is_file() {
                    // A pipe may have nobody to write to it, and opening a device may do things.
                    return Err(io::Error::other("it is no file"));
                }
                self.file(&target, Reason::Referenced)
            });
            let Err(error) = result else { continue };
            if reason == Reason::Met && error.kind() == io::ErrorKind::NotFound {
                let (setting, path) = (reference.setting, reference.path.into());
                self.evidence.missing_files.push(MissingFile { source, setting, path });
                continue;
            }
            let named = format!("named as {} in {}", reference.setting, by.display());
            self.unreadable(&target, format!("{} ({named})", io_reason(&error)));
        }
    }

    /// Reads what a link leads to.
    fn link(&mut self, path: &Path) {
        let result = std::fs::metadata(path).and_then(|metadata| {
            if self.is_kernel(path, metadata.dev()) {
                return Ok(());
            }
            if metadata.is_dir() {
                self.folder(path, &metadata);
            } else if metadata.is_file() {
                self.file(path, Reason::Met)?;
            }
            Ok(())
        });
        if let Err(error) = result {
            // Packages leave many behind.
            if error.kind() == io::ErrorKind::NotFound && !promise::may_be_ours(path) {
                return;
            }
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
        let mut open = vec![(path.to_owned(), metadata.dev(), self.entries(path, metadata).into_iter())];
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
                            let entries = self.entries(&path, &metadata);
                            open.push((path, own, entries.into_iter()));
                        }
                    }
                    Err(error) => self.unreadable(&path, io_reason(&error)),
                }
            }
        }
    }

    /// The entries of a folder by their names.
    fn entries(&mut self, path: &Path, metadata: &Metadata) -> Vec<(OsString, FileType)> {
        let read = || -> io::Result<Vec<_>> {
            let entries = std::fs::read_dir(path)?;
            entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))).collect()
        };
        let mut entries = match read() {
            Ok(entries) => entries,
            Err(error) => {
                self.unreadable(path, io_reason(&error));
                return Vec::new();
            }
        };
        let name = path.to_string_lossy();
        let slash = if name.ends_with('/') { "" } else { "/" };
        let name: Arc<str> = format!("{name}{slash}").into();
        // Where the sticky bit is set, as for /tmp, only owners replace their files.
        if metadata.mode() & 0o1002 == 0o002 {
            self.evidence.writable_folders.push(Arc::clone(&name));
        }
        self.evidence.folders.push(name);
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
        if reason != Reason::Named {
            // What was a file a moment ago may have become a pipe that nobody writes to.
            open.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        }
        let mut file = open.read(true).open(path)?;
        let metadata = file.metadata()?;
        let is_file = metadata.is_file();
        let is_new = !is_file || self.seen.insert((metadata.dev(), metadata.ino()));
        if let Some(source) = self.read.get(&(metadata.dev(), metadata.ino())).copied() {
            let name = path.to_string_lossy().into();
            self.evidence.other_names.push(OtherName { name, source });
        }
        if metadata.is_dir() || !is_new || (reason != Reason::Named && !is_file) {
            self.found += u64::from(!is_new);
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
            self.nothing_in(path, metadata, buffer);
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
        if contents.is_empty() {
            match reason {
                Reason::Met => self.nothing_in(path, metadata, buffer),
                Reason::Named | Reason::Referenced => {
                    self.unreadable(path, if buffer.is_empty() { "it is empty" } else { NOTHING });
                }
            }
            return Ok(());
        }
        let is_kubeconfig = contents.container == Some(Container::Kubeconfig);
        // Where etcd's files are is often another machine's business; kubectl cannot work without its own.
        let is_followed = |target: &Path| match reason {
            Reason::Named => is_kubeconfig || target.exists(),
            Reason::Met => is_kubeconfig,
            Reason::Referenced => false,
        };
        let source = u32::try_from(self.evidence.sources.len()).unwrap_or(u32::MAX);
        for reference in &contents.references {
            if is_followed(&path.parent().unwrap_or(Path::new("")).join(&reference.path)) {
                let (by, reference) = (path.to_owned(), reference.clone());
                self.references.push_back(Follow { by, source, reason, reference });
            }
        }
        self.found += 1;
        self.add(path, metadata, contents);
        Ok(())
    }

    fn add(&mut self, path: &Path, metadata: &Metadata, contents: Contents) {
        let mode = metadata.is_file().then(|| metadata.mode() & 0o7777);
        let source = u32::try_from(self.evidence.sources.len()).unwrap_or(u32::MAX);
        self.evidence.add(&path.to_string_lossy(), mode, contents);
        if metadata.is_file() && self.evidence.sources.len() > source as usize {
            self.read.insert((metadata.dev(), metadata.ino()), source);
        }
    }

    /// Tells of a file in a folder that holds nothing where its name promises something.
    fn nothing_in(&mut self, path: &Path, metadata: &Metadata, start: &[u8]) {
        if let Some((label, fault)) = promise::broken(path, start, metadata.len()) {
            let damaged = Object::Damaged { label: label.into(), fault: fault.into() };
            let mut objects = vec![(Place::Whole, damaged)];
            if promise::is_part_of_key(start) {
                // Whoever can read the file has a part of the key.
                let facts = PrivateKeyFacts {
                    subject_public_key_info: None,
                    form: PrivateKeyFacts::DAMAGED,
                    is_encrypted: false,
                    fault: fault.into(),
                };
                objects.push((Place::Whole, Object::PrivateKey(facts)));
            }
            let contents = Contents { container: Some(Container::Der), objects, ..Contents::default() };
            self.found += 1;
            self.add(path, metadata, contents);
        }
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
