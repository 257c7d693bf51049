//! `-config`: loaded and checked before any command runs.

use super::app::FAILURE;
use super::json_file::JsonFile;
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
    let read = SigningConfig::from_json_with_warnings(&text);
    let file = JsonFile::new(path, text);
    let (config, warnings) = read.map_err(|error| file.place(error))?;
    context.warn(&file.place_warnings(warnings))?;
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
