//! What a path leads to, found out before anything is written.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where the contents of one file go.
#[derive(Debug)]
pub(super) enum Destination {
    /// A regular file that stands there and may be written.
    Existing(PathBuf, Metadata),
    /// Nothing yet.
    New(PathBuf),
    /// A device, a pipe or an open descriptor: there is nothing to replace, the bytes are sent to it.
    Stream(PathBuf),
}

/// Links the kernel follows before it gives up (`ELOOP`).
const MAX_LINKS: usize = 40;

/// Why something that stands in the way is not used.
const PLANTED: &str = "permission denied: another user put it into a directory where everybody may write";

/// Finds what `path` leads to. A symbolic link stays; the file behind it is the one to replace, as if
/// it had been opened.
///
/// # Errors
///
/// What opening the file for writing would fail with: a directory, a missing permission, a loop of links; and
/// [`PLANTED`].
pub(super) fn locate(path: &Path) -> io::Result<Destination> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Destination::New(path));
            }
            Err(error) => return Err(error),
            Ok(metadata) if is_planted(&path, &metadata)? => {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, PLANTED));
            }
            Ok(metadata) if metadata.is_symlink() => {
                if is_descriptor_link(&path) {
                    return Ok(Destination::Stream(path));
                }
                let target = fs::read_link(&path)?;
                path = directory_of(&path).join(target);
            }
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Ok(metadata) if !metadata.is_file() => return Ok(Destination::Stream(path)),
            Ok(_) => {
                // Renaming over a file that is protected against writing would succeed, so ask first.
                let file = File::options().write(true).open(&path)?;
                return Ok(Destination::Existing(path, file.metadata()?));
            }
        }
    }
    // The kernel's own words for the loop.
    fs::metadata(&path).map(|_| Destination::Stream(path))
}

/// True for a link, a pipe or a file that another user put into a directory such as `/tmp`, waiting for a key to be
/// written there. A file that is opened by its name the kernel protects so (`fs.protected_symlinks`, `_fifos` and
/// `_regular` of Linux); here links are followed without it, and a new file is given to the owner of the old one.
fn is_planted(path: &Path, metadata: &Metadata) -> io::Result<bool> {
    /// Whoever may write there may remove only what is their own.
    const STICKY: u32 = 0o1000;
    const WRITABLE_BY_ALL: u32 = 0o002;
    if metadata.is_dir() || metadata.uid() == rustix::process::geteuid().as_raw() {
        return Ok(false);
    }
    let directory = fs::metadata(directory_of(path))?;
    let is_shared = directory.mode() & (STICKY | WRITABLE_BY_ALL) == STICKY | WRITABLE_BY_ALL;
    Ok(is_shared && metadata.uid() != directory.uid())
}

/// The directory that holds `path`, never empty.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// True for `/proc/self/fd/1` and its kind, where `/dev/stdout` leads. Such a link stands for something
/// that is open already: replacing the file behind it would write past the one who holds it.
fn is_descriptor_link(path: &Path) -> bool {
    fs::canonicalize(directory_of(path)).is_ok_and(|directory| directory.starts_with("/proc"))
}
