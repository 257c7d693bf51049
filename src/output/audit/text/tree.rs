//! The chains as a tree with branches.

use super::style::{Ink, TextStyle};
use crate::inspect::audit::{AuditedCertificate, Report, Verdict};
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::tree::{TreeItem, TreeLimits, TreeLine, tree_lines};
use crate::output::columns::{padded, shortened, width, wrapped};

/// A name is not shortened to less, even where a line gets too long for it.
const LEAST_NAME: usize = 10;
/// Children of one certificate, where there are more lines than may be drawn.
const CHILDREN: usize = 10;

/// One line, before it is fitted into the columns.
struct Line<'r> {
    /// The branches in front of the name.
    stem: String,
    /// The bars in front of a second line.
    below: String,
    name: String,
    certificate: Option<&'r AuditedCertificate>,
}

/// Lines of the trees; empty without certificates.
pub(super) fn lines(report: &Report, style: &TextStyle) -> Vec<String> {
    let children = if report.certificates.len() > style.rows { CHILDREN } else { usize::MAX };
    let drawn = tree_lines(report, TreeLimits { lines: style.rows, children, depth: style.columns() / 9 });
    let mut lines = Vec::with_capacity(drawn.len());
    for (position, line) in drawn.iter().enumerate() {
        let depth = line.continues.len();
        let has_children = drawn.get(position + 1).is_some_and(|next| next.continues.len() > depth);
        let (name, certificate) = match line.item {
            TreeItem::Certificate(index) => {
                let Some(certificate) = facts::at(&report.certificates, index) else { continue };
                (visible(&facts::name(certificate)).into_owned(), Some(certificate))
            }
            TreeItem::More(number) => {
                let hint = if depth == 0 { " (-format json lists all)" } else { "" };
                (format!("{} and {} more{hint}", style.ellipsis(), facts::grouped(number)), None)
            }
        };
        let stem = stem(line, style);
        lines.push(Line { stem, below: below(line, has_children, style), name, certificate });
    }
    // The facts stand in one column behind the names.
    let facts_width = |line: &Line<'_>| Some(width(&about(report, line.certificate?)));
    let facts_width = lines.iter().filter_map(facts_width).max().unwrap_or_default();
    let widest = style.columns().saturating_sub(facts_width + 2).max(LEAST_NAME);
    let of_certificates = lines.iter().filter(|line| line.certificate.is_some());
    let names = of_certificates.map(|line| width(&line.stem) + width(&line.name)).max().unwrap_or_default();
    let names = names.min(widest);
    lines.iter().flat_map(|line| drawn_line(report, style, line, names)).collect()
}

/// The line, and below it why the chain does not hold, where there is no room for that behind it.
fn drawn_line(report: &Report, style: &TextStyle, line: &Line<'_>, names: usize) -> Vec<String> {
    let stem = style.paint(Some(Ink::Faint), &line.stem);
    let room = style.columns().saturating_sub(width(&line.stem));
    let Some(certificate) = line.certificate else {
        return vec![format!("{stem}{}", shortened(&line.name, room, style.ellipsis()))];
    };
    let room = names.saturating_sub(width(&line.stem)).max(LEAST_NAME);
    let name = shortened(&line.name, room, style.ellipsis());
    let blanks = padded("", (names + 2).saturating_sub(width(&line.stem) + width(&name)).max(2));
    let start = width(&line.stem) + width(&name) + width(&blanks);
    let about =
        shortened(&about(report, certificate), style.columns().saturating_sub(start), style.ellipsis());
    let ink = Ink::of_state(State::of(report, certificate));
    let mut first =
        format!("{stem}{}{blanks}{}", style.paint(Some(Ink::Bold), &name), style.paint(ink, &about));
    let Verdict::Refused(reason) = &certificate.verdict else { return vec![first] };
    let refusal = format!("not trusted: {}", visible(reason));
    if start + width(&about) + 2 + width(&refusal) <= style.columns() {
        first.push_str("; ");
        first.push_str(&style.paint(Some(Ink::Red), &refusal));
        return vec![first];
    }
    let room = style.columns().saturating_sub(width(&line.below)).max(20);
    let mut out = vec![first];
    for words in wrapped(&refusal, room) {
        let bars = style.paint(Some(Ink::Faint), &line.below);
        out.push(format!("{bars}{}", style.paint(Some(Ink::Red), &words)));
    }
    out
}

/// `peer, ends 2026-12-01`.
fn about(report: &Report, certificate: &AuditedCertificate) -> String {
    format!("{}, {}", certificate.role, facts::end_words(report, certificate))
}

/// The branches in front of a name.
fn stem(line: &TreeLine, style: &TextStyle) -> String {
    let Some((own, above)) = line.continues.split_last() else { return String::new() };
    let [branch, last] = if style.unicode { ["├─ ", "└─ "] } else { ["|- ", "`- "] };
    let mut stem = bars(above, style);
    stem.push_str(if *own { branch } else { last });
    stem
}

/// The bars in front of a line below a name.
fn below(line: &TreeLine, has_children: bool, style: &TextStyle) -> String {
    let mut below = bars(&line.continues, style);
    below.push_str(&bars(&[has_children], style));
    below
}

fn bars(continues: &[bool], style: &TextStyle) -> String {
    let bar = if style.unicode { "│  " } else { "|  " };
    continues.iter().map(|continues| if *continues { bar } else { "   " }).collect()
}
