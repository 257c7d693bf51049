//! Our certificate for a server that asks for one, and the signature that goes with it.

use crate::bundle::ChainCertificate;
use crate::error::{Error, ErrorKind, Result};
use crate::keys::{Curve, KeyAlgorithm, PrivateKey, SignatureAlgorithm, SigningKey as _};
use crate::x509::public_keys_match;
use rustls::SignatureScheme;
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use std::sync::Arc;

/// A certificate with those above it, and its private key.
#[derive(Debug, Clone)]
pub(crate) struct ClientIdentity(Arc<CertifiedKey>);

impl ClientIdentity {
    /// The identity of `chain`, the certificate of the key first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PrivateKeyMismatch`] where the key is not that of the first certificate: most servers would end
    /// the handshake without saying why.
    pub(crate) fn new(chain: Vec<ChainCertificate>, key: PrivateKey) -> Result<Self> {
        let first = chain.first().map(|certificate| certificate.subject_public_key_info.as_slice());
        if !first.is_some_and(|public| public_keys_match(public, key.subject_public_key_info())) {
            return Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .explain("the private key does not belong to the client certificate"));
        }
        let chain = chain.into_iter().map(|certificate| CertificateDer::from(certificate.der)).collect();
        Ok(Self(Arc::new(CertifiedKey::new(chain, Arc::new(Key(Arc::new(key)))))))
    }

    pub(super) fn certified_key(&self) -> &Arc<CertifiedKey> {
        &self.0
    }
}

/// Our key as rustls wants keys.
#[derive(Debug)]
struct Key(Arc<PrivateKey>);

impl Key {
    /// The signatures the key makes, the best for most servers first.
    fn schemes(&self) -> &'static [(SignatureScheme, SignatureAlgorithm)] {
        match self.0.algorithm() {
            KeyAlgorithm::Ecdsa(Curve::P256) => {
                &[(SignatureScheme::ECDSA_NISTP256_SHA256, SignatureAlgorithm::EcdsaSha256)]
            }
            KeyAlgorithm::Ecdsa(Curve::P384) => {
                &[(SignatureScheme::ECDSA_NISTP384_SHA384, SignatureAlgorithm::EcdsaSha384)]
            }
            KeyAlgorithm::Ecdsa(Curve::P521) => {
                &[(SignatureScheme::ECDSA_NISTP521_SHA512, SignatureAlgorithm::EcdsaSha512)]
            }
            KeyAlgorithm::Ed25519 => &[(SignatureScheme::ED25519, SignatureAlgorithm::Ed25519)],
            KeyAlgorithm::Rsa { .. } => &[
                (SignatureScheme::RSA_PSS_SHA256, SignatureAlgorithm::RsaPssSha256),
                (SignatureScheme::RSA_PSS_SHA384, SignatureAlgorithm::RsaPssSha384),
                (SignatureScheme::RSA_PSS_SHA512, SignatureAlgorithm::RsaPssSha512),
                (SignatureScheme::RSA_PKCS1_SHA256, SignatureAlgorithm::RsaSha256),
                (SignatureScheme::RSA_PKCS1_SHA384, SignatureAlgorithm::RsaSha384),
                (SignatureScheme::RSA_PKCS1_SHA512, SignatureAlgorithm::RsaSha512),
            ],
        }
    }
}

impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let (scheme, algorithm) = self.schemes().iter().find(|(scheme, _)| offered.contains(scheme))?;
        Some(Box::new(Hand { key: Arc::clone(&self.0), scheme: *scheme, algorithm: *algorithm }))
    }

    fn algorithm(&self) -> rustls::SignatureAlgorithm {
        match self.0.algorithm() {
            KeyAlgorithm::Ecdsa(_) => rustls::SignatureAlgorithm::ECDSA,
            KeyAlgorithm::Ed25519 => rustls::SignatureAlgorithm::ED25519,
            KeyAlgorithm::Rsa { .. } => rustls::SignatureAlgorithm::RSA,
        }
    }
}

/// A key that is about to sign in the one way that was chosen.
#[derive(Debug)]
struct Hand {
    key: Arc<PrivateKey>,
    scheme: SignatureScheme,
    algorithm: SignatureAlgorithm,
}

