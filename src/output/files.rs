//! Files that appear whole or not at all.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::destination::{Destination, directory_of, locate};
use super::journal::{self, Guard, Journal, finish_interrupted};
use crate::error::{Error, Result, Warning, WarningKind};

/// What a file holds, which decides who may read it when it is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// A chain of certificates: 0644.
    Bundle,
    /// A certificate: 0664.
    Certificate,
    /// A certificate signing request: 0644.
    Csr,
    /// An encrypted private key: 0600.
    EncryptedKey,
    /// An OCSP response: 0644.
    OcspResponse,
    /// A private key with its certificates, in PKCS #12: 0600, also where it replaces a file of another mode.
    Pkcs12,
    /// A private key: 0600.
    PrivateKey,
}

impl FileKind {
    /// The permissions of a new file before the umask is taken off; cfssljson's.
    #[must_use]
    pub const fn mode(self) -> u32 {
        match self {
            Self::Certificate => 0o664,
            Self::Bundle | Self::Csr | Self::OcspResponse => 0o644,
            Self::EncryptedKey | Self::Pkcs12 | Self::PrivateKey => 0o600,
        }
    }

    /// True where others must never be able to read the file.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::EncryptedKey | Self::Pkcs12 | Self::PrivateKey)
    }
}

/// Files to be written together.
///
/// Every file is written beside its place and synchronised before the first one is renamed into place,
/// so a full disk or a missing directory leaves what was there untouched. A new file has its kind's
/// permissions from the first byte. A file that exists keeps owner, group and permissions, except that a
/// key loses those of others, and PKCS #12 also those of its group. A symbolic link stays and the file behind it is
/// replaced. Devices and pipes are written to, before anything is renamed. What another user put into a directory
/// where everybody may write, such as `/tmp`, is a fault.
///
/// Several files of one directory are renamed under a journal: a kill at any moment leaves the old files or
/// the new ones as soon as this crate looks there again, to write a file or for [`finish_interrupted`]. Other
/// programs may meanwhile see new files beside old ones. Links that lead to different directories are not
/// covered.
///
/// Where the directory may not be written, an existing file is not replaced even if it could be
/// overwritten: that could leave half a file. Access control lists are not carried over.
///
/// ```no_run
/// use certmint::output::{FileKind, FileSet};
///
/// # let (certificate, key) = (b"", b"");
/// let mut files = FileSet::new();
/// files.add("etcd.pem", certificate, FileKind::Certificate);
/// files.add("etcd-key.pem", key, FileKind::PrivateKey);
/// let warnings = files.write()?;
/// # Ok::<(), certmint::Error>(())
/// ```
#[derive(Default)]
pub struct FileSet<'a> {
    files: Vec<Entry<'a>>,
}

struct Entry<'a> {
    path: PathBuf,
    contents: &'a [u8],
    kind: FileKind,
}

/// A file written beside its place, waiting to be renamed.
struct Staged<'f> {
    name: &'f Path,
    place: PathBuf,
    temporary: NamedTempFile,
}

impl<'a> FileSet<'a> {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; of two with the same path the later one remains.
    pub fn add(&mut self, path: impl Into<PathBuf>, contents: &'a [u8], kind: FileKind) -> &mut Self {
        let path = path.into();
        self.files.push(Entry { path, contents, kind });
        self
    }

    /// True where there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The paths in the order they were added.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Writes every file, and says what about the result may surprise.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file's name. Up to the first rename nothing that
    /// existed has changed; should a rename itself fail, the hint names the files already replaced.
    pub fn write(&self) -> Result<Vec<Warning>> {
        let mut told = Vec::new();
        self.write_if(|warnings| {
            told.extend_from_slice(warnings);
            Ok(())
        })?;
        Ok(told)
    }

