//! Standard input, output and error, handed in so that a command can run inside a test.

use std::fmt;
use std::io::{ErrorKind as IoErrorKind, Read, Write};

use crate::{Error, Result};

/// The three standard streams of a program.
pub struct Streams<'a> {
    stdin: &'a mut (dyn Read + Send),
    output: Output<'a>,
    stderr: &'a mut dyn Write,
}

/// Standard output.
pub struct Output<'a> {
    stdout: &'a mut (dyn Write + Send),
    is_closed: bool,
}

impl fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("is_closed", &self.is_closed).finish_non_exhaustive()
    }
}

impl fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

impl<'a> Streams<'a> {
    /// The three streams; output is written in few large pieces, so none needs a buffer. Threads read and write in turn.
    pub fn new(
        stdin: &'a mut (dyn Read + Send),
        stdout: &'a mut (dyn Write + Send),
        stderr: &'a mut dyn Write,
    ) -> Self {
        Self { stdin, output: Output { stdout, is_closed: false }, stderr }
    }

    /// Standard input.
    pub fn stdin(&mut self) -> &mut (dyn Read + Send) {
        self.stdin
    }

    /// Standard input and output, to use one while the other is in use.
    pub fn input_and_output(&mut self) -> (&mut (dyn Read + Send), &mut Output<'a>) {
        (self.stdin, &mut self.output)
    }

    /// Writes a result, as [`Output::write`].
    ///
    /// # Errors
    ///
    /// As [`Output::write`].
    pub fn write_out(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        self.output.write(text)
    }

    /// Writes to standard error in one piece. A failure has nowhere to be told and is passed over.
    pub fn write_err(&mut self, text: impl AsRef<[u8]>) {
        let _ = self.stderr.write_all(text.as_ref());
        let _ = self.stderr.flush();
    }
}

impl Output<'_> {
    /// True where the reader has gone away: there is no use in writing more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes a result. A reader that has gone away (`| head -1`) has read enough: that is success.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) in Go's words when the output cannot be written, as on a full disk.
    pub fn write(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.stdout.write_all(text.as_ref());
        match written.and_then(|()| self.stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == IoErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(Error::io("write", "/dev/stdout", &error)
                .explain("the result could not be written to standard output")
                .hint("it is lost or cut short: run the command again when there is room")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    struct Failing(IoErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn write_to(kind: IoErrorKind) -> Result<()> {
        let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Failing(kind), Vec::new());
        let mut streams = Streams::new(&mut stdin, &mut stdout, &mut stderr);
        streams.write_out("a")?;
        streams.write_out("b")
    }

    #[test]
    fn a_reader_that_has_gone_away_is_no_fault() {
        assert!(write_to(IoErrorKind::BrokenPipe).is_ok());
    }

    #[test]
    fn a_full_disk_is_a_fault() {
        let error = write_to(IoErrorKind::StorageFull).unwrap_err();
        assert!(error.cfssl_text().starts_with("write /dev/stdout: no s"), "{error}");
        assert!(error.has_detail());
    }
}
