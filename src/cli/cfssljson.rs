//! The `cfssljson` program: it takes the JSON that `cfssl` prints and writes the files in it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use time::OffsetDateTime;
use zeroize::{Zeroize, Zeroizing};

use self::payload::{Item, Wrapping, extract};
use super::World;
use super::flags::{Extent, FlagKind, FlagSpec, Flags, Parsed, parse};
use super::log::{Level, Log};
use super::streams::Streams;
use crate::error::{Error, ErrorKind, Result, Warning, WarningKind};
use crate::json::{self, Node, Value};
use crate::output::FileSet;
use crate::quote::{shown, shown_lines};

mod payload;

/// Far more than the largest bundle; a stream without end must not fill the memory.
const MAX_INPUT: usize = 64 << 20;

/// A read of at least this much passes by the buffer of [`io::Stdin`], which then keeps no copy of a key.
const LEAST_READ: usize = 8 << 10;

const FLAGS: &[FlagSpec] = &[
    FlagSpec {
        name: "bare",
        kind: FlagKind::Boolean,
        default: "false",
        description: "the input is what cfssl prints, not the reply of an API server",
    },
    FlagSpec {
        name: "f",
        kind: FlagKind::Text,
        default: "-",
        description: "the file that holds the JSON; - is standard input",
    },
    FlagSpec {
        name: "stdout",
        kind: FlagKind::Boolean,
        default: "false",
        description: "print what the input holds instead of writing files",
    },
    FlagSpec {
        name: "strict",
        kind: FlagKind::Boolean,
        default: "false",
        description: "treat warnings as errors, as CFSSL_STRICT=1 does, and write nothing then",
    },
    FlagSpec {
        name: "version",
        kind: FlagKind::Boolean,
        default: "false",
        description: "print the version and exit",
    },
];

/// Runs the program on the process's own arguments and streams.
#[must_use]
pub fn main() -> ExitCode {
    let mut stdin = Patient::default();
    let (mut stdout, mut stderr) = (io::stdout(), io::stderr());
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_else(|| "cfssljson".into());
    ExitCode::from(run(World {
        program: program.to_string_lossy().into_owned(),
        arguments: arguments.collect(),
        streams: Streams::new(&mut stdin, &mut stdout, &mut stderr),
        environment: &|name| std::env::var_os(name),
        clock: &OffsetDateTime::now_utc,
    }))
}

/// Runs the program and returns its exit status.
///
/// 0 is success, also where the input holds nothing to write; 1 is a fault of the input or the files;
/// 2 is a command line that makes no sense.
#[must_use]
pub fn run(mut world: World<'_>) -> u8 {
    let order = match Order::read(&world.arguments) {
        Ok(Some(order)) => order,
        Ok(None) => {
            world.streams.write_err(usage(&world.program));
            return 0;
        }
        Err(error) => {
            // Go's line comes first and alone, for those who look for it.
            let mut text = format!("{}\n", error.cfssl_text());
            if error.has_detail() {
                text.push_str(&format!("cfssljson: {error}\n"));
            }
            text.push_str(&usage(&world.program));
            world.streams.write_err(text);
            return 2;
        }
    };
    let strict = order.strict.unwrap_or_else(|| world.is_strict());
    match order.carry_out(&mut world, strict) {
        Ok(()) => 0,
        Err(error) => {
            if error.has_detail() {
                world.streams.write_err(format!("cfssljson: {}\n", shown(&error.to_string())));
            }
            world.streams.write_err(format!("{}\n", shown_lines(&error.cfssl_text())));
            1
        }
    }
}

/// What the command line asks for.
#[derive(Debug)]
struct Order {
    base: OsString,
    input: OsString,
    wrapping: Wrapping,
    to_stdout: bool,
    version: bool,
    /// What the flag says; nothing where it is not given.
    strict: Option<bool>,
    warnings: Vec<Warning>,
}

