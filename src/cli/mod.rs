//! The command-line programs: flags, streams, logs and exit codes. Only here is anything printed, or the
//! environment and the clock read.

pub mod app;
mod audit;
mod authority;
mod bundle;
pub mod certinfo;
pub mod cfssljson;
pub mod commands;
mod config;
pub mod context;
mod database;
mod deliver;
pub mod flags;
mod gencert;
mod gencrl;
mod gencsr;
mod genkey;
pub mod help;
mod http;
pub mod input;
mod json_file;
mod key_in_use;
pub mod log;
pub mod mkbundle;
mod ocspsign;
mod password;
mod pkcs12_file;
mod places;
mod print_defaults;
pub mod progress;
mod request;
mod revocation_check;
mod screen;
mod selfsign;
mod sign;
pub mod streams;
pub mod table;
mod terminal;
mod tls_probe;
mod values;
pub mod version;

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use time::OffsetDateTime;

pub use context::{Context, World};
use streams::Streams;

/// The `cfssl` program on the arguments and streams of this process. Under the name `cfssl-certinfo`, as a link may
/// call it, it is that program: `make install` need not store the same code twice.
#[must_use]
pub fn cfssl() -> ExitCode {
    on_this_machine(|world| match is_certinfo(&world.program) {
        true => certinfo::program(world),
        false => app::run(world),
    })
}

/// True for `cfssl-certinfo` and for names made from it, such as `cfssl-certinfo_linux-amd64`.
fn is_certinfo(program: &str) -> bool {
    let name = Path::new(program).file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.starts_with("cfssl-certinfo")
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

#[cfg(test)]
mod tests {
    use super::is_certinfo;

    #[test]
    fn the_name_of_a_link_picks_the_program() {
        for name in ["cfssl-certinfo", "/usr/local/bin/cfssl-certinfo", "./cfssl-certinfo_linux-amd64"] {
            assert!(is_certinfo(name), "{name}");
        }
        for name in ["", "cfssl", "/opt/cfssl-certinfo/bin/cfssl", "cfssl_linux-amd64"] {
            assert!(!is_certinfo(name), "{name}");
        }
    }
}
