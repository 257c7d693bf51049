//! What a command sees: its flags, its streams, its log, and what it may ask of the machine.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::flags::Flags;
use super::input::{self, Source};
use super::log::{Level, Log};
use super::streams::Streams;
use super::values;
use crate::inspect::read::SecretBytes;
use crate::model::SigningConfig;
use crate::quote::{shown, shown_lines};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// More warnings than this about one input are counted only.
const MOST_WARNINGS: usize = 20;

/// The most bytes of a line for people.
const LONGEST_LINE: usize = 2000;

/// The part of the machine that a program touches, handed in so that a program can run inside a test.
pub struct World<'a> {
    /// The name the program was called by.
    pub program: String,
    /// The arguments without the program's name.
    pub arguments: Vec<OsString>,
    /// Standard input, output and error.
    pub streams: Streams<'a>,
    /// Looks up an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// Reads the clock.
    pub clock: &'a dyn Fn() -> OffsetDateTime,
}

impl fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("program", &self.program)
            .field("arguments", &self.arguments)
            .finish_non_exhaustive()
    }
}

impl World<'_> {
    /// The arguments as text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for an argument that is not UTF-8.
    pub fn arguments(&self) -> Result<Vec<String>> {
        let arguments = self.arguments.iter();
        arguments
            .map(|argument| match argument.to_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(Error::new(
                    ErrorKind::Usage,
                    format!("argument is not UTF-8: {}", argument.to_string_lossy()),
                )),
            })
            .collect()
    }

    /// True when `CFSSL_STRICT` is set to anything but an empty value or a Go spelling of false.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        let value = (self.environment)("CFSSL_STRICT").unwrap_or_default();
        !value.is_empty() && value.to_str().and_then(values::parse_boolean) != Some(false)
    }
}

/// Everything a command works with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The name of the command, or of the program where it has none.
    pub command: &'static str,
    /// The flags and positionals.
    pub flags: Flags,
    /// Which log lines are shown.
    pub log: Log,
    /// True when warnings are errors.
    pub strict: bool,
    /// What `-config` names, loaded and valid.
    pub config: Option<SigningConfig>,
    /// The exit status of a command that did what was asked: 0 unless the command has more to tell.
    pub status: u8,
    world: World<'a>,
}

impl<'a> Context<'a> {
    /// A context for a parsed command line. The flags `loglevel` and `strict` count where the table has them.
    #[must_use]
    pub fn new(world: World<'a>, command: &'static str, flags: Flags) -> Self {
        let level = if flags.is_set("loglevel") { flags.integer("loglevel") } else { 1 };
        let strict = if flags.is_set("strict") { flags.boolean("strict") } else { world.is_strict() };
        Self { command, flags, log: Log::new(level), strict, config: None, status: 0, world }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        (self.world.clock)()
    }

    /// The moment that a question is about: that of `-now`, or else the present one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for what is no moment.
    pub fn moment(&self) -> Result<OffsetDateTime> {
        match self.flags.text("now") {
            "" => Ok(self.now()),
            text => values::parse_moment(text),
        }
    }