impl Order {
    /// Nothing where the help is asked for.
    fn read(arguments: &[OsString]) -> Result<Option<Self>> {
        let words: Vec<String> =
            arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
        // cfssl never looks behind the base name, so what makes no sense there is passed over.
        let parsed = parse(FLAGS, &words, Extent::Whole).or_else(|error| {
            match parse(FLAGS, &words, Extent::Leading) {
                Ok(Parsed::Flags(flags)) if base_follows(&flags, &words) => Ok(Parsed::Flags(flags)),
                _ => Err(error),
            }
        })?;
        let Parsed::Flags(flags) = parsed else {
            return Ok(None);
        };
        let positionals = match flags.positionals() {
            [] => words.get(flags.head().1..).unwrap_or_default(),
            positionals => positionals,
        };
        let mut warnings = flags.warnings();
        warnings.extend(flags.given_late().into_iter().filter(|name| *name == "stdout").map(|name| {
            Warning::new(WarningKind::Unwise, format!("-{name} after the base name counts, unlike in cfssl"))
                .hint(format!("leave out -{name} if files are wanted"))
        }));
        let (base, extra) = match positionals.split_first() {
            Some((base, extra)) => (as_given(arguments, base), extra),
            None => ("cert".into(), Default::default()),
        };
        if base == "-" {
            warnings.push(
                Warning::new(WarningKind::Unwise, "the files are named -.pem, --key.pem, …")
                    .hint("the first word is the base name; standard input is read anyway"),
            );
        }
        // The stray dash after the base name means the standard input that is read anyway.
        let extra: Vec<&str> = extra.iter().map(String::as_str).filter(|word| *word != "-").collect();
        if !extra.is_empty() {
            let message = format!("words after the base name have no effect: {}", extra.join(" "));
            warnings.push(Warning::new(WarningKind::Ignored, message));
        }
        let wrapping = match flags.boolean("bare") {
            true => Wrapping::Bare,
            false => Wrapping::Envelope,
        };
        Ok(Some(Self {
            base,
            input: as_given(arguments, flags.text("f")),
            wrapping,
            to_stdout: flags.boolean("stdout"),
            version: flags.boolean("version"),
            strict: flags.is_set("strict").then(|| flags.boolean("strict")),
            warnings,
        }))
    }

    fn carry_out(&self, world: &mut World<'_>, strict: bool) -> Result<()> {
        if self.version {
            return world.streams.write_out(super::version::TEXT);
        }
        warn(world, &self.warnings, strict)?;
        let items = self.items(&mut world.streams)?;
        if items.is_empty() {
            let nothing = Warning::new(
                WarningKind::Unwise,
                "the input holds no certificate, key, request, bundle or response; nothing is written",
            );
            return warn(world, &[nothing], strict);
        }
        match self.to_stdout {
            true => world.streams.write_out(printed(&items)),
            false => self.file_set(&items).write_if(|warnings| warn(world, warnings, strict)),
        }
    }

    fn items(&self, streams: &mut Streams<'_>) -> Result<Vec<Item>> {
        let input = self.read_input(streams)?;
        let document = json::parse(&input).map_err(|error| self.not_json(&input, error))?;
        let document = Wiped(document);
        extract(&document.0, self.wrapping).map_err(|fault| {
            let error = match fault.offset {
                Some(offset) => fault.error.at_position(json::line_and_column(&input, offset)),
                None => fault.error,
            };
            match self.file_name() {
                Some(file) if error.has_detail() => error.in_file(&file),
                _ => error,
            }
        })
    }

    fn read_input(&self, streams: &mut Streams<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let name = self.input.to_string_lossy();
        let read = match self.file_name() {
            None => read_all(streams.stdin()).map_err(|error| Error::io("read", "/dev/stdin", &error)),
            Some(_) => File::open(&self.input)
                .map_err(|error| Error::io("open", &name, &error))
                .and_then(|mut file| read_all(&mut file).map_err(|error| Error::io("read", &name, &error))),
        };
        read.and_then(|input| match input.len() > MAX_INPUT {
            true => Err(Error::new(ErrorKind::Io, "more than 64 MiB of input")),
            false => Ok(input),
        })
        .map_err(|error| error.prefixed("Failed to read input: "))
    }

    /// The file that `-f` names, unless that is standard input.
    fn file_name(&self) -> Option<String> {
        (self.input != "-").then(|| self.input.to_string_lossy().into_owned())
    }

    /// Says what the input is instead of JSON: mostly the trace of another command's failure.
    fn not_json(&self, input: &[u8], error: Error) -> Error {
        let error = error.prefixed("Failed to parse input: ");
        let start = input.trim_ascii_start();
        match self.file_name() {
            None if start.is_empty() => error
                .explain("standard input is empty: the command before the pipe failed")
                .hint("nothing was written; the reason is in that command's own message"),
            Some(file) if start.is_empty() => error
                .explain("the file is empty: the command that should have filled it failed")
                .hint("nothing was written")
                .in_file(&file),
            file => {
                let error = match start {
                    [b'-', b'-', b'-', b'-', b'-', b'B', ..] => {
                        error.hint("this is PEM; the JSON that cfssl prints is needed")
                    }
                    [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'/', ..] => error.hint(
                        "this looks like cfssl's log; take 2>&1 away, so that only the result reaches the pipe",
                    ),
                    _ => error,
                };
                match file {
                    Some(file) => error.in_file(&file),
                    None => error,
                }
            }
        }
    }

