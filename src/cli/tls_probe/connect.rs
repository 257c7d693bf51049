//! The connection, on which everything ends at one deadline.

use super::failure::{Cause, Failure, is_timeout};
use crate::error::Error;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// No address is given up sooner while there is time, as in Go.
const LEAST_PATIENCE: Duration = Duration::from_secs(2);

/// A connection to the first address of the host that takes one.
pub(super) fn connect(
    host: &str,
    port: u16,
    deadline: Instant,
) -> std::result::Result<(Timed, SocketAddr), Failure> {
    let addresses = look_up(host, port, deadline)?;
    let mut failure = no_such_host(host);
    let count = addresses.len();
    for (tried, address) in addresses.into_iter().enumerate() {
        let attempt = remaining(deadline)
            .and_then(|left| TcpStream::connect_timeout(&address, share(left, count - tried)));
        failure = match attempt {
            Ok(stream) => return Ok((Timed { stream, deadline }, address)),
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

fn no_such_host(host: &str) -> Failure {
    Failure { words: format!("dial tcp: lookup {host}: no such host"), cause: Cause::Host }
}

fn look_up(host: &str, port: u16, deadline: Instant) -> std::result::Result<Vec<SocketAddr>, Failure> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = host.to_owned();
    let found = within(deadline, move || (name.as_str(), port).to_socket_addrs().map(Vec::from_iter));
    match found {
        Ok(Ok(addresses)) => Ok(addresses),
        Err(error) if is_timeout(&error) => {
            Err(Failure { words: format!("dial tcp: lookup {host}: i/o timeout"), cause: Cause::Time })
        }
        Ok(Err(_)) | Err(_) => Err(no_such_host(host)),
    }
}

/// What `work` gives, if it is done in time. The look-up of a name cannot be told how long it may take; what is late
/// is left to itself.
fn within<T: Send + 'static>(deadline: Instant, work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    // A channel would do the same and make the program larger.
    let place = Arc::new(Mutex::new(None));
    let (filled, waiting) = (Arc::clone(&place), thread::current());
    thread::Builder::new().spawn(move || {
        let done = work();
        if let Ok(mut place) = filled.lock() {
            *place = Some(done);
        }
        waiting.unpark();
    })?;
    loop {
        if let Some(done) = place.lock().ok().and_then(|mut place| place.take()) {
            return Ok(done);
        }
        thread::park_timeout(remaining(deadline)?);
    }
}

/// The time for one address: as much as for each of the others, but a sensible while, as Go deals it out.
fn share(left: Duration, addresses: usize) -> Duration {
    let even = left / u32::try_from(addresses).unwrap_or(u32::MAX).max(1);
    even.max(LEAST_PATIENCE).min(left)
}

fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// A connection on which every read and write ends at the deadline.
#[derive(Debug)]
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn deals_out_the_time_among_addresses() {
        let seconds = Duration::from_secs;
        assert_eq!(share(seconds(10), 1), seconds(10));
        assert_eq!(share(seconds(10), 2), seconds(5));
        assert_eq!(share(seconds(10), 100), seconds(2));
        assert_eq!(share(seconds(1), 100), seconds(1));
        assert_eq!(share(seconds(1), 0), seconds(1));
    }

    #[test]
    fn waits_no_longer_than_told_for_a_look_up() {
        let start = Instant::now();
        let late = within(start + Duration::from_millis(100), || {
            thread::sleep(Duration::from_secs(30));
        });
        assert!(is_timeout(&late.unwrap_err()));
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(within(start + Duration::from_secs(60), || 7).unwrap(), 7);
    }
}
