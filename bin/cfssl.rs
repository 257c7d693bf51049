//! The `cfssl` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    certmint::cli::cfssl()
}
