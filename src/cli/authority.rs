//! The CA of a command: the files of `-ca` and `-ca-key`.

use super::log::Level;
use super::{Context, request};

use crate::keys::PrivateKey;
use crate::x509::{Certificate, read_certificate_pem};
use crate::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// cfssl logs that a CA is missing and exits with 0 and nothing on standard output; strictly, it is an error.
///
/// # Errors
///
/// [`ErrorKind::Strict`] under `-strict`.
pub(super) fn lacks_authority(context: &mut Context<'_>, no_certificate: &str, no_key: &str) -> Result<bool> {
    if context.config.is_some() {
        return Ok(false);
    }
    for (flag, words) in [("ca", no_certificate), ("ca-key", no_key)] {
        if !context.flags.has_text(flag) {
            if context.strict {
                return Err(Error::new(ErrorKind::Strict, words));
            }
            context.log(Level::Error, words);
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn read_authority(context: &mut Context<'_>) -> Result<(PrivateKey, Certificate)> {
    if !context.flags.has_text("ca-key") {
        return Err(Error::of(ErrorKind::PrivateKey).explain("no CA key is given").hint("add -ca-key FILE"));
    }
    let certificate = read_certificate(context)?;
    let key = read_key(context)?;
    Ok((key, certificate))
}

pub(super) fn read_certificate(context: &mut Context<'_>) -> Result<Certificate> {
    read_certificate_of(context, "ca")
}

/// The certificate that a flag names.
pub(super) fn read_certificate_of(context: &mut Context<'_>, flag: &str) -> Result<Certificate> {
    let source = context.flags.text(flag).to_owned();
    let pem = context.read_source(&source).map_err(|error| match source.as_str() {
        "" => error.explain("no CA certificate is given").hint("add -ca FILE"),
        _ => error.hint(format!("-{flag} names a certificate's file")),
    })?;
    let der = read_certificate_pem(&pem).map_err(|error| error.in_file(&source))?;
    Ok(Certificate::from(der))
}

/// The CA's key. Where cfssl asks for no password (`-initca -ca-key`, `-renewca`), ours is honoured too.
pub(super) fn read_key(context: &mut Context<'_>) -> Result<PrivateKey> {
    let signs = !context.flags.boolean("renewca") && !context.flags.boolean("initca");
    let read = read_key_of(context, "ca-key");
    let (_, key) = read.map_err(|error| match error.kind() {
        // cfssl wraps the fault here, and nowhere else.
        ErrorKind::Io if signs => error.with_kind(ErrorKind::CertificateRead),
        ErrorKind::Usage if signs && error.message().starts_with("unknown prefix") => {
            error.with_kind(ErrorKind::CertificateRead)
        }
        _ => error,
    })?;
    Ok(key)
}

/// The private key that a flag names, and the text of its file.
pub(super) fn read_key_of(context: &mut Context<'_>, flag: &str) -> Result<(Zeroizing<Vec<u8>>, PrivateKey)> {
    let source = context.flags.text(flag).to_owned();
    let pem = context
        .read_secret(&source)
        .map_err(|error| error.hint(format!("-{flag} names a private key's file")))?;
    let key = parse_key(context, &pem, &source)?;
    Ok((pem, key))
}

/// The private key in a file's text, with the password from the environment where it needs one.
pub(super) fn parse_key(context: &Context<'_>, pem: &[u8], name: &str) -> Result<PrivateKey> {
    let password = request::key_password(context);
    PrivateKey::from_pem(pem, password.as_ref().map(|password| password.as_slice()))
        .map_err(|error| error.in_file(name))
}
