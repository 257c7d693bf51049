//! The command-line programs: flags, streams, logs and exit codes. Only here is anything printed, or the
//! environment and the clock read.

pub mod app;
mod authority;
mod bundle;
pub mod certinfo;
pub mod cfssljson;
pub mod commands;
mod config;
pub mod context;
mod deliver;
pub mod flags;
mod gencert;
mod gencsr;
mod genkey;
pub mod help;
mod http_get;
pub mod input;
pub mod log;
pub mod mkbundle;
mod print_defaults;
mod request;
mod selfsign;
mod sign;
pub mod streams;
pub mod table;
mod tls_probe;
mod values;
pub mod version;

use std::process::ExitCode;

use time::OffsetDateTime;

pub use context::{Context, World};
use streams::Streams;

/// The `cfssl` program on the arguments and streams of this process.
#[must_use]
pub fn cfssl() -> ExitCode {
    on_this_machine(app::run)
}

/// The `cfssl-certinfo` program on the arguments and streams of this process.
#[must_use]
pub fn cfssl_certinfo() -> ExitCode {
    on_this_machine(certinfo::program)
}

/// The `mkbundle` program on the arguments and streams of this process.
#[must_use]
pub fn mkbundle() -> ExitCode {
    on_this_machine(mkbundle::program)
}

/// Runs a program on the arguments, streams, environment and clock of this process.
pub fn on_this_machine(program: impl FnOnce(World<'_>) -> u8) -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    let (mut stdin, mut stdout, mut stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let code = program(World {
        program: name.to_string_lossy().into_owned(),
        arguments: arguments.collect(),
        streams: Streams::new(&mut stdin, &mut stdout, &mut stderr),
        environment: &|name| std::env::var_os(name),
        clock: &OffsetDateTime::now_utc,
    });
    ExitCode::from(code)
}
