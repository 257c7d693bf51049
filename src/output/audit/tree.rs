//! The chains as lines, in the order they are drawn.

use crate::inspect::audit::{Chain, Report};

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TreeLine {
    /// For each ancestor that is not a root, whether it has further siblings; then the same for this line.
    /// Empty for roots.
    pub(super) continues: Vec<bool>,
    /// What stands there.
    pub(super) item: TreeItem,
}

/// What a line of the tree shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TreeItem {
    /// An index in [`Report::certificates`].
    Certificate(u32),
    /// This many certificates are left out here.
    More(usize),
}

/// How much of a tree is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct TreeLimits {
    /// Lines in all.
    pub(super) lines: usize,
    /// Children of one certificate.
    pub(super) children: usize,
    /// Certificates above another: what is deeper would leave no room for a name.
    pub(super) depth: usize,
}

/// The lines. Chains may be as deep as somebody made them, so nothing here calls itself.
pub(super) fn tree_lines(report: &Report, limits: TreeLimits) -> Vec<TreeLine> {
    let mut lines = Vec::new();
    // Lists that are being drawn: what is left of each, and whether its level shows a bar.
    let mut open: Vec<Level<'_>> = vec![Level::new(&report.chains, limits.lines)];
    while let Some(depth) = open.len().checked_sub(1) {
        let Some(level) = open.get_mut(depth) else { break };
        let Some((chain, rest)) = level.left.split_first() else {
            open.pop();
            continue;
        };
        if level.drawn == level.most || lines.len() >= limits.lines {
            let count = level.left.len();
            level.left = &[];
            lines.push(TreeLine { continues: branches(&open), item: TreeItem::More(count) });
            continue;
        }
        level.left = rest;
        level.drawn += 1;
        lines.push(TreeLine { continues: branches(&open), item: TreeItem::Certificate(chain.certificate) });
        if depth < limits.depth {
            open.push(Level::new(&chain.issued, limits.children));
        } else if !chain.issued.is_empty() {
            let mut continues = branches(&open);
            continues.push(false);
            lines.push(TreeLine { continues, item: TreeItem::More(chain.issued.len()) });
        }
    }
    lines
}

struct Level<'r> {
    left: &'r [Chain],
    drawn: usize,
    most: usize,
}

impl<'r> Level<'r> {
    fn new(left: &'r [Chain], most: usize) -> Self {
        // A line "1 more" takes as much room as the one.
        let most = if left.len() == most.saturating_add(1) { left.len() } else { most };
        Self { left, drawn: 0, most }
    }
}

fn branches(open: &[Level<'_>]) -> Vec<bool> {
    open.iter().skip(1).map(|level| !level.left.is_empty()).collect()
}
