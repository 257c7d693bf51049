//! What can go wrong with a server.

use crate::error::{Error, ErrorKind};
use rustls::InvalidMessage;
use std::time::Duration;

/// What went wrong: Go's words, and for people.
pub(super) struct Failure {
    pub(super) words: String,
    pub(super) cause: Cause,
}

pub(super) enum Cause {
    Host,
    Port,
    Time,
    Tls(String),
}

impl Failure {
    pub(super) fn hint_for(self, target: &str, timeout: Duration) -> Error {
        let error = Error::new(ErrorKind::Io, self.words);
        match self.cause {
            Cause::Host => error.explain(format!("{target}: the host is not known")).hint("check the name"),
            Cause::Port => error
                .explain(format!("{target}: no connection"))
                .hint("check the host and the port, which is 443 unless given as HOST:PORT"),
            Cause::Time => error
                .explain(format!("{target}: no answer within {} s", timeout.as_secs_f32()))
                .hint("check the host and the port"),
            Cause::Tls(reason) => error
                .explain(format!("{target}: the TLS handshake failed: {reason}"))
                .hint("check that the port speaks TLS 1.2 or 1.3"),
        }
    }
}

pub(super) fn go_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "tls: first record does not look like a TLS handshake".to_owned()
        }
        error => format!("remote error: tls: {error}"),
    }
}
