//! The cryptography of a handshake: what a probe needs of it, and no more.

#[cfg(feature = "aws-lc-rs")]
use crate::keys::P521Agreement;
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::aws_lc_rs as library;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use rustls::crypto::ring as library;
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup};
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
#[cfg(feature = "aws-lc-rs")]
use rustls::ffdhe_groups::FfdheGroup;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
#[cfg(feature = "aws-lc-rs")]
use rustls::{NamedGroup, PeerMisbehaved};
use std::sync::Arc;

/// The parts of the library's own provider that a probe needs. Left out are the verification of signatures, the
/// keys of clients, which are ours already, and the post-quantum exchanges: they would make the program a good deal
/// larger.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: library::DEFAULT_CIPHER_SUITES.to_vec(),
        kx_groups: vec![
            library::kx_group::X25519,
            library::kx_group::SECP256R1,
            library::kx_group::SECP384R1,
            // A server with such a key shows it under TLS 1.2 only to clients that know the curve.
            #[cfg(feature = "aws-lc-rs")]
            &P521,
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

/// Key agreement on P-521, which the library's provider leaves out.
#[cfg(feature = "aws-lc-rs")]
#[derive(Debug)]
struct P521;

#[cfg(feature = "aws-lc-rs")]
impl SupportedKxGroup for P521 {
    fn start(&self) -> std::result::Result<Box<dyn ActiveKeyExchange>, rustls::Error> {
        match P521Agreement::start() {
            Ok(agreement) => Ok(Box::new(UnderWay(agreement))),
            Err(_) => Err(GetRandomFailed.into()),
        }
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

#[cfg(feature = "aws-lc-rs")]
struct UnderWay(P521Agreement);

#[cfg(feature = "aws-lc-rs")]
impl ActiveKeyExchange for UnderWay {
    fn complete(self: Box<Self>, peer: &[u8]) -> std::result::Result<SharedSecret, rustls::Error> {
        let secret = self.0.expose_secret(peer).map_err(|_| PeerMisbehaved::InvalidKeyShare)?;
        Ok(SharedSecret::from(secret.as_slice()))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }

    fn pub_key(&self) -> &[u8] {
        self.0.public_key()
    }
}
