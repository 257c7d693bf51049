//! What a server showed.

use crate::error::Error;
use rustls::pki_types::CertificateDer;
use std::net::SocketAddr;

/// What a server showed. Nothing of it is verified.
#[derive(Debug)]
pub(crate) struct TlsAnswer {
    /// Whose certificate was wanted: the name that was sent, or else the host as it was written.
    pub(crate) host: String,
    /// The name that was sent (RFC 6066 section 3); an address is not.
    pub(crate) server_name: Option<String>,
    /// Who answered.
    pub(crate) peer: SocketAddr,
    /// `TLS 1.2` or `TLS 1.3`.
    pub(crate) version: &'static str,
    /// The cipher suite by its registered name, such as `TLS_AES_128_GCM_SHA256`.
    pub(crate) cipher_suite: String,
    /// The server's own certificate.
    pub(crate) certificate: CertificateDer<'static>,
    /// The others, in the order they were shown.
    pub(crate) others: Vec<CertificateDer<'static>>,
    /// The server's request for a certificate of ours, if it asked.
    pub(crate) certificate_request: Option<CertificateRequest>,
    /// Why the handshake was not completed, although the certificates had been shown.
    pub(crate) failure: Option<Error>,
}

impl TlsAnswer {
    /// All certificates in the order they were shown, the server's own first.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        std::iter::once(&self.certificate).chain(&self.others)
    }

    /// One line about the handshake.
    pub(super) fn summary(&self) -> String {
        let request = match &self.certificate_request {
            None => "no client certificate wanted".to_owned(),
            Some(request) => {
                let sent = if request.answered { "sent" } else { "not sent" };
                format!(
                    "client certificate wanted (authorities named: {}) and {sent}",
                    request.authorities.len()
                )
            }
        };
        format!(
            "{} answered for {} (name sent: {}): {}, {}, certificates shown: {}, {request}, handshake {}",
            self.peer,
            self.host,
            self.server_name.as_deref().unwrap_or("none"),
            self.version,
            self.cipher_suite,
            self.certificates().count(),
            if self.failure.is_none() { "completed" } else { "not completed" }
        )
    }
}

/// The server's request for a certificate of ours (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateRequest {
    /// The authorities the server accepts, each the DER of a name; none where it does not say.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// True where a certificate was sent: there is one, and its key makes a signature that the server reads.
    pub(crate) answered: bool,
}
