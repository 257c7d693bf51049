//! `cfssl ocspsign`: an OCSP response about one certificate.

use super::authority::{AuthorityFile, parse_key};
use super::log::Level;
use super::{Context, input};
use crate::base64;
use crate::json::{GoDuration, Value, compact, parse_date};
use crate::keys::PrivateKey;
use crate::model::RevocationReason;
use crate::signer::{OcspResponder, ResponseTimes};
use crate::x509::{Certificate, CertificateStatus};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use time::OffsetDateTime;
use zeroize::Zeroizing;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    warn_of_ignored(context)?;
    let path = context.flags.text("cert").to_owned();
    let pem = input::read_file(&path)
        .map_err(|error| if path.is_empty() { error.hint("add -cert FILE") } else { error });
    let pem = critical(context, "Unable to read certificate", pem)?;
    let certificate = parse_certificate(&pem, &path);
    let certificate = critical(context, "Unable to parse certificate", certificate)?;
    let now = context.now();
    let revocation = match context.flags.text("status") {
        "revoked" => Some(read_revocation(context, now)?),
        _ => None,
    };

    let files = read_files(context);
    let (issuer, responder, key) = critical(context, "Unable to create OCSP signer", files)?;
    let signer =
        OcspResponder::new(&issuer, &responder, &key).map_err(|error| error.in_file(&key_path(context)));
    let signer = critical(context, "Unable to create OCSP signer", signer)?;

    let response = read_status(context.flags.text("status"), revocation).and_then(|status| {
        let interval: GoDuration = context.flags.text("interval").parse()?;
        signer.sign(&certificate, status, &ResponseTimes::at(now, interval)?)
    });
    let response = response.map_err(|error| match error.kind() {
        ErrorKind::OcspIssuer => error.in_file(&path).hint("-ca names the CA that issued the certificate"),
        ErrorKind::OcspStatus if error.message().contains("signature") => error.in_file(&path),
        ErrorKind::OcspStatus if error.message().contains("verification") => {
            error.in_file(&path).hint("-ca names the CA that issued the certificate")
        }
        _ => error,
    });
    let response = critical(context, "Unable to sign OCSP response", response)?;
    context.warn(&response.warnings)?;
    let line = Value::object(vec![("ocspResponse", Value::string(base64::encode(&response.der)))]);
    context.write_out(compact(&line) + "\n")
}

/// cfssl logs such a fault before it prints it.
fn critical<T>(context: &mut Context<'_>, what: &str, result: Result<T>) -> Result<T> {
    result.inspect_err(|error| context.log(Level::Critical, &format!("{what}: {}", error.cfssl_text())))
}

fn warn_of_ignored(context: &mut Context<'_>) -> Result<()> {
    let mut messages = Vec::new();
    let status = context.flags.text("status");
    if status != "revoked" {
        let unused = ["reason", "revoked-at"].into_iter().filter(|name| context.flags.is_set(name));
        messages.extend(unused.map(|name| format!("-{name} has no effect with -status {status}")));
    }
    if context.flags.has_text("responder-key") && context.flags.has_text("key") {
        messages.push("-key has no effect beside -responder-key".to_owned());
    }
    let extra = context.flags.positionals().iter();
    messages.extend(extra.map(|extra| format!("the argument {} has no effect", crate::json::quote(extra))));
    let warnings: Vec<_> =
        messages.into_iter().map(|message| Warning::new(WarningKind::Ignored, message)).collect();
    context.warn(&warnings)
}

fn parse_certificate(pem: &[u8], path: &str) -> Result<Certificate> {
    Certificate::from_pem(pem).map_err(|error| error.in_file(path))
}

/// Reason and date of a revocation. cfssl refuses the default of `-reason`: it has to be given.
fn read_revocation(context: &mut Context<'_>, now: OffsetDateTime) -> Result<CertificateStatus> {
    let reason = RevocationReason::parse(context.flags.text("reason")).map_err(|error| {
        match context.flags.is_set("reason") {
            true => error,
            false => error
                .explain("-status revoked needs a reason")
                .hint("add one, such as -reason keyCompromise or -reason unspecified"),
        }
    });
    let reason = critical(context, "Invalid reason code", reason)?;
    let at = match context.flags.text("revoked-at") {
        "now" => Ok(now),
        date => parse_date(date),
    };
    let at = at.inspect_err(|_| {
        let date = context.flags.text("revoked-at").to_owned();
        context.log(Level::Critical, &format!("Malformed revocation time: {date}"));
    })?;
    Ok(CertificateStatus::Revoked { at, reason })
}

fn read_status(text: &str, revocation: Option<CertificateStatus>) -> Result<CertificateStatus> {
    match (text, revocation) {
        ("good", _) => Ok(CertificateStatus::Good),
        ("unknown", _) => Ok(CertificateStatus::Unknown),
        (_, Some(revocation)) => Ok(revocation),
        _ => Err(Error::of(ErrorKind::OcspStatus)
            .explain(format!("there is no status {}", crate::json::quote(text)))
            .hint("write good, revoked or unknown, in small letters")),
    }
}

/// `-key` stands in for `-responder-key`.
fn key_path(context: &Context<'_>) -> String {
    let flag = if context.flags.has_text("responder-key") { "responder-key" } else { "key" };
    context.flags.text(flag).to_owned()
}

/// The three files of the signer: all are read before the first is looked into, as in cfssl.
fn read_files(context: &mut Context<'_>) -> Result<(Certificate, Certificate, PrivateKey)> {
    let read = |context: &mut Context<'_>, flag: &str| -> Result<(Zeroizing<Vec<u8>>, String)> {
        let path = match flag {
            "responder-key" => key_path(context),
            flag => context.flags.text(flag).to_owned(),
        };
        let content = match path.starts_with("env:") || path.starts_with("file:") {
            true => context.read_secret(&path),
            false => input::read_secret_file(&path),
        };
        let content = content.map_err(|error| match path.as_str() {
            "" => error.hint(format!("add -{flag} FILE")),
            _ => error,
        })?;
        Ok((content, path))
    };
    let (issuer, issuer_path) = read(context, "ca")?;
    let (responder, responder_path) = read(context, "responder")?;
    let (key, key_path) =
        read(context, "responder-key").map_err(|error| error.with_kind(ErrorKind::CertificateRead))?;
    let issuer = AuthorityFile::parse(context, &issuer, &issuer_path)?.certificate;
    let responder = parse_certificate(&responder, &responder_path)?;
    let key = parse_key(context, &key, &key_path)?;
    Ok((issuer, responder, key))
}
