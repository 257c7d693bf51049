//! What the server shows and asks for, kept.

use super::answer::CertificateRequest;
use super::client_certificate::ClientIdentity;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, SignatureScheme};
use std::sync::{Arc, OnceLock};

/// Keeps the certificates and objects to nothing.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pub(super) certificate: OnceLock<CertificateDer<'static>>,
    pub(super) others: OnceLock<Vec<CertificateDer<'static>>>,
    pub(super) request: OnceLock<CertificateRequest>,
    pub(super) client: Option<ClientIdentity>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        self.certificate.get_or_init(|| end_entity.clone().into_owned());
        self.others.get_or_init(|| others.iter().map(|other| other.clone().into_owned()).collect());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    /// All of them: a server picks its certificate by what we claim to understand.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::ECDSA_NISTP521_SHA512,
            SignatureScheme::ED25519,
            SignatureScheme::ED448,
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
            SignatureScheme::ECDSA_SHA1_Legacy,
            SignatureScheme::RSA_PKCS1_SHA1,
        ]
    }
}

impl ResolvesClientCert for Recorder {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let key = self.client.as_ref().map(ClientIdentity::certified_key);
        self.request.get_or_init(|| CertificateRequest {
            authorities: authorities.iter().map(|name| name.to_vec()).collect(),
            answered: key.is_some_and(|key| key.key.choose_scheme(schemes).is_some()),
        });
        key.cloned()
    }

    fn has_certs(&self) -> bool {
        self.client.is_some()
    }
}
