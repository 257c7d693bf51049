//! Bytes that may be a secret, however many there turn out to be.

use std::io::{self, Read};
use std::ops::Deref;
use zeroize::Zeroize;

/// The bytes that are read at a time where it is not known how many there are.
const PIECE: usize = 64 << 10;

/// Bytes that are overwritten when they are not needed any more, in every buffer that they outgrew. Room that
/// never held any is left alone: overwriting it costs more than reading a small file.
#[derive(Debug, Default)]
pub(crate) struct SecretBytes {
    bytes: Vec<u8>,
}

impl SecretBytes {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Makes room for `more` bytes beside those that are there.
    pub(crate) fn reserve(&mut self, more: usize) {
        if self.bytes.capacity().saturating_sub(self.bytes.len()) >= more {
            return;
        }
        let room = self.bytes.len().saturating_add(more).max(self.bytes.len().saturating_mul(2));
        let mut larger = Vec::with_capacity(room);
        larger.extend_from_slice(&self.bytes);
        self.bytes.as_mut_slice().zeroize();
        self.bytes = larger;
    }

    /// Adds what is in `input`, but no more than `most` bytes. `expected` is how many there are likely to be.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(crate) fn read(&mut self, input: &mut dyn Read, most: u64, expected: u64) -> io::Result<()> {
        // The reader asks for one byte more to see the end, and wants some room for that.
        let room = |length: usize| length.saturating_add(64);
        self.reserve(room(usize::try_from(expected.min(most)).unwrap_or_default()));
        let mut left = most;
        loop {
            let free = self.bytes.capacity().saturating_sub(self.bytes.len());
            if free < 64 {
                self.reserve(room(PIECE));
                continue;
            }
            let piece = left.min(u64::try_from(free - 32).unwrap_or_default());
            let read = Read::take(&mut *input, piece).read_to_end(&mut self.bytes)?;
            let read = u64::try_from(read).unwrap_or_default();
            left = left.saturating_sub(read);
            if read < piece || left == 0 {
                return Ok(());
            }
        }
    }

    /// Adds bytes that are there already.
    #[cfg(feature = "cli")]
    pub(crate) fn extend(&mut self, more: &[u8]) {
        self.reserve(more.len());
        self.bytes.extend_from_slice(more);
    }

    /// Forgets the first `count` bytes, as [`keep`](Self::keep) does the last.
    #[cfg(feature = "cli")]
    pub(crate) fn drop_first(&mut self, count: usize, is_secret: bool) {
        let count = count.min(self.bytes.len());
        self.bytes.copy_within(count.., 0);
        self.keep(self.bytes.len() - count, is_secret);
    }

    /// Forgets all but the first `length` bytes, which are overwritten only where `is_secret`.
    #[cfg(feature = "cli")]
    pub(crate) fn keep(&mut self, length: usize, is_secret: bool) {
        if is_secret {
            self.truncate(length);
        } else {
            self.bytes.truncate(length);
        }
    }

    /// Forgets all but the first `length` bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.bytes.get_mut(length..).unwrap_or_default().zeroize();
        self.bytes.truncate(length);
    }

    /// The bytes, which are still overwritten when they are not needed any more.
    #[cfg(feature = "cli")]
    pub(crate) fn into_zeroizing(mut self) -> zeroize::Zeroizing<Vec<u8>> {
        zeroize::Zeroizing::new(std::mem::take(&mut self.bytes))
    }

    /// How many bytes have room.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}

impl Deref for SecretBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.truncate(0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    /// Hands out few bytes at a time, as pipes do.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let end = into.len().min(1000);
            self.0.read(into.get_mut(..end).unwrap())
        }
    }

    #[test]
    fn reads_everything_or_as_much_as_it_may() {
        let all: Vec<u8> = (0..300_000u32).map(|number| (number % 251) as u8).collect();
        for length in [0, 1, 31, 32, 63, 64, 65, 1000, 65_536, 65_600, 131_072, 300_000] {
            let all = all.get(..length).unwrap();
            for expected in [0, 1, length as u64, u64::MAX] {
                for most in [0, 10, length as u64, 1 << 20] {
                    let mut bytes = SecretBytes::new();
                    bytes.read(&mut Slow(all), most, expected).unwrap();
                    let end = all.len().min(most as usize);
                    assert!(*bytes == *all.get(..end).unwrap(), "{length} {expected} {most}");
                }
            }
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn forgets_from_either_end() {
        let mut bytes = SecretBytes::new();
        bytes.read(&mut &b"abcdef"[..], 10, 0).unwrap();
        bytes.drop_first(2, true);
        assert_eq!(&*bytes, b"cdef");
        bytes.truncate(3);
        assert_eq!(&*bytes, b"cde");
        bytes.drop_first(9, false);
        assert_eq!(&*bytes, b"");
    }
}