    /// An environment variable, if it is set.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<OsString> {
        (self.world.environment)(name)
    }

    /// The name the program was called by.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.world.program
    }

    /// The standard streams.
    pub fn streams(&mut self) -> &mut Streams<'a> {
        &mut self.world.streams
    }

    /// Writes a result to standard output, without adding a newline.
    ///
    /// # Errors
    ///
    /// As [`Streams::write_out`].
    pub fn write_out(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        self.world.streams.write_out(text)
    }

    /// Logs one line, if lines of its level are shown. Names in it may be strangers': what drives a terminal, or would
    /// begin a line of its own, is spelled out.
    pub fn log(&mut self, level: Level, message: &str) {
        self.log_lines(level, &shown(message));
    }

    /// Logs words of our own, of one line or several, if lines of their level are shown.
    pub(crate) fn log_lines(&mut self, level: Level, message: &str) {
        if self.log.shows(level) {
            let line = self.log.line(level, message, self.now());
            self.world.streams.write_err(line);
        }
    }

    /// Logs a step of the work.
    pub fn info(&mut self, message: &str) {
        self.log(Level::Info, message);
    }

    /// Tells warnings: as `[WARNING]` lines, or under `-strict` as `[ERROR]` lines and a fault.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Strict`] under `-strict` when there is any warning.
    pub fn warn(&mut self, warnings: &[Warning]) -> Result<()> {
        let level = if self.strict { Level::Error } else { Level::Warning };
        if self.log.shows(level) {
            for warning in warnings.iter().take(MOST_WARNINGS) {
                self.log(level, &clipped(&warning.to_string()));
            }
            if let Some(more @ 1..) = warnings.len().checked_sub(MOST_WARNINGS) {
                self.log(level, &format!("{more} further warnings of the same input are not shown"));
            }
        }
        match warnings.len() {
            count @ 1.. if self.strict => Err(refused(count)),
            _ => Ok(()),
        }
    }

    /// Tells a fault: a log line for people where there is more to say, then cfssl's own line, which no
    /// `-loglevel` silences.
    pub fn report(&mut self, error: &Error) {
        self.explain(error);
        let mut line = shown_lines(&error.cfssl_text());
        line.push('\n');
        self.world.streams.write_err(line);
    }

    /// The first half of [`report`](Self::report): the log line for people.
    pub(crate) fn explain(&mut self, error: &Error) {
        if error.has_detail() {
            self.log(Level::Error, &clipped(&error.to_string()));
        }
    }

    /// The only positional, such as the CSR's JSON file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] in cfssl's words when there is none, or more than one.
    pub fn only_positional(&self) -> Result<&str> {
        match self.flags.positionals() {
            [] => Err(Error::new(
                ErrorKind::Usage,
                "not enough arguments are supplied --- please refer to the usage",
            )),
            [only] => Ok(only),
            [first, ..] => {
                let error =
                    Error::new(ErrorKind::Usage, "only one argument is accepted, please check with usage");
                Err(match values::parse_boolean(first) {
                    Some(_) => error
                        .hint(format!("a value for a switch needs an equals sign, as in -initca={first}")),
                    None => error,
                })
            }
        }
    }

    /// Reads the file at `path`, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// As [`input::read_input`].
    pub fn read_input(&mut self, path: &str) -> Result<Vec<u8>> {
        input::read_input(path, self.world.streams.stdin())
    }

    /// As [`Context::read_input`], into memory that is wiped after use.
    ///
    /// # Errors
    ///
    /// As [`input::read_input`].
    pub(crate) fn read_secret_input(&mut self, path: &str) -> Result<SecretBytes> {
        input::read_secret_input(path, self.world.streams.stdin())
    }

    /// Reads what a flag such as `-ca` names: `env:NAME`, `file:PATH`, or a path. A variable that is not set
    /// counts as empty, with a warning.
    ///
    /// # Errors
    ///
    /// As [`Source::parse`] and [`input::read_file`]; [`ErrorKind::Strict`] for an unset variable.
    pub fn read_source(&mut self, source: &str) -> Result<Vec<u8>> {
        match Source::parse(source)? {
            Source::File(path) => input::read_file(path),
            Source::Environment(name) => self.read_variable(name),
        }
    }

    /// As [`read_source`](Self::read_source), into memory that is wiped after use.
    ///
    /// # Errors
    ///
    /// As [`read_source`](Self::read_source).
    pub fn read_secret(&mut self, source: &str) -> Result<Zeroizing<Vec<u8>>> {
        match Source::parse(source)? {
            Source::File(path) => input::read_secret_file(path),
            Source::Environment(name) => self.read_variable(name).map(Zeroizing::new),
        }
    }

    fn read_variable(&mut self, name: &str) -> Result<Vec<u8>> {
        match self.environment(name) {
            Some(value) => Ok(value.into_encoded_bytes()),
            None => {
                let message = format!("the environment variable {name} is not set");
                self.warn(&[Warning::new(WarningKind::Unwise, message)])?;
                Ok(Vec::new())
            }
        }
    }
}

