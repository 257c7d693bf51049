//! The program `mkbundle`: one PEM file of all valid certificates below some paths.

use super::flags::{FlagKind, FlagSpec};
use super::log::Level;
use super::revocation_check::{RevocationCheck, Verdict};
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
        name: "offline",
        kind: FlagKind::Boolean,
        default: "false",
        description: "ask no CRL and no OCSP server; revoked certificates are then not left out",
    },
    FlagSpec {
        name: "strict",
        kind: FlagKind::Boolean,
        default: "false",
        description: "exit with status 1 when a path or a certificate cannot be read, or a revocation not be checked",
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
    let mut findings = Findings(Vec::new());
    for path in context.flags.positionals() {
        findings.walk(Path::new(path), 0);
    }
    let check = (!context.flags.boolean("offline")).then(RevocationCheck::default);
    let mut run = Run { context: &mut context, check, text: String::new(), count: 0, has_failed: false };
    run.take(findings);
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

/// What lies below the paths, in order: all of it is known before the first certificate is judged, for one
/// may be the issuer of another.
struct Findings(Vec<Finding>);

enum Finding {
    /// Something to tell.
    Line(Level, String),
    /// A certificate.
    Certificate(Box<ChainCertificate>),
}

impl Findings {
    /// Visits a path and what is below it, in the order of the names; links below it are not followed.
    fn walk(&mut self, path: &Path, level: usize) {
        let shown = path.to_string_lossy().into_owned();
        self.tell(Level::Info, format!("Found {shown}"));
        let failed = |error| Error::io("lstat", &shown, &error);
        match fs::symlink_metadata(path).map_err(failed) {
            Ok(metadata) if metadata.is_file() => self.load(&shown),
            Ok(metadata) if metadata.is_dir() && level < MOST_LEVELS => match entries(path) {
                Ok(entries) => entries.iter().for_each(|entry| self.walk(entry, level + 1)),
                Err(error) => self.tell(Level::Error, format!("Walk failed: {}", error.message())),
            },
            Ok(_) => {}
            Err(error) => self.tell(Level::Error, format!("Walk failed: {}", error.message())),
        }
    }

    fn load(&mut self, path: &str) {
        self.tell(Level::Info, format!("Loading {path}"));
        let bytes = match input::read_file(path) {
            Ok(bytes) => bytes,
            Err(error) => return self.tell(Level::Warning, error.message().to_owned()),
        };
        let mut sections = pem::sections(&bytes).peekable();
        if sections.peek().is_none() && !bytes.is_empty() {
            self.tell(Level::Warning, format!("{path}: no PEM data found"));
        }
        for section in sections {
            if section.label != "CERTIFICATE" {
                self.tell(Level::Info, "Skipping non-certificate".to_owned());
                continue;
            }
            match ChainCertificate::from_der(&section.der) {
                Ok(certificate) => self.0.push(Finding::Certificate(Box::new(certificate))),
                Err(error) => self.tell(Level::Warning, format!("Invalid certificate: {error}")),
            }
        }
    }

    fn tell(&mut self, level: Level, message: String) {
        self.0.push(Finding::Line(level, message));
    }
}

struct Run<'c, 'w> {
    context: &'c mut Context<'w>,
    check: Option<RevocationCheck>,
    text: String,
    count: usize,
    has_failed: bool,
}

impl Run<'_, '_> {
    fn take(&mut self, findings: Findings) {
        if let Some(check) = &mut self.check {
            for finding in &findings.0 {
                if let Finding::Certificate(certificate) = finding {
                    check.learn(certificate);
                }
            }
        }
        for finding in findings.0 {
            match finding {
                Finding::Line(level, message) => self.tell(level, &message),
                Finding::Certificate(certificate) => self.consider(&certificate),
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
        let verdict = match (&outside, &mut self.check) {
            (Some(message), _) => {
                self.context.info(message);
                Verdict::Revoked
            }
            (None, Some(check)) => check.check(self.context, certificate),
            (None, None) => Verdict::Good,
        };
        match verdict {
            Verdict::Good => {
                self.text.push_str(&certificate.to_pem());
                self.text.push('\n');
                self.count += 1;
            }
            Verdict::Revoked => self.context.info("Skipping revoked certificate"),
            Verdict::Uncertain => self.tell(Level::Warning, "Failed to verify certificate."),
        }
    }

    /// Under `-strict` whatever is worse than an ordinary step is a failure in the end.
    fn tell(&mut self, level: Level, message: &str) {
        self.has_failed |= level > Level::Info;
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
        PATH is a file of certificates in PEM, or a directory.\n\
        Left out are certificates that have expired, that are revoked, and whose revocation cannot be checked.\n\
        The CRLs and the OCSP servers that a certificate names are asked over http://. What they answer counts\n\
        where it is signed by the issuer of the certificate, which has to be below the paths or at the address\n\
        that the certificate names.\n\n\
        Flags:\n"
        .to_owned();
    for flag in FLAGS {
        super::help::push_flag(&mut text, flag);
    }
    text + "\nExample:\n  mkbundle -f roots.pem /usr/share/ca-certificates\n"
}