impl Signer for Hand {
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, rustls::Error> {
        self.key
            .sign_with(self.algorithm, message)
            .map_err(|error| rustls::Error::General(error.message().to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::super::answer::TlsAnswer;
    use super::super::probe::TlsProbe;
    use super::super::test_server::{P256, Pki, Server};
    use super::*;
    use crate::bundle::read_certificates;
    use std::time::Duration;

    const VERSIONS: [&str; 2] = ["-tls1_2", "-tls1_3"];

    fn identity(pki: &Pki, chain: &str, key: &str) -> Result<ClientIdentity> {
        let chain = read_certificates(&pki.read(chain)).unwrap();
        ClientIdentity::new(chain, PrivateKey::from_pem(&pki.read(key), None).unwrap())
    }

    fn ask(server: &Server, client: Option<ClientIdentity>) -> TlsAnswer {
        let mut probe = TlsProbe::new(&server.address, None, Duration::from_secs(10)).unwrap();
        probe.client = client;
        probe.ask().unwrap()
    }

    /// A server that takes only clients whose certificates come from the root.
    fn strict(pki: &Pki, options: &str) -> Server {
        pki.serve("127.0.0.1", "node", &format!("-Verify 4 -verify_return_error -CAfile root.pem {options}"))
    }

    fn pki() -> Pki {
        let pki = Pki::new();
        pki.issue("node", "issuer", P256, "");
        pki
    }

    #[test]
    fn a_server_that_wants_a_client_certificate_takes_that_of_every_key() {
        let pki = pki();
        let curve = |name: &str| format!("-newkey ec -pkeyopt ec_paramgen_curve:{name}");
        let mut keys =
            vec![curve("P-256"), curve("P-384"), "-newkey ed25519".to_owned(), "-newkey rsa:2048".to_owned()];
        if cfg!(feature = "aws-lc-rs") {
            keys.push(curve("P-521"));
        }
        let servers = VERSIONS.map(|version| strict(&pki, version));
        let root = read_certificates(&pki.read("root.pem")).unwrap().remove(0);
        for key in keys {
            pki.issue("client", "issuer", &key, "");
            pki.shell("cat client.pem issuer.pem > chain.pem");
            for server in &servers {
                let answer = ask(server, Some(identity(&pki, "chain.pem", "client-key.pem").unwrap()));
                assert_eq!(answer.failure, None, "{key} {}", answer.version);
                let request = answer.certificate_request.unwrap();
                assert!(request.answered, "{key} {}", answer.version);
                assert_eq!(request.authorities.len(), 1);
                for authority in request.authorities {
                    assert!(root.der.windows(authority.len()).any(|part| part == authority));
                }
            }
        }
    }

    #[test]
    fn signs_in_the_way_the_server_understands() {
        let pki = pki();
        pki.issue("client", "root", "-newkey rsa:2048", "");
        for algorithms in ["RSA+SHA256", "RSA+SHA384", "RSA+SHA512", "RSA-PSS+SHA384", "RSA-PSS+SHA512"] {
            let server = strict(&pki, &format!("-tls1_2 -client_sigalgs {algorithms}"));
            let answer = ask(&server, Some(identity(&pki, "client.pem", "client-key.pem").unwrap()));
            assert_eq!(answer.failure, None, "{algorithms}");
        }
        let server = strict(&pki, "-tls1_2 -client_sigalgs ECDSA+SHA256");
        let answer = ask(&server, Some(identity(&pki, "client.pem", "client-key.pem").unwrap()));
        assert!(!answer.certificate_request.unwrap().answered);
        assert!(answer.failure.is_some());
    }

    #[test]
    fn a_server_that_refuses_us_has_still_shown_its_certificate() {
        let pki = pki();
        pki.self_sign_expired("stranger", P256);
        let node = pki.der("node");
        for version in VERSIONS {
            let server = strict(&pki, version);
            let answer = ask(&server, None);
            assert_eq!(answer.certificate.as_ref(), node);
            assert!(!answer.certificate_request.unwrap().answered);
            let failure = answer.failure.unwrap().to_string();
            assert!(failure.contains("the server wants a client certificate"), "{version}: {failure}");
            assert!(failure.contains("-mutual-tls-client-cert"), "{version}: {failure}");
            let answer = ask(&server, Some(identity(&pki, "stranger.pem", "stranger-key.pem").unwrap()));
            assert_eq!(answer.certificate.as_ref(), node);
            assert!(answer.certificate_request.unwrap().answered);
            let failure = answer.failure.unwrap().to_string();
            assert!(failure.contains("does not accept the client certificate"), "{version}: {failure}");
        }
    }

    #[test]
    fn a_server_that_only_asks_is_content_without_a_certificate() {
        let pki = pki();
        for version in VERSIONS {
            let server = pki.serve("127.0.0.1", "node", &format!("-verify 1 {version}"));
            let answer = ask(&server, None);
            assert_eq!(answer.failure, None);
            assert!(!answer.certificate_request.unwrap().answered);
        }
    }

    #[test]
    fn refuses_a_key_of_another_certificate_before_it_connects() {
        let pki = pki();
        let error = identity(&pki, "node.pem", "issuer-key.pem").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PrivateKeyMismatch);
        assert!(error.to_string().contains("does not belong to the client certificate"), "{error}");
        assert_eq!(
            ClientIdentity::new(Vec::new(), PrivateKey::generate(KeyAlgorithm::Ed25519).unwrap())
                .unwrap_err()
                .kind(),
            ErrorKind::PrivateKeyMismatch
        );
    }
}
