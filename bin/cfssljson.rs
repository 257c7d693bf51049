//! The `cfssljson` program.

fn main() -> std::process::ExitCode {
    certmint::cli::cfssljson::main()
}
