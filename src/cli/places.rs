//! The places that a command writes to, looked at before it makes anything: they have to exist, and must not be
//! those of its own inputs.

use super::Context;
use super::commands::find;
use super::input::Source;
use crate::output::{PemSet, directory_of};
use crate::{Error, ErrorKind, Result};
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file of `-out`: what follows the prefix in its name, and the flag whose file it may replace.
pub(super) type Part = (&'static str, Option<&'static str>);

const CERTIFICATE: &str = PemSet::CERTIFICATE_SUFFIX;
const KEY: &str = PemSet::KEY_SUFFIX;
const CSR: &str = PemSet::CSR_SUFFIX;

/// A certificate with a key of its own.
pub(super) const CERTIFIED: &[Part] = &[(CERTIFICATE, None), (KEY, None), (CSR, None)];
/// A CA for a key that there is.
pub(super) const CERTIFIED_KEY: &[Part] = &[(CERTIFICATE, None), (CSR, None)];
/// A renewed CA takes the place of the old one.
pub(super) const RENEWED: &[Part] = &[(CERTIFICATE, Some("ca"))];
/// A key with its CSR.
pub(super) const REQUESTED: &[Part] = &[(KEY, None), (CSR, None)];
/// A CSR for a key that there is, which is handed back as it is.
pub(super) const REQUESTED_KEY: &[Part] = &[(KEY, Some("key")), (CSR, None)];
/// A certificate for a CSR, which is handed back as it is.
pub(super) const SIGNED: &[Part] = &[(CERTIFICATE, None), (CSR, Some("csr"))];

/// Flags that name files.
const INPUTS: [&str; 7] = ["ca", "ca-key", "cert", "config", "csr", "key", "p12-password"];

/// Looks at the places of `-out`, with `parts` written, and of `-p12`, before anything is made for them.
///
/// # Errors
///
/// [`ErrorKind::Io`] for a directory that is not there, and for the place of an input.
pub(super) fn look(context: &Context<'_>, parts: &[Part]) -> Result<()> {
    let mut places: Vec<(PathBuf, &str, Option<&str>)> = Vec::new();
    if context.flags.has_text("out") {
        let prefix = context.flags.text("out");
        places.extend(parts.iter().map(|(suffix, over)| (suffixed(prefix, suffix), "out", *over)));
    }
    if has(context, "p12") && context.flags.text("p12") != "-" {
        places.push((PathBuf::from(context.flags.text("p12")), "p12", None));
    }
    let inputs = match places.as_slice() {
        [] => return Ok(()),
        _ => inputs(context),
    };
    for (path, flag, replaces) in places {
        refuse_missing_directory(&path)?;
        let over = |(by, input): &&(&str, PathBuf)| Some(*by) != replaces && is_same_file(&path, input);
        if let Some((_, input)) = inputs.iter().find(over) {
            let name = path.display();
            return Err(Error::new(ErrorKind::Io, format!("refusing to replace {name}"))
                .explain(match *input == path {
                    true => format!("{name} is read by the same command"),
                    false => format!("{name} is the file {}, which the same command reads", input.display()),
                })
                .hint(format!("choose another -{flag}")));
        }
    }
    Ok(())
}

/// A prefix of `-out` with what follows it.
pub(super) fn suffixed(prefix: impl Into<OsString>, suffix: &str) -> PathBuf {
    let mut path = prefix.into();
    path.push(suffix);
    path.into()
}

/// Where the path leads: links are followed, also one to a file that is not there yet.
pub(super) fn destination(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // As many as the kernel follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => break,
        }
    }
    path
}

fn has(context: &Context<'_>, flag: &str) -> bool {
    find(context.command).is_some_and(|command| command.flags.contains(&flag)) && context.flags.has_text(flag)
}

/// The files that the command reads, with the flags that name them; an argument counts as `-csr`, for which it can
/// stand.
fn inputs(context: &Context<'_>) -> Vec<(&'static str, PathBuf)> {
    // A new CA is below none.
    let unused = |flag: &str| flag == "ca" && context.flags.boolean("initca");
    let of_flags = INPUTS.into_iter().filter(|flag| has(context, flag) && !unused(flag));
    let of_flags = of_flags.filter_map(|flag| match Source::parse(context.flags.text(flag)) {
        Ok(Source::File("-")) if flag == "csr" => Some((flag, "/dev/stdin")),
        Ok(Source::File(path)) => Some((flag, path)),
        Ok(Source::Environment(_)) => None,
        Err(_) => Some((flag, context.flags.text(flag))),
    });
    let positionals = context.flags.positionals();
    let positionals = match (context.command, positionals) {
        // The first is a name.
        ("selfsign", [_, rest @ ..]) if !rest.is_empty() => rest,
        (_, all) => all,
    };
    let by_place = |(place, path): (usize, &'_ String)| {
        let flag = if place == 0 && !context.flags.has_text("csr") { "csr" } else { "" };
        (flag, if path == "-" { "/dev/stdin".into() } else { PathBuf::from(path) })
    };
    let of_flags = of_flags.map(|(flag, path)| (flag, PathBuf::from(path)));
    of_flags.chain(positionals.iter().enumerate().map(by_place)).collect()
}

/// A file whose directory is missing could not be written in the end.
fn refuse_missing_directory(path: &Path) -> Result<()> {
    let target = destination(path);
    let directory = directory_of(&target);
    let fault = match fs::metadata(directory) {
        Ok(found) if !found.is_dir() => io::ErrorKind::NotADirectory.into(),
        Ok(_) if target.is_dir() => io::ErrorKind::IsADirectory.into(),
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let error = Error::io("open", &path.to_string_lossy(), &fault);
    Err(match fault.kind() {
        io::ErrorKind::NotFound => error.hint(format!("make the directory {} first", directory.display())),
        _ => error,
    })
}

/// True where both names lead to one regular file.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| {
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some((found.dev(), found.ino()))
    };
    identity(one).is_some_and(|one| identity(other) == Some(one))
}
