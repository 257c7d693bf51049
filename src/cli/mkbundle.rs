//! The program `mkbundle`: one PEM file of all valid certificates below some paths.

use super::flags::{FlagKind, FlagSpec};
use super::log::Level;
use super::{Context, World, app, input};
use crate::bundle::ChainCertificate;
use crate::output::{FileKind, FileSet};
use crate::{Error, pem};
use std::fs;
use std::path::{Path, PathBuf};

const FLAGS: &[FlagSpec] = &[
    FlagSpec {
        name: "f",
        kind: FlagKind::Text,
        default: "cert-bundle.crt",
        description: "file to write the certificates to",
    },
    FlagSpec {
        name: "nw",
        kind: FlagKind::Integer,
        default: "4",
        description: "unused; accepted because mkbundle of cfssl accepts it",
    },
    FlagSpec {
        name: "strict",
        kind: FlagKind::Boolean,
        default: "false",
        description: "exit with status 1 when a path or a certificate cannot be read",
    },
    FlagSpec {
        name: "loglevel",
        kind: FlagKind::Integer,
        default: "1",
        description: "the least grave log lines shown, 0 (DEBUG) to 5 (FATAL)",
    },
];

/// Directories within directories: beyond this it is a loop of links.
const MOST_LEVELS: usize = 64;

/// Runs `mkbundle` and returns its exit code: 0 even where a path cannot be read, unless `-strict` or
/// `CFSSL_STRICT` is given; 1 where the bundle cannot be written; 2 for flags that make no sense.
#[must_use]
pub fn program(mut world: World<'_>) -> u8 {
    let flags = match app::read_flags(&mut world, FLAGS, usage) {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    let mut context = Context::new(world, "mkbundle", flags);
    let mut run = Run { context: &mut context, text: String::new(), count: 0, has_failed: false };
    for path in run.context.flags.positionals().to_vec() {
        run.walk(Path::new(&path), 0);
    }
    let Run { text, count, has_failed, .. } = run;
    let target = PathBuf::from(context.flags.text("f"));
    let mut files = FileSet::new();
    files.add(target, text.as_bytes(), FileKind::Bundle);
    match files.write() {
        Ok(warnings) => {
            // Warnings about a file that is there already are no reason to fail.
            let _ = context.warn(&warnings);
        }
        Err(error) => {
            context.report(&error);
            return 1;
        }
    }
    context.info(&format!("Wrote {count} certificates."));
    u8::from(has_failed && context.strict)
}

struct Run<'c, 'w> {
    context: &'c mut Context<'w>,
    text: String,
    count: usize,
    has_failed: bool,
}

impl Run<'_, '_> {
    /// Visits a path and what is below it, in the order of the names; links below it are not followed.
    fn walk(&mut self, path: &Path, level: usize) {
        let shown = path.to_string_lossy().into_owned();
        self.context.info(&format!("Found {shown}"));
        let failed = |error| Error::io("lstat", &shown, &error);
        match fs::symlink_metadata(path).map_err(failed) {
            Ok(metadata) if metadata.is_file() => self.load(&shown),
            Ok(metadata) if metadata.is_dir() && level < MOST_LEVELS => match entries(path) {
                Ok(entries) => entries.iter().for_each(|entry| self.walk(entry, level + 1)),
                Err(error) => self.fail(Level::Error, &format!("Walk failed: {}", error.message())),
            },
            Ok(_) => {}
            Err(error) => self.fail(Level::Error, &format!("Walk failed: {}", error.message())),
        }
    }

    fn load(&mut self, path: &str) {
        self.context.info(&format!("Loading {path}"));
        let bytes = match input::read_file(path) {
            Ok(bytes) => bytes,
            Err(error) => return self.fail(Level::Warning, error.message()),
        };
        let mut sections = pem::sections(&bytes).peekable();
        if sections.peek().is_none() && !bytes.is_empty() {
            self.fail(Level::Warning, &format!("{path}: no PEM data found"));
        }
        for section in sections {
            if section.label != "CERTIFICATE" {
                self.context.info("Skipping non-certificate");
                continue;
            }
            match ChainCertificate::from_der(&section.der) {
                Ok(certificate) => self.consider(&certificate),
                Err(error) => self.fail(Level::Warning, &format!("Invalid certificate: {error}")),
            }
        }
    }

    fn consider(&mut self, certificate: &ChainCertificate) {
        self.context.info(&format!("Validating {}", certificate.subject));
        let now = self.context.now();
        let limit = |moment: time::OffsetDateTime| crate::json::format_rfc3339(moment);
        let outside = if now > certificate.not_after {
            Some(format!("Certificate expired {}", limit(certificate.not_after)))
        } else if now < certificate.not_before {
            Some(format!("Certificate isn't valid until {}", limit(certificate.not_before)))
        } else {
            None
        };
        match outside {
            Some(message) => {
                self.context.info(&message);
                self.context.info("Skipping revoked certificate");
            }
            None => {
                self.text.push_str(&certificate.to_pem());
                self.text.push('\n');
                self.count += 1;
            }
        }
    }

    fn fail(&mut self, level: Level, message: &str) {
        self.has_failed = true;
        self.context.log(level, message);
    }
}

fn entries(directory: &Path) -> crate::Result<Vec<PathBuf>> {
    let failed = |error| Error::io("open", &directory.to_string_lossy(), &error);
    let entries = fs::read_dir(directory).map_err(failed)?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    if let Ok(paths) = &mut paths {
        paths.sort();
    }
    paths.map_err(failed)
}

fn usage() -> String {
    let mut text = "\tmkbundle -- write all valid certificates below some paths into one file\n\n\
        Usage of mkbundle:\n  mkbundle [-f FILE] PATH ...\n\n\
        PATH is a file of certificates in PEM, or a directory. Expired certificates are left out. Unlike\n\
        mkbundle of cfssl, this one asks no CRL and no OCSP server: REVOKED CERTIFICATES ARE NOT LEFT OUT.\n\n\
        Flags:\n"
        .to_owned();
    for flag in FLAGS {
        super::help::push_flag(&mut text, flag);
    }
    text + "\nExample:\n  mkbundle -f roots.pem /usr/share/ca-certificates\n"
}
