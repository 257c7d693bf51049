//! Every rule of an audit: a set that breaks it makes it speak, and just it; sets that are in order keep all silent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod audit_cases;
mod audit_support;

use audit_support::fired;
use certmint::inspect::audit::{Rule, RuleScope, rules};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn each_bad_set_breaks_just_the_rules_that_it_is_to() {
    let mut wrong = Vec::new();
    for case in audit_cases::all() {
        let report = (case.scene)().audit();
        let expected: BTreeSet<&str> = case.also.iter().copied().chain([case.rule]).collect();
        let found = fired(&report);
        if found != expected {
            let missing: Vec<_> = expected.difference(&found).collect();
            let more: Vec<String> = report
                .findings
                .iter()
                .filter(|finding| !expected.contains(finding.rule.id))
                .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
                .collect();
            wrong.push(format!("{} ({}): missing {missing:?}, too many {more:?}", case.rule, case.says));
        }
        let says = |finding: &&certmint::inspect::audit::Finding| {
            finding.rule.id == case.rule && finding.message.contains(case.says)
        };
        if !report.findings.iter().any(|finding| says(&finding)) {
            let messages: Vec<&str> = report
                .findings
                .iter()
                .filter(|finding| finding.rule.id == case.rule)
                .map(|finding| finding.message.as_str())
                .collect();
            wrong.push(format!("{}: nothing says {:?} but {messages:?}", case.rule, case.says));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_catalogue_has_a_bad_set() {
    let catalogue: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    let covered: BTreeSet<&str> = audit_cases::all().map(|case| case.rule).collect();
    assert_eq!(catalogue, covered);
}

#[test]
fn no_rule_speaks_of_a_good_set() {
    for (name, scene, allowed) in audit_cases::good::all() {
        let report = scene.audit();
        let found: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| !allowed.contains(&finding.rule.id))
            .map(|finding| format!("{} {}: {}", finding.rule.severity, finding.rule.id, finding.message))
            .collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        assert!(!report.certificates.is_empty(), "{name}");
    }
}

#[test]
fn the_catalogue_is_whole() {
    let mut by_id: BTreeMap<&str, &Rule> = BTreeMap::new();
    for rule in rules() {
        assert!(by_id.insert(rule.id, rule).is_none(), "{} stands there twice", rule.id);
        let is_id = rule
            .id
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter == b'-' || letter.is_ascii_digit());
        assert!(is_id, "{}", rule.id);
        assert!(!rule.citation.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
        assert!(rule.meaning.ends_with('.') && rule.remedy.ends_with('.'), "{}", rule.id);
        for text in [rule.title, rule.meaning, rule.remedy] {
            assert!(!text.contains("  "), "{}: blanks", rule.id);
        }
        let is_of_profile = ["etcd-", "kubernetes-", "web-"].iter().any(|prefix| rule.id.starts_with(prefix));
        let is_scoped = !matches!(rule.scope, RuleScope::Certificate | RuleScope::Set);
        assert_eq!(is_of_profile, is_scoped, "{}", rule.id);
    }
    assert!(by_id.len() > 100, "{} rules", by_id.len());
}
