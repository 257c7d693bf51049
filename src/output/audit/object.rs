//! The JSON objects of a report, which `json` and `jsonl` share.

use super::facts::{self, State};
use super::sentence;
use crate::inspect::audit::{
    AuditedCertificate, AuditedObject, Finding, Report, Rule, Subject, Suppressed, Verdict, Where,
};
use crate::inspect::evidence::{Container, Source, Unreadable};
use crate::inspect::text::hex;
use crate::json::{Value, format_rfc3339};
use time::OffsetDateTime;

/// The members of an object.
pub(super) type Members = Vec<(&'static str, Value)>;

/// The form of the report; its number grows when a member changes its meaning or goes away, not for new members.
pub(super) const SCHEMA: &str = "certmint.audit/1";

/// The question: moment and time.
pub(super) fn question(report: &Report) -> Members {
    vec![
        ("schema", Value::string(SCHEMA)),
        ("now", moment(report.now)),
        ("within_seconds", Value::number(report.within.whole_seconds())),
    ]
}

/// The counts.
pub(super) fn summary(report: &Report) -> Members {
    let count = |number: usize| Value::number(number);
    let in_state = |state| count(sentence::number_in_state(report, state));
    let graded = report.counts();
    let next = next_to_expire(report).map_or_else(Value::null, |(certificate, not_after)| {
        Value::object([
            ("name", Value::string(&certificate.name)),
            ("sha256", Value::string(hex(&certificate.fingerprint))),
            ("not_after", moment(not_after)),
            ("days_left", Value::number(facts::days_left(report, not_after))),
        ])
    });
    vec![
        ("sources", count(report.sources.len())),
        ("certificates", count(report.certificates.len())),
        ("private_keys", Value::number(report.private_keys)),
        ("certificate_lists", Value::number(report.certificate_lists)),
        ("certificate_requests", Value::number(report.certificate_requests)),
        ("public_keys", Value::number(report.public_keys)),
        ("unreadable", count(report.unreadable.len())),
        ("expired", in_state(State::Expired)),
        ("expiring", in_state(State::Expiring)),
        ("not_yet_valid", in_state(State::NotYetValid)),
        ("next_to_expire", next),
        ("findings", Value::object(graded.map(|(severity, number)| (severity.name(), count(number))))),
        ("suppressed", count(report.suppressed.len())),
    ]
}

/// The certificate that ends next among those that have not ended.
pub(super) fn next_to_expire(report: &Report) -> Option<(&AuditedCertificate, OffsetDateTime)> {
    let ends = report.certificates.iter().filter_map(|found| Some((found, found.not_after?)));
    ends.filter(|(_, not_after)| *not_after >= report.now).min_by_key(|(_, not_after)| *not_after)
}

/// A file, server or stream.
pub(super) fn source(source: &Source) -> Members {
    let mode = source.mode.map_or_else(Value::null, |mode| Value::string(format!("{mode:04o}")));
    vec![
        ("name", Value::string(&*source.name)),
        ("container", Value::string(container(source.container))),
        ("mode", mode),
    ]
}

const fn container(container: Container) -> &'static str {
    match container {
        Container::Der => "der",
        Container::Document => "document",
        Container::JavaKeystore => "java-keystore",
        Container::Kubeconfig => "kubeconfig",
        Container::KubernetesSecret => "kubernetes-secret",
        Container::Pem => "pem",
        Container::Pkcs12 => "pkcs12",
        Container::Pkcs7 => "pkcs7",
        Container::Settings => "settings",
        Container::TlsServer => "tls-server",
    }
}

/// A certificate.
pub(super) fn certificate(report: &Report, certificate: &AuditedCertificate) -> Members {
    let optional = |time: Option<OffsetDateTime>| time.map_or_else(Value::null, moment);
    let days = certificate.not_after.map(|not_after| facts::days_left(report, not_after));
    let issuer = certificate.issued_by.and_then(|index| facts::at(&report.certificates, index));
    let (verdict, reason) = match &certificate.verdict {
        Verdict::Anchor => ("anchor", Value::null()),
        Verdict::Trusted => ("trusted", Value::null()),
        Verdict::Refused(reason) => ("refused", Value::string(reason)),
    };
    let rules = facts::findings_of(report, certificate).map(|finding| Value::string(finding.rule.id));
    vec![
        ("name", Value::string(&certificate.name)),
        ("role", Value::string(certificate.role.name())),
        ("state", Value::string(State::of(report, certificate).name())),
        ("subject", Value::string(&certificate.subject)),
        ("issuer", Value::string(&certificate.issuer)),
        ("serial_number", Value::string(&certificate.serial_number)),
        ("not_before", optional(certificate.not_before)),
        ("not_after", optional(certificate.not_after)),
        ("days_left", days.map_or_else(Value::null, Value::number)),
        ("sha256", Value::string(hex(&certificate.fingerprint))),
        ("key", Value::string(&certificate.key)),
        ("has_private_key", Value::boolean(certificate.has_private_key)),
        ("issued_by", issuer.map_or_else(Value::null, |found| Value::string(hex(&found.fingerprint)))),
        ("verdict", Value::string(verdict)),
        ("refused_because", reason),
        ("places", places(report, &certificate.places)),
        ("findings", Value::array(rules)),
    ]
}

