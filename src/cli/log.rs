//! cfssl's log lines: `2026/01/31 23:59:59 [INFO] message`, in local time, on standard error.

use std::cell::OnceCell;

use time::{OffsetDateTime, UtcOffset};

/// How grave a log line is; the numbers are those of `-loglevel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Steps that only a search for faults needs.
    Debug = 0,
    /// The course of the work; the least grave that is shown by default.
    Info = 1,
    /// Legal, and probably not meant.
    Warning = 2,
    /// The command fails.
    Error = 3,
    /// Nothing of ours; cfssl has it.
    Critical = 4,
    /// Nothing of ours; cfssl has it.
    Fatal = 5,
}

impl Level {
    /// The word between the brackets.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
            Self::Fatal => "FATAL",
        }
    }
}

/// Decides which lines are shown, and writes their beginning.
#[derive(Debug)]
pub struct Log {
    threshold: i64,
    /// Looked up with the first line only: reading the time zone costs more than a short command.
    offset: OnceCell<UtcOffset>,
}

impl Default for Log {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Log {
    /// A log that shows lines from `threshold` on; any number is legal, as with cfssl.
    #[must_use]
    pub const fn new(threshold: i64) -> Self {
        Self { threshold, offset: OnceCell::new() }
    }

    /// A log whose lines are in a fixed zone instead of the machine's.
    #[must_use]
    pub fn in_zone(threshold: i64, offset: UtcOffset) -> Self {
        Self { threshold, offset: OnceCell::from(offset) }
    }

    /// True when lines of `level` are shown.
    #[must_use]
    pub const fn shows(&self, level: Level) -> bool {
        level as i64 >= self.threshold
    }

    /// The whole line with its newline. A message of several lines has the prefix on its first only.
    #[must_use]
    pub fn line(&self, level: Level, message: &str, now: OffsetDateTime) -> String {
        // A process that runs other threads cannot safely ask for the zone; its lines are in UTC.
        let offset = self.offset.get_or_init(|| UtcOffset::current_local_offset().unwrap_or(UtcOffset::UTC));
        let now = now.checked_to_offset(*offset).unwrap_or(now);
        format!(
            "{:04}/{:02}/{:02} {:02}:{:02}:{:02} [{}] {message}\n",
            now.year(),
            u8::from(now.month()),
            now.day(),
            now.hour(),
            now.minute(),
            now.second(),
            level.word(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{datetime, offset};

    #[test]
    fn writes_the_line_of_cfssl_in_the_zone_of_the_reader() {
        let log = Log::in_zone(1, offset!(+8));
        let line = log.line(Level::Info, "encoded CSR", datetime!(2026-01-31 23:04:05 UTC));
        assert_eq!(line, "2026/02/01 07:04:05 [INFO] encoded CSR\n");
    }

    #[test]
    fn shows_from_the_threshold_on() {
        assert!(!Log::new(1).shows(Level::Debug));
        assert!(Log::new(1).shows(Level::Info));
        assert!(Log::new(-1).shows(Level::Debug));
        assert!(!Log::new(99).shows(Level::Fatal));
        assert!(!Log::new(i64::MAX).shows(Level::Fatal));
    }
}
