//! `cfssl print-defaults`: files to start from, the same bytes as cfssl's, extra blank line included.

use super::{Context, flags, values};
use crate::{Error, ErrorKind, Result};

/// The types in the order of `print-defaults list`, which cfssl shuffles.
const TEMPLATES: [(&str, &str); 2] = [("config", CONFIG), ("csr", CSR)];

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    // Further words are passed over, as cfssl does.
    let [name, ..] = context.flags.positionals() else {
        let error =
            Error::new(ErrorKind::Usage, "not enough arguments are supplied --- please refer to the usage");
        return Err(error
            .explain("print-defaults needs the name of a file type")
            .hint("write config, csr or list"));
    };
    if let Some((_, text)) = TEMPLATES.iter().find(|(known, _)| known == name) {
        return context.write_out(text);
    }
    let mut list = String::from("Default configurations are available for:\n");
    for (known, _) in TEMPLATES {
        list.push('\t');
        list.push_str(known);
        list.push('\n');
    }
    // For a name it does not know, cfssl prints the list and succeeds; a script's file is then not JSON.
    if name != "list" {
        let warning = unknown_type(name);
        context.warn(&[warning])?;
    }
    context.write_out(list)
}

fn unknown_type(name: &str) -> crate::Warning {
    let message = format!("there is no default of the type {}", values::quoted(name));
    let warning = crate::Warning::new(crate::WarningKind::Unwise, message);
    match flags::closest(name, TEMPLATES.into_iter().map(|(known, _)| known)) {
        Some(near) => warning.hint(format!("did you mean {near}?")),
        None => warning.hint("the list of types is printed instead"),
    }
}

const CONFIG: &str = r#"{
    "signing": {
        "default": {
            "expiry": "168h"
        },
        "profiles": {
            "www": {
                "expiry": "8760h",
                "usages": [
                    "signing",
                    "key encipherment",
                    "server auth"
                ]
            },
            "client": {
                "expiry": "8760h",
                "usages": [
                    "signing",
                    "key encipherment",
                    "client auth"
                ]
            }
        }
    }
}

"#;

const CSR: &str = r#"{
    "CN": "example.net",
    "hosts": [
        "example.net",
        "www.example.net"
    ],
    "key": {
        "algo": "ecdsa",
        "size": 256
    },
    "names": [
        {
            "C": "US",
            "ST": "CA",
            "L": "San Francisco"
        }
    ]
}

"#;
