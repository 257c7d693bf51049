//! The commands that need the certificate database and nothing else: `cfssl crl` and `cfssl ocspdump`.

use super::Context;
use super::log::Level;
use crate::{Error, ErrorKind, Result};

/// `cfssl crl` logs what is missing, prints an empty line and exits with 0; strictly, that is an error.
pub(super) fn crl(context: &mut Context<'_>) -> Result<()> {
    for (flag, words) in [
        ("ca", "need CA certificate (provide one with -ca)"),
        ("ca-key", "need CA key (provide one with -ca-key)"),
        ("db-config", "no Database specified!"),
    ] {
        if context.flags.has_text(flag) {
            continue;
        }
        if context.strict {
            return Err(Error::new(ErrorKind::Strict, words));
        }
        context.log(Level::Error, words);
        return context.write_out("\n");
    }
    Err(needs_database("crl").hint("`cfssl gencrl` makes a CRL from a file of serial numbers"))
}

pub(super) fn ocspdump(context: &mut Context<'_>) -> Result<()> {
    if !context.flags.has_text("db-config") {
        return Err(Error::new(ErrorKind::Usage, "need DB config file (provide with -db-config)"));
    }
    Err(needs_database("ocspdump").hint("`cfssl ocspsign` makes a response for one certificate"))
}

fn needs_database(command: &str) -> Error {
    let message = format!("cfssl {command} needs the certificate database, which this release does not have");
    Error::new(ErrorKind::Unsupported, message)
}
