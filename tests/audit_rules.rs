//! Every rule of an audit: a set that breaks it makes it speak, and just it; sets that are in order keep all silent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod audit_cases;
mod audit_support;

use audit_support::fired;
use certmint::inspect::audit::{Finding, RuleScope, rules};
use std::collections::BTreeSet;

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
        let says = |finding: &&Finding| finding.rule.id == case.rule && finding.message.contains(case.says);
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
fn rules_of_a_use_are_asked_for_it_alone_and_called_after_it() {
    for rule in rules() {
        let scope = match rule.id.split('-').next().unwrap() {
            "etcd" => RuleScope::Etcd,
            "kubernetes" => RuleScope::Kubernetes,
            "web" => RuleScope::Web,
            _ => rule.scope,
        };
        assert_eq!(rule.scope, scope, "{}", rule.id);
        let is_of_use = matches!(rule.scope, RuleScope::Etcd | RuleScope::Kubernetes | RuleScope::Web);
        assert_eq!(is_of_use, matches!(rule.id.split('-').next(), Some("etcd" | "kubernetes" | "web")));
    }
    // Without the use, its rules are silent about the sets that break them.
    for case in audit_cases::all() {
        let mut scene = (case.scene)();
        scene.options.uses.clear();
        let found = fired(&scene.audit());
        let of_uses: Vec<_> = found
            .iter()
            .filter(|id| matches!(id.split('-').next(), Some("etcd" | "kubernetes" | "web")))
            .collect();
        assert!(of_uses.is_empty(), "{}: {of_uses:?}", case.rule);
    }
}
