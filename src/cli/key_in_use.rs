//! Keys that certificates beside them need: replacing such a key would orphan its certificate.

use super::input;
use super::places::{destination, suffixed};
use crate::keys::{PrivateKey, SigningKey};
use crate::output::{PemSet, directory_of, finish_interrupted};
use crate::x509::IssuerCertificate;
use crate::{Error, ErrorKind, Result, pem};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The ends of the names of certificates' files.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "cert", "der"];

/// The most files beside a key that are looked into.
const MOST_FILES: usize = 1_000;

/// The largest file beside a key that is looked into.
const LARGEST_FILE: u64 = 64 << 10;

/// The most keys of one file that are looked at.
const MOST_KEYS: usize = 100;

/// Refuses to replace the key of `prefix` with `new`, or with one that will be made, where a certificate in the same
/// directory has it, or where that cannot be told of the certificate with the same prefix.
///
/// # Errors
///
/// [`ErrorKind::Io`].
pub(super) fn refuse_to_orphan(prefix: &Path, new: Option<&[u8]>) -> Result<()> {
    let path = suffixed(prefix, PemSet::KEY_SUFFIX);
    finish_interrupted(&path);
    // A pipe or a device has nothing to lose, and reading from it could wait for ever.
    if !fs::metadata(&path).is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let name = path.display().to_string();
    let Ok(text) = input::read_secret_file(&name) else { return Ok(()) };
    if text.is_empty() || new == Some(text.as_slice()) {
        return Ok(());
    }
    let refused = |why: String| {
        Err(Error::new(ErrorKind::Io, format!("refusing to replace {name}"))
            .explain(why)
            .hint("choose another -out, or replace it with -force"))
    };
    let (keys, fault) = keys_of(&text);
    let of_prefix: Vec<PathBuf> =
        ENDINGS.iter().map(|ending| suffixed(prefix, &format!(".{ending}"))).collect();
    let mut certificates = of_prefix.clone();
    certificates.extend(certificates_beside(&path).filter(|other| !of_prefix.contains(other)));
    // A link stays, and the file behind it is replaced.
    let target = destination(&path);
    if target != path {
        certificates.extend(certificates_beside(&target));
    }
    if let Some(certificate) = certificates.iter().find(|path| is_certificate_of_one(path, &keys)) {
        let certificate = certificate.display();
        return refused(format!("{name} is the private key of the certificate {certificate} beside it"));
    }
    match (fault, of_prefix.iter().find(|path| path.is_file())) {
        (Some(fault), Some(certificate)) => refused(format!(
            "{name} {fault}: it may be the private key of the certificate {} beside it",
            certificate.display()
        )),
        _ => Ok(()),
    }
}

/// The keys of a file, and why they may not be all.
fn keys_of(text: &[u8]) -> (Vec<PrivateKey>, Option<&'static str>) {
    let (mut keys, mut fault) = (Vec::new(), None);
    // A curve's parameters stand before their key.
    let (mut start, mut rest) = (text, text);
    while let Some(section) = pem::first(rest) {
        rest = section.rest;
        if section.label == "EC PARAMETERS" {
            continue;
        }
        if section.label.ends_with("PRIVATE KEY") {
            match PrivateKey::from_pem(start, None) {
                Ok(key) => keys.push(key),
                Err(error) if error.kind() == ErrorKind::PrivateKeyEncrypted => {
                    fault = Some("is encrypted");
                }
                Err(_) => fault = Some("cannot be read"),
            }
            if keys.len() > MOST_KEYS {
                return (keys, Some("holds too many keys"));
            }
        }
        start = rest;
    }
    let fault = fault.or(keys.is_empty().then_some("holds no private key that can be read"));
    (keys, fault)
}

/// The files in the directory of a key whose names are those of certificates.
fn certificates_beside(key: &Path) -> impl Iterator<Item = PathBuf> {
    // As the user names it: without a directory where there is none.
    let directory = key.parent().unwrap_or(Path::new("")).to_owned();
    let is_named = |name: &OsStr| {
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
    };
    let entries = fs::read_dir(directory_of(key)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name()).filter(move |name| is_named(name)).take(MOST_FILES);
    names.map(move |name| directory.join(name))
}

/// Whether a file has a certificate of one of the keys.
fn is_certificate_of_one(path: &Path, keys: &[PrivateKey]) -> bool {
    let is_readable = |found: fs::Metadata| found.is_file() && found.len() <= LARGEST_FILE;
    if keys.is_empty() || !fs::metadata(path).is_ok_and(is_readable) {
        return false;
    }
    let Ok(bytes) = fs::read(path) else { return false };
    let fits = |der: &[u8]| {
        IssuerCertificate::from_der(der).is_ok_and(|certificate| {
            keys.iter().any(|key| certificate.has_key(key.subject_public_key_info()))
        })
    };
    fits(&bytes) || pem::sections(&bytes).any(|section| fits(&section.der))
}
