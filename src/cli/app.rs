//! The `cfssl` program, from its arguments to its exit code.

use super::commands::{COMMANDS, Command, find};
use super::context::{Context, World};
use super::flags::{self, Extent, FlagSpec, Flags, Parsed};
use super::table::{COMMON, FLAGS};
use super::{config, help};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};

/// The command did what was asked.
pub const SUCCESS: u8 = 0;
/// The command failed.
pub const FAILURE: u8 = 1;
/// The command line could not be understood.
pub const MISUSE: u8 = 2;

/// Runs `cfssl` and returns its exit code.
pub fn run(mut world: World<'_>) -> u8 {
    let arguments = match world.arguments() {
        Ok(arguments) => arguments,
        Err(error) => return misuse(&mut world, &error, help::overview),
    };
    // `cfssl -loglevel 0 gencert …`: older releases took flags before the command, and people still write it.
    let leading = match flags::parse(FLAGS, &arguments, Extent::Leading) {
        Ok(Parsed::Flags(flags)) => flags,
        Ok(Parsed::Help) => return show(&mut world, &help::overview()),
        Err(error) => {
            let error = match error.message().ends_with("-version") {
                true => error.hint("the version is printed by: cfssl version"),
                false => error,
            };
            return misuse(&mut world, &error, help::overview);
        }
    };
    let (flags_end, command_at) = leading.head();
    let head = arguments.get(..flags_end).unwrap_or_default();
    let tail = arguments.get(command_at..).unwrap_or_default();
    let Some((name, tail)) = tail.split_first() else {
        world.streams.write_err(format!("No command is given.\n{}", help::FIRST_STEPS));
        return FAILURE;
    };
    if name == "help" {
        return explain(&mut world, tail);
    }
    let Some(command) = find(name) else {
        return undefined(&mut world, name);
    };
    match flags::parse(FLAGS, &[head, tail].concat(), Extent::Whole) {
        Ok(Parsed::Flags(flags)) => execute(command, world, flags),
        Ok(Parsed::Help) => show(&mut world, &help::command(command)),
        Err(error) => misuse(&mut world, &error, || help::command(command)),
    }
}

fn execute(command: &'static Command, world: World<'_>, flags: Flags) -> u8 {
    let mut context = Context::new(world, command.name, flags);
    let Some(run) = command.run else {
        context.report(&Error::new(
            ErrorKind::Unsupported,
            format!("cfssl {} is not part of this release yet", command.name),
        ));
        return FAILURE;
    };
    if let Err(error) = config::load(&mut context) {
        return config::report(&mut context, &error);
    }
    let result = check_flags(command, &mut context).and_then(|()| run(&mut context));
    finish(&mut context, result)
}

/// The flags of a program without commands; or, where help was asked for or the flags make no sense, the exit
/// code after the usage was shown.
pub(crate) fn read_flags(
    world: &mut World<'_>,
    table: &'static [FlagSpec],
    usage: impl Fn() -> String,
) -> std::result::Result<Flags, u8> {
    match world.arguments().and_then(|arguments| flags::parse(table, &arguments, Extent::Whole)) {
        Ok(Parsed::Flags(flags)) => Ok(flags),
        Ok(Parsed::Help) => {
            world.streams.write_err(usage());
            Err(SUCCESS)
        }
        Err(error) => Err(misuse(world, &error, usage)),
    }
}

/// The exit code of a command's result, with the error told.
pub(crate) fn finish(context: &mut Context<'_>, result: Result<()>) -> u8 {
    match result {
        Ok(()) => context.status,
        Err(error) => {
            context.report(&error);
            FAILURE
        }
    }
}

/// Warns of flags that have no effect, or that were probably meant otherwise.
fn check_flags(command: &Command, context: &mut Context<'_>) -> Result<()> {
    let mut warnings = context.flags.warnings();
    for name in context.flags.given() {
        if !command.flags.contains(&name) && !COMMON.contains(&name) {
            let message = format!("-{name} has no effect on {}", command.name);
            warnings.push(Warning::new(WarningKind::Ignored, message));
        }
    }
    context.warn(&warnings)
}

/// `cfssl help [COMMAND]`, which cfssl does not have.
fn explain(world: &mut World<'_>, arguments: &[String]) -> u8 {
    match arguments.iter().find(|argument| !argument.starts_with('-')) {
        None => show(world, &help::overview()),
        Some(name) => match find(name) {
            Some(command) => show(world, &help::command(command)),
            None => undefined(world, name),
        },
    }
}

fn show(world: &mut World<'_>, text: &str) -> u8 {
    world.streams.write_err(text);
    SUCCESS
}

fn undefined(world: &mut World<'_>, name: &str) -> u8 {
    let mut text = format!("Command {name} is not defined.\n{}", help::overview());
    if let Some(near) = flags::closest(name, COMMANDS.iter().map(|command| command.name)) {
        text.push_str(&format!("\nHint: did you mean cfssl {near}?\n"));
    }
    world.streams.write_err(text);
    FAILURE
}

/// Tells a fault of the command line: cfssl's words, then the help, then what was probably meant.
fn misuse(world: &mut World<'_>, error: &Error, usage: impl Fn() -> String) -> u8 {
    let words = error.cfssl_text();
    let mut text = format!("{words}\n{}", usage());
    // Below the help, where it is seen.
    if let Some(hint) = error.to_string().strip_prefix(&format!("{words}; ")) {
        text.push_str(&format!("\nHint: {hint}\n"));
    }
    world.streams.write_err(text);
    MISUSE
}
