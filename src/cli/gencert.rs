//! `cfssl gencert`: a key and a certificate from a request.

use super::Context;
use crate::{Error, ErrorKind, Result};

pub(super) fn run(_context: &mut Context<'_>) -> Result<()> {
    Err(Error::new(ErrorKind::Unsupported, "cfssl gencert is not part of this release yet"))
}
