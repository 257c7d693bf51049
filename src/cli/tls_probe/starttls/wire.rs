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

/// What a server said, for people: quoted, and no longer than they read.
pub(super) fn said(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => json::quote(&format!("{}…", line.get(..end).unwrap_or_default())),
        None => json::quote(line),
    }
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