    /// As [`write`](Self::write), but shows the warnings before anything that exists changes.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write), and what `approve` returns: then nothing has changed.
    pub fn write_if(&self, approve: impl FnOnce(&[Warning]) -> Result<()>) -> Result<()> {
        let mut warnings = Vec::new();
        let mut staged = Vec::new();
        let mut streams = Vec::new();
        for file in &self.files {
            finish_interrupted(&file.path);
        }
        let guards = enter(self.paths());
        for file in &self.files {
            match locate(&file.path).map_err(|error| fault("open", &file.path, &error))? {
                Destination::Stream(path) => streams.push((file, path)),
                Destination::New(place) => staged.push(file.stage_new(place)?),
                Destination::Existing(place, old) => {
                    staged.push(file.stage_replacement(place, &old, &mut warnings)?);
                }
            }
        }
        // Synchronising only after all is written lets the file system do the work once.
        for file in &staged {
            synchronise(file.temporary.as_file()).map_err(|error| fault("fsync", file.name, &error))?;
        }
        // A reader of a pipe, or of the warnings, may take its time.
        drop(guards);
        approve(&warnings)?;
        for (file, path) in streams {
            file.send(&path)?;
        }
        rename_all(staged)
    }
}

impl fmt::Debug for FileSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: the contents may be keys.
        f.debug_list().entries(self.paths()).finish()
    }
}

impl Entry<'_> {
    fn stage_new(&self, place: PathBuf) -> Result<Staged<'_>> {
        self.create_temporary(&place, self.kind.mode())
            .and_then(|mut temporary| {
                temporary.write_all(self.contents)?;
                Ok(self.staged(place, temporary))
            })
            .map_err(|error| fault("open", &self.path, &error))
    }

    fn stage_replacement(
        &self,
        place: PathBuf,
        old: &fs::Metadata,
        warnings: &mut Vec<Warning>,
    ) -> Result<Staged<'_>> {
        let mut temporary = self.create_temporary(&place, 0o600).map_err(|error| {
            fault("open", &self.path, &error).hint(
                "its directory must be writable: a file is replaced as a whole, never overwritten in place",
            )
        })?;
        temporary
            .write_all(self.contents)
            .and_then(|()| inherit(temporary.as_file(), old, self, warnings))
            .map_err(|error| fault("write", &self.path, &error))?;
        Ok(self.staged(place, temporary))
    }

    fn staged(&self, place: PathBuf, temporary: NamedTempFile) -> Staged<'_> {
        Staged { name: &self.path, place, temporary }
    }

    /// An empty file in the directory of `place`. The kernel takes the umask off `mode`.
    fn create_temporary(&self, place: &Path, mode: u32) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(journal::PREFIX);
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
        let temporary = builder.tempfile_in(directory_of(place)).map_err(without_temporary_name)?;
        journal::claim(temporary.as_file());
        Ok(temporary)
    }

    /// Writes to a device or a pipe.
    fn send(&self, path: &Path) -> Result<()> {
        let mut file = File::options()
            .write(true)
            .truncate(true)
            .open(path)
            .map_err(|error| fault("open", &self.path, &error))?;
        file.write_all(self.contents).map_err(|error| fault("write", &self.path, &error))
    }

    fn warn(&self, message: String) -> Warning {
        Warning::new(WarningKind::Unwise, message).in_file(&self.path.to_string_lossy())
    }
}

/// Moves every file into place. The names are left to the file system to make durable: after a power cut each
/// name leads to the whole old file or the whole new one.
fn rename_all(staged: Vec<Staged<'_>>) -> Result<()> {
    let _guards = enter(staged.iter().map(|file| file.place.as_path()));
    let journal = write_journal(&staged)?;
    let mut replaced: Vec<String> = Vec::new();
    for Staged { name, place, temporary } in staged {
        temporary.persist(&place).map_err(|failure| {
            let error = fault("rename", name, &failure.error);
            match rename_hint(&failure.error, &replaced) {
                hint if hint.is_empty() => error,
                hint => error.hint(hint),
            }
        })?;
        replaced.push(name.to_string_lossy().into_owned());
    }
    drop(journal);
    Ok(())
}

/// What helps where a file cannot be moved into place, and what has been moved already; empty if neither is known.
fn rename_hint(error: &io::Error, replaced: &[String]) -> String {
    let busy = "a file that is mounted by itself, as containers do, cannot be replaced: mount its directory";
    let busy = (error.kind() == io::ErrorKind::ResourceBusy).then(|| busy.to_owned());
    let replaced = (!replaced.is_empty()).then(|| format!("already replaced: {}", replaced.join(", ")));
    busy.into_iter().chain(replaced).collect::<Vec<_>>().join("; ")
}

