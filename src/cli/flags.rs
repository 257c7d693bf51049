//! Go's flag grammar, shared by all programs: one small parser over a constant table.
//!
//! `-x v`, `--x v`, `-x=v` and `--x=v` are the same; a boolean takes a value only after `=`; the last of
//! several wins; `--` ends the flags and a lone `-` is a positional. Unlike Go, flags are also taken after the
//! first positional, because people write them there and cfssl then fails.

use super::values::{IntegerFault, parse_boolean, parse_integer, quoted};
use crate::json::GoDuration;
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// One flag of a program.
#[derive(Debug, Clone, Copy)]
pub struct FlagSpec {
    /// The name, without dashes.
    pub name: &'static str,
    /// What its value must look like.
    pub kind: FlagKind,
    /// The value when the flag is not given, as the help shows it.
    pub default: &'static str,
    /// One line for the help.
    pub description: &'static str,
}

/// What the value of a flag must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagKind {
    /// `true` or `false`; the name alone means `true`.
    Boolean,
    /// A span of time as Go writes it, such as `168h` or `1h30m`.
    Duration,
    /// A 64-bit integer in base 2, 8, 10 or 16.
    Integer,
    /// Any text.
    Text,
}

/// How far [`parse`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Up to the first positional, as Go does.
    Leading,
    /// All arguments: flags may also follow positionals.
    Whole,
}

/// What [`parse`] found.
#[derive(Debug)]
pub enum Parsed {
    /// `-h` or `-help`: nothing but the help is wanted.
    Help,
    /// A command line to act on.
    Flags(Flags),
}

/// A parsed command line: the flags that were given, and the positionals.
#[derive(Debug, Default)]
pub struct Flags {
    table: &'static [FlagSpec],
    given: Vec<Given>,
    positionals: Vec<String>,
    /// How many arguments the flags before the first positional take, and the same with a `--` after them.
    head: (usize, usize),
}

#[derive(Debug)]
struct Given {
    spec: &'static FlagSpec,
    value: String,
    /// Given after a positional, where cfssl no longer looks for flags.
    late: bool,
    /// The value is an argument of its own that is also the name of a flag.
    doubtful: bool,
}

/// Parses `arguments` (without the program's name) by `table`.
///
/// # Errors
///
/// [`ErrorKind::Usage`] in Go's words: an unknown flag, a missing value, a value of the wrong kind.
pub fn parse(table: &'static [FlagSpec], arguments: &[String], extent: Extent) -> Result<Parsed> {
    let mut flags = Flags { table, ..Flags::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        // A number below zero after a positional, such as the SECONDS of gencrl, is no flag.
        let is_flag =
            |body: &&str| flags.positionals.is_empty() || !body.starts_with(|c: char| c.is_ascii_digit());
        let Some(body) = flag_body(argument).filter(is_flag) else {
            if extent == Extent::Leading {
                return Ok(Parsed::Flags(flags));
            }
            flags.positionals.push(argument.clone());
            continue;
        };
        if argument == "--" {
            flags.head.1 = arguments.len() - rest.len();
            if extent == Extent::Whole {
                flags.positionals.extend(rest.cloned());
            }
            return Ok(Parsed::Flags(flags));
        }
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (body, None),
        };
        if name.is_empty() || name.starts_with('-') {
            return Err(usage(format!("bad flag syntax: {argument}")));
        }
        let Some(spec) = table.iter().find(|spec| spec.name == name) else {
            if matches!(name, "h" | "help") {
                return Ok(Parsed::Help);
            }
            return Err(unknown_flag(table, name));
        };
        let mut doubtful = false;
        let value = match (value, spec.kind) {
            (Some(value), _) => value,
            (None, FlagKind::Boolean) => "true",
            (None, _) => {
                let value = rest.next().ok_or_else(|| usage(format!("flag needs an argument: -{name}")))?;
                doubtful = names_a_flag(table, value);
                value
            }
        };
        check_value(spec, value)?;
        flags.given.push(Given {
            spec,
            value: value.to_owned(),
            late: !flags.positionals.is_empty(),
            doubtful,
        });
        let read = arguments.len() - rest.len();
        flags.head = (read, read);
    }
    Ok(Parsed::Flags(flags))
}

