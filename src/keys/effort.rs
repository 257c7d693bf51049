//! How much hashing a file may demand, so that a hostile one cannot keep us busy for hours.

/// The rounds of hashing that one file may still cost, for all of its passwords and parts together.
pub(crate) struct Effort {
    left: u64,
}

impl Effort {
    /// OpenSSL's default for a key is 2048 rounds, careful people take a million; ten million take seconds.
    pub(crate) const fn of_one_file() -> Self {
        Self { left: 10_000_000 }
    }

    /// Counts rounds that are about to be done; nothing where they are more than are left.
    pub(super) fn spend(&mut self, rounds: u64) -> Option<()> {
        self.left = self.left.checked_sub(rounds)?;
        Some(())
    }
}
