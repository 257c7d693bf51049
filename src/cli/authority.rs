//! The CA of a command: the files of `-ca` and `-ca-key`.

use super::Context;
use super::log::Level;

use crate::inspect::view::{CertificateView, Defect};
use crate::keys::{PrivateKey, SigningKey};
use crate::x509::{Certificate, IssuerCertificate, read_leading_certificate_pem};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use rustls_pki_types::CertificateDer;
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

/// The key and the certificate of the CA that signs.
pub(super) fn read_authority(context: &mut Context<'_>) -> Result<(PrivateKey, Certificate)> {
    if !context.flags.has_text("ca-key") {
        return Err(Error::of(ErrorKind::PrivateKey).explain("no CA key is given").hint("add -ca-key FILE"));
    }
    read_pair(context)
}

/// The key and the certificate that `-ca-key` and `-ca` name.
pub(super) fn read_pair(context: &mut Context<'_>) -> Result<(PrivateKey, Certificate)> {
    let source = context.flags.text("ca").to_owned();
    let pem = read_certificate_text(context, "ca")?;
    let file = AuthorityFile::parse(context, &pem, &source)?;
    let key = read_key(context)?;
    file.refuse_key_of_another(&key)?;
    file.warn_of_defects(context)?;
    Ok((key, file.certificate))
}

/// The file of a CA: its first certificate is the CA's.
pub(super) struct AuthorityFile {
    /// The CA's certificate.
    pub(super) certificate: Certificate,
    others: Vec<CertificateDer<'static>>,
    name: String,
}

impl AuthorityFile {
    /// Takes the first certificate of a file that is called `name`. cfssl takes a file with one only; what follows
    /// is passed over with a warning.
    ///
    /// # Errors
    ///
    /// As [`read_leading_certificate_pem`]; [`ErrorKind::Strict`] for what follows the certificate.
    pub(super) fn parse(context: &mut Context<'_>, pem: &[u8], name: &str) -> Result<Self> {
        let (certificate, behind) = read_leading_certificate_pem(pem).map_err(|error| error.in_file(name))?;
        if let Some(behind) = &behind {
            let message = format!("after the first certificate, the CA's, {} is passed over", behind.words());
            let warning = Warning::new(WarningKind::Ignored, message).in_file(name);
            context
                .warn(&[warning.hint("leave only the CA's certificate in the file; cfssl takes no other")])?;
        }
        let others = behind.map(|behind| behind.certificates).unwrap_or_default();
        Ok(Self { certificate: Certificate::from(certificate), others, name: name.to_owned() })
    }

    /// Warns of a CA that cfssl refuses, as everything in Go does: what it signs is of no use to etcd and Kubernetes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Strict`] under `-strict`.
    fn warn_of_defects(&self, context: &mut Context<'_>) -> Result<()> {
        let view = CertificateView::new(self.certificate.der());
        let Some(Defect { part, fault }) = view.defects.first() else { return Ok(()) };
        let message =
            format!("the CA certificate is malformed ({part}: {fault}); many programs will refuse it");
        let warning = Warning::new(WarningKind::Unwise, message).in_file(&self.name);
        context.warn(&[warning.hint("make it anew with -renewca, which keeps its name and key")])
    }

    /// Says which certificate of the file a key belongs to, where it is not the first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKeyMismatch`].
    pub(super) fn refuse_key_of_another(&self, key: &PrivateKey) -> Result<()> {
        let fits = |der: &[u8]| {
            IssuerCertificate::from_der(der)
                .is_ok_and(|certificate| certificate.has_key(key.subject_public_key_info()))
        };
        if self.others.is_empty() || fits(self.certificate.der()) {
            return Ok(());
        }
        match self.others.iter().position(|other| fits(other)) {
            None => Ok(()),
            Some(position) => Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .in_file(&self.name)
                .explain(format!(
                    "the key belongs to certificate {} of the file, and the first is used as the CA",
                    position + 2
                ))
                .hint("put the CA's certificate first, or alone into a file")),
        }
    }
}

/// The certificate that a flag names.
pub(super) fn read_certificate_of(context: &mut Context<'_>, flag: &str) -> Result<Certificate> {
    let source = context.flags.text(flag).to_owned();
    let pem = read_certificate_text(context, flag)?;
    Certificate::from_pem(&pem).map_err(|error| error.in_file(&source))
}

fn read_certificate_text(context: &mut Context<'_>, flag: &str) -> Result<Vec<u8>> {
    let source = context.flags.text(flag).to_owned();
    context.read_source(&source).map_err(|error| match source.as_str() {
        "" => error.explain("no CA certificate is given").hint("add -ca FILE"),
        _ => error.hint(format!("-{flag} names a certificate's file")),
    })
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
    let password = key_password(context);
    PrivateKey::from_pem(pem, password.as_ref().map(|password| password.as_slice()))
        .map_err(|error| match error.kind() {
            ErrorKind::PrivateKeyEncrypted => {
                error.hint("set the environment variable CFSSL_CA_PK_PASSWORD to its password")
            }
            // The password is wrong.
            ErrorKind::Usage => error.hint("look at the environment variable CFSSL_CA_PK_PASSWORD"),
            _ => error,
        })
        .map_err(|error| error.in_file(name))
}

/// The password of an encrypted key, from the variable that cfssl reads.
fn key_password(context: &Context<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let password = context.environment("CFSSL_CA_PK_PASSWORD")?;
    Some(Zeroizing::new(password.into_encoded_bytes())).filter(|password| !password.is_empty())
}