impl Flags {
    /// The value of a flag, or its default; for every kind, as it was written.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        if let Some(given) = self.last(name) {
            return &given.value;
        }
        let spec = self.table.iter().find(|spec| spec.name == name);
        debug_assert!(spec.is_some(), "no flag is called {name}");
        spec.map_or("", |spec| spec.default)
    }

    /// The values of a flag that may be given several times, in order; each may hold several, separated by
    /// commas.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let given = self.given.iter().filter(|given| given.spec.name == name);
        let parts = given.flat_map(|given| given.value.split(','));
        parts.map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// The values of a flag that may be given several times, in order and as they are written.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.given.iter().filter(move |given| given.spec.name == name).map(|given| given.value.as_str())
    }

    /// The value of a boolean flag.
    #[must_use]
    pub fn boolean(&self, name: &str) -> bool {
        parse_boolean(self.text(name)).unwrap_or_default()
    }

    /// The value of an integer flag.
    #[must_use]
    pub fn integer(&self, name: &str) -> i64 {
        parse_integer(self.text(name)).unwrap_or_default()
    }

    /// True when the flag was given, even with its default or an empty value.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.last(name).is_some()
    }

    /// True when the flag has a value that is not empty.
    #[must_use]
    pub fn has_text(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// The names of the flags that were given, each once, in the order of their first appearance.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        distinct(self.given.iter())
    }

    /// The names of the flags that were given after a positional, where cfssl takes them for positionals.
    #[must_use]
    pub fn given_late(&self) -> Vec<&'static str> {
        distinct(self.given.iter().filter(|given| given.late))
    }

    /// The arguments that are not flags.
    #[must_use]
    pub fn positionals(&self) -> &[String] {
        &self.positionals
    }

    /// Under [`Extent::Leading`]: how many arguments the flags take, and the same with a `--` after them.
    pub(crate) fn head(&self) -> (usize, usize) {
        self.head
    }

    /// What is legal and probably not meant: `-ca -ca-key key.pem` gives `-ca` the value `-ca-key`.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let doubtful = self.given.iter().filter(|given| given.doubtful);
        doubtful.map(doubtful_value).collect()
    }

    fn last(&self, name: &str) -> Option<&Given> {
        self.given.iter().rfind(|given| given.spec.name == name)
    }
}

fn distinct<'a>(given: impl Iterator<Item = &'a Given>) -> Vec<&'static str> {
    let mut names = Vec::new();
    for given in given {
        if !names.contains(&given.spec.name) {
            names.push(given.spec.name);
        }
    }
    names
}

fn doubtful_value(given: &Given) -> Warning {
    let (name, value) = (given.spec.name, &given.value);
    Warning::new(WarningKind::Unwise, format!("-{name} takes the next word, {value}, as its value"))
        .hint(format!("write -{name}=VALUE, or -{name}={value} if that is meant"))
}

/// The argument without its one or two dashes, or nothing for a positional.
fn flag_body(argument: &str) -> Option<&str> {
    let body = argument.strip_prefix('-')?;
    if body.is_empty() {
        return None;
    }
    Some(body.strip_prefix('-').unwrap_or(body))
}

fn names_a_flag(table: &[FlagSpec], value: &str) -> bool {
    let Some(name) = flag_body(value).and_then(|body| body.split('=').next()) else {
        return false;
    };
    table.iter().any(|spec| spec.name == name)
}

fn usage(message: String) -> Error {
    Error::new(ErrorKind::Usage, message)
}

fn unknown_flag(table: &[FlagSpec], name: &str) -> Error {
    let error = usage(format!("flag provided but not defined: -{name}"));
    match closest(name, table.iter().map(|spec| spec.name)) {
        Some(near) => error.hint(format!("did you mean -{near}?")),
        None => error,
    }
}

