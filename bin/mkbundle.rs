//! The `mkbundle` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    certmint::cli::mkbundle()
}