    fn file_set<'i>(&self, items: &'i [Item]) -> FileSet<'i> {
        let mut files = FileSet::new();
        for item in items {
            let mut path = self.base.clone();
            path.push(item.suffix);
            files.add(path, &item.contents, item.kind);
        }
        files
    }
}

/// True where the first argument that is not read is the base name and not a faulty flag.
fn base_follows(flags: &Flags, words: &[String]) -> bool {
    words.get(flags.head().1).is_some_and(|word| word == "-" || !word.starts_with('-'))
}

/// The argument with the bytes it came with: a file name need not be UTF-8.
fn as_given(arguments: &[OsString], word: &str) -> OsString {
    let given = arguments.iter().find(|given| given.to_string_lossy() == word);
    given.cloned().unwrap_or_else(|| word.into())
}

/// Every item followed by a newline; what is not text in base64.
fn printed(items: &[Item]) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a vector that grows leaves copies behind.
    let room = items.iter().map(|item| item.contents.len() * 2 + 4).sum();
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    for item in items {
        match item.printed_as_base64() {
            true => text.extend(crate::base64::encode(&item.contents).bytes()),
            false => text.extend_from_slice(&item.contents),
        }
        text.push(b'\n');
    }
    text
}

/// Reads to the end or to one byte beyond the limit; buffers that become too small are wiped.
fn read_all(source: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(vec![0; 2 * LEAST_READ]);
    let mut filled = 0;
    loop {
        if buffer.len() - filled < LEAST_READ {
            let mut larger = Zeroizing::new(vec![0; buffer.len() * 2]);
            larger.iter_mut().zip(buffer.iter()).for_each(|(to, from)| *to = *from);
            buffer = larger;
        }
        match source.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled > MAX_INPUT {
            break;
        }
    }
    buffer.truncate(filled);
    Ok(buffer)
}

/// Tells warnings; strictly, any of them is a fault.
fn warn(world: &mut World<'_>, warnings: &[Warning], strict: bool) -> Result<()> {
    let log = Log::default();
    let level = if strict { Level::Error } else { Level::Warning };
    for warning in warnings {
        let line = log.line(level, &shown(&warning.to_string()), (world.clock)());
        world.streams.write_err(line);
    }
    match warnings.len() {
        1.. if strict => Err(super::context::refused(warnings.len()).hint("nothing was written")),
        _ => Ok(()),
    }
}

fn usage(program: &str) -> String {
    let mut text = format!("Usage of {program}:\n");
    for flag in FLAGS {
        text.push_str("  -");
        text.push_str(flag.name);
        match flag.kind {
            FlagKind::Boolean => {}
            _ => text.push_str(" string"),
        }
        text.push_str("\n    \t");
        text.push_str(flag.description);
        if flag.kind == FlagKind::Text {
            text.push_str(&format!(" (default {:?})", flag.default));
        }
        text.push('\n');
    }
    text.push_str(
        "\nThe word after the flags is the base name of the files, by default cert: NAME.pem,\n\
         NAME-key.pem and NAME.csr, and where the input holds them NAME-bundle.pem, NAME-root.pem,\n\
         NAME-key.enc and NAME-response.der. Files that the input does not hold are left alone.\n\
         \n\
         Example:\n  cfssl gencert -initca ca-csr.json | cfssljson -bare ca\n",
    );
    text
}

/// A document whose strings are wiped when it is dropped: some of them are keys.
struct Wiped(Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match &mut value.node {
        Node::String(text) => text.zeroize(),
        Node::Array(items) => items.iter_mut().for_each(wipe),
        Node::Object(members) => members.iter_mut().for_each(|member| wipe(&mut member.value)),
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

/// Standard input that tells a person at the keyboard what it waits for.
#[derive(Default)]
struct Patient {
    asked: bool,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stdin = io::stdin();
        if !self.asked && stdin.is_terminal() {
            let hint = b"cfssljson: reading JSON from the keyboard; -h shows the usage\n";
            let _ = io::Write::write_all(&mut io::stderr(), hint);
        }
        self.asked = true;
        stdin.read(buffer)
    }
}