/// The candidate that was probably meant by `word`, if one is near enough.
pub(crate) fn closest(word: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // Distance grows with the square of the length: nobody mistypes by a page.
    if word.len() > 64 {
        return None;
    }
    let word = word.to_ascii_lowercase().replace('_', "-");
    candidates
        .map(|candidate| (strsim::osa_distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.len().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn check_value(spec: &FlagSpec, value: &str) -> Result<()> {
    let name = spec.name;
    let (fault, reason) = match spec.kind {
        FlagKind::Text => return Ok(()),
        FlagKind::Boolean if parse_boolean(value).is_some() => return Ok(()),
        FlagKind::Boolean => {
            let value = quoted(value);
            return Err(usage(format!("invalid boolean value {value} for -{name}: parse error"))
                .hint("write true or false"));
        }
        FlagKind::Duration if value.parse::<GoDuration>().is_ok() => return Ok(()),
        FlagKind::Duration => ("parse error", "write a span of time such as 168h or 1h30m"),
        FlagKind::Integer => match parse_integer(value) {
            Ok(_) => return Ok(()),
            Err(IntegerFault::Syntax) => ("parse error", "write a whole number"),
            Err(IntegerFault::Range) => ("value out of range", "write a number below 2^63"),
        },
    };
    let value = quoted(value);
    Err(usage(format!("invalid value {value} for flag -{name}: {fault}")).hint(reason))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

    use super::*;

    const TABLE: &[FlagSpec] = &[
        spec("ca", FlagKind::Text, ""),
        spec("ca-key", FlagKind::Text, ""),
        spec("expiry", FlagKind::Duration, "168h0m0s"),
        spec("initca", FlagKind::Boolean, "false"),
        spec("loglevel", FlagKind::Integer, "1"),
    ];

    const fn spec(name: &'static str, kind: FlagKind, default: &'static str) -> FlagSpec {
        FlagSpec { name, kind, default, description: "" }
    }

    fn run(line: &str, extent: Extent) -> Result<Parsed> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(TABLE, &arguments, extent)
    }

    fn flags(line: &str) -> Flags {
        match run(line, Extent::Whole).unwrap() {
            Parsed::Flags(flags) => flags,
            Parsed::Help => panic!("{line} asks for help"),
        }
    }

    fn fault(line: &str) -> String {
        run(line, Extent::Whole).unwrap_err().cfssl_text()
    }

    #[test]
    fn reads_all_four_spellings() {
        for line in ["-ca v", "--ca v", "-ca=v", "--ca=v", "-ca=a -ca=v"] {
            assert_eq!(flags(line).text("ca"), "v", "{line}");
        }
        assert_eq!(flags("-ca=a=b").text("ca"), "a=b");
        assert_eq!(flags("-ca -h").text("ca"), "-h");
        assert!(flags("-ca=").is_set("ca"));
        assert!(!flags("-ca=").has_text("ca"));
        assert_eq!(flags("").text("expiry"), "168h0m0s");
    }

    #[test]
    fn a_boolean_takes_its_value_only_after_an_equals_sign() {
        assert!(flags("-initca").boolean("initca"));
        assert!(!flags("-initca -initca=F").boolean("initca"));
        let both = flags("-initca true csr.json");
        assert_eq!(both.positionals(), ["true", "csr.json"]);
    }

    #[test]
    fn positionals_may_stand_before_flags_but_not_before_the_double_dash() {
        let flags = flags("csr.json -loglevel 0 - -- -ca x");
        assert_eq!(flags.positionals(), ["csr.json", "-", "-ca", "x"]);
        assert_eq!(flags.integer("loglevel"), 0);
        assert_eq!(flags.given_late(), ["loglevel"]);
        assert!(!flags.is_set("ca"));
    }

    #[test]
    fn stops_at_the_first_positional_when_asked_to() {
        for (line, head) in [
            ("-loglevel 0 gencert -x", (2, 2)),
            ("gencert", (0, 0)),
            ("-- gencert", (0, 1)),
            ("-ca -- gencert", (2, 2)),
        ] {
            let Parsed::Flags(flags) = run(line, Extent::Leading).unwrap() else {
                panic!("{line} asks for help");
            };
            assert_eq!(flags.head(), head, "{line}");
            assert!(flags.positionals().is_empty());
        }
    }

    #[test]
    fn faults_have_the_words_of_go() {
        for (line, text) in [
            ("-bogus", "flag provided but not defined: -bogus"),
            ("--bogus=1", "flag provided but not defined: -bogus"),
            ("csr.json -x", "flag provided but not defined: -x"),
            ("---loglevel=1", "bad flag syntax: ---loglevel=1"),
            ("-=1", "bad flag syntax: -=1"),
            ("--=1", "bad flag syntax: --=1"),
            ("-loglevel", "flag needs an argument: -loglevel"),
            ("-loglevel=\u{7}\"", r#"invalid value "\a\"" for flag -loglevel: parse error"#),
            (
                "-loglevel=99999999999999999999",
                r#"invalid value "99999999999999999999" for flag -loglevel: value out of range"#,
            ),
            ("-initca=maybe", r#"invalid boolean value "maybe" for -initca: parse error"#),
            ("-initca=", r#"invalid boolean value "" for -initca: parse error"#),
        ] {
            assert_eq!(fault(line), text);
        }
    }

    #[test]
    fn suggests_the_flag_that_was_meant() {
        let near = |line| run(line, Extent::Whole).unwrap_err().to_string();
        assert!(near("-ca_key x").ends_with("; did you mean -ca-key?"));
        assert!(near("-logLevel=1").ends_with("; did you mean -loglevel?"));
        assert_eq!(near("-zzz"), "flag provided but not defined: -zzz");
    }

    #[test]
    fn durations_are_checked_and_kept_as_written() {
        assert_eq!(flags("-expiry 1.5h").text("expiry"), "1.5h");
        for bad in ["5", "5x", "9999999h"] {
            let text = format!("invalid value \"{bad}\" for flag -expiry: parse error");
            assert_eq!(fault(&format!("-expiry={bad}")), text);
        }
    }

    #[test]
    fn doubts_a_value_that_is_the_name_of_a_flag() {
        let warnings = flags("-ca -ca-key key.pem").warnings();
        assert_eq!(warnings.len(), 1);
        assert!(warnings.iter().all(|warning| warning.message.contains("-ca-key")));
        assert!(flags("-ca=-ca-key").warnings().is_empty());
        assert!(flags("-ca -").warnings().is_empty());
    }

    #[test]
    fn knows_the_call_for_help() {
        for line in ["-h", "--help", "-help=1", "csr.json -h"] {
            assert!(matches!(run(line, Extent::Whole), Ok(Parsed::Help)), "{line}");
        }
    }
}
