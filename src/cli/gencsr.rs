//! `cfssl gencsr`: a CSR for a key that there is already.

use super::{Context, authority, deliver, places, request};
use crate::csr::CsrContent;
use crate::keys::SigningKey;
use crate::output::PemSet;
use crate::x509::IssuerCertificate;
use crate::{Error, ErrorKind, Result, Warning};

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    if !context.flags.has_text("key") {
        return Err(Error::new(
            ErrorKind::Usage,
            "private key file is required through '-key', please check with usage",
        ));
    }
    places::look(context, places::REQUESTED_KEY)?;
    let (text, key) = authority::read_key_of(context, "key")?;
    let (content, warnings) = content(context, &key).map_err(|error| request::csr_fault(context, error))?;
    context.warn(&warnings)?;
    let csr = content.seal(&key)?;
    context.info("encoded CSR");
    // cfssl hands back the key's file as it came.
    let key = Some(String::from_utf8_lossy(&text).into_owned().into());
    deliver::made(context, &PemSet { certificate: None, csr: Some(csr.to_pem()), key })
}

fn content(context: &mut Context<'_>, key: &dyn SigningKey) -> Result<(CsrContent, Vec<Warning>)> {
    if context.flags.has_text("cert") {
        if !context.flags.positionals().is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "no argument is accepted with '-cert', please check with usage",
            ));
        }
        let certificate = authority::read_certificate_of(context, "cert")?;
        let certificate = IssuerCertificate::from_der(certificate.der())?;
        let replaced = request::hosts_of_flag(context)?;
        let (hosts, warnings) = replaced.unwrap_or((certificate.hosts.clone(), Vec::new()));
        return Ok((CsrContent::from_certificate(&certificate, &hosts, key)?, warnings));
    }
    let (mut request, file) = request::read(context)?;
    request::override_hosts(context, &mut request)?;
    CsrContent::from_request(&request, key).map_err(|error| file.place(error))
}
