//! `cfssl sign`: a certificate for a CSR.

use super::authority::{lacks_authority, read_authority};
use super::json_file::JsonFile;
use super::{Context, deliver, places, request};
use crate::csr::CertificateSigningRequest;
use crate::model::{Host, SigningConfig, SubjectOverride};
use crate::output::PemSet;
use crate::signer::{Ask, Issuance, LocalSigner};
use crate::{Error, ErrorKind, Result};

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    request::refuse_remote(context)?;
    let (csr_path, subject_path) = inputs(context)?;
    places::look(context, places::SIGNED)?;
    let subject = match &subject_path {
        Some(path) => Some(read_subject(context, path)?),
        None => None,
    };
    let text = context.read_input(&csr_path).map_err(|error| match csr_path.as_str() {
        "" => error.explain("the name of the CSR's file is empty"),
        _ => error.hint("it is to be a CSR in PEM, such as `cfssl genkey` and `openssl req -new` make"),
    })?;
    let missing = "need CA certificate (provide one with -ca)";
    if lacks_authority(context, missing, "need CA key (provide one with -ca-key)")? {
        return Ok(());
    }
    let (key, certificate) = read_authority(context)?;
    let name = request::input_name(&csr_path);
    let csr = CertificateSigningRequest::from_pem(&text).map_err(|error| error.in_file(&name))?;
    let ask = Ask { hosts: hosts_of_flag(context)?, subject, ..Ask::default() };
    let config = context.config.take().unwrap_or_else(SigningConfig::built_in);
    let signer = LocalSigner::new(&certificate, &key, config)
        .map_err(|error| error.in_file(context.flags.text("ca-key")))?;
    let profile = context.flags.text("profile").to_owned();
    let issuance = Issuance::at(context.now())?;
    let issued = signer
        .sign(csr.content(), &profile, &ask, issuance)
        .map_err(|error| request::in_config(context, error).in_file(&name))?;
    context.warn(&issued.warnings)?;
    context.info(&format!("signed certificate with serial number {}", issued.serial));
    // cfssl hands back the CSR's file as it came, text around the PEM included.
    let csr = String::from_utf8_lossy(&text).into_owned();
    deliver::made(context, &PemSet { csr: Some(csr), ..issued.expose_pem() })
}

/// The CSR's and the subject's files: `-csr` takes the place of the first positional.
fn inputs(context: &Context<'_>) -> Result<(String, Option<String>)> {
    let mut positionals = context.flags.positionals().iter().cloned();
    let by_flag = Some(context.flags.text("csr").to_owned()).filter(|path| !path.is_empty());
    let Some(csr) = by_flag.or_else(|| positionals.next()) else {
        return Err(Error::new(
            ErrorKind::Usage,
            "not enough arguments are supplied --- please refer to the usage",
        )
        .hint("name the CSR's file, or - for standard input"));
    };
    let subject = positionals.next();
    match positionals.next() {
        None => Ok((csr, subject)),
        Some(_) => {
            Err(Error::new(ErrorKind::Usage, "too many arguments are provided, please check with usage"))
        }
    }
}

/// cfssl reads the subject from a file even where it is called `-`.
fn read_subject(context: &mut Context<'_>, path: &str) -> Result<SubjectOverride> {
    let text = super::input::read_file(path).map_err(|error| {
        error.hint("it is to be a subject, a JSON file such as {\"CN\": \"a\", \"names\": [{\"O\": \"b\"}]}")
    })?;
    let read = SubjectOverride::from_json_with_warnings(&text);
    let file = JsonFile::new(path.to_owned(), text);
    let (subject, warnings) = read.map_err(|error| file.place(error))?;
    context.warn(&file.place_warnings(warnings))?;
    Ok(subject)
}

fn hosts_of_flag(context: &mut Context<'_>) -> Result<Option<Vec<Host>>> {
    // cfssl reports a host that cannot be encoded as a fault of the certificate here.
    let named = request::hosts_of_flag(context).map_err(|error| match error.kind() {
        ErrorKind::BadRequest => error.with_kind(ErrorKind::Certificate),
        _ => error,
    })?;
    let Some((hosts, warnings)) = named else { return Ok(None) };
    context.warn(&warnings)?;
    Ok(Some(hosts))
}
