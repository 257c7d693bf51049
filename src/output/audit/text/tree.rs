//! The chains as a tree with branches.

use super::columns::{padded, shortened, width};
use super::style::{Ink, TextStyle};
use crate::inspect::audit::{AuditedCertificate, Report, Verdict};
use crate::output::audit::clean::visible;
use crate::output::audit::facts::{self, State};
use crate::output::audit::tree::{TreeItem, TreeLimits, TreeLine, tree_lines};

/// A name is not shortened to less, even where a line gets too long for it.
const LEAST_NAME: usize = 10;
/// Children of one certificate, where there are more lines than may be drawn.
const CHILDREN: usize = 10;

/// Lines of the trees; empty without certificates.
pub(super) fn lines(report: &Report, style: &TextStyle) -> Vec<String> {
    let children = if report.certificates.len() > style.rows { CHILDREN } else { usize::MAX };
    let limits = TreeLimits { lines: style.rows, children };
    let lines: Vec<_> = tree_lines(report, limits)
        .into_iter()
        .filter_map(|line| {
            let stem = stem(&line, style);
            Some(match line.item {
                TreeItem::More(number) => {
                    (stem, format!("{} and {} more", style.ellipsis(), facts::grouped(number)), None)
                }
                TreeItem::Certificate(index) => {
                    let certificate = facts::at(&report.certificates, index)?;
                    (stem, visible(&certificate.name).into_owned(), Some(certificate))
                }
            })
        })
        .collect();
    // The facts stand in one column behind the names.
    let facts_width = lines.iter().filter_map(|(_, _, found)| Some(width(&about(report, (*found)?)))).max();
    let widest = style.columns().saturating_sub(facts_width.unwrap_or_default() + 2).max(LEAST_NAME);
    let names = lines.iter().map(|(stem, name, _)| width(stem) + width(name)).max().unwrap_or_default();
    let names = names.min(widest);
    let mut out = Vec::new();
    for (stem, name, certificate) in lines {
        let room = names.saturating_sub(width(&stem)).max(LEAST_NAME);
        let name = shortened(&name, room, style.ellipsis());
        let Some(certificate) = certificate else {
            out.push(format!("{}{name}", style.paint(Some(Ink::Faint), &stem)));
            continue;
        };
        let head = format!("{}{}", style.paint(Some(Ink::Faint), &stem), style.paint(Some(Ink::Bold), &name));
        let blanks = padded("", (names + 2).saturating_sub(width(&stem) + width(&name)).max(2));
        let ink = Ink::of_state(State::of(report, certificate));
        out.push(format!("{head}{blanks}{}", style.paint(ink, &about(report, certificate))));
        if let Verdict::Refused(reason) = &certificate.verdict {
            out.extend(refusal(&stem, reason, style));
        }
    }
    out
}

/// `peer, ends 2026-12-01`; `root, ends 2035-01-01`.
fn about(report: &Report, certificate: &AuditedCertificate) -> String {
    let role = certificate.role;
    let end = certificate.not_after.map(facts::date);
    match (State::of(report, certificate), end) {
        (State::Expired, Some(end)) => format!("{role}, ended {end}"),
        (State::NotYetValid, Some(end)) => format!("{role}, not yet valid, ends {end}"),
        (_, Some(end)) => format!("{role}, ends {end}"),
        (_, None) => format!("{role}, its end cannot be read"),
    }
}

/// Why a chain does not hold, below its certificate.
fn refusal(stem: &str, reason: &str, style: &TextStyle) -> Vec<String> {
    let under = width(stem) + 2;
    let text = format!("not trusted: {}", visible(reason));
    let lines = super::columns::wrapped(&text, style.columns().saturating_sub(under).max(20));
    lines
        .into_iter()
        .map(|line| format!("{}{}", padded("", under), style.paint(Some(Ink::Red), &line)))
        .collect()
}

/// The branches in front of a name.
fn stem(line: &TreeLine, style: &TextStyle) -> String {
    let Some((own, above)) = line.continues.split_last() else { return String::new() };
    let [bar, gap, branch, last] = match style.unicode {
        true => ["│  ", "   ", "├─ ", "└─ "],
        false => ["|  ", "   ", "|- ", "`- "],
    };
    let mut stem: String = above.iter().map(|continues| if *continues { bar } else { gap }).collect();
    stem.push_str(if *own { branch } else { last });
    stem
}