/// The fault that warnings are under `-strict`.
pub(super) fn refused(warnings: usize) -> Error {
    let plural = if warnings == 1 { "" } else { "s" };
    Error::new(ErrorKind::Strict, format!("refused under -strict: {warnings} warning{plural}"))
}

/// A line for people, cut in the middle where it would be longer than they read; a host may have a megabyte.
fn clipped(line: &str) -> Cow<'_, str> {
    if line.len() <= LONGEST_LINE {
        return Cow::Borrowed(line);
    }
    let boundary = |from: usize| (0..=from).rev().find(|at| line.is_char_boundary(*at)).unwrap_or_default();
    let (head, _) = line.split_at(boundary(LONGEST_LINE / 2));
    let (_, tail) = line.split_at(boundary(line.len() - LONGEST_LINE / 2));
    Cow::Owned(format!("{head}…{tail}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

    use super::*;
    use crate::cli::flags::{Extent, Parsed, parse};
    use crate::cli::table::FLAGS;
    use time::macros::datetime;

    /// Runs `act` in a context for the command line, and returns what it wrote to standard error.
    fn stderr_of(line: &str, act: impl FnOnce(&mut Context<'_>)) -> String {
        let (mut stdin, mut stdout, mut stderr) = (b"from stdin".as_slice(), Vec::new(), Vec::new());
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let Parsed::Flags(flags) = parse(FLAGS, &arguments, Extent::Whole).unwrap() else {
            panic!("{line} asks for help");
        };
        let world = World {
            program: "cfssl".to_owned(),
            arguments: Vec::new(),
            streams: Streams::new(&mut stdin, &mut stdout, &mut stderr),
            environment: &|name| (name == "CA").then(|| "from the environment".into()),
            clock: &|| datetime!(2026-01-31 23:04:05 UTC),
        };
        act(&mut Context::new(world, "gencert", flags));
        String::from_utf8(stderr).unwrap()
    }

    #[test]
    fn reads_sources_from_the_environment_and_inputs_from_standard_input() {
        let stderr = stderr_of("", |context| {
            assert_eq!(context.read_source("env:CA").unwrap(), b"from the environment");
            assert_eq!(context.read_secret("env:CA").unwrap().as_slice(), b"from the environment");
            assert_eq!(context.read_input("-").unwrap(), b"from stdin");
        });
        assert_eq!(stderr, "");
    }

    #[test]
    fn an_unset_variable_is_empty_with_a_warning() {
        let stderr = stderr_of("", |context| {
            assert_eq!(context.read_source("env:CA_KEY").unwrap(), b"");
        });
        assert!(stderr.ends_with(" [WARNING] the environment variable CA_KEY is not set\n"), "{stderr}");
        let stderr = stderr_of("-strict", |context| {
            let error = context.read_source("env:CA_KEY").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Strict);
        });
        assert!(stderr.contains("[ERROR]"), "{stderr}");
    }

    #[test]
    fn a_fault_speaks_to_people_first_and_to_scripts_last() {
        let error = Error::of(ErrorKind::CertificateDecode).in_file("ca.pem");
        let line = r#"{"code":1002,"message":"Failed to decode certificate"}"#.to_owned() + "\n";
        let stderr = stderr_of("", |context| context.report(&error));
        assert!(stderr.ends_with(&format!(" [ERROR] ca.pem: Failed to decode certificate\n{line}")));
        assert_eq!(stderr_of("-loglevel 4", |context| context.report(&error)), line);
    }

    #[test]
    fn takes_exactly_one_positional() {
        stderr_of("csr.json", |context| assert_eq!(context.only_positional(), Ok("csr.json")));
        stderr_of("", |context| {
            let text = "not enough arguments are supplied --- please refer to the usage";
            assert_eq!(context.only_positional().unwrap_err().cfssl_text(), text);
        });
        stderr_of("-initca true csr.json", |context| {
            let error = context.only_positional().unwrap_err();
            assert_eq!(error.cfssl_text(), "only one argument is accepted, please check with usage");
            assert!(error.to_string().contains("-initca=true"));
        });
    }
}
