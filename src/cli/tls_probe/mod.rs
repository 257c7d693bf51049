//! What a TLS server shows, whatever it is worth: its certificates, the protocol it agrees to, and whether it wants a
//! certificate of ours. Nothing is verified here.
//!
//! [`ask`] is the whole of it for a command with flags; [`TlsProbe`] is for a caller that knows what it wants.

mod answer;
mod client_certificate;
mod connect;
mod failure;
mod from_flags;
mod handshake;
mod probe;
mod provider;
mod recorder;
mod starttls;
mod target;
#[cfg(test)]
mod test_server;

pub(super) use from_flags::{ask, warn_without_server};
pub(super) use probe::TlsProbe;
