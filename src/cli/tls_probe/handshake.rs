//! The handshake, with the parts of TLS that a probe needs.

use super::connect::{Timed, is_timeout};
use super::failure::{Cause, Failure, go_words};
use super::recorder::Recorder;
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::aws_lc_rs as library;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use rustls::crypto::ring as library;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ClientConnection};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant;

pub(super) fn shake_hands(
    host: &str,
    address: SocketAddr,
    stream: TcpStream,
    deadline: Instant,
    seen: &Arc<Recorder>,
) -> std::result::Result<(), Failure> {
    let tls =
        |error: rustls::Error| Failure { words: go_words(&error), cause: Cause::Tls(error.to_string()) };
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Recorder>::clone(seen))
        .with_no_client_auth();
    // What is no name for a certificate is not sent either.
    let name = match host.parse::<IpAddr>() {
        Ok(address) => ServerName::from(address),
        Err(_) => ServerName::try_from(host.to_owned()).unwrap_or_else(|_| ServerName::from(address.ip())),
    };
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(tls)?;
    let mut stream = Timed { stream, deadline };
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(|error| {
            if is_timeout(&error) {
                return Failure { words: format!("read tcp {address}: i/o timeout"), cause: Cause::Time };
            }
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(inner) => tls(inner.clone()),
                None => Failure {
                    words: "EOF".to_owned(),
                    cause: Cause::Tls("the server ended the connection".to_owned()),
                },
            }
        })?;
    }
    connection.send_close_notify();
    // The certificate is here; whether the server hears the farewell does not matter.
    let _ = connection.complete_io(&mut stream);
    Ok(())
}

/// The parts of the library's own provider that a probe needs. Left out are the verification of signatures, the
/// keys of clients and the post-quantum exchanges, which would make the program a good deal larger.
fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: library::DEFAULT_CIPHER_SUITES.to_vec(),
        kx_groups: vec![
            library::kx_group::X25519,
            library::kx_group::SECP256R1,
            library::kx_group::SECP384R1,
        ],
        signature_verification_algorithms: WebPkiSupportedAlgorithms { all: &[], mapping: &[] },
        secure_random: &Machine,
        key_provider: &Machine,
    }
}

/// What the provider asks of the machine around it.
#[derive(Debug)]
struct Machine;

impl SecureRandom for Machine {
    fn fill(&self, buffer: &mut [u8]) -> std::result::Result<(), GetRandomFailed> {
        crate::keys::random(buffer).map_err(|_| GetRandomFailed)
    }
}

impl KeyProvider for Machine {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> std::result::Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("a probe has no key of its own".to_owned()))
    }
}
