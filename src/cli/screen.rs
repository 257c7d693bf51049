//! What standard output is: a terminal with a width and colours, or a file or pipe.

use super::Context;
use std::io::IsTerminal;

/// What text for people may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Screen {
    /// The columns of the terminal; `None` for a file or a pipe, whose lines may be of any length.
    pub(super) columns: Option<usize>,
    /// Colours: on a terminal, unless `NO_COLOR` is set or the terminal is a `dumb` one.
    pub(super) colour: bool,
    /// Letters beyond ASCII: unless the locale has another character set.
    pub(super) unicode: bool,
}

/// The columns of a page.
pub(super) const PAGE: usize = 80;

impl Screen {
    /// The standard output of this process.
    pub(super) fn of_stdout(context: &Context<'_>) -> Self {
        let variable = |name| context.environment(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
        let locale = locale.map(|locale| locale.to_string_lossy().to_ascii_uppercase());
        let is_terminal = std::io::stdout().is_terminal();
        let is_dumb = variable("TERM").is_none_or(|terminal| terminal == "dumb");
        Self {
            columns: is_terminal.then(|| columns(std::io::stdout()).unwrap_or(PAGE)),
            colour: is_terminal && !is_dumb && variable("NO_COLOR").is_none(),
            unicode: locale.is_none_or(|locale| locale.contains("UTF-8") || locale.contains("UTF8")),
        }
    }
}

/// The columns of standard error; `None` where it is no terminal.
pub(super) fn columns_of_stderr() -> Option<usize> {
    let stderr = std::io::stderr();
    stderr.is_terminal().then(|| columns(stderr).unwrap_or(PAGE))
}

fn columns(stream: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}
