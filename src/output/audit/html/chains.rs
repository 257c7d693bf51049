//! The chains as nested lists.

use super::svg::{class, inline_sign};
use super::words::prose;
use crate::inspect::audit::{AuditedCertificate, Report, Verdict};
use crate::output::audit::facts::{self, State};
use crate::output::audit::tree::{TreeItem, TreeLimits, tree_lines};
use crate::output::audit::xml::escaped;
use std::fmt::Write as _;

/// Children of one certificate, where there are more certificates than may be drawn.
const CHILDREN: usize = 20;
/// Certificates above another: with more a phone has no room for a name.
const DEPTH: usize = 12;

pub(super) fn push(out: &mut String, report: &Report, rows: usize) {
    let children = if report.certificates.len() > rows { CHILDREN } else { usize::MAX };
    let lines = tree_lines(report, TreeLimits { lines: rows, children, depth: DEPTH });
    if lines.is_empty() {
        return;
    }
    out.push_str("<section>\n<h2>Chains</h2>\n<ul class=\"tree\">\n");
    // An item stays open until one of the same depth or less deep follows.
    let mut open = 0;
    for (position, line) in lines.iter().enumerate() {
        let depth = line.continues.len();
        if position > 0 {
            if depth > open {
                out.push_str("\n<ul>\n");
            } else {
                out.push_str("</li>\n");
                (depth..open).for_each(|_| out.push_str("</ul></li>\n"));
            }
        }
        open = depth;
        match line.item {
            TreeItem::More(number) => {
                // Writing to a String cannot fail.
                _ = write!(out, "<li class=\"faint\">… and {} more", facts::grouped(number));
            }
            TreeItem::Certificate(index) => match facts::at(&report.certificates, index) {
                Some(certificate) => push_certificate(out, report, certificate),
                None => out.push_str("<li>"),
            },
        }
    }
    out.push_str("</li>\n");
    (0..open).for_each(|_| out.push_str("</ul></li>\n"));
    out.push_str("</ul>\n</section>\n");
}

fn push_certificate(out: &mut String, report: &Report, certificate: &AuditedCertificate) {
    let state = State::of(report, certificate);
    let end = facts::end_words(report, certificate);
    _ = write!(
        out,
        "<li><span class=\"{}\">{}</span><b><bdi>{}</bdi></b> <span class=\"faint\">{}, {end}</span>",
        class(state),
        inline_sign(state),
        escaped(&facts::name(certificate)),
        certificate.role
    );
    if let Verdict::Refused(reason) = &certificate.verdict {
        _ = write!(out, " <span class=\"refused\">not trusted: {}</span>", prose(reason));
    }
}
