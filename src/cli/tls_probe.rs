//! `certinfo -domain`: the certificate that a TLS server shows, whatever it is worth.

use crate::error::{Error, ErrorKind, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::aws_lc_rs as library;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use rustls::crypto::ring as library;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, InvalidMessage, SignatureScheme};
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Asks the server at `HOST[:PORT]` (port 443 if none is given) for its certificate. The name is sent unless
/// it is an address. Nothing is verified. The time covers connection and handshake together.
///
/// # Errors
///
/// [`ErrorKind::Io`] in Go's words: no such host, no connection, no TLS, no answer in time.
pub(super) fn first_certificate(target: &str, timeout: Duration) -> Result<CertificateDer<'static>> {
    let deadline = Instant::now() + timeout;
    let (host, port) = split(target)?;
    let seen = Arc::new(Recorder::default());
    let (stream, address) = connect(host, port, deadline).map_err(|error| error.hint_for(target, timeout))?;
    let outcome = shake_hands(host, address, stream, deadline, &seen);
    // A server that shows its certificate and then wants one of ours has still shown it.
    match (seen.certificate.get(), outcome) {
        (Some(certificate), _) => Ok(certificate.clone()),
        (None, Ok(())) => Err(Error::new(ErrorKind::Io, "received no server certificates")),
        (None, Err(failure)) => Err(failure.hint_for(target, timeout)),
    }
}

/// All certificates of the server at `HOST[:PORT]`, or at `address` under that name, its own first; and the
/// name. Nothing is verified.
///
/// # Errors
///
/// As [`first_certificate`].
pub(super) fn certificates(
    target: &str,
    address: Option<&str>,
    timeout: Duration,
) -> Result<(String, Vec<CertificateDer<'static>>)> {
    let deadline = Instant::now() + timeout;
    let (host, port) = split(target)?;
    let seen = Arc::new(Recorder::default());
    let (stream, peer) = connect(address.unwrap_or(host), port, deadline)
        .map_err(|error| error.hint_for(address.unwrap_or(target), timeout))?;
    let outcome = shake_hands(host, peer, stream, deadline, &seen);
    match (seen.certificate.get(), outcome) {
        (Some(first), _) => {
            let others = seen.others.get().into_iter().flatten().cloned();
            Ok((host.to_owned(), std::iter::once(first.clone()).chain(others).collect()))
        }
        (None, Ok(())) => Err(Error::new(ErrorKind::Io, "received no server certificates")),
        (None, Err(failure)) => Err(failure.hint_for(target, timeout)),
    }
}

/// What went wrong: Go's words, and for people.
struct Failure {
    words: String,
    cause: Cause,
}

enum Cause {
    Host,
    Port,
    Time,
    Tls(String),
}

