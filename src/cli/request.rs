//! The request of a command: its JSON file, its hosts, and the key and CSR that are made for it.

use super::Context;
use super::json_file::JsonFile;
use super::log::Level;
use crate::csr::{CertificateSigningRequest, CsrContent};
use crate::keys::{KeyAlgorithm, PrivateKey};
use crate::model::{CertificateRequest, Host};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// What messages about its names call the flag.
const HOSTNAME: &str = "-hostname";

/// Reads the request that the only positional names; also how to name it in messages.
pub(super) fn read(context: &mut Context<'_>) -> Result<(CertificateRequest, JsonFile)> {
    let path = context.only_positional()?.to_owned();
    read_from(context, &path)
}

/// Reads a request from a file, or standard input for `-`; also how to name it in messages.
pub(super) fn read_from(context: &mut Context<'_>, path: &str) -> Result<(CertificateRequest, JsonFile)> {
    let text = context.read_input(path).map_err(|error| match path {
        "" => error.explain("the name of the request's file is empty"),
        _ => error.hint("it is to be a request, a JSON file; `cfssl print-defaults csr` prints one"),
    })?;
    let empty = text.iter().all(u8::is_ascii_whitespace);
    let read = CertificateRequest::from_json_with_warnings(&text);
    let file = JsonFile::new(input_name(path), text);
    let (request, warnings) = read.map_err(|error| match empty {
        true => file
            .place(error)
            .explain("it is empty where a request in JSON is expected")
            .hint("`cfssl print-defaults csr` prints one to start from"),
        false => file.place(error),
    })?;
    let warnings: Vec<_> = warnings
        .into_iter()
        .map(|warning| match warning.place.path.as_deref() {
            Some("signing") => warning.hint("this looks like a signing configuration, which -config names"),
            _ => warning,
        })
        .collect();
    context.warn(&file.place_warnings(warnings))?;
    Ok((request, file))
}

/// An input as messages call it.
pub(super) fn input_name(path: &str) -> String {
    if path == "-" { "standard input".to_owned() } else { path.to_owned() }
}

/// Names the file of -config in a fault of one of its profiles.
pub(super) fn in_config(context: &Context<'_>, error: Error) -> Error {
    match error.place().path.as_deref() {
        Some(path) if path.starts_with("signing.") => error.in_file(context.flags.text("config")),
        _ => error,
    }
}

/// What would take effect elsewhere is refused: it would be missing without anybody noticing.
pub(super) fn refuse_remote(context: &Context<'_>) -> Result<()> {
    for (flag, what) in [("remote", "signing by a remote server"), ("db-config", "the certificate database")]
    {
        if context.flags.has_text(flag) {
            return Err(Error::new(ErrorKind::Unsupported, format!("{what} is not supported yet"))
                .hint(format!("leave out -{flag}")));
        }
    }
    Ok(())
}

/// Puts the names of `-hostname` in place of the request's hosts; tells whether there are any.
pub(super) fn override_hosts(context: &mut Context<'_>, request: &mut CertificateRequest) -> Result<bool> {
    let list = context.flags.text("hostname");
    if list.is_empty() {
        return Ok(false);
    }
    let mut warnings = Vec::new();
    let mut hosts = Vec::new();
    for piece in list.split(',') {
        let host = piece.trim();
        if host.is_empty() {
            warnings.push(Warning::new(WarningKind::BlankHost, "a blank name in -hostname is left out"));
            continue;
        }
        if host != piece {
            let message = format!("the blanks around {host} in -hostname are cut off");
            warnings.push(Warning::new(WarningKind::TrimmedHost, message));
        }
        hosts.push(host.to_owned());
    }
    context.warn(&warnings)?;
    request.hosts = hosts;
    Ok(true)
}

/// The hosts of `-hostname`, where there are any, and what is doubtful about them.
///
/// # Errors
///
/// As [`CertificateRequest::classified_hosts`].
pub(super) fn hosts_of_flag(context: &mut Context<'_>) -> Result<Option<(Vec<Host>, Vec<Warning>)>> {
    let mut named = CertificateRequest::default();
    if !override_hosts(context, &mut named)? {
        return Ok(None);
    }
    let (hosts, warnings) = named.classified_hosts().map_err(|error| error.in_file(HOSTNAME))?;
    let warnings = warnings.into_iter().map(|warning| warning.in_file(HOSTNAME)).collect();
    Ok(Some((hosts, warnings)))
}

/// Checks the request, then generates its key, with cfssl's log of both.
pub(super) fn generate_key(
    context: &mut Context<'_>,
    request: &CertificateRequest,
    check: impl FnOnce(&CertificateRequest) -> Result<()>,
) -> Result<PrivateKey> {
    context.info("generate received request");
    if let Err(error) = check(request) {
        context.log(Level::Warning, &format!("invalid request: {}", error.cfssl_text()));
        return Err(error);
    }
    context.info("received CSR");
    context.info(&format!("generating key: {}", request.key));
    KeyAlgorithm::from_request(&request.key).and_then(PrivateKey::generate)
}

/// The key and the CSR for a request, and what in the request is doubtful.
pub(super) fn key_and_csr(
    context: &mut Context<'_>,
    request: &CertificateRequest,
    file: &JsonFile,
    hosts_by_flag: bool,
) -> Result<(PrivateKey, CertificateSigningRequest, Vec<Warning>)> {
    let key = generate_key(context, request, |_| Ok(()))?;
    let built = CsrContent::from_request(request, &key)
        .and_then(|(content, warnings)| Ok((content.seal(&key)?, warnings)));
    let of_flag = |path: Option<&str>| hosts_by_flag && path.is_some_and(|path| path.starts_with("hosts["));
    let (csr, warnings) = built.map_err(|error| {
        context.log(Level::Error, &format!("failed to generate a CSR: {}", error.message()));
        if of_flag(error.place().path.as_deref()) { error.in_file(HOSTNAME) } else { error }
    })?;
    context.info("encoded CSR");
    let (by_flag, by_file): (Vec<_>, Vec<_>) =
        warnings.into_iter().partition(|warning| of_flag(warning.place.path.as_deref()));
    let by_flag = by_flag.into_iter().map(|warning| warning.in_file(HOSTNAME));
    Ok((key, csr, by_flag.chain(file.place_warnings(by_file)).collect()))
}

/// A fault of a CSR for a key that there is already, as cfssl reports it: with a log line; but without one, and
/// without a code, where it lies in the subject.
pub(super) fn csr_fault(context: &mut Context<'_>, error: Error) -> Error {
    match error.kind() {
        ErrorKind::BadRequest if error.message().starts_with("invalid OID") => {
            error.with_kind(ErrorKind::Usage)
        }
        ErrorKind::BadRequest => {
            context.log(Level::Error, &format!("failed to generate a CSR: {}", error.message()));
            error
        }
        _ => error,
    }
}