/// Keeps other processes of ours away from the directories of these files, in an order that is the same for all.
fn enter<'p>(places: impl Iterator<Item = &'p Path>) -> Vec<Guard> {
    let directories: BTreeSet<&Path> = places.map(directory_of).collect();
    directories.into_iter().map(Guard::enter).collect()
}

/// A journal where several files of one directory are replaced.
fn write_journal(staged: &[Staged<'_>]) -> Result<Option<Journal>> {
    let [first, _, ..] = staged else { return Ok(None) };
    let directory = directory_of(&first.place);
    let renames: Option<Vec<_>> = staged
        .iter()
        .filter(|file| directory_of(&file.place) == directory)
        .map(|file| Some((file.temporary.path().file_name()?, file.place.file_name()?)))
        .collect();
    match renames {
        Some(renames) if renames.len() == staged.len() => Journal::write(directory, &renames)
            .map(Some)
            .map_err(|error| fault("write", first.name, &without_temporary_name(error))),
        _ => Ok(None),
    }
}

/// Gives the new file the owner, group and permissions of the one it replaces.
fn inherit(new: &File, old: &fs::Metadata, entry: &Entry<'_>, warnings: &mut Vec<Warning>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let created = new.metadata()?;
    let owner = Some(old.uid()).filter(|owner| *owner != created.uid());
    let group = Some(old.gid()).filter(|group| *group != created.gid());
    let mut mode = old.mode() & 0o7777;
    if (owner, group) != (None, None) && fchown(new, owner, group).is_err() {
        // A stranger to the owner may still be a member of the group.
        let group_kept = group.is_none() || fchown(new, None, group).is_ok();
        if !group_kept && entry.kind.is_secret() {
            // These permissions were given to another group.
            mode &= !0o070;
        }
        mode &= 0o777;
        warnings.push(
            entry
                .warn(format!("its owner {}:{} could not be kept", old.uid(), old.gid()))
                .hint("run as the owner or as root to keep it"),
        );
    }
    let is_pkcs12 = entry.kind == FileKind::Pkcs12;
    if entry.kind.is_secret() && mode & 0o007 != 0 || is_pkcs12 && mode & 0o077 != 0 {
        let narrowed = if is_pkcs12 { 0o600 } else { mode & !0o007 };
        let others = if mode & 0o007 == 0 { "its group" } else { "everybody" };
        warnings.push(entry.warn(format!(
            "a private key that {others} could use: its mode is now {narrowed:04o} instead of {mode:04o}"
        )));
        mode = narrowed;
    }
    if is_pkcs12 {
        mode = 0o600;
    }
    if old.nlink() > 1 {
        warnings.push(entry.warn("its other hard links still name the old contents".to_owned()));
    }
    new.set_permissions(fs::Permissions::from_mode(mode))
}

/// Waits until the contents are on the disk, where the file system knows how to.
fn synchronise(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

fn fault(operation: &str, path: &Path, error: &io::Error) -> Error {
    Error::io(operation, &path.to_string_lossy(), error)
}

/// The system's error without the name of a file that nobody asked for.
fn without_temporary_name(error: io::Error) -> io::Error {
    error
        .get_ref()
        .and_then(|wrapper| wrapper.source())
        .and_then(|source| source.downcast_ref::<io::Error>())
        .and_then(io::Error::raw_os_error)
        .map_or(error, io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_mounted_by_itself_is_told_with_the_remedy() {
        let busy = io::ErrorKind::ResourceBusy.into();
        assert!(rename_hint(&busy, &[]).ends_with("cannot be replaced: mount its directory"));
        let both = rename_hint(&busy, &["x.pem".to_owned()]);
        assert!(both.ends_with("mount its directory; already replaced: x.pem"), "{both}");
        assert_eq!(rename_hint(&io::ErrorKind::StorageFull.into(), &[]), "");
    }
}
