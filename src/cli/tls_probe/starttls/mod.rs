//! From plain text to TLS, for protocols that begin without it.

mod binary;
mod kind;
mod text;
mod wire;

pub(crate) use kind::StartTls;
