//! What servers show to whoever calls them.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::hosts::missing;
use crate::inspect::audit::text::{few, name_text, quote};
use std::collections::HashSet;

pub(super) static RULES: [SetRule; 1] = [SetRule {
    rule: Rule {
        id: "server-name",
        severity: Severity::Error,
        scope: RuleScope::Set,
        citation: "RFC 9525, 6",
        title: "a server shows a certificate that is not for the host it was asked for",
        meaning: "Every client that uses this name or address refuses the connection.",
        remedy: "Let the server show the certificate of the host, or issue one with the host among its alternative \
                 names.",
    },
    check: |set, findings| {
        let mut told = HashSet::new();
        for asked in &set.material.asked_hosts {
            let Some(at) = set.first_certificate(asked.source) else { continue };
            let Some(view) = set.view(at) else { continue };
            let names = view.subject_alternative_names().unwrap_or_default();
            // The dot at the end of `example.com.` is for the resolver alone.
            let host = asked.host.strip_suffix('.').unwrap_or(&asked.host);
            let is_for_host = missing(&names, &[host.to_owned()]).is_empty();
            if is_for_host || !told.insert((at, host)) {
                continue;
            }
            let own: Vec<String> = names.iter().map(name_text).collect();
            let message = match own.is_empty() {
                true => format!("{} was asked for, and it has no name and no address", quote(host)),
                false => format!("{} was asked for, and it is for {}", quote(host), few(&own)),
            };
            findings.certificate_with(at, message, host.as_bytes());
        }
    },
}];
