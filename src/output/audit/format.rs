//! The formats of a report by name.

use std::fmt;
use std::str::FromStr;

/// What a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReportFormat {
    /// A page for browsers, in one file.
    Html,
    /// One JSON object.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// JUnit XML, for the test views of CI systems.
    Junit,
    /// Metrics for the textfile collector of Prometheus' node exporter.
    Prometheus,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Text for a terminal.
    Text,
}

impl ReportFormat {
    /// All, in the order people are told of them.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Json, Self::Jsonl, Self::Sarif, Self::Junit, Self::Prometheus, Self::Html];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Prometheus => "prometheus",
            Self::Sarif => "sarif",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ReportFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(())
    }
}
