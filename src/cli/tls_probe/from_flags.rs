//! The probe that a command line describes.

use super::answer::TlsAnswer;
use super::client_certificate::ClientIdentity;
use super::probe::TlsProbe;
use super::starttls::StartTls;
use crate::bundle::read_certificates;
use crate::cli::authority::parse_key;
use crate::cli::log::Level;
use crate::cli::{Context, input};
use crate::error::{Error, ErrorKind, Result};
use crate::json::GoDuration;
use crate::{Warning, WarningKind};
use std::time::Duration;

/// Asks the server at `target`, as `-starttls`, `-servername`, `-ip`, `-timeout` and `-mutual-tls-client-cert` with
/// `-mutual-tls-client-key` say; `patience` counts where `-timeout` is not given. A client certificate that has no
/// effect is warned about.
///
/// # Errors
///
/// [`ErrorKind::Usage`] for flags that make no sense; those of the files; those of [`TlsProbe::ask`];
/// [`ErrorKind::Strict`] for the warning.
pub(crate) fn ask(context: &mut Context<'_>, target: &str, patience: Duration) -> Result<TlsAnswer> {
    let probe = from_flags(context, target, patience)?;
    let answer = probe.ask()?;
    context.log(Level::Debug, &answer.summary());
    if probe.client.is_some() {
        let message = match (&answer.certificate_request, &answer.failure) {
            (None, _) => Some("the server did not ask for the client certificate".to_owned()),
            (Some(request), None) if request.answered => None,
            (Some(request), _) if !request.answered => {
                Some("the server takes no signatures that the key of the client certificate makes".to_owned())
            }
            (_, failure) => failure.as_ref().map(ToString::to_string),
        };
        let warnings = message.map(|message| Warning::new(WarningKind::Unwise, message));
        context.warn(warnings.as_slice())?;
    }
    Ok(answer)
}

/// Warns of flags that say how a server is to be asked, where none is.
///
/// # Errors
///
/// [`ErrorKind::Strict`] under `-strict`.
pub(crate) fn warn_without_server(context: &mut Context<'_>) -> Result<()> {
    const FLAGS: [&str; 6] =
        ["starttls", "servername", "ip", "timeout", "mutual-tls-client-cert", "mutual-tls-client-key"];
    if context.flags.has_text("domain") {
        return Ok(());
    }
    let idle = FLAGS.into_iter().filter(|name| context.flags.is_set(name));
    let message = |name| format!("-{name} has no effect without -domain");
    let warnings: Vec<Warning> = idle.map(|name| Warning::new(WarningKind::Ignored, message(name))).collect();
    context.warn(&warnings)
}

fn from_flags(context: &mut Context<'_>, target: &str, patience: Duration) -> Result<TlsProbe> {
    let text = |name| Some(context.flags.text(name).to_owned()).filter(|text| !text.is_empty());
    let starttls = text("starttls").map(|name| StartTls::from_name(&name)).transpose()?;
    let timeout =
        if context.flags.is_set("timeout") { timeout(context.flags.text("timeout"))? } else { patience };
    let (server_name, address) = (text("servername"), text("ip"));
    let mut probe = TlsProbe::new(target, starttls, timeout)?;
    if let Some(name) = server_name {
        probe = probe.with_server_name(&name)?;
    }
    probe.address = address;
    probe.client = client(context)?;
    Ok(probe)
}

fn timeout(text: &str) -> Result<Duration> {
    let span = text.parse::<GoDuration>()?.nanoseconds();
    match u64::try_from(span) {
        Ok(span @ 1..) => Ok(Duration::from_nanos(span)),
        _ => Err(Error::new(ErrorKind::Usage, format!("-timeout {text} leaves no time"))
            .hint("write a span of time such as 10s")),
    }
}

/// The certificate of `-mutual-tls-client-cert` with the key of `-mutual-tls-client-key`.
fn client(context: &mut Context<'_>) -> Result<Option<ClientIdentity>> {
    const CERTIFICATE: &str = "mutual-tls-client-cert";
    const KEY: &str = "mutual-tls-client-key";
    let (path, key_path) = (context.flags.text(CERTIFICATE), context.flags.text(KEY));
    let (given, missing) = match (path.is_empty(), key_path.is_empty()) {
        (true, true) => return Ok(None),
        (false, false) => {
            let chain = input::read_file(path)
                .and_then(|text| read_certificates(&text))
                .map_err(|error| error.in_file(path))?;
            let key = input::read_secret_file(key_path)
                .map_err(|error| error.in_file(key_path))
                .and_then(|text| parse_key(context, &text, key_path))?;
            return ClientIdentity::new(chain, key).map(Some).map_err(|error| error.in_file(key_path));
        }
        (false, true) => (CERTIFICATE, KEY),
        (true, false) => (KEY, CERTIFICATE),
    };
    Err(Error::new(ErrorKind::Usage, format!("-{given} needs -{missing}")))
}
