//! The handshake, up to where the server has said what it thinks of us.

use super::connect::Timed;
use super::failure::Failure;
use super::provider::provider;
use super::recorder::Recorder;
use rustls::pki_types::ServerName;
use rustls::{CipherSuite, ClientConfig, ClientConnection, ProtocolVersion};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a server that says nothing may think about a client certificate: silence is consent.
const SILENCE: Duration = Duration::from_secs(2);

/// How far a handshake got.
#[derive(Debug)]
pub(super) struct Session {
    /// What both sides agreed to, once they did.
    pub(super) version: Option<ProtocolVersion>,
    pub(super) cipher_suite: Option<CipherSuite>,
    /// Why it went no further, unless it was completed.
    pub(super) failure: Option<Failure>,
}

/// Performs the handshake as a client; what the server shows is left with the recorder.
pub(super) fn shake_hands(
    name: ServerName<'static>,
    address: SocketAddr,
    mut stream: Timed,
    seen: &Arc<Recorder>,
) -> std::result::Result<Session, Failure> {
    let tls = |error: rustls::Error| Failure::of_tls(&error);
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Recorder>::clone(seen))
        .with_client_cert_resolver(Arc::<Recorder>::clone(seen));
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(tls)?;
    let mut outcome = complete(&mut connection, address, &mut stream);
    if outcome.is_ok() {
        connection.send_close_notify();
        outcome = match seen.request.get() {
            Some(_) if connection.protocol_version() == Some(ProtocolVersion::TLSv1_3) => {
                hear_verdict(&mut connection, &mut stream)
            }
            _ => {
                // The certificate is here; whether the server hears the farewell does not matter.
                let _ = connection.complete_io(&mut stream);
                Ok(())
            }
        };
    }
    Ok(Session {
        version: connection.protocol_version(),
        cipher_suite: connection.negotiated_cipher_suite().map(|suite| suite.suite()),
        failure: outcome.err(),
    })
}

fn complete(
    connection: &mut ClientConnection,
    address: SocketAddr,
    stream: &mut Timed,
) -> std::result::Result<(), Failure> {
    while connection.is_handshaking() {
        connection.complete_io(stream).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(inner) => Failure::of_tls(inner),
                None => Failure::of_connection(&error, address),
            }
        })?;
    }
    Ok(())
}

/// Under TLS 1.3 the client is done before the server has seen its certificate. The farewell is already on its way, so
/// that a server that does not object ends the connection, too, and nobody waits; only an alert is an objection.
fn hear_verdict(connection: &mut ClientConnection, stream: &mut Timed) -> std::result::Result<(), Failure> {
    stream.deadline = stream.deadline.min(Instant::now() + SILENCE);
    while connection.wants_write() {
        if !connection.write_tls(stream).is_ok_and(|count| count > 0) {
            break;
        }
    }
    while connection.read_tls(stream).is_ok_and(|count| count > 0) {
        match connection.process_new_packets() {
            Ok(state) if state.peer_has_closed() => break,
            Ok(_) => {}
            Err(error @ rustls::Error::AlertReceived(_)) => return Err(Failure::of_tls(&error)),
            Err(_) => break,
        }
    }
    Ok(())
}
