//! A question to a server, and its answer.

use super::answer::TlsAnswer;
use super::client_certificate::ClientIdentity;
use super::connect::connect;
use super::failure::{Cause, Failure};
use super::handshake::shake_hands;
use super::recorder::Recorder;
use super::starttls::StartTls;
use super::target::{split, without_brackets};
use crate::error::{Error, ErrorKind, Result};
use crate::json;
use rustls::ProtocolVersion;
use rustls::pki_types::{DnsName, ServerName};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The port of TLS from the start.
const HTTPS: u16 = 443;

/// Nobody waits longer, whatever they say.
const DAY: Duration = Duration::from_secs(86_400);

/// A server to ask, and how.
#[derive(Debug)]
pub(crate) struct TlsProbe {
    target: String,
    host: String,
    port: u16,
    server_name: Option<DnsName<'static>>,
    /// Where to connect, instead of what the host resolves to: an address, or another name.
    pub(crate) address: Option<String>,
    /// The protocol that leads to TLS, unless the connection begins with it.
    pub(crate) starttls: Option<StartTls>,
    /// The certificate for a server that asks for one.
    pub(crate) client: Option<ClientIdentity>,
    /// For the look-up, the connection, the way to TLS and the handshake together.
    pub(crate) timeout: Duration,
}

impl TlsProbe {
    /// A probe of the server at `HOST[:PORT]`; the port is 443, or that of the protocol that leads to TLS, if none is
    /// given. The name of the host is sent unless it is an address.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for a target that is no host and port.
    pub(crate) fn new(target: &str, starttls: Option<StartTls>, timeout: Duration) -> Result<Self> {
        let (host, port) = split(target, default_port(starttls))?;
        Ok(Self {
            target: target.to_owned(),
            host: host.to_owned(),
            port,
            server_name: None,
            address: None,
            starttls,
            client: None,
            timeout,
        })
    }

    /// Sends `name` instead of the name of the host.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for what is no name of a host, such as an address.
    pub(crate) fn with_server_name(mut self, name: &str) -> Result<Self> {
        let server_name = DnsName::try_from(name.to_owned()).map_err(|_| {
            let words = format!("{} is not a name that a server can be asked for", json::quote(name));
            Error::new(ErrorKind::Usage, words)
                .hint("write a DNS name without wildcards; addresses are not sent")
        })?;
        self.server_name = Some(server_name);
        Ok(self)
    }

    /// Connects, and takes what the server shows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] in Go's words where no certificate was shown: no such host, no connection, no TLS, no answer
    /// in time.
    pub(crate) fn ask(&self) -> Result<TlsAnswer> {
        let deadline = Instant::now() + self.timeout.min(DAY);
        let address = self.address.as_deref().map(without_brackets);
        let (mut stream, peer) = connect(address.unwrap_or(&self.host), self.port, deadline)
            .map_err(|failure| failure.into_error(self, address.unwrap_or(&self.target)))?;
        let failed = |failure: Failure| failure.into_error(self, &self.target);
        if let Some(starttls) = self.starttls {
            starttls.negotiate(&mut stream, peer).map_err(failed)?;
        }
        let seen = Arc::new(Recorder { client: self.client.clone(), ..Recorder::default() });
        let name = self.name(peer);
        let server_name = match &name {
            ServerName::DnsName(name) => Some(name.as_ref().to_owned()),
            _ => None,
        };
        let session = shake_hands(name, peer, stream, &seen).map_err(failed)?;
        let certificate_request = seen.request.get().cloned();
        let failure = session.failure.map(|failure| match failure.cause {
            Cause::Alert(reason) if certificate_request.is_some() => {
                Failure { cause: Cause::ClientCertificate(reason), ..failure }
            }
            _ => failure,
        });
        // A server that shows its certificate and then wants one of ours has still shown it.
        let Some(certificate) = seen.certificate.get().cloned() else {
            return Err(match failure {
                Some(failure) => failed(failure),
                None => Error::new(ErrorKind::Io, "received no server certificates"),
            });
        };
        Ok(TlsAnswer {
            host: server_name.clone().unwrap_or_else(|| self.host.clone()),
            server_name,
            peer,
            version: match session.version {
                Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS 1.3",
            },
            cipher_suite: session
                .cipher_suite
                .and_then(|suite| suite.as_str())
                .unwrap_or_default()
                .replacen("TLS13_", "TLS_", 1),
            certificate,
            others: seen.others.get().cloned().unwrap_or_default(),
            certificate_request,
            failure: failure.map(failed),
        })
    }

