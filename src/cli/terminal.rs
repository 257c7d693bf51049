//! Asking for a secret on the terminal.

use std::fs::File;
use std::io::{Read, Write};

use zeroize::Zeroizing;

use crate::{Error, ErrorKind, Result};

/// The terminal of this process, which standard input and output need not be.
const PATH: &str = "/dev/tty";

/// The most bytes of a secret; openssl types no longer ones either.
const LONGEST: usize = 1024;

/// The terminal, showing nothing of what is typed until it is dropped.
pub(super) struct Terminal {
    device: File,
    before: rustix::termios::Termios,
}

impl Terminal {
    /// Takes the terminal. What was typed before is thrown away.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where there is no terminal.
    pub(super) fn open() -> Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

        let fault = |error: std::io::Error| Error::io("open", PATH, &error);
        let device = File::options().read(true).write(true).open(PATH).map_err(fault)?;
        let before = tcgetattr(&device).map_err(|error| fault(error.into()))?;
        let mut silent = before.clone();
        // Byte by byte and without signals, so that Ctrl-C, too, leaves the terminal as it was.
        silent.local_modes -= LocalModes::ECHO
            | LocalModes::ECHONL
            | LocalModes::ICANON
            | LocalModes::IEXTEN
            | LocalModes::ISIG;
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&device, OptionalActions::Flush, &silent).map_err(|error| fault(error.into()))?;
        Ok(Self { device, before })
    }

    /// A line typed after `prompt`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where the terminal cannot be read, and where Ctrl-C or the end of input is typed.
    pub(super) fn ask(&mut self, prompt: &str) -> Result<Zeroizing<Vec<u8>>> {
        self.say(prompt)?;
        let line = read_line(&mut self.device);
        self.say("\n")?;
        line
    }

    /// Shows a text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] where the terminal cannot be written.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        self.device.write_all(text.as_bytes()).map_err(|error| Error::io("write", PATH, &error))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // What was typed on must not appear after all.
        let _ =
            rustix::termios::tcsetattr(&self.device, rustix::termios::OptionalActions::Flush, &self.before);
    }
}

/// Reads a line with the keys that a terminal would otherwise heed.
fn read_line(from: &mut dyn Read) -> Result<Zeroizing<Vec<u8>>> {
    let given_up = || Error::new(ErrorKind::Io, "no password was typed");
    // In its final size: a buffer that grows leaves copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    loop {
        match from.read(byte.as_mut_slice()) {
            Ok(0) => return Err(given_up()),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::io("read", PATH, &error)),
        }
        match *byte {
            [b'\r' | b'\n'] => return Ok(line),
            // Ctrl-C, and Ctrl-D.
            [0x03 | 0x04] => return Err(given_up()),
            // Backspace, as either kind of terminal sends it: the last character, of one byte or several.
            [0x08 | 0x7f] => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            // Ctrl-U.
            [0x15] => line.clear(),
            [byte] if line.len() < LONGEST => line.push(byte),
            _ => {
                return Err(Error::new(ErrorKind::Io, format!("no password is longer than {LONGEST} bytes")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    fn typed(mut keys: &[u8]) -> Option<Vec<u8>> {
        read_line(&mut keys).ok().map(|line| line.to_vec())
    }

    #[test]
    fn heeds_the_keys_that_correct_and_end_a_line() {
        for (keys, line) in [
            ("sesame\n", Some("sesame")),
            ("sesame\rmore\r", Some("sesame")),
            ("\n", Some("")),
            ("sesamf\x7fe\n", Some("sesame")),
            ("s\u{e9}\x08e\n", Some("se")),
            ("\u{1f511}\x7f\x7f\x7fx\n", Some("x")),
            ("wrong\x15right\n", Some("right")),
            ("sesame\x03", None),
            ("sesame\x04", None),
            ("sesame", None),
        ] {
            assert_eq!(typed(keys.as_bytes()), line.map(|line| line.as_bytes().to_vec()), "{keys:?}");
        }
    }

    #[test]
    fn refuses_lines_without_end() {
        let error = read_line(&mut std::io::repeat(b'x')).unwrap_err();
        assert!(error.to_string().contains("longer than 1024 bytes"), "{error}");
    }
}
