//! `cfssl gencrl`: a CRL from a file of serial numbers.

use super::authority::{AuthorityFile, parse_key};
use super::values::{IntegerFault, parse_integer, quoted};
use super::{Context, request};
use crate::base64;
use crate::model::RevocationReason;
use crate::signer::{RevocationList, read_serial_list};
use crate::x509::{IssuerCertificate, RevokedCertificate};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use time::Duration;

/// The time until the next CRL where none is given, or none at all.
const WEEK: Duration = Duration::days(7);

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let mut positionals = context.flags.positionals().to_vec().into_iter();
    // Each is read before the next is looked for, as in cfssl: it may be the first fault.
    let serial_path = positionals.next().ok_or_else(too_few)?;
    let serial_text = context.read_input(&serial_path).map_err(|error| {
        error.hint("it is to be a file of serial numbers, one decimal number on a line, and may be empty")
    })?;
    let certificate_path = positionals.next().ok_or_else(too_few)?;
    let certificate_pem = context
        .read_input(&certificate_path)
        .map_err(|error| error.hint("it is to be the CA's certificate: the order is SERIALS CERT KEY"))?;
    let key_path = positionals.next().ok_or_else(too_few)?;
    let key_pem = context.read_secret_input(&key_path).map_err(|error| match key_path.as_str() {
        "-" => error,
        _ => error.hint("it is to be the CA's key: the order is SERIALS CERT KEY"),
    })?;
    let until_next = match positionals.next() {
        Some(seconds) => read_seconds(&seconds)?,
        None => WEEK,
    };
    if let Some(extra) = positionals.next() {
        let message = format!("the argument {} after SECONDS has no effect", quoted(&extra));
        context.warn(&[Warning::new(WarningKind::Ignored, message)])?;
    }

    let name = request::input_name(&certificate_path);
    let order = |error: Error| match error.kind() {
        ErrorKind::Strict => error,
        _ => error.in_file(&name).hint("the order is SERIALS CERT KEY"),
    };
    let authority = AuthorityFile::parse(context, &certificate_pem, &name).map_err(order)?;
    let issuer = IssuerCertificate::from_der(authority.certificate.der()).map_err(order)?;
    let name = request::input_name(&key_path);
    let key = parse_key(context, &key_pem, &name)?;
    authority.refuse_key_of_another(&key)?;
    let serial_name = request::input_name(&serial_path);
    let (serials, warnings) = read_serial_list(&serial_text).map_err(|error| error.in_file(&serial_name))?;
    let warnings: Vec<_> = warnings.into_iter().map(|warning| warning.in_file(&serial_name)).collect();
    context.warn(&warnings)?;

    let now = context.now();
    let revoked =
        |serial| RevokedCertificate { serial, revoked_at: now, reason: RevocationReason::UNSPECIFIED };
    let list = RevocationList {
        entries: serials.into_iter().map(revoked).collect(),
        this_update: now,
        next_update: now.saturating_add(until_next),
        // There is no place to keep the last number, but the clock goes on; in seconds, scripts could be faster.
        number: u64::try_from(now.unix_timestamp_nanos()).unwrap_or_default(),
    };
    let crl = list.seal(&issuer, &key).map_err(|error| error.in_file(&name))?;
    context.warn(&crl.warnings)?;
    context.write_out(match context.flags.boolean("pem") {
        true => crl.to_pem(),
        false => base64::encode(&crl.der) + "\n",
    })
}

fn too_few() -> Error {
    Error::new(ErrorKind::Usage, "not enough arguments are supplied --- please refer to the usage")
        .hint("give the files of serial numbers, of the CA certificate and of its key")
}

/// A number of 32 bits as Go's `strconv.ParseInt` reads it; 0 is a week.
fn read_seconds(text: &str) -> Result<Duration> {
    let text = text.trim();
    let seconds = parse_integer(text).and_then(|value| match i32::try_from(value) {
        Ok(value) => Ok(value),
        Err(_) => Err(IntegerFault::Range),
    });
    let fault = |reason: &str, explanation: &str| {
        Error::new(ErrorKind::Usage, format!("strconv.ParseInt: parsing {}: {reason}", quoted(text)))
            .explain(format!("SECONDS is {}, which is {explanation}", quoted(text)))
            .hint("write whole seconds, such as 604800 for a week")
    };
    match seconds {
        Ok(0) => Ok(WEEK),
        Ok(seconds) => Ok(Duration::seconds(seconds.into())),
        Err(IntegerFault::Syntax) => Err(fault("invalid syntax", "not a number")),
        Err(IntegerFault::Range) => Err(fault("value out of range", "beyond 68 years")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_seconds_as_go_does() {
        for (text, seconds) in [
            ("60", 60),
            ("0x3c", 60),
            (" 60\n", 60),
            ("-5", -5),
            ("0", 604_800),
            ("2147483647", 2_147_483_647),
            ("-2147483648", -2_147_483_648),
        ] {
            assert_eq!(read_seconds(text).unwrap(), Duration::seconds(seconds), "{text}");
        }
        for (text, words) in [
            ("1h", r#"strconv.ParseInt: parsing "1h": invalid syntax"#),
            ("", r#"strconv.ParseInt: parsing "": invalid syntax"#),
            ("1.5", r#"strconv.ParseInt: parsing "1.5": invalid syntax"#),
            ("2147483648", r#"strconv.ParseInt: parsing "2147483648": value out of range"#),
            (
                "99999999999999999999",
                r#"strconv.ParseInt: parsing "99999999999999999999": value out of range"#,
            ),
        ] {
            assert_eq!(read_seconds(text).unwrap_err().cfssl_text(), words, "{text}");
        }
    }
}