    /// The port that is asked.
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// The port where none is given.
    pub(super) fn default_port(&self) -> u16 {
        default_port(self.starttls)
    }

    fn name(&self, peer: SocketAddr) -> ServerName<'static> {
        if let Some(name) = &self.server_name {
            return ServerName::DnsName(name.clone());
        }
        // What is no name for a certificate is not sent either.
        match self.host.parse::<IpAddr>() {
            Ok(address) => ServerName::from(address),
            Err(_) => ServerName::try_from(self.host.clone()).unwrap_or_else(|_| ServerName::from(peer.ip())),
        }
    }
}

fn default_port(starttls: Option<StartTls>) -> u16 {
    starttls.map_or(HTTPS, StartTls::port)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

    use super::super::test_server::{P256, Pki, front};
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn ask(target: &str, timeout: Duration) -> Result<TlsAnswer> {
        TlsProbe::new(target, None, timeout)?.ask()
    }

    #[test]
    fn shows_the_certificate_of_every_kind_of_server() {
        let p521 = "-newkey ec -pkeyopt ec_paramgen_curve:P-521";
        let cases = vec![
            ("-newkey rsa:2048", "127.0.0.1", "-tls1_2"),
            (P256, "127.0.0.1", "-tls1_3"),
            ("-newkey ed25519", "127.0.0.1", ""),
            (p521, "127.0.0.1", ""),
            #[cfg(feature = "aws-lc-rs")]
            (p521, "127.0.0.1", "-tls1_2"),
            #[cfg(feature = "aws-lc-rs")]
            (P256, "127.0.0.1", "-groups P-521"),
            (P256, "127.0.0.1", "-tls1_2 -Verify 1"),
            (P256, "[::1]", ""),
        ];
        let pki = Pki::new();
        for (key, host, options) in cases {
            pki.self_sign_expired("odd", key);
            let server = pki.serve(host, "odd", options);
            let answer = ask(&server.address, PATIENCE).unwrap();
            assert_eq!(answer.certificate.as_ref(), pki.der("odd"), "{key:?} {host} {options:?}");
        }
    }

    #[test]
    fn shows_the_chain_in_its_order_and_what_was_agreed_to() {
        let pki = Pki::new();
        pki.issue("node", "issuer", P256, "");
        let chain = ["node", "root", "issuer"].map(|name| pki.der(name));
        pki.shell("cat root.pem issuer.pem > others.pem");
        for (options, version, suite) in [
            (
                "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256",
                "TLS 1.2",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            ),
            ("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", "TLS 1.3", "TLS_AES_256_GCM_SHA384"),
        ] {
            let server = pki.serve("127.0.0.1", "node", &format!("-cert_chain others.pem {options}"));
            let answer = ask(&server.address, PATIENCE).unwrap();
            assert!(answer.certificates().map(AsRef::<[u8]>::as_ref).eq(&chain), "{options}");
            assert_eq!((answer.version, answer.cipher_suite.as_str()), (version, suite));
            assert_eq!(answer.peer.to_string(), server.address);
            assert_eq!((answer.host.as_str(), answer.server_name), ("127.0.0.1", None));
            assert_eq!((answer.certificate_request, answer.failure), (None, None));
        }
    }

    #[test]
    fn the_name_that_is_sent_picks_the_certificate() {
        let pki = Pki::new();
        pki.issue("node", "issuer", P256, "");
        pki.issue("other", "issuer", P256, "");
        let (node, other) = (pki.der("node"), pki.der("other"));
        let named = "-servername Other.example -cert2 other.pem -key2 other-key.pem";
        let server = pki.serve("[::1]", "node", named);
        let port = server.address.rsplit_once(':').unwrap().1;
        for (host, name, sent, shown) in [
            ("[::1]", None, None, &node),
            ("[::1]", Some("other.example"), Some("other.example"), &other),
            ("node.example", Some("other.example"), Some("other.example"), &other),
            ("other.example", None, Some("other.example"), &other),
            ("other.example", Some("node.example"), Some("node.example"), &node),
            // What is no name for a certificate is not sent.
            ("other example", None, None, &node),
        ] {
            let mut probe = TlsProbe::new(&format!("{host}:{port}"), None, PATIENCE).unwrap();
            probe.address = Some("[::1]".to_owned());
            if let Some(name) = name {
                probe = probe.with_server_name(name).unwrap();
            }
            let answer = probe.ask().unwrap();
            assert_eq!(answer.server_name.as_deref(), sent, "{host} {name:?}");
            assert_eq!(answer.host, sent.unwrap_or(without_brackets(host)));
            assert_eq!(answer.certificate.as_ref(), shown, "{host} {name:?}");
        }
    }

    #[test]
    fn refuses_to_send_what_is_no_name() {
        for name in ["10.0.0.1", "::1", "*.example", "two words", ""] {
            let probe = TlsProbe::new("localhost", None, PATIENCE).unwrap();
            let error = probe.with_server_name(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{name}");
        }
    }

    #[test]
    fn names_a_port_that_nobody_listens_on() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = ask(&address.to_string(), PATIENCE).unwrap_err();
        assert_eq!(error.cfssl_text(), format!("dial tcp {address}: connect: connection refused"));
        assert!(error.to_string().starts_with(&address.to_string()));
    }

    #[test]
    fn waits_no_longer_than_told_for_a_silent_server() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let start = Instant::now();
        let error = ask(&address.to_string(), Duration::from_millis(300)).unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(error.cfssl_text(), format!("read tcp {address}: i/o timeout"));
        assert!(error.to_string().contains("no answer within 0.3 s"), "{error}");
    }

    #[test]
    fn waits_no_longer_than_told_for_a_server_that_trickles() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // A handshake record of 16,000 bytes, one at a time.
            let _ = stream.write_all(&[22, 3, 3, 0x3e, 0x80, 2, 0, 0x3e, 0x7c]);
            while stream.write_all(&[0]).is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let start = Instant::now();
        let error = ask(&address, Duration::from_millis(500)).unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(5), "{error}");
    }

    #[test]
    fn names_a_server_without_tls() {
        for (speech, words) in [
            (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "first record does not look like a TLS handshake"),
            (b"", "EOF"),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap().to_string();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut hello = [0; 5];
                stream.read_exact(&mut hello).unwrap();
                let mut rest = vec![0; usize::from(u16::from_be_bytes([hello[3], hello[4]]))];
                stream.read_exact(&mut rest).unwrap();
                stream.write_all(speech).unwrap();
            });
            let error = ask(&address, PATIENCE).unwrap_err();
            server.join().unwrap();
            assert!(error.cfssl_text().contains(words), "{error:?}");
            assert!(error.to_string().contains("check that the port speaks TLS"), "{error}");
        }
    }

    #[test]
    fn points_to_starttls_at_the_ports_that_want_it() {
        let address = front(None, &[(b"", b"220 mail.example ESMTP\r\n")]);
        let mut probe = TlsProbe::new(&address, None, PATIENCE).unwrap();
        let hint = "; at port 587 most servers speak SMTP first; -starttls smtp does, too";
        assert!(!probe.ask().unwrap_err().to_string().contains("-starttls"));
        probe.port = 587;
        let failure = Failure::of_tls(&rustls::Error::HandshakeNotComplete);
        assert!(failure.into_error(&probe, "x").to_string().ends_with(hint));
        probe.starttls = Some(StartTls::Smtp);
        let failure = Failure::of_tls(&rustls::Error::HandshakeNotComplete);
        assert!(!failure.into_error(&probe, "x").to_string().contains("-starttls"));
    }

    #[test]
    fn names_a_host_that_is_not_known() {
        let error = ask("nosuch.invalid", PATIENCE).unwrap_err();
        assert_eq!(error.cfssl_text(), "dial tcp: lookup nosuch.invalid: no such host");
    }
}
