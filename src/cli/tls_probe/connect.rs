//! The connection, on which everything ends at one deadline.

use super::failure::{Cause, Failure};
use crate::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

pub(super) fn connect(
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

fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

pub(super) fn is_timeout(error: &io::Error) -> bool {
    // A read that times out "would block" on Unix.
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// A connection on which every read and write ends at the deadline.
pub(super) struct Timed {
    pub(super) stream: TcpStream,
    pub(super) deadline: Instant,
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
