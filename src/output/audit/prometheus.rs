//! Metrics in Prometheus' text format, for the textfile collector of its node exporter.

use super::clean::visible;
use super::facts;
use crate::inspect::audit::{AuditedCertificate, Report};
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use time::OffsetDateTime;

/// The metrics: one series of `not_after` and of `not_before` for each certificate and file it is in.
#[must_use]
pub fn render_prometheus(report: &Report) -> String {
    let mut out = String::new();
    push_times(
        &mut out,
        "certmint_certificate_not_after_timestamp_seconds",
        "The last moment of a certificate's validity.",
        &series(report, |found| found.not_after),
    );
    push_times(
        &mut out,
        "certmint_certificate_not_before_timestamp_seconds",
        "The first moment of a certificate's validity.",
        &series(report, |found| found.not_before),
    );
    push_findings(&mut out, report);
    let single: [(&str, &str, i64); 7] = [
        ("audit_certificates", "Certificates that were audited.", count(report.certificates.len())),
        ("audit_certificate_lists", "Certificate revocation lists.", report.certificate_lists.into()),
        ("audit_private_keys", "Private keys that were audited.", report.private_keys.into()),
        ("audit_sources", "Files, servers and streams that were read.", count(report.sources.len())),
        ("audit_suppressed", "Findings that were left out on request.", count(report.suppressed.len())),
        ("audit_timestamp_seconds", "The moment of the audit.", report.now.unix_timestamp()),
        ("audit_unreadable", "Sources that could not be read.", count(report.unreadable.len())),
    ];
    for (name, help, value) in single {
        let name = format!("certmint_{name}");
        push_head(&mut out, &name, help);
        push_sample(&mut out, &name, "", value);
    }
    out
}

/// Labels and times, the labels once: of certificates that share them all, the one that ends (or starts)
/// first counts, because that is the one to be warned of.
fn series(
    report: &Report,
    time: impl Fn(&AuditedCertificate) -> Option<OffsetDateTime>,
) -> BTreeMap<String, i64> {
    let mut series = BTreeMap::new();
    for certificate in &report.certificates {
        let Some(moment) = time(certificate) else { continue };
        for place in &certificate.places {
            let labels = labels(&[
                ("path", facts::source_name(report, place.source)),
                ("subject", &certificate.subject),
                ("serial", &certificate.serial_number),
                ("role", certificate.role.name()),
                ("issuer", &certificate.issuer),
            ]);
            let seconds = moment.unix_timestamp();
            series
                .entry(labels)
                .and_modify(|known: &mut i64| *known = seconds.min(*known))
                .or_insert(seconds);
        }
    }
    series
}

fn push_times(out: &mut String, name: &str, help: &str, series: &BTreeMap<String, i64>) {
    if series.is_empty() {
        return;
    }
    push_head(out, name, help);
    series.iter().for_each(|(labels, seconds)| push_sample(out, name, labels, seconds));
}

fn push_findings(out: &mut String, report: &Report) {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry((finding.rule.severity.name(), finding.rule.id)).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let name = "certmint_audit_findings";
    push_head(out, name, "Findings by severity and rule.");
    for ((severity, rule), count) in counts {
        push_sample(out, name, &labels(&[("severity", severity), ("rule", rule)]), count);
    }
}

fn push_head(out: &mut String, name: &str, help: &str) {
    // Writing to a String cannot fail.
    _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn push_sample(out: &mut String, name: &str, labels: &str, value: impl Display) {
    _ = writeln!(out, "{name}{labels} {value}");
}

/// `{path="…",role="…"}`.
fn labels(pairs: &[(&str, &str)]) -> String {
    let mut out = String::from("{");
    for (position, (name, value)) in pairs.iter().enumerate() {
        let value = visible(value).replace('\\', "\\\\").replace('"', "\\\"");
        _ = write!(out, "{}{name}=\"{value}\"", if position > 0 { "," } else { "" });
    }
    out.push('}');
    out
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
