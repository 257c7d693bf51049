//! Several files replaced as one: a journal that outlives a kill.
//!
//! Renaming a file is atomic, renaming three is not. Before the first of several renames, `.certmint-journal`
//! in their directory lists them all; after the last it is removed. Whoever of ours next writes into that
//! directory, or reads from it, finishes what a journal lists, so that a kill leaves the old files or the new
//! ones. Other programs can see some new files beside old ones between the first rename and the last, and
//! after a kill in between until ours looks again.

use rustix::fs::{FlockOperation, Mode, OFlags, flock};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The journal's name in its directory.
const NAME: &str = ".certmint-journal";

/// What every temporary file's name begins with.
pub(super) const PREFIX: &str = ".certmint-";

const HEAD: &[u8] = b"certmint journal 1";

/// Finishes the replacement of files in the directory of `path` that a kill interrupted, if there is one.
///
/// What cannot be finished is left as it is: the files are then judged by what they hold.
pub fn finish_interrupted(path: &Path) {
    let directory = super::destination::directory_of(path);
    if directory.join(NAME).symlink_metadata().is_ok() {
        drop(Guard::enter(directory));
    }
}

/// A directory that no other process of ours changes meanwhile; the kernel lifts the lock of the dead.
pub(super) struct Guard {
    _directory: Option<File>,
}

impl Guard {
    /// Waits for the directory, finishes what was interrupted in it, and removes what the dead left.
    ///
    /// Where the file system knows no locks, or somebody holds one for seconds, work goes on without.
    pub(super) fn enter(directory: &Path) -> Self {
        let Ok(opened) = File::open(directory) else {
            return Self { _directory: None };
        };
        for _ in 0..200 {
            match flock(&opened, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {
                    let _ = finish(directory);
                    let _ = remove_abandoned(directory);
                    return Self { _directory: Some(opened) };
                }
                Err(rustix::io::Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(10)),
                Err(_) => break,
            }
        }
        Self { _directory: None }
    }
}

/// Marks a temporary file as one of a living process.
pub(super) fn claim(file: &File) {
    let _ = flock(file, FlockOperation::NonBlockingLockExclusive);
}

/// The journal of renames under way.
pub(super) struct Journal {
    path: PathBuf,
}

impl Journal {
    /// Lists the renames, each from a name to a name, in their directory.
    pub(super) fn write(directory: &Path, renames: &[(&OsStr, &OsStr)]) -> io::Result<Self> {
        let mut text = HEAD.to_vec();
        for name in renames.iter().flat_map(|(from, to)| [from, to]) {
            text.push(0);
            text.extend_from_slice(name.as_bytes());
        }
        // Its own name appears with all of its contents.
        let mut temporary = tempfile::Builder::new().prefix(PREFIX).tempfile_in(directory)?;
        claim(temporary.as_file());
        temporary.write_all(&text)?;
        // Not synchronised: it is for a process that dies, and what was written outlives the process.
        let path = directory.join(NAME);
        temporary.persist(&path).map_err(|failure| failure.error)?;
        Ok(Self { path })
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Finishes what the journal lists. One that is not our own user's is nobody's order to us.
fn finish(directory: &Path) -> io::Result<()> {
    let path = directory.join(NAME);
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(&path, flags, Mode::empty())?);
    let metadata = file.metadata()?;
    if !metadata.is_file() || !is_ours(&metadata) || metadata.mode() & 0o022 != 0 {
        return Ok(());
    }
    let mut text = Vec::new();
    Read::by_ref(&mut file).take(1 << 16).read_to_end(&mut text)?;
    let renames = read(&text).unwrap_or_default();
    // Whoever has put a file there since knows better.
    let written = (metadata.mtime(), metadata.mtime_nsec());
    let untouched = renames.iter().all(|(_, to)| {
        let target = directory.join(to).symlink_metadata();
        target.map_or(true, |target| (target.mtime(), target.mtime_nsec()) <= written)
    });
    for (from, to) in renames.into_iter().filter(|_| untouched) {
        match fs::rename(directory.join(from), directory.join(to)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::remove_file(path)
}

/// The renames of a journal: from our temporary files, to names of the same directory.
fn read(text: &[u8]) -> Option<Vec<(&OsStr, &OsStr)>> {
    let mut words = text.split(|byte| *byte == 0);
    if words.next() != Some(HEAD) {
        return None;
    }
    let mut renames = Vec::new();
    while let Some(from) = words.next() {
        let to = words.next()?;
        let plain = |name: &[u8]| !name.contains(&b'/') && !matches!(name, b"" | b"." | b"..");
        if !plain(from) || !plain(to) || !from.starts_with(PREFIX.as_bytes()) {
            return None;
        }
        renames.push((OsStr::from_bytes(from), OsStr::from_bytes(to)));
    }
    Some(renames)
}

/// Removes temporary files that no living process claims.
fn remove_abandoned(directory: &Path) -> io::Result<()> {
    // A folder of thousands of certificates must not cost each of them a look at all the others.
    for entry in fs::read_dir(directory)?.take(256) {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_bytes().starts_with(PREFIX.as_bytes()) || name == NAME {
            continue;
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = rustix::fs::open(entry.path(), flags, Mode::empty()).map(File::from) else {
            continue;
        };
        let ours = file.metadata().is_ok_and(|metadata| metadata.is_file() && is_ours(&metadata));
        if ours && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_ours(metadata: &fs::Metadata) -> bool {
    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_names_only_our_temporary_files_and_names_beside_it() {
        let journal = |words: &str| [HEAD, words.replace(' ', "\0").as_bytes()].concat();
        let renames = journal(" .certmint-1 a.pem .certmint-2 a-key.pem");
        assert_eq!(read(&renames).map(|renames| renames.len()), Some(2));
        for words in [
            " .certmint-1",
            " other a.pem",
            " .certmint-1 ../a.pem",
            " .certmint-/../x a",
            " .certmint-1 ..",
            "  a",
            "1 .certmint-1 a",
        ] {
            assert_eq!(read(&journal(words)), None, "{words}");
        }
        assert_eq!(read(b""), None);
    }
}
