//! What a command made, on its way out: a line of JSON for cfssljson, or with `-out` the files themselves, and
//! with `-p12` a PKCS #12 file beside either.

use super::Context;
use super::key_in_use::refuse_to_orphan;
use super::pkcs12_file::{Pkcs12File, refuse_to_replace};
use super::places::{self, Part};
use crate::keys::PrivateKey;
use crate::output::{FileKind, FileSet, PemSet};
use crate::signer::Issued;
use crate::x509::Certificate;
use crate::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where the results of a command go besides standard output or `-out`.
pub(super) struct Delivery {
    pkcs12: Option<Pkcs12File>,
}

impl Delivery {
    /// Refuses what would be refused in the end, before a key is generated for it: a key format that there is
    /// not, and places that are not there, or that are those of a key in use or of an input. Asks for the password
    /// of `-p12`.
    ///
    /// `key` is the key of the certificate, where one is given; otherwise one will be made. `parts` are the files
    /// that `-out` leads to.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for the format, [`ErrorKind::Io`] for the places, and as [`Pkcs12File::wanted`].
    pub(super) fn prepare(
        context: &mut Context<'_>,
        key: Option<&PrivateKey>,
        parts: &[Part],
    ) -> Result<Self> {
        key_form(context)?;
        if key.is_none() && context.flags.has_text("out") && !context.flags.boolean("force") {
            refuse_to_orphan(Path::new(context.flags.text("out")), None)?;
        }
        places::look(context, parts)?;
        Ok(Self { pkcs12: Pkcs12File::wanted(context)? })
    }

    /// Delivers a certificate with the CSR and the key that were made on the way. Into the file of `-p12` go the
    /// certificate, its key (`key` where none was made) and the certificate of the authority that signed it.
    pub(super) fn issued(
        self,
        context: &mut Context<'_>,
        issued: &Issued,
        key: Option<&PrivateKey>,
        authority: Option<&Certificate>,
    ) -> Result<()> {
        let made = issued.key.as_ref().map(|key| key_pem(context, key)).transpose()?;
        let set = PemSet { key: made, ..issued.expose_pem() };
        let (Some(file), Some(key)) = (&self.pkcs12, issued.key.as_ref().or(key)) else {
            return write(context, &set, None);
        };
        let contents = file.seal(key, &issued.certificate, authority)?;
        // Once more, as below.
        if !context.flags.boolean("force") {
            refuse_to_replace(&file.path)?;
        }
        write(context, &set, Some((file.path.as_path(), &contents)))
    }
}

/// Refuses `-p12` where no certificate is made that could go into the file.
///
/// # Errors
///
/// [`ErrorKind::Usage`].
pub(super) fn refuse_pkcs12(context: &Context<'_>, why: &str) -> Result<()> {
    match context.flags.has_text("p12") {
        true => Err(Error::new(ErrorKind::Usage, format!("-p12 needs a certificate: {why}"))),
        false => Ok(()),
    }
}

/// Delivers a set of PEM.
pub(super) fn made(context: &mut Context<'_>, made: &PemSet) -> Result<()> {
    write(context, made, None)
}

/// Writes all files together, or what is not asked for in files to standard output, before any file changes.
fn write(context: &mut Context<'_>, made: &PemSet, pkcs12: Option<(&Path, &[u8])>) -> Result<()> {
    let prefix = context.flags.has_text("out").then(|| PathBuf::from(context.flags.text("out")));
    let mut files = FileSet::new();
    if let Some(prefix) = &prefix {
        // Once more: somebody may have put a key there while ours was generated.
        if let Some(key) = made.key.as_ref().filter(|_| !context.flags.boolean("force")) {
            refuse_to_orphan(prefix, Some(key.as_bytes()))?;
        }
        files = made.files(prefix);
    }
    if let Some((path, contents)) = pkcs12 {
        files.add(path, contents, FileKind::Pkcs12);
    }
    files.write_if(|warnings| {
        context.warn(warnings).map_err(|error| error.hint("nothing was written"))?;
        match prefix {
            Some(_) => Ok(()),
            None => context.write_out(made.expose_json_line().as_bytes()),
        }
    })?;
    for path in files.paths() {
        context.info(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// A key in the form that `-key-format` asks for.
pub(super) fn key_pem(context: &Context<'_>, key: &PrivateKey) -> Result<Zeroizing<String>> {
    match key_form(context)? {
        KeyForm::Cfssl => Ok(key.expose_pem()),
        KeyForm::Pkcs8 => Ok(key.expose_pkcs8_pem()),
    }
}

/// How a new key is written.
enum KeyForm {
    Cfssl,
    Pkcs8,
}

fn key_form(context: &Context<'_>) -> Result<KeyForm> {
    match context.flags.text("key-format") {
        "" | "cfssl" => Ok(KeyForm::Cfssl),
        "pkcs8" => Ok(KeyForm::Pkcs8),
        other => {
            Err(Error::new(ErrorKind::Usage, format!("unknown key format {}", crate::json::quote(other)))
                .hint("write `cfssl` (PKCS #1, SEC 1) or `pkcs8`"))
        }
    }
}
