//! `cfssl version` and `cfssljson -version`.

use super::Context;
use crate::Result;

/// Both lines: the cfssl that is stood in for, because scripts compare it, and what really runs.
pub const TEXT: &str = concat!("Version: 1.6.5\nRuntime: certmint ", env!("CARGO_PKG_VERSION"), "\n");

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    context.write_out(TEXT)
}
