//! How much a page shows.

/// What is asked of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HtmlStyle {
    /// The most certificates in the table, lines in the tree and objects for one rule.
    pub rows: usize,
    /// The objects of one rule that are seen without opening its list.
    pub findings: usize,
}

impl Default for HtmlStyle {
    /// As much as a browser shows without delay.
    fn default() -> Self {
        Self { rows: 500, findings: 10 }
    }
}
