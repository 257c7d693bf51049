//! The plain text before TLS: lines and messages, within a limit.

use super::super::connect::Timed;
use crate::json;
use std::io::{self, Read, Write};

/// The most a server may send before TLS; greetings and lists of abilities are a hundredth of it.
const LIMIT: usize = 64 << 10;

/// The most letters of a line that are shown.
const SHOWN: usize = 200;

/// Why there will be no TLS.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing more can be read or written.
    Connection(io::Error),
    /// The server did not do its part, in words that follow a colon.
    Server(String),
}

/// A fault of the server.
pub(super) fn fault<T>(reason: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Server(reason.into()))
}

/// What a server said, for people: quoted, without anything that a terminal would obey, and no longer than they read.
pub(super) fn said(line: &str) -> String {
    let harmless = |letter| if ('\u{7f}'..='\u{9f}').contains(&letter) { '\u{fffd}' } else { letter };
    let mut letters = line.chars().map(harmless);
    let mut shown: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    json::quote(&shown)
}

/// Both directions of a connection before TLS.
pub(super) struct Wire<'s> {
    stream: &'s mut Timed,
    received: Vec<u8>,
    /// How much of it was taken.
    taken: usize,
}

impl<'s> Wire<'s> {
    pub(super) const fn new(stream: &'s mut Timed) -> Self {
        Self { stream, received: Vec::new(), taken: 0 }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.stream.write_all(bytes).map_err(Trouble::Connection)
    }

    /// The next line without its end.
    pub(super) fn line(&mut self) -> Result<String, Trouble> {
        let mut searched = self.taken;
        loop {
            let fresh = self.received.get(searched..).unwrap_or_default();
            if let Some(length) = fresh.iter().position(|byte| *byte == b'\n') {
                let end = searched + length;
                let line = self.received.get(self.taken..end).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = String::from_utf8_lossy(line).into_owned();
                self.taken = end + 1;
                return Ok(line);
            }
            searched = self.received.len();
            self.fill()?;
        }
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Result<Vec<u8>, Trouble> {
        if count > LIMIT {
            return fault(format!("the server announced a message of {count} bytes"));
        }
        let end = self.taken + count;
        loop {
            if let Some(bytes) = self.received.get(self.taken..end) {
                let bytes = bytes.to_vec();
                self.taken = end;
                return Ok(bytes);
            }
            self.fill()?;
        }
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, Trouble> {
        Ok(self.bytes(1)?.first().copied().unwrap_or_default())
    }

    /// Nothing may be left: what came in plain text must not count as having come under TLS, and no server begins to
    /// speak TLS before its client does.
    pub(super) fn end(self) -> Result<(), Trouble> {
        match self.received.len() - self.taken {
            0 => Ok(()),
            _ => fault("the server went on in plain text after it had agreed to TLS"),
        }
    }

    fn fill(&mut self) -> Result<(), Trouble> {
        if self.received.len() >= LIMIT {
            return fault("the server sent more than 64 KiB before TLS");
        }
        let mut piece = [0; 4096];
        let count = loop {
            match self.stream.read(&mut piece) {
                Ok(0) => return Err(Trouble::Connection(io::ErrorKind::UnexpectedEof.into())),
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Trouble::Connection(error)),
            }
        };
        self.received.extend_from_slice(piece.get(..count).unwrap_or_default());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::super::StartTls;
    use super::*;
    use crate::cli::tls_probe::TlsProbe;
    use crate::cli::tls_probe::test_server::{Step, front};
    use crate::error::Error;
    use std::net::TcpListener;
    use std::thread;
    use std::time::{Duration, Instant};

    fn ask(kind: StartTls, address: &str, timeout: Duration) -> Error {
        TlsProbe::new(address, Some(kind), timeout).unwrap().ask().unwrap_err()
    }

    /// A server that sends `start`, then `more` again and again with a pause between.
    fn endless(start: &'static [u8], more: Vec<u8>, pause: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(start);
            while stream.write_all(&more).is_ok() {
                thread::sleep(pause);
            }
        });
        address
    }