/// A key, a request or a revocation list.
pub(super) fn object(report: &Report, object: &AuditedObject) -> Members {
    let details = &object.details;
    let text = |text: Option<&str>| text.map_or_else(Value::null, Value::string);
    let key = details.key.as_ref();
    let list = details.list.as_ref();
    let certificates = object.certificates.iter().filter_map(|index| facts::at(&report.certificates, *index));
    vec![
        ("kind", Value::string(details.kind.name())),
        ("name", text(details.name.as_deref())),
        ("key", text(key.map(|key| key.words.as_str()))),
        ("bits", key.map_or_else(Value::null, |key| Value::number(key.bits))),
        ("key_sha256", key.map_or_else(Value::null, |key| Value::string(hex(&key.sha256)))),
        ("form", text(details.form)),
        ("encrypted", details.is_encrypted.map_or_else(Value::null, Value::boolean)),
        ("this_update", list.map_or_else(Value::null, |list| moment(list.this_update))),
        ("next_update", list.and_then(|list| list.next_update).map_or_else(Value::null, moment)),
        ("revoked", list.map_or_else(Value::null, |list| Value::number(list.revoked))),
        ("fault", text(Some(details.fault.as_str()).filter(|fault| !fault.is_empty()))),
        ("certificates", Value::array(certificates.map(|found| Value::string(hex(&found.fingerprint))))),
        ("places", places(report, std::slice::from_ref(&object.place))),
    ]
}

/// A finding. The words of its rule stand in the rule's own object.
pub(super) fn finding(report: &Report, finding: &Finding) -> Members {
    let sha256 = match finding.subject {
        Subject::Certificate(index) => facts::at(&report.certificates, index),
        Subject::Source(_) => None,
    };
    let sha256 = sha256.map_or_else(Value::null, |found| Value::string(hex(&found.fingerprint)));
    vec![
        ("rule", Value::string(finding.rule.id)),
        ("severity", Value::string(finding.rule.severity.name())),
        ("name", Value::string(facts::subject_name(report, finding.subject))),
        ("sha256", sha256),
        ("message", Value::string(&finding.message)),
        ("places", places(report, &finding.places)),
        ("fingerprint", Value::string(&finding.fingerprint)),
    ]
}

/// A finding that was left out.
pub(super) fn suppressed(report: &Report, suppressed: &Suppressed) -> Members {
    let mut members = finding(report, &suppressed.finding);
    members.push(("reason", Value::string(&suppressed.reason)));
    members
}

/// A rule.
pub(super) fn rule(rule: &Rule) -> Members {
    vec![
        ("id", Value::string(rule.id)),
        ("severity", Value::string(rule.severity.name())),
        ("title", Value::string(rule.title)),
        ("meaning", Value::string(rule.meaning)),
        ("remedy", Value::string(rule.remedy)),
        ("citation", Value::string(rule.citation)),
    ]
}

/// What could not be read.
pub(super) fn unreadable(unreadable: &Unreadable) -> Members {
    vec![("name", Value::string(&*unreadable.name)), ("reason", Value::string(&*unreadable.reason))]
}

/// The rules that are breached, each once: first those of findings, then those of suppressed ones.
pub(super) fn rules(report: &Report) -> Vec<&'static Rule> {
    let mut known = std::collections::HashSet::new();
    let suppressed = report.suppressed.iter().map(|left_out| &left_out.finding);
    let all = report.findings.iter().chain(suppressed).map(|finding| finding.rule);
    all.filter(|rule| known.insert(rule.id)).collect()
}

fn places(report: &Report, places: &[Where]) -> Value {
    Value::array(places.iter().map(|place| {
        Value::object([
            ("source", Value::string(facts::source_name(report, place.source))),
            ("detail", Value::string(&*place.detail)),
            ("line", place.line.map_or_else(Value::null, Value::number)),
        ])
    }))
}

/// RFC 3339 in UTC.
fn moment(moment: OffsetDateTime) -> Value {
    Value::string(format_rfc3339(facts::in_utc(moment)))
}
