//! Builds a report certificate by certificate.

use certmint::inspect::audit::{
    AuditedCertificate, AuditedObject, Chain, Finding, Report, Rule, Severity, Subject, Suppressed, Verdict,
    Where,
};
use certmint::inspect::details::ObjectDetails;
use certmint::inspect::evidence::{Container, Source, Unreadable};
use certmint::inspect::view::Role;
use std::collections::BTreeMap;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// The moment of every report here.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-22 13:57:00 UTC);

/// A certificate that was added, by the order of adding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Added(usize);

/// A certificate to be.
pub(crate) struct Draft<'a> {
    pub(crate) name: &'a str,
    pub(crate) role: Role,
    pub(crate) issuer: Option<Added>,
    /// Days from now.
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) files: &'a [&'a str],
}

#[derive(Debug)]
pub(crate) struct Builder {
    report: Report,
    sources: BTreeMap<String, u32>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let report = Report::new(NOW, Duration::days(30));
        Self { report, sources: BTreeMap::new() }
    }

    /// The source of this name, made where it is new.
    pub(crate) fn source(&mut self, name: &str) -> u32 {
        *self.sources.entry(name.to_owned()).or_insert_with(|| {
            let container = match name {
                _ if name.ends_with(".conf") => Container::Kubeconfig,
                _ if name.ends_with(":6443") => Container::TlsServer,
                _ => Container::Pem,
            };
            self.report.sources.push(Source { name: name.into(), container, mode: Some(0o644) });
            u32::try_from(self.report.sources.len() - 1).unwrap()
        })
    }

    pub(crate) fn add(&mut self, draft: &Draft<'_>) -> Added {
        let places = draft.files.iter().map(|file| {
            let (file, detail) = file.split_once('#').unwrap_or((file, ""));
            let line = detail.rsplit_once("line ").map(|(_, line)| line.parse().unwrap());
            Where { source: self.source(file), detail: detail.into(), line }
        });
        let places = places.collect();
        let number = self.report.certificates.len();
        let issuer = draft.issuer.map(|Added(index)| &self.report.certificates[index]);
        let subject = format!("O=Example, CN={}", draft.name);
        let mut fingerprint = [0; 32];
        fingerprint[..8].copy_from_slice(&number.to_be_bytes());
        self.report.certificates.push(AuditedCertificate {
            name: draft.name.to_owned(),
            role: draft.role,
            issuer: issuer.map_or_else(|| subject.clone(), |issuer| issuer.subject.clone()),
            subject,
            serial_number: format!("4f{number:038x}"),
            not_before: Some(NOW + Duration::days(draft.from)),
            not_after: Some(
                NOW + Duration::days(draft.to) + Duration::hours(if draft.to < 0 { -5 } else { 5 }),
            ),
            fingerprint,
            key: "ECDSA P-256".to_owned(),
            has_private_key: !number.is_multiple_of(3),
            issued_by: draft.issuer.map(|Added(index)| u32::try_from(index).unwrap()),
            verdict: match draft.role {
                Role::RootAuthority => Verdict::Anchor,
                _ if draft.issuer.is_none() => {
                    Verdict::Refused("its issuer is not among what was read".to_owned())
                }
                _ if draft.to < 0 => Verdict::Refused(format!("it ended {} days ago", -draft.to)),
                _ => Verdict::Trusted,
            },
            places,
            findings: Vec::new(),
        });
        Added(number)
    }

    pub(crate) fn find(&mut self, rule: &'static Rule, Added(index): Added, message: &str) {
        let places = self.report.certificates[index].places.clone();
        let number = u32::try_from(self.report.findings.len()).unwrap();
        self.report.certificates[index].findings.push(number);
        self.push(rule, Subject::Certificate(u32::try_from(index).unwrap()), message, places);
    }

    pub(crate) fn find_in_file(&mut self, rule: &'static Rule, file: &str, message: &str) {
        let source = self.source(file);
        let place = Where { source, detail: "".into(), line: None };
        self.push(rule, Subject::Source(source), message, vec![place]);
    }

    fn push(&mut self, rule: &'static Rule, subject: Subject, message: &str, places: Vec<Where>) {
        let fingerprint = format!("{:016x}", self.report.findings.len() + 0x5eed_0000);
        let message = message.to_owned();
        self.report.findings.push(Finding { rule, subject, message, places, fingerprint });
    }

    pub(crate) fn unreadable(&mut self, name: &str, reason: &str) {
        self.report.unreadable.push(Unreadable { name: name.into(), reason: reason.into() });
    }

    /// Changes a certificate in a way that drafts have no word for.
    pub(crate) fn change(&mut self, Added(index): Added, change: impl FnOnce(&mut AuditedCertificate)) {
        change(&mut self.report.certificates[index]);
    }

    pub(crate) fn counts(&mut self, private_keys: u32, lists: u32, requests: u32) {
        self.report.private_keys = private_keys;
        self.report.certificate_lists = lists;
        self.report.certificate_requests = requests;
        self.report.objects.push(AuditedObject {
            details: ObjectDetails::of_public_key(&[0x30, 0]),
            place: Where { source: 0, detail: "section 2, line 9".into(), line: Some(9) },
            certificates: vec![0],
        });
    }

    pub(crate) fn suppress(&mut self, rule: &'static Rule, Added(index): Added, message: &str, reason: &str) {
        let finding = Finding {
            rule,
            subject: Subject::Certificate(u32::try_from(index).unwrap()),
            message: message.to_owned(),
            places: self.report.certificates[index].places.clone(),
            fingerprint: "00000000000000ff".to_owned(),
        };
        self.report.suppressed.push(Suppressed { finding, reason: reason.to_owned() });
    }

    /// Sorts as an audit does: what ends first in front, the gravest finding first; and draws the chains.
    pub(crate) fn build(self) -> Report {
        let mut report = self.report;
        let mut order: Vec<usize> = (0..report.certificates.len()).collect();
        order.sort_by_key(|index| report.certificates[*index].not_after);
        let mut moved = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            moved[*old] = u32::try_from(new).unwrap();
        }
        let new = |old: u32| moved[usize::try_from(old).unwrap()];
        let mut certificates: Vec<_> = order.iter().map(|old| report.certificates[*old].clone()).collect();
        for certificate in &mut certificates {
            certificate.issued_by = certificate.issued_by.map(new);
        }
        let suppressed = report.suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
        for finding in report.findings.iter_mut().chain(suppressed) {
            if let Subject::Certificate(index) = &mut finding.subject {
                *index = new(*index);
            }
        }
        let mut order: Vec<usize> = (0..report.findings.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(report.findings[*index].rule.severity));
        report.findings = order.iter().map(|old| report.findings[*old].clone()).collect();
        certificates.iter_mut().for_each(|certificate| certificate.findings.clear());
        for (number, finding) in report.findings.iter().enumerate() {
            if let Subject::Certificate(index) = finding.subject {
                let list = &mut certificates[usize::try_from(index).unwrap()].findings;
                list.push(u32::try_from(number).unwrap());
            }
        }
        let mut issued: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
        for (index, certificate) in certificates.iter().enumerate() {
            issued.entry(certificate.issued_by).or_default().push(u32::try_from(index).unwrap());
        }
        report.chains = chains(&issued, None);
        report.certificates = certificates;
        report
    }
}

fn chains(issued: &BTreeMap<Option<u32>, Vec<u32>>, by: Option<u32>) -> Vec<Chain> {
    let list = issued.get(&by).map_or(&[][..], Vec::as_slice);
    list.iter().map(|index| Chain { certificate: *index, issued: chains(issued, Some(*index)) }).collect()
}

/// How many findings of a severity a report has.
pub(crate) fn count(report: &Report, severity: Severity) -> usize {
    report.findings.iter().filter(|finding| finding.rule.severity == severity).count()
}
