//! Any number of certificates, in several forms: what cfssl does not have.

use super::describe::Format;
use super::inputs::{Input, Run, read_options};
use super::{TIMEOUT, has_target, no_target};
use crate::cli::screen::Screen;
use crate::cli::{Context, request};
use crate::output::certificate::{Look, fields};
use crate::{Error, ErrorKind, Result, Warning, WarningKind, json};

/// The names of the formats.
const FORMATS: [&str; 4] = ["json", "jsonl", "table", "text"];

/// True where the command line asks for what cfssl does not have: another form, or files without a flag.
pub(super) fn is_asked(context: &Context<'_>) -> bool {
    let has_form = context.flags.has_text("fields") || context.flags.has_text("format");
    has_form || (!has_target(context) && !context.flags.positionals().is_empty())
}

/// Warns of files that cfssl's form of the command does not read.
///
/// # Errors
///
/// [`ErrorKind::Strict`] under `-strict`.
pub(super) fn warn_of_ignored(context: &mut Context<'_>) -> Result<()> {
    let Some(first) = context.flags.positionals().first() else { return Ok(()) };
    let warning =
        Warning::new(WarningKind::Ignored, format!("{first} is not read: cfssl takes one certificate"))
            .hint("add -format json, jsonl, table or text to read all that are named");
    context.warn(&[warning])
}

/// Describes every certificate in every input. One that cannot be read does not stop the others.
pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    if context.flags.has_text("csr") || context.flags.has_text("serial") {
        return Err(Error::new(
            ErrorKind::Usage,
            "-format and -fields are for certificates, not for -csr or -serial",
        ));
    }
    let format = format(context)?;
    let inputs = inputs(context);
    if inputs.is_empty() {
        return Err(no_target());
    }
    let Screen { columns, colour, unicode } = Screen::of_stdout(context);
    let mut run = Run {
        format: &format,
        look: Look { columns, colour, unicode },
        now: context.moment()?,
        read: read_options(context)?,
        rows: Vec::new(),
        faults: 0,
        others: Vec::new(),
        known: Vec::new(),
    };
    for input in &inputs {
        let Err(error) = run.input(context, input, TIMEOUT) else { continue };
        let name = match input {
            Input::Path(path) => request::input_name(path),
            Input::Server(target) => target.clone(),
        };
        // cfssl's words name the file where it cannot be opened.
        let error = if error.kind() == ErrorKind::Io { error } else { error.in_file(&name) };
        if inputs.len() == 1 || error.kind() == ErrorKind::Strict {
            run.finish(context)?;
            return Err(error);
        }
        context.report(&error);
        run.faults += 1;
    }
    run.finish(context)?;
    match run.faults {
        0 => Ok(()),
        1 => Err(Error::new(ErrorKind::CertificateRead, "1 part of the input could not be read")),
        faults => Err(Error::new(
            ErrorKind::CertificateRead,
            format!("{faults} parts of the input could not be read"),
        )),
    }
}

fn format(context: &Context<'_>) -> Result<Format> {
    let list = context.flags.text("fields");
    let name = match context.flags.text("format") {
        "" if list.is_empty() => "json",
        "" => "table",
        name => name,
    };
    if !list.is_empty() && name != "table" {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("-fields are columns of a table, and -format is {name}"),
        )
        .hint("leave out one of the two"));
    }
    match name {
        "json" => Ok(Format::Json),
        "jsonl" => Ok(Format::JsonLines),
        "table" => fields(list).map(Format::Table),
        "text" => Ok(Format::Text),
        other => {
            let near = json::did_you_mean(other, FORMATS.into_iter());
            let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
            Err(Error::new(
                ErrorKind::Usage,
                format!("-format: certinfo has no format {}", json::quote(other)),
            )
            .hint(format!("{near}The formats are {}", FORMATS.join(", "))))
        }
    }
}

fn inputs(context: &Context<'_>) -> Vec<Input> {
    let flags = &context.flags;
    let named = flags.values("cert").filter(|path| !path.is_empty());
    let paths = named.chain(flags.positionals().iter().map(String::as_str));
    let servers = flags.texts("domain").into_iter().map(|target| Input::Server(target.to_owned()));
    paths.map(|path| Input::Path(path.to_owned())).chain(servers).collect()
}
