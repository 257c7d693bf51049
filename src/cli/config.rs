//! `-config`: loaded and checked before any command runs.

use super::app::FAILURE;
use super::{Context, input};
use crate::model::SigningConfig;
use crate::{Error, ErrorKind, Result};

/// Loads the file that `-config` names into [`Context::config`], and tells its warnings.
///
/// # Errors
///
/// [`ErrorKind::InvalidPolicy`] where it cannot be read or is not valid; [`ErrorKind::Strict`].
pub(super) fn load(context: &mut Context<'_>) -> Result<()> {
    let path = context.flags.text("config").to_owned();
    if path.is_empty() {
        return Ok(());
    }
    let text = input::read_file(&path).map_err(|error| {
        Error::new(ErrorKind::InvalidPolicy, "could not read configuration file")
            .explain(format!("could not read the configuration: {}", error.message()))
            .hint("-config names a JSON file; `cfssl print-defaults config` prints one")
    })?;
    let (config, mut warnings) =
        SigningConfig::from_json_with_warnings(&text).map_err(|error| error.in_file(&path))?;
    warnings = warnings.into_iter().map(|warning| warning.in_file(&path)).collect();
    context.warn(&warnings)?;
    context.config = Some(config);
    Ok(())
}

/// Tells why [`load`] failed. cfssl ends this line without a newline; so do we.
pub(super) fn report(context: &mut Context<'_>, error: &Error) -> u8 {
    context.explain(error);
    let text = format!("Failed to load config file: {}", error.cfssl_text());
    context.streams().write_err(text);
    FAILURE
}
