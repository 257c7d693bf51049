//! The texts of help, made from the tables when somebody asks for them.

use super::commands::{COMMANDS, Command};
use super::flags::FlagSpec;
use super::table::FLAGS;

/// What follows `No command is given.`: five commands to copy, in an order that works.
pub(crate) const FIRST_STEPS: &str = "\
Usage: cfssl COMMAND [FLAGS] [ARGUMENTS]

Start with these, one after the other:
  cfssl print-defaults csr > csr.json
  cfssl print-defaults config > ca-config.json
  cfssl gencert -initca csr.json | cfssljson -bare ca
  cfssl gencert -ca ca.pem -ca-key ca-key.pem -config ca-config.json -profile www csr.json |
    cfssljson -bare server
  cfssl certinfo -cert server.pem

\"cfssl -h\" lists the commands, \"cfssl COMMAND -h\" explains one of them.
docs/etcd.md shows a whole etcd cluster.
";

/// The help of the program: its commands and what they are for.
#[must_use]
pub fn overview() -> String {
    let mut out = String::from("Usage:\n  cfssl COMMAND [FLAGS] [ARGUMENTS]\n\nAvailable commands:\n");
    for command in COMMANDS {
        let note = if command.run.is_some() { "" } else { " (later)" };
        out.push_str(&format!("\t{:<14}  {}{note}\n", command.name, command.purpose));
    }
    out.push_str(
        "\nThose marked (later) are not part of this release yet.\n\
         Flags may stand before or after the command and its arguments.\n\
         \"cfssl COMMAND -h\" explains a command and its flags.\n\n\
         Example:\n  cfssl gencert -initca csr.json | cfssljson -bare ca\n",
    );
    out
}

/// The help of one command.
#[must_use]
pub fn command(command: &Command) -> String {
    let name = command.name;
    let mut out = format!("\tcfssl {name} -- {}\n\nUsage of {name}:\n", command.purpose);
    for form in command.forms {
        out.push_str(format!("  cfssl {name} {form}").trim_end());
        out.push('\n');
    }
    if command.run.is_none() {
        out.push_str("\nThis release does not have the command yet.\n");
    }
    if !command.notes.is_empty() {
        out.push_str(&format!("\n{}\n", command.notes));
    }
    out.push_str("\nFlags:\n");
    for flag in command.flags.iter().chain(&["strict", "loglevel"]) {
        if let Some(spec) = FLAGS.iter().find(|spec| spec.name == *flag) {
            push_flag(&mut out, &FlagSpec { description: description(name, spec), ..*spec });
        }
    }
    out.push_str(&format!("\nExample:\n  {}\n", command.example));
    out
}

/// What a flag does on a command: not all commands make all files.
fn description(command: &str, spec: &FlagSpec) -> &'static str {
    match (command, spec.name) {
        ("sign", "out") => "write PREFIX.pem and PREFIX.csr instead of JSON",
        ("gencsr", "out") => "write PREFIX-key.pem and PREFIX.csr instead of JSON",
        ("genkey", "out") => "write PREFIX-key.pem, PREFIX.csr and with -initca PREFIX.pem instead of JSON",
        ("audit", "hostname") => "names and addresses that the servers have to be for, separated by commas",
        ("audit" | "certinfo", "password") => {
            "where the password of what is encrypted is: env:VARIABLE, file:PATH, prompt or empty"
        }
        ("audit" | "certinfo", "timeout") => "the longest to wait for a server, 10s if it is not given",
        ("gencert" | "sign", "mutual-tls-client-cert") => "our certificate, for the remote server (later)",
        _ => spec.description,
    }
}

/// One flag in cfssl's form: `  -NAME=DEFAULT: DESCRIPTION`.
pub fn push_flag(out: &mut String, spec: &FlagSpec) {
    let default = if spec.default.is_empty() { "\"\"" } else { spec.default };
    out.push_str(&format!("  -{}={default}: {}\n", spec.name, spec.description));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::table::COMMON;

    #[test]
    fn no_line_is_wider_than_a_hundred_columns() {
        let commands = COMMANDS.iter().map(command);
        for text in commands.chain([overview(), FIRST_STEPS.to_owned()]) {
            for line in text.lines() {
                // A tab takes up to eight columns.
                let width = line.replace('\t', "        ").chars().count();
                assert!(width <= 100, "{width} columns: {line}");
            }
        }
    }

    #[test]
    fn flags_promise_no_file_that_a_command_does_not_make() {
        let help = |name: &str| COMMANDS.iter().find(|one| one.name == name).map(command).unwrap_or_default();
        assert!(!help("sign").contains("PREFIX-key.pem"));
        assert!(!help("gencsr").contains("PREFIX.pem") && !help("gencsr").contains("-p12"));
        assert!(help("gencert").contains("PREFIX.pem, PREFIX-key.pem and PREFIX.csr"));
        // Neither reads standard input for it.
        assert!(!help("ocspsign").contains("standard input"));
        assert_eq!(help("gencsr").matches("standard\ninput").count(), 1, "CSRJSON");
    }

    #[test]
    fn tables_are_sorted_and_agree_with_each_other() {
        assert!(COMMANDS.is_sorted_by(|a, b| a.name < b.name));
        assert!(FLAGS.is_sorted_by(|a, b| a.name < b.name));
        let defined = |name: &&str| FLAGS.iter().any(|spec| spec.name == *name);
        assert!(COMMON.iter().all(defined));
        for command in COMMANDS {
            assert!(command.flags.iter().all(defined), "{}", command.name);
            let hidden = ["strict", "loglevel"];
            assert!(command.flags.iter().all(|name| !hidden.contains(name)), "{}", command.name);
        }
        let used = |name: &str| COMMANDS.iter().any(|command| command.flags.contains(&name));
        let unused = FLAGS.iter().filter(|spec| spec.description.starts_with("unused"));
        assert!(unused.clone().all(|spec| !used(spec.name)));
        let (used, unused) = (FLAGS.iter().filter(|spec| used(spec.name)).count(), unused.count());
        assert_eq!(used + unused + 2, FLAGS.len(), "a flag without a command");
    }
}
