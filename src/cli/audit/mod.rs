//! `cfssl audit`: what is wrong with all certificates below some paths. cfssl has no such command.

mod gather;
mod options;
mod rules;

use super::screen::{PAGE, Screen};
use super::{Context, app, tls_probe};
use crate::inspect::audit::{Report, Severity};
use crate::output::audit::{
    HtmlStyle, ReportFormat, TextStyle, render_html, render_json, render_jsonl, render_junit,
    render_prometheus, render_sarif, render_text,
};
use crate::{Error, ErrorKind, Result, Warning, WarningKind, json};

/// Something that was named, or met in a folder, could not be read.
const UNREADABLE: u8 = 1;
/// There are findings.
const FINDINGS: u8 = 3;
/// A certificate ends soon.
const EXPIRES_SOON: u8 = 4;
/// A certificate has ended.
const EXPIRED: u8 = 5;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    match audit(context) {
        // cfssl has no such command whose status would have to be kept: 1 is for what could not be read.
        Err(error) if error.kind() == ErrorKind::Usage => {
            context.report(&error);
            context.status = app::MISUSE;
            Ok(())
        }
        result => result,
    }
}

fn audit(context: &mut Context<'_>) -> Result<()> {
    let format = report_format(context)?;
    if context.flags.boolean("rules") {
        let text = rules::list(format)?;
        return context.write_out(text);
    }
    warn_of_idle(context)?;
    let options = options::audit_options(context)?;
    let filter = options::filter(context)?;
    let evidence = gather::evidence(context)?;
    let mut report = crate::inspect::audit::audit(evidence, &options);
    let mut doubts = filter.doubts(&report);
    for doubt in doubts.iter_mut().filter(|doubt| doubt.kind == WarningKind::UnknownRule) {
        doubt.hint.get_or_insert_with(|| "`cfssl audit -rules` lists them".to_owned());
    }
    context.warn(&doubts)?;
    filter.apply(&mut report);
    context.status = status(&report);
    let text = render(context, format, &report);
    context.write_out(text)
}

/// Warns of flags that say more about what is not asked for.
fn warn_of_idle(context: &mut Context<'_>) -> Result<()> {
    tls_probe::warn_without_server(context)?;
    if context.flags.has_text("for") || !context.flags.has_text("hostname") {
        return Ok(());
    }
    let warning = Warning::new(WarningKind::Ignored, "-hostname has no effect without -for")
        .hint("add -for etcd, kubernetes or web");
    context.warn(&[warning])
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
        app::SUCCESS
    }
}

fn report_format(context: &Context<'_>) -> Result<ReportFormat> {
    match context.flags.text("format") {
        "" => Ok(ReportFormat::Text),
        name => name.parse().map_err(|()| {
            let names: Vec<_> = ReportFormat::ALL.iter().map(|format| format.name()).collect();
            Error::new(ErrorKind::Usage, format!("-format: audit has no format {}", json::quote(name)))
                .hint(format!("write one of {}", names.join(", ")))
        }),
    }
}

fn render(context: &Context<'_>, format: ReportFormat, report: &Report) -> String {
    let rows = match usize::try_from(context.flags.integer("rows")) {
        Ok(rows @ 1..) => rows,
        _ => usize::MAX,
    };
    match format {
        ReportFormat::Html => {
            let style = HtmlStyle::default();
            let rows = if context.flags.is_set("rows") { rows } else { style.rows };
            render_html(report, &HtmlStyle { rows, ..style })
        }
        ReportFormat::Json => render_json(report),
        ReportFormat::Jsonl => render_jsonl(report),
        ReportFormat::Junit => render_junit(report, Severity::Info),
        ReportFormat::Prometheus => render_prometheus(report),
        ReportFormat::Sarif => render_sarif(report),
        ReportFormat::Text => {
            let Screen { columns, colour, unicode } = Screen::of_stdout(context);
            let width = columns.unwrap_or(PAGE);
            render_text(report, &TextStyle { width, colour, unicode, rows, ..TextStyle::default() })
        }
    }
}
