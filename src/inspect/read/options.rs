//! What a reader may be told.

use std::fmt;
use zeroize::Zeroizing;

/// How to read; `Default` and [`Self::with_passwords`] make one.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Passwords to try on encrypted keys and PKCS #12 files, in order. PKCS #12 files are tried without one
    /// and with an empty one first.
    pub passwords: Vec<Zeroizing<String>>,
}

impl ReadOptions {
    /// With passwords to try.
    #[must_use]
    pub const fn with_passwords(passwords: Vec<Zeroizing<String>>) -> Self {
        Self { passwords }
    }

    pub(super) fn passwords(&self) -> Vec<&str> {
        self.passwords.iter().map(|password| password.as_str()).collect()
    }
}

/// Tells how many passwords there are, not what they are.
impl fmt::Debug for ReadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadOptions").field("passwords", &self.passwords.len()).finish()
    }
}
