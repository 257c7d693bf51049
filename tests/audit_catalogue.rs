//! docs/audit-rules.md and the catalogue of rules.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use certmint::inspect::audit::{Rule, RuleScope, rules};
use std::collections::BTreeSet;
use std::fs;

fn row(rule: &Rule) -> String {
    let scope = match rule.scope {
        RuleScope::Certificate => "certificate",
        RuleScope::Set => "set",
        RuleScope::Etcd => "`-for etcd`",
        RuleScope::Kubernetes => "`-for kubernetes`",
        RuleScope::Web => "`-for web`",
        other => panic!("what is {other:?}?"),
    };
    let text = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    format!(
        "| `{}` | {} | {scope} | {} | {} {} | {} |",
        rule.id,
        rule.severity,
        text(rule.title),
        text(rule.meaning),
        text(rule.remedy),
        text(rule.citation)
    )
}

/// `CERTMINT_WRITE_DOCS=1` writes the page anew.
#[test]
fn the_page_of_rules_has_a_row_for_each() {
    let head = "# The rules of `cfssl audit`\n\n`cfssl audit -rules` prints them too, also as JSON. The set of rules grows; their \
                identifiers stay.\n\n| rule | severity | asked | breach | meaning and remedy | source |\n|---|---|---|---|---|---|\n";
    let rows: Vec<String> = rules().map(row).collect();
    let page = format!("{head}{}\n", rows.join("\n"));
    if std::env::var_os("CERTMINT_WRITE_DOCS").is_some() {
        fs::write("docs/audit-rules.md", &page).unwrap();
    }
    let written = fs::read_to_string("docs/audit-rules.md").unwrap();
    for (written, wanted) in written.lines().zip(page.lines()) {
        assert_eq!(written, wanted, "write it anew: CERTMINT_WRITE_DOCS=1 cargo test --test audit_catalogue");
    }
    assert_eq!(written.lines().count(), page.lines().count());
}

#[test]
fn identifiers_are_unique_and_speak_one_language() {
    let mut seen = BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.id), "{} stands there twice", rule.id);
        assert!(
            rule.id
                .bytes()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-'),
            "{}",
            rule.id
        );
        assert!(
            !rule.title.ends_with('.') && rule.meaning.ends_with('.') && rule.remedy.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(!rule.citation.is_empty(), "{}", rule.id);
    }
    // What the exit status goes by.
    assert!(seen.contains("expired") && seen.contains("expires-soon"));
    assert!(seen.len() > 80, "{} rules are not all", seen.len());
}
