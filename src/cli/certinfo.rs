//! `cfssl certinfo`: what a certificate or a request says.

use super::Context;
use crate::{Error, ErrorKind, Result};

pub(super) fn run(_context: &mut Context<'_>) -> Result<()> {
    Err(Error::new(ErrorKind::Unsupported, "cfssl certinfo is not part of this release yet"))
}
