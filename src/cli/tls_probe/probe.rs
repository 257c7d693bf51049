//! Asking a server for its certificates.

use super::connect::connect;
use super::handshake::shake_hands;
use super::recorder::Recorder;
use super::target::split;
use crate::error::{Error, ErrorKind, Result};
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Asks the server at `HOST[:PORT]` (port 443 if none is given) for its certificate. The name is sent unless
/// it is an address. Nothing is verified. The time covers connection and handshake together.
///
/// # Errors
///
/// [`ErrorKind::Io`] in Go's words: no such host, no connection, no TLS, no answer in time.
pub(crate) fn first_certificate(target: &str, timeout: Duration) -> Result<CertificateDer<'static>> {
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
pub(crate) fn certificates(
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop")]

    use super::super::test_server::{PATIENCE, serve};
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

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
    fn names_a_host_that_is_not_known() {
        let error = first_certificate("nosuch.invalid", PATIENCE).unwrap_err();
        assert_eq!(error.cfssl_text(), "dial tcp: lookup nosuch.invalid: no such host");
    }
}
