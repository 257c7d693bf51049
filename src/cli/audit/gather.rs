//! Collects what an audit looks at: files, folders, standard input, servers.

use crate::cli::progress::Progress;
use crate::cli::{Context, password, screen, tls_probe};
use crate::inspect::evidence::{AskedHost, Container, Evidence, Object, Place};
use crate::inspect::read::{Contents, GatherOptions, ReadOptions};
use crate::{Error, ErrorKind, Result};
use std::time::Duration;

/// The patience with a server.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Reads what the command line names. What cannot be read is noted in the evidence.
pub(super) fn evidence(context: &mut Context<'_>) -> Result<Evidence> {
    let paths = context.flags.positionals().to_vec();
    let servers: Vec<String> = context.flags.texts("domain").into_iter().map(str::to_owned).collect();
    if paths.is_empty() && servers.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            "not enough arguments are supplied --- please refer to the usage",
        )
        .explain("nothing to audit is named")
        .hint("name files or folders, - for standard input, or a server with -domain HOST:PORT"));
    }
    let options = GatherOptions {
        read: ReadOptions { passwords: password::of_inputs(context)?.into_iter().collect() },
        ..GatherOptions::default()
    };
    let mut evidence = Evidence::default();
    let mut named = Vec::new();
    for path in paths {
        if path == "-" {
            let bytes = context.read_secret_input("-")?;
            if !evidence.add_bytes("-", None, &bytes, &options.read) {
                evidence.add_unreadable("-", "nothing in it is a certificate, a key or a revocation list");
            }
        } else {
            named.push(path);
        }
    }
    let mut progress = Progress::new(screen::columns_of_stderr(), context.now());
    evidence.gather(&named, &options, &mut |step| {
        let files = usize::try_from(step.files).unwrap_or(usize::MAX);
        if let Some(line) = progress.update(context.now(), files, step.objects) {
            context.streams().write_err(line);
        }
    });
    if let Some(line) = progress.finish() {
        context.streams().write_err(line);
    }
    for server in servers {
        ask(context, &mut evidence, &server)?;
    }
    Ok(evidence)
}

/// Adds the certificates that a server shows.
fn ask(context: &mut Context<'_>, evidence: &mut Evidence, server: &str) -> Result<()> {
    match tls_probe::ask(context, server, TIMEOUT) {
        Ok(answer) => {
            let shown = (0..).zip(answer.certificates());
            let objects = shown
                .map(|(position, der)| (Place::Item(position), Object::Certificate(der.as_ref().into())));
            let contents = Contents {
                container: Some(Container::TlsServer),
                objects: objects.collect(),
                ..Contents::default()
            };
            evidence.add(server, None, contents);
            // The probe has at least one certificate, so that the server is a source now: the last.
            let source = u32::try_from(evidence.sources.len().saturating_sub(1)).unwrap_or(u32::MAX);
            evidence.asked_hosts.push(AskedHost { source, host: answer.host.into() });
        }
        Err(error) if error.kind() == ErrorKind::Usage => return Err(error),
        Err(error) => {
            let text = error.to_string();
            // Most faults name the server already.
            let reason = text.strip_prefix(server).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
            evidence.add_unreadable(server, reason);
        }
    }
    Ok(())
}
