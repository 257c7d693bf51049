//! `cfssl certinfo` and the program `cfssl-certinfo`: what a certificate or a CSR says.
//!
//! `-cert FILE`, `-csr FILE` and `-domain HOST` alone are cfssl's. With `-format` or `-fields`, and where files are
//! named without a flag, any number of inputs of any kind is described: that is our own.

mod blocks;
mod describe;
mod inputs;
mod several;
mod workers;

use super::flags::{FlagKind, FlagSpec};
use super::{Context, World, app, tls_probe};
use crate::error::{Error, ErrorKind, Result};
use crate::{inspect, json};
use std::time::Duration;

/// cfssl's patience with `-domain`.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Describes the first target that is named, in cfssl's order: `-cert`, `-csr`, `-domain`, `-serial`
/// with `-aki`.
pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    tls_probe::warn_without_server(context)?;
    if several::is_asked(context) {
        return several::run(context);
    }
    several::warn_of_ignored(context)?;
    let target = |name| Some(context.flags.text(name).to_owned()).filter(|text| !text.is_empty());
    let text = if let Some(path) = target("cert") {
        let input = context.read_secret_input(&path)?;
        let named = |error: Error| error.in_file(file_name(&path));
        let certificate = inspect::read_certificate_pem(&input).map_err(named)?;
        inspect::describe(&certificate).map_err(named)?.to_json_text()
    } else if let Some(path) = target("csr") {
        let input = context.read_secret_input(&path)?;
        let named = |error: Error| error.in_file(file_name(&path));
        let request = inspect::read_csr_pem(&input).map_err(named)?;
        let description = inspect::describe_csr(&request).map_err(named)?;
        json::indented(&description, "  ").replace('\u{fffd}', "\\ufffd") + "\n"
    } else if let Some(domain) = target("domain") {
        let answer = tls_probe::ask(context, &domain, TIMEOUT)?;
        inspect::describe(&answer.certificate)?.to_json_text()
    } else if target("serial").is_some() && target("aki").is_some() {
        return Err(match target("db-config") {
            Some(_) => Error::new(ErrorKind::Unsupported, "the certificate database is not supported yet"),
            None => Error::new(ErrorKind::Usage, "need DB config file (provide with -db-config)"),
        });
    } else {
        return Err(no_target());
    };
    context.write_out(text)
}

fn no_target() -> Error {
    Error::new(
        ErrorKind::Usage,
        "Must specify certinfo target through -cert, -csr, -domain or -serial + -aki",
    )
}

fn file_name(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

/// True where the command line has a target of cfssl's.
fn has_target(context: &Context<'_>) -> bool {
    ["cert", "csr", "domain", "serial"].iter().any(|name| context.flags.has_text(name))
}

const fn text(name: &'static str, description: &'static str) -> FlagSpec {
    FlagSpec { name, kind: FlagKind::Text, default: "", description }
}

/// The flags of `cfssl-certinfo`; cfssl's own lacks `-csr`, `-loglevel` and `-strict`.
const FLAGS: &[FlagSpec] = &[
    text("cert", "Certificate file in PEM, or - for standard input"),
    text("csr", "CSR file in PEM, or - for standard input"),
    text("domain", "Server to ask for its certificate: HOST or HOST:PORT"),
    text("serial", "Serial number of a certificate in the database, in decimal"),
    text("aki", "Authority key identifier of a certificate in the database"),
    text("db-config", "Database configuration file"),
    text("format", "Form of the result: json, jsonl, table or text"),
    text("fields", "Columns of a table, separated by commas, such as name,days,sans"),
    text("now", "Moment the days are counted from, such as 2027-01-31"),
    text("password", "Password of a PKCS #12 file or a keystore: env:VARIABLE, file:PATH or prompt"),
    text("starttls", "Protocol before TLS: ftp, imap, ldap, mysql, pop3, postgres or smtp"),
    text("servername", "Name to ask the server for, instead of the host"),
    text("ip", "Address to connect to, instead of what the host resolves to"),
    text("mutual-tls-client-cert", "Our certificate, for a server that asks for one"),
    text("mutual-tls-client-key", "Private key of -mutual-tls-client-cert"),
    FlagSpec {
        name: "timeout",
        kind: FlagKind::Duration,
        default: "10s",
        description: "The longest a server may take",
    },
    FlagSpec {
        name: "strict",
        kind: FlagKind::Boolean,
        default: "false",
        description: "Exit with status 1 on an error, where cfssl-certinfo exits with 0",
    },
    FlagSpec {
        name: "loglevel",
        kind: FlagKind::Integer,
        default: "1",
        description: "Log level (0 = DEBUG, 5 = FATAL)",
    },
];

/// Runs `cfssl-certinfo` and returns its exit code: as cfssl's, 0 even after an error, unless `-strict` or
/// `CFSSL_STRICT` is given, or the call is one that cfssl does not have; 2 for flags that make no sense.
#[must_use]
pub fn program(mut world: World<'_>) -> u8 {
    let flags = match app::read_flags(&mut world, FLAGS, usage) {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    let without_arguments = world.arguments.is_empty();
    let mut context = Context::new(world, "cfssl-certinfo", flags);
    let is_ours = several::is_asked(&context);
    match run(&mut context) {
        Ok(()) => 0,
        Err(error) if is_ours => {
            context.report(&error);
            app::FAILURE
        }
        Err(error) => {
            context.report(&error);
            if without_arguments {
                context.streams().write_err(usage());
            }
            u8::from(context.strict)
        }
    }
}

fn usage() -> String {
    let mut text = "\tcfssl-certinfo -- say what a certificate or a certificate signing request holds\n\n\
        Usage of cfssl-certinfo:\n  cfssl-certinfo -cert FILE\n  cfssl-certinfo -csr FILE\n  \
        cfssl-certinfo -domain HOST[:PORT] [-starttls PROTOCOL] [-servername NAME] [FLAG ...]\n  \
        cfssl-certinfo [-format json|jsonl|table|text] [-fields LIST] FILE|FOLDER ...\n\n\
        The result is JSON, unless -format or -fields says otherwise.\n\nFlags:\n"
        .to_owned();
    for flag in FLAGS {
        let default = if flag.default.is_empty() { "\"\"" } else { flag.default };
        text.push_str(&format!("  -{}={default}: {}\n", flag.name, flag.description));
    }
    text + "\nExample:\n  cfssl-certinfo -cert server.pem\n"
}
