//! `certinfo -domain`: the certificate that a TLS server shows, whatever it is worth.

mod connect;
mod failure;
mod handshake;
mod probe;
mod recorder;
mod target;
#[cfg(test)]
mod test_server;

pub(super) use probe::{certificates, first_certificate};
