//! Findings of one rule together.

use super::facts;
use crate::inspect::audit::{Finding, Report, Rule, Severity};
use std::collections::HashMap;

/// A rule with its findings, as they stand in the report.
pub(super) struct Group<'r> {
    pub(super) rule: &'static Rule,
    pub(super) findings: Vec<&'r Finding>,
}

/// The groups, the gravest first; among equals in the order of their first findings.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for finding in &report.findings {
        let at = *known.entry(finding.rule.id).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group { rule: finding.rule, findings: vec![finding] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rule.severity));
    groups
}

/// How many suppressed findings have the same reason, in the order the reasons are met.
pub(super) fn suppressed(report: &Report) -> Vec<(&str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for left_out in &report.suppressed {
        let at = *known.entry(&left_out.reason).or_insert(counts.len());
        match counts.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => counts.push((&left_out.reason, 1)),
        }
    }
    counts
}

/// The gravest severity among the findings of a certificate.
pub(super) fn gravest<'f>(findings: impl Iterator<Item = &'f Finding>) -> Option<Severity> {
    facts::graded(findings).first().map(|(severity, _)| *severity)
}
