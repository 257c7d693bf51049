//! `cfssl audit`: what is wrong with all certificates below some paths. cfssl has no such command.

mod options;
mod rules;

use super::log::Level;
use super::progress::Progress;
use super::terminal::Terminal;
use super::tls_probe;
use super::{Context, request};
use crate::inspect::audit::{self, Report, RULES};
use crate::inspect::evidence::Evidence;
use crate::output::audit as write;
use crate::output::audit::ReportFormat;
use crate::{Error, ErrorKind, Result, json};

/// Something could not be read.
const UNREADABLE: u8 = 1;
/// There are findings.
const FINDINGS: u8 = 3;
/// A certificate ends soon.
const EXPIRES_SOON: u8 = 4;
/// A certificate has ended.
const EXPIRED: u8 = 5;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    if context.flags.boolean("rules") {
        return context.write_out(rules::list());
    }
    let format = report_format(context)?;
    let options = options::audit_options(context)?;
    let filter = options::filter(context)?;
    let evidence = gather(context)?;
    let mut report = audit::audit(evidence, &options);
    let doubts = filter.doubts(&report, RULES);
    context.warn(&doubts)?;
    filter.apply(&mut report);
    context.status = status(&report);
    let text = render(context, format, &report);
    context.write_out(text)
}

/// The gravest of what there is to tell: ended, ends soon, other findings, not everything read.
fn status(report: &Report) -> u8 {
    let has = |id: &str| report.findings.iter().any(|finding| finding.rule.id == id);
    if has("expired") {
        EXPIRED
    } else if has("expires-soon") {
        EXPIRES_SOON
    } else if !report.findings.is_empty() {
        FINDINGS
    } else if !report.unreadable.is_empty() {
        UNREADABLE
    } else {
        super::app::SUCCESS
    }
}

