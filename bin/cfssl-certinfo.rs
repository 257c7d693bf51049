//! The `cfssl-certinfo` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    certmint::cli::cfssl_certinfo()
}
