//! What a command made, on its way out: a line of JSON for cfssljson, or with `-out` the files themselves.

use super::Context;
use crate::inspect::read_certificate_pem;
use crate::keys::{PrivateKey, SigningKey};
use crate::output::PemSet;
use crate::signer::Issued;
use crate::x509::{IssuerCertificate, public_keys_match};
use crate::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Refuses what [`made`] would refuse, before a key is generated for it: a key format that there is not, and
/// with `-out` the place of a key in use.
///
/// # Errors
///
/// [`ErrorKind::Usage`] for the format and [`ErrorKind::Io`] for the key.
pub(super) fn prepare(context: &Context<'_>) -> Result<()> {
    key_form(context)?;
    if !context.flags.has_text("out") {
        return Ok(());
    }
    let prefix = PathBuf::from(context.flags.text("out"));
    match context.flags.boolean("force") {
        true => Ok(()),
        false => refuse_to_orphan(&prefix, None),
    }
}

/// Delivers a certificate with the CSR and the key that were made on the way.
pub(super) fn issued(context: &mut Context<'_>, issued: &Issued) -> Result<()> {
    let key = issued.key.as_ref().map(|key| key_pem(context, key)).transpose()?;
    made(context, &PemSet { key, ..issued.expose_pem() })
}

/// Delivers a set of PEM.
pub(super) fn made(context: &mut Context<'_>, made: &PemSet) -> Result<()> {
    if !context.flags.has_text("out") {
        return context.write_out(made.expose_json_line().as_bytes());
    }
    let prefix = PathBuf::from(context.flags.text("out"));
    // Once more: somebody may have put a key there while ours was generated.
    if let Some(key) = made.key.as_ref().filter(|_| !context.flags.boolean("force")) {
        refuse_to_orphan(&prefix, Some(key.as_bytes()))?;
    }
    made.files(&prefix)
        .write_if(|warnings| context.warn(warnings).map_err(|error| error.hint("nothing was written")))?;
    for (suffix, part) in
        [(".pem", made.certificate.is_some()), ("-key.pem", made.key.is_some()), (".csr", made.csr.is_some())]
    {
        if part {
            context.info(&format!("wrote {}{suffix}", prefix.display()));
        }
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

/// A key that belongs to the certificate beside it is in use: replacing it with another would orphan the
/// certificate.
fn refuse_to_orphan(prefix: &Path, new: Option<&[u8]>) -> Result<()> {
    let read = |suffix: &str| {
        let mut path = prefix.as_os_str().to_owned();
        path.push(suffix);
        crate::output::finish_interrupted(Path::new(&path));
        std::fs::read(path).ok()
    };
    let (Some(key), Some(certificate)) = (read("-key.pem").map(Zeroizing::new), read(".pem")) else {
        return Ok(());
    };
    if new == Some(key.as_slice()) {
        return Ok(());
    }
    let matched = (|| {
        let key = PrivateKey::from_pem(&key, None).ok()?;
        let certificate = IssuerCertificate::from_der(&read_certificate_pem(&certificate).ok()?).ok()?;
        Some(public_keys_match(&certificate.subject_public_key_info, key.subject_public_key_info()))
    })();
    // What cannot be read may well be an encrypted key that is in use.
    if matched == Some(false) {
        return Ok(());
    }
    let file = format!("{}-key.pem", prefix.display());
    Err(Error::new(ErrorKind::Io, format!("refusing to replace {file}"))
        .explain(format!("{file} is the private key of the certificate beside it"))
        .hint("choose another -out, or replace it with -force"))
}