    #[test]
    fn plain_text_after_the_consent_to_tls_is_refused() {
        let cases: [(StartTls, &[Step<'_>]); 4] = [
            (
                StartTls::Smtp,
                &[
                    (b"", b"220 x\r\n"),
                    (b"EHLO [127.0.0.1]\r\n", b"250 STARTTLS\r\n"),
                    (b"STARTTLS\r\n", b"220 go\r\n250 injected\r\n"),
                ],
            ),
            (StartTls::Imap, &[(b"", b"* OK\r\n"), (b"a STARTTLS\r\n", b"a OK\r\n* 1 EXISTS\r\n")]),
            (StartTls::Pop3, &[(b"", b"+OK\r\n"), (b"STLS\r\n", b"+OK\r\n\x16\x03\x03")]),
            (StartTls::Postgres, &[(b"\0\0\0\x08", b"SR\0\0\0\x08")]),
        ];
        for (kind, dialogue) in cases {
            let error = ask(kind, &front(None, dialogue), Duration::from_secs(10));
            assert!(error.to_string().contains("went on in plain text after it had agreed"), "{error}");
        }
    }

    #[test]
    fn a_server_that_talks_without_end_is_left() {
        let start = Instant::now();
        for (first, more) in [
            (b"220 ".as_slice(), b"x".repeat(1000)),
            (b"220-", b"220-x\r\n".repeat(100)),
            (b"", b"\n".repeat(100)),
        ] {
            let address = endless(first, more.clone(), Duration::ZERO);
            let error = ask(StartTls::Ftp, &address, Duration::from_secs(60));
            let words =
                if first.is_empty() { "does not speak FTP: it sent \"\"" } else { "more than 64 KiB" };
            assert!(error.to_string().contains(words), "{error}");
        }
        let address = endless(b"* OK\r\n", b"* 1 EXISTS\r\n".repeat(100), Duration::ZERO);
        let error = ask(StartTls::Imap, &address, Duration::from_secs(60));
        assert!(error.to_string().contains("more than 64 KiB"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_server_that_trickles_or_is_silent_has_as_long_as_any_other() {
        for kind in [StartTls::Smtp, StartTls::Imap, StartTls::Mysql, StartTls::Postgres, StartTls::Ldap] {
            let silent = TcpListener::bind("127.0.0.1:0").unwrap();
            let start = Instant::now();
            let address = silent.local_addr().unwrap().to_string();
            let error = ask(kind, &address, Duration::from_millis(200));
            assert_eq!(error.cfssl_text(), format!("read tcp {address}: i/o timeout"), "{kind:?}");
            assert!(error.to_string().contains("no answer within 0.2 s"), "{error}");
            assert!(start.elapsed() < Duration::from_secs(5));
        }
        let start = Instant::now();
        let address = endless(b"220-", b"x".to_vec(), Duration::from_millis(20));
        let error = ask(StartTls::Smtp, &address, Duration::from_millis(400));
        assert_eq!(error.cfssl_text(), format!("read tcp {address}: i/o timeout"));
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_server_that_ends_the_connection_is_told_from_one_that_refuses() {
        for kind in [StartTls::Smtp, StartTls::Imap, StartTls::Mysql, StartTls::Postgres, StartTls::Ldap] {
            let error = ask(kind, &front(None, &[]), Duration::from_secs(10));
            assert_eq!(error.cfssl_text(), "EOF", "{kind:?}");
            assert!(error.to_string().contains("did not lead to TLS: the server ended the connection"));
        }
    }

    #[test]
    fn what_a_server_says_is_shown_briefly_and_without_its_control_characters() {
        assert_eq!(said("a\u{1b}[1m\"b\u{9b}1m"), "\"a\\u001b[1m\\\"b\u{fffd}1m\"");
        assert_eq!(said(&"é".repeat(200)), format!("\"{}\"", "é".repeat(200)));
        assert_eq!(said(&"é".repeat(201)), format!("\"{}…\"", "é".repeat(200)));
    }
}
