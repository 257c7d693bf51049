//! What can go wrong with a server: in Go's words, and for people.

use super::probe::TlsProbe;
use super::starttls::StartTls;
use crate::error::{Error, ErrorKind};
use rustls::InvalidMessage;
use std::io;
use std::net::SocketAddr;

/// A fault without the name of its server.
#[derive(Debug)]
pub(super) struct Failure {
    /// Go's words.
    pub(super) words: String,
    pub(super) cause: Cause,
}

/// What people are told, with its reason where there is more than one.
#[derive(Debug)]
pub(super) enum Cause {
    /// The server itself ended the handshake, by an alert.
    Alert(String),
    /// The server ended the handshake after it had asked for a certificate of ours.
    ClientCertificate(String),
    Host,
    Port,
    /// The server did not get as far as TLS.
    StartTls(String),
    Time,
    Tls(String),
}

impl Failure {
    /// A connection that gave no answer in time or was ended, during the handshake.
    pub(super) fn of_connection(error: &io::Error, address: SocketAddr) -> Self {
        if is_timeout(error) {
            return Self { words: format!("read tcp {address}: i/o timeout"), cause: Cause::Time };
        }
        Self { words: "EOF".to_owned(), cause: Cause::Tls("the server ended the connection".to_owned()) }
    }

    /// What the handshake stumbled over.
    pub(super) fn of_tls(error: &rustls::Error) -> Self {
        let reason = error.to_string();
        match error {
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                let words = "tls: first record does not look like a TLS handshake".to_owned();
                Self { words, cause: Cause::Tls(reason) }
            }
            rustls::Error::AlertReceived(_) => {
                Self { words: format!("remote error: tls: {reason}"), cause: Cause::Alert(reason) }
            }
            _ => Self { words: format!("remote error: tls: {reason}"), cause: Cause::Tls(reason) },
        }
    }

    /// The error that tells it, about the server or the address `name`.
    pub(super) fn into_error(self, probe: &TlsProbe, name: &str) -> Error {
        let error = Error::new(ErrorKind::Io, self.words);
        match self.cause {
            Cause::Host => error.explain(format!("{name}: the host is not known")).hint("check the name"),
            Cause::Port => error.explain(format!("{name}: no connection")).hint(format!(
                "check the host and the port, which is {} unless given as HOST:PORT",
                probe.default_port()
            )),
            Cause::Time => error
                .explain(format!("{name}: no answer within {} s", probe.timeout.as_secs_f32()))
                .hint("check the host and the port"),
            Cause::StartTls(reason) => {
                let protocol = probe.starttls.map(StartTls::protocol).unwrap_or_default();
                error
                    .explain(format!("{name}: {protocol} did not lead to TLS: {reason}"))
                    .hint(format!("check that the port speaks {protocol} and that TLS is set up there"))
            }
            Cause::ClientCertificate(reason) if probe.client.is_some() => error
                .explain(format!("{name}: the server does not accept the client certificate: {reason}"))
                .hint("check who issued it, when it expires and whether it has the usage client auth"),
            Cause::ClientCertificate(reason) => error
                .explain(format!("{name}: the server wants a client certificate: {reason}"))
                .hint("give one with -mutual-tls-client-cert and -mutual-tls-client-key"),
            Cause::Alert(reason) | Cause::Tls(reason) => {
                let error = error.explain(format!("{name}: the TLS handshake failed: {reason}"));
                match StartTls::at_port(probe.port()).filter(|_| probe.starttls.is_none()) {
                    Some(kind) => error.hint(format!(
                        "at port {} most servers speak {} first; -starttls {} does, too",
                        probe.port(),
                        kind.protocol(),
                        kind.name()
                    )),
                    None => error.hint("check that the port speaks TLS 1.2 or 1.3"),
                }
            }
        }
    }
}

pub(super) fn is_timeout(error: &io::Error) -> bool {
    // A read that times out "would block" on Unix.
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}
