//! `cfssl selfsign`: a key and a certificate that signs itself.

use super::deliver::Delivery;
use super::{Context, places, request};
use crate::json::GoDuration;
use crate::model::SigningProfile;
use crate::signer::{Issuance, Issued, self_sign};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// cfssl prints this without asking `-loglevel`.
const BANNER: &str = "*** WARNING ***

Self-signed certificates are dangerous. Use this self-signed
certificate at your own risk.

It is strongly recommended that these certificates NOT be used
in production.

*** WARNING ***

";

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let path = csr_json(context)?;
    let (request, file) = request::read_from(context, &path)?;
    if context.flags.has_text("hostname") {
        let message = "-hostname has no effect on the certificate: it only stands for the argument HOSTNAME";
        let warning = Warning::new(WarningKind::Ignored, message);
        context.warn(&[warning.hint("write the names into `hosts` of the request")])?;
    }
    let delivery = Delivery::prepare(context, None, places::CERTIFIED)?;
    let (key, csr, mut warnings) =
        request::key_and_csr(context, &request, &file, false).map_err(|error| file.place(error))?;
    let name = context.flags.text("profile").to_owned();
    let profile = match &context.config {
        Some(config) => {
            let (profile, unknown) = config.profile_or_default(&name)?;
            warnings.extend(unknown);
            profile.clone()
        }
        None => SigningProfile { expiry: GoDuration::default(), ..SigningProfile::built_in() },
    };
    let issuance = Issuance::at(context.now())?;
    let mut issued = self_sign(&csr, &key, &profile, issuance).map_err(|error| file.place(error))?;
    warnings.append(&mut issued.warnings);
    context.warn(&warnings)?;
    context.streams().write_err(BANNER);
    let issued = Issued { csr: Some(csr), key: Some(key), ..issued };
    delivery.issued(context, &issued, None, None)
}

/// The second positional. cfssl wants a host name before it and never uses it, unless a flag stands for it.
fn csr_json(context: &Context<'_>) -> Result<String> {
    let positionals = context.flags.positionals();
    let named = context.flags.has_text("hostname") || context.flags.boolean("initca");
    let rest = if named { positionals } else { positionals.get(1..).unwrap_or_default() };
    match rest {
        [path] => Ok(path.clone()),
        [] => Err(Error::new(
            ErrorKind::Usage,
            "not enough arguments are supplied --- please refer to the usage",
        )
        .hint("name the host, then the request's JSON file, or - for standard input")),
        _ => Err(Error::new(ErrorKind::Usage, "too many arguments are provided, please check with usage")),
    }
}
