//! JSON and JSON lines, read by another reader; their members are those of the page in docs.

use crate::report_support::reports::{self, ODD_NAMES};
use certmint::inspect::audit::Report;
use certmint::output::audit::{render_json, render_jsonl};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DOCS: &str = include_str!("../../docs/audit-formats.md");

/// Lists of the JSON object and the type of their lines.
const LISTS: [(&str, &str); 7] = [
    ("sources", "source"),
    ("unreadable", "unreadable"),
    ("certificates", "certificate"),
    ("objects", "object"),
    ("rules", "rule"),
    ("findings", "finding"),
    ("suppressed", "suppressed"),
];

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&render_json(report)).unwrap()
}

fn lines(report: &Report) -> Vec<Value> {
    render_jsonl(report).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn says_what_was_asked_and_found() {
    let value = parsed(&reports::cluster());
    assert_eq!(value["schema"], "certmint.audit/1");
    assert_eq!(value["now"], "2026-11-22T13:57:00Z");
    assert_eq!(value["within_seconds"], 30 * 86_400);
    let summary = &value["summary"];
    assert_eq!(summary["findings"], json!({"critical": 1, "error": 3, "warning": 3, "info": 1}));
    for (member, number) in [
        ("sources", 19),
        ("certificates", 17),
        ("private_keys", 14),
        ("certificate_lists", 1),
        ("certificate_requests", 3),
        ("unreadable", 2),
        ("expired", 1),
        ("expiring", 6),
        ("not_yet_valid", 1),
        ("suppressed", 1),
    ] {
        assert_eq!(summary[member], number, "{member}");
    }
    assert_eq!(summary["next_to_expire"]["name"], "kube-cluster-master02");
    assert_eq!(summary["next_to_expire"]["days_left"], 9);
}

#[test]
fn certificates_findings_and_rules_lead_to_each_other() {
    let value = parsed(&reports::cluster());
    let certificates = value["certificates"].as_array().unwrap();
    let first = &certificates[0];
    assert_eq!(first["name"], "kube-cluster-master01");
    assert_eq!(first["state"], "expired");
    assert_eq!(first["days_left"], -12);
    assert_eq!(first["verdict"], "refused");
    assert_eq!(first["refused_because"], "it ended 12 days ago");
    assert_eq!(first["findings"], json!(["expired"]));
    let issuer = certificates.iter().find(|other| other["sha256"] == first["issued_by"]).unwrap();
    assert_eq!(issuer["name"], "etcd CA");
    assert_eq!(issuer["verdict"], "anchor");

    let finding = value["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "expired").unwrap();
    assert_eq!(finding["sha256"], first["sha256"]);
    assert_eq!(finding["places"], first["places"]);
    let web = certificates.iter().find(|one| one["name"] == "Example Issuing CA 3").unwrap();
    let place = json!({"source": "/etc/ssl/company/chain.pem", "detail": "section 2, line 31", "line": 31});
    assert_eq!(web["places"][0], place);

    let rules: BTreeSet<&str> =
        value["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for list in ["findings", "suppressed"] {
        for finding in value[list].as_array().unwrap() {
            assert!(rules.contains(finding["rule"].as_str().unwrap()));
        }
    }
    assert_eq!(value["suppressed"][0]["reason"], "by -ignore leaf-outlives-issuer");
}

#[test]
fn lines_are_the_items_of_the_lists_between_the_question_and_the_summary() {
    for report in [reports::cluster(), reports::odd(), reports::empty()] {
        let whole = parsed(&report);
        let lines = lines(&report);
        let question = json!({"type": "audit", "schema": "certmint.audit/1", "now": whole["now"], "within_seconds": 2_592_000});
        assert_eq!(lines.first(), Some(&question));
        let mut summary = lines.last().unwrap().clone();
        assert_eq!(summary.as_object_mut().unwrap().remove("type").unwrap(), "summary");
        assert_eq!(summary, whole["summary"]);
        let mut between = lines[1..lines.len() - 1].iter();
        for (list, kind) in LISTS {
            for item in whole[list].as_array().unwrap() {
                let mut line = between.next().unwrap().clone();
                assert_eq!(line.as_object_mut().unwrap().remove("type").unwrap(), kind);
                assert_eq!(&line, item);
            }
        }
        assert_eq!(between.next(), None);
    }
}

#[test]
fn names_come_back_letter_by_letter() {
    let value = parsed(&reports::odd());
    let names: Vec<&str> =
        value["certificates"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in ODD_NAMES {
        assert!(names.contains(&name), "{name:?}");
    }
    let undated = value["certificates"].as_array().unwrap().iter().find(|one| one["state"] == "unknown");
    let undated = undated.unwrap();
    assert_eq!((&undated["not_after"], &undated["days_left"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_documented_members_are_those_that_are_written() {
    // Both reports, so that no list is empty.
    let (cluster, odd) = (parsed(&reports::cluster()), parsed(&reports::odd()));
    let top: BTreeSet<String> = cluster.as_object().unwrap().keys().cloned().collect();
    assert_eq!(documented("the object"), top);
    let summary: BTreeSet<String> = cluster["summary"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(documented("summary"), summary);
    for (list, kind) in LISTS {
        let items = cluster[list].as_array().unwrap().iter().chain(odd[list].as_array().unwrap());
        let mut number = 0;
        for item in items {
            let written: BTreeSet<String> = item.as_object().unwrap().keys().cloned().collect();
            let mut wanted = documented(match kind {
                "suppressed" => "finding",
                // The whole is an object too.
                "object" => "an object",
                kind => kind,
            });
            if kind == "suppressed" {
                wanted.insert("reason".to_owned());
            }
            assert_eq!(wanted, written, "{kind}");
            number += 1;
        }
        assert!(number > 0, "{list}");
    }
}

/// The first cells, in back quotes, of the table below the heading `#### A certificate` and the like.
fn documented(kind: &str) -> BTreeSet<String> {
    let heading =
        |line: &&str| line.strip_prefix("#### ").is_some_and(|words| words.to_lowercase().ends_with(kind));
    let mut lines = DOCS.lines().skip_while(|line| !heading(line)).skip(1).peekable();
    assert!(lines.peek().is_some(), "docs/audit-formats.md has no heading for {kind}");
    lines
        .take_while(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