impl Failure {
    fn hint_for(self, target: &str, timeout: Duration) -> Error {
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

/// `host`, `host:port`, `[::1]`, `[::1]:port` or `::1`.
fn split(target: &str) -> Result<(&str, u16)> {
    const HTTPS: u16 = 443;
    if target.contains('/') {
        let error = Error::new(ErrorKind::Usage, format!("dial tcp: lookup {target}: no such host"));
        return Err(error
            .explain(format!("{target} is a URL where a host is expected"))
            .hint("write HOST or HOST:PORT"));
    }
    let bare = |text: &'_ str| text.starts_with('[') && text.ends_with(']');
    let (host, port) = match target.rsplit_once(':') {
        Some((host, port)) if bare(host) || !host.contains(':') => (host, Some(port)),
        _ => (target, None),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let Some(port) = port else {
        return Ok((host, HTTPS));
    };
    let port = port.parse().map_err(|_| {
        Error::new(ErrorKind::Usage, format!("dial tcp: address {port}: invalid port"))
            .explain(format!("{target}: {port:?} is not a port"))
            .hint("write HOST:PORT with a port from 1 to 65535")
    })?;
    Ok((host, port))
}

fn connect(
    host: &str,
    port: u16,
    deadline: Instant,
) -> std::result::Result<(TcpStream, SocketAddr), Failure> {
    let no_such_host =
        || Failure { words: format!("dial tcp: lookup {host}: no such host"), cause: Cause::Host };
    let addresses = (host, port).to_socket_addrs().map_err(|_| no_such_host())?;
    let mut failure = no_such_host();
    for address in addresses {
        let attempt = remaining(deadline).and_then(|left| TcpStream::connect_timeout(&address, left));
        failure = match attempt {
            Ok(stream) => return Ok((stream, address)),
            Err(error) if is_timeout(&error) => {
                Failure { words: format!("dial tcp {address}: i/o timeout"), cause: Cause::Time }
            }
            Err(error) => Failure {
                words: Error::io("connect:", "", &error).message().replacen(
                    "connect: : ",
                    &format!("dial tcp {address}: connect: "),
                    1,
                ),
                cause: Cause::Port,
            },
        };
    }
    Err(failure)
}

fn shake_hands(
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

fn go_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "tls: first record does not look like a TLS handshake".to_owned()
        }
        error => format!("remote error: tls: {error}"),
    }
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

fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn is_timeout(error: &io::Error) -> bool {
    // A read that times out "would block" on Unix.
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// A connection on which every read and write ends at the deadline.
struct Timed {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(remaining(self.deadline)?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(remaining(self.deadline)?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Keeps the certificates and objects to nothing.
#[derive(Debug, Default)]
struct Recorder {
    certificate: OnceLock<CertificateDer<'static>>,
    others: OnceLock<Vec<CertificateDer<'static>>>,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop")]

    use super::*;
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};

    const PATIENCE: Duration = Duration::from_secs(10);

    /// `openssl s_server`, stopped at the end of the test.
    struct Server {
        child: Child,
        address: String,
        certificate: Vec<u8>,
    }

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn openssl(arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(arguments).output();
        let output = output.expect("openssl is missing: apt-get install openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn serve(key: &[&str], host: &str, options: &[&str]) -> Server {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        let (key_path, certificate_path) = (path("key"), path("certificate"));
        openssl(&[&["genpkey", "-out", &key_path], key].concat());
        let request_path = path("request");
        openssl(&["req", "-new", "-key", &key_path, "-subj", "/CN=odd", "-out", &request_path]);
        // Expired long ago, for a name nobody asks for.
        let (config_path, index_path) = (path("config"), path("index"));
        let config = format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase={index_path}\nnew_certs_dir={}\ndefault_md=default\npolicy=p\n\
             rand_serial=yes\n[p]\ncommonName=supplied\n",
            directory.path().display()
        );
        std::fs::write(&config_path, config).unwrap();
        std::fs::write(&index_path, "").unwrap();
        let issue = ["ca", "-batch", "-selfsign", "-notext", "-config", &config_path, "-in", &request_path];
        let dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
        openssl(&[&issue[..], &dates, &["-keyfile", &key_path, "-out", &certificate_path]].concat());
        let certificate = openssl(&["x509", "-in", &certificate_path, "-outform", "der"]);
        let port =
            TcpListener::bind((host.trim_matches(['[', ']']), 0)).unwrap().local_addr().unwrap().port();
        let address = format!("{host}:{port}");
        let child = Command::new("openssl")
            .args(["s_server", "-quiet", "-accept", &address, "-key", &key_path, "-cert", &certificate_path])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if TcpStream::connect(&address).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Server { child, address, certificate }
    }

    #[test]
    fn shows_the_certificate_of_every_kind_of_server() {
        let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
        let p521 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
        let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
        let cases: [(&[&str], &str, &[&str]); 6] = [
            (&rsa, "127.0.0.1", &["-tls1_2"]),
            (&p256, "127.0.0.1", &["-tls1_3"]),
            (&["-algorithm", "ED25519"], "127.0.0.1", &[]),
            (&p521, "127.0.0.1", &[]),
            (&p256, "127.0.0.1", &["-tls1_2", "-Verify", "1"]),
            (&p256, "[::1]", &[]),
        ];
        for (key, host, options) in cases {
            let server = serve(key, host, options);
            let certificate = first_certificate(&server.address, PATIENCE);
            assert_eq!(certificate.unwrap().as_ref(), server.certificate, "{key:?} {host} {options:?}");
        }
    }

    #[test]
    fn names_a_port_that_nobody_listens_on() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = first_certificate(&address.to_string(), PATIENCE).unwrap_err();
        assert_eq!(error.cfssl_text(), format!("dial tcp {address}: connect: connection refused"));
        assert!(error.to_string().starts_with(&address.to_string()));
    }

    #[test]
    fn waits_no_longer_than_told_for_a_silent_server() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let start = Instant::now();
        let error = first_certificate(&address.to_string(), Duration::from_millis(300)).unwrap_err();
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
        let error = first_certificate(&address, Duration::from_millis(500)).unwrap_err();
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
            let error = first_certificate(&address, PATIENCE).unwrap_err();
            server.join().unwrap();
            assert!(error.cfssl_text().contains(words), "{error:?}");
        }
    }

    #[test]
    fn splits_hosts_from_ports() {
        let cases = [
            ("example.com", ("example.com", 443)),
            ("example.com:8443", ("example.com", 8443)),
            ("[::1]", ("::1", 443)),
            ("[::1]:1", ("::1", 1)),
            ("::1", ("::1", 443)),
            ("10.0.0.1:2379", ("10.0.0.1", 2379)),
        ];
        for (target, expected) in cases {
            assert_eq!(split(target), Ok(expected));
        }
        assert!(split("https://example.com/").unwrap_err().to_string().contains("is a URL"));
        assert!(split("example.com:https").unwrap_err().to_string().contains("is not a port"));
        assert!(split("example.com:65536").is_err());
    }

    #[test]
    fn names_a_host_that_is_not_known() {
        let error = first_certificate("nosuch.invalid", PATIENCE).unwrap_err();
        assert_eq!(error.cfssl_text(), "dial tcp: lookup nosuch.invalid: no such host");
    }
}
