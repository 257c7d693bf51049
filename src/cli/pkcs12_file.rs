//! `-p12 FILE`: a key, its certificate and the CA's in one file under a password.

use super::places::destination;
use super::{Context, password};
use crate::keys::{Pkcs12Contents, PrivateKey, write_pkcs12};
use crate::output::{PemSet, directory_of, finish_interrupted};
use crate::x509::{Certificate, DistinguishedName, IssuerCertificate};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The file that is to be written.
pub(super) struct Pkcs12File {
    /// Its path.
    pub(super) path: PathBuf,
    password: Zeroizing<String>,
}

impl Pkcs12File {
    /// What `-p12` asks for, with the password; nothing where it is not given.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for a path that makes no sense, [`ErrorKind::Io`] for another file in its place,
    /// and as [`password::of_new_file`].
    pub(super) fn wanted(context: &mut Context<'_>) -> Result<Option<Self>> {
        if !context.flags.has_text("p12") {
            if context.flags.is_set("p12-password") {
                let message = "-p12-password has no effect without -p12";
                context.warn(&[Warning::new(WarningKind::Ignored, message)])?;
            }
            return Ok(None);
        }
        let name = context.flags.text("p12").to_owned();
        let path = PathBuf::from(&name);
        if name == "-" {
            return Err(Error::new(ErrorKind::Usage, "-p12 writes a file, not standard output")
                .hint("name the file, as in -p12 server.p12"));
        }
        refuse_place_of_another(context, &path)?;
        // Before anybody types a password for nothing.
        if !context.flags.boolean("force") {
            refuse_to_replace(&path)?;
        }
        Ok(Some(Self { password: password::of_new_file(context, "p12-password", &name)?, path }))
    }

    /// The contents of the file.
    ///
    /// # Errors
    ///
    /// As [`write_pkcs12`].
    pub(super) fn seal(
        &self,
        key: &PrivateKey,
        certificate: &Certificate,
        authority: Option<&Certificate>,
    ) -> Result<Vec<u8>> {
        let authorities: Vec<&[u8]> = authority.iter().map(|authority| authority.der().as_ref()).collect();
        let contents = Pkcs12Contents {
            key,
            certificate: certificate.der(),
            authorities: &authorities,
            friendly_name: &self.friendly_name(certificate),
        };
        write_pkcs12(&contents, &self.password)
    }

    /// The common name, or the name of the file without its ending.
    fn friendly_name(&self, certificate: &Certificate) -> String {
        let common_name = || {
            let subject = IssuerCertificate::from_der(certificate.der()).ok()?.subject;
            Some(DistinguishedName::from_der(&subject).ok()?.common_name()?.to_owned())
        };
        let file_name = || self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        common_name().filter(|name| !name.is_empty()).unwrap_or_else(file_name)
    }
}

/// Two files cannot have one place: the later would take that of the earlier.
fn refuse_place_of_another(context: &Context<'_>, path: &Path) -> Result<()> {
    let prefix = context.flags.text("out");
    if prefix.is_empty() {
        return Ok(());
    }
    let place = place(path);
    match PemSet::SUFFIXES
        .iter()
        .map(|suffix| format!("{prefix}{suffix}"))
        .find(|other| self::place(Path::new(other)) == place)
    {
        None => Ok(()),
        Some(other) => Err(Error::new(ErrorKind::Usage, format!("-p12 names {other}, which -out writes"))
            .hint("give -p12 a name of its own, as in -p12 server.p12")),
    }
}

/// The same for every way to name a file.
fn place(path: &Path) -> PathBuf {
    if let Ok(whole) = fs::canonicalize(path) {
        return whole;
    }
    let path = destination(path);
    let directory = directory_of(&path);
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    directory.join(path.file_name().unwrap_or_default())
}

/// Refuses to replace a file, whatever it holds.
///
/// # Errors
///
/// [`ErrorKind::Io`].
pub(super) fn refuse_to_replace(path: &Path) -> Result<()> {
    finish_interrupted(path);
    // A pipe or a device has nothing to lose.
    if !fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0) {
        return Ok(());
    }
    let name = path.display();
    Err(Error::new(ErrorKind::Io, format!("refusing to replace {name}"))
        .explain(format!("{name} exists already"))
        .hint("choose another -p12, or replace it with -force"))
}
