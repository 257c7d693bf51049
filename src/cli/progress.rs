//! A line on a terminal that says how far long work has come.

use crate::output::audit::counted;
use time::{Duration, OffsetDateTime};

/// Short work shows nothing.
const QUIET: Duration = Duration::seconds(1);
/// Often enough to look alive, seldom enough to cost nothing.
const PAUSE: Duration = Duration::milliseconds(100);

/// How far reading has come. It gives the text to write to standard error, and asks no clock itself.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Columns of the terminal; `None` where standard error is none, and nothing is ever shown.
    columns: Option<usize>,
    started: OffsetDateTime,
    shown: Option<OffsetDateTime>,
    /// Columns that the line takes now.
    width: usize,
}

impl Progress {
    /// Work that starts now. `columns` is `None` where standard error is no terminal.
    #[must_use]
    pub const fn new(columns: Option<usize>, now: OffsetDateTime) -> Self {
        Self { columns, started: now, shown: None, width: 0 }
    }

    /// What to write so that the line says how much was read; `None` where there is nothing to write: on no
    /// terminal, within the first second, or just after the last line.
    pub fn update(&mut self, now: OffsetDateTime, files: usize, certificates: usize) -> Option<String> {
        let columns = self.columns?;
        let is_early = now - self.started < QUIET;
        if is_early || self.shown.is_some_and(|shown| now - shown < PAUSE) {
            return None;
        }
        let files = counted(files, "file", "files");
        let certificates = counted(certificates, "certificate", "certificates");
        let mut line: String = format!("read {files}, {certificates} …");
        // The last column stays free: some terminals begin a new line behind it. All letters take one column.
        let line_end = line.char_indices().nth(columns.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
        line.truncate(line_end);
        let width = line.chars().count();
        let blanks = " ".repeat(self.width.saturating_sub(width));
        self.shown = Some(now);
        self.width = width;
        Some(format!("\r{line}{blanks}"))
    }

    /// What to write at the end so that no trace of the line is left; `None` where none was shown.
    pub fn finish(&mut self) -> Option<String> {
        self.shown.take()?;
        Some(format!("\r{}\r", " ".repeat(std::mem::take(&mut self.width))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const START: OffsetDateTime = datetime!(2026-11-22 13:57:00 UTC);

    fn at(milliseconds: i64) -> OffsetDateTime {
        START + Duration::milliseconds(milliseconds)
    }

    #[test]
    fn nothing_is_shown_where_there_is_no_terminal() {
        let mut progress = Progress::new(None, START);
        assert_eq!(progress.update(at(60_000), 5, 5), None);
        assert_eq!(progress.finish(), None);
    }

    #[test]
    fn work_of_less_than_a_second_shows_nothing() {
        let mut progress = Progress::new(Some(80), START);
        assert_eq!(progress.update(at(999), 5, 5), None);
        assert_eq!(progress.finish(), None);
    }

    #[test]
    fn the_line_is_renewed_ten_times_a_second_and_erased_at_the_end() {
        let mut progress = Progress::new(Some(80), START);
        let first = progress.update(at(1_000), 3_214, 2_980);
        assert_eq!(first.as_deref(), Some("\rread 3,214 files, 2,980 certificates …"));
        assert_eq!(progress.update(at(1_099), 3_300, 3_000), None);
        let second = progress.update(at(1_100), 1, 1);
        assert_eq!(second.as_deref(), Some("\rread 1 file, 1 certificate …          "));
        assert_eq!(progress.finish(), Some(format!("\r{}\r", " ".repeat(28))));
        assert_eq!(progress.finish(), None);
    }

    #[test]
    fn the_line_is_shorter_than_the_terminal_is_wide() {
        for columns in 0..40 {
            let mut progress = Progress::new(Some(columns), START);
            let line = progress.update(at(2_000), 1_000_000, 1_000_000).unwrap_or_default();
            assert!(line.chars().skip(1).count() < columns.max(1), "{columns}: {line}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let mut progress = Progress::new(Some(80), START);
        assert!(progress.update(at(5_000), 1, 1).is_some());
        assert_eq!(progress.update(at(-5_000), 2, 2), None);
        assert!(progress.update(at(5_100), 3, 3).is_some());
    }
}
