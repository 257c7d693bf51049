//! SARIF against the schema of its standard.

use crate::report_support::reports;
use crate::report_support::schema::Schema;
use certmint::inspect::audit::{Report, Severity};
use certmint::output::audit::render_sarif;
use serde_json::{Value, json};

/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json>, as published.
const SCHEMA: &str = include_str!("sarif-2.1.0.schema.json");

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&render_sarif(report)).unwrap()
}

#[test]
fn follows_the_schema_of_the_standard() {
    let mut schema = Schema::new(SCHEMA);
    for report in [reports::cluster(), reports::odd(), reports::empty(), reports::large(500)] {
        assert_eq!(schema.faults(&parsed(&report)), [""; 0]);
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let mut schema = Schema::new(SCHEMA);
    let whole = parsed(&reports::cluster());
    for (path, wrong) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("critical")),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/results/0/ruleIndex", json!(-2)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b")),
        ("/runs/0/invocations/0/endTimeUtc", json!("yesterday")),
        ("/runs/0/tool/driver", json!({"name": "x", "surprise": 1})),
    ] {
        let mut value = whole.clone();
        *value.pointer_mut(path).unwrap() = wrong;
        assert!(!schema.faults(&value).is_empty(), "{path}");
    }
}

#[test]
fn each_result_has_its_rule_level_place_and_fingerprint() {
    let report = reports::cluster();
    let run = &parsed(&report)["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.findings.len() + report.suppressed.len());
    for (result, finding) in results.iter().zip(&report.findings) {
        assert_eq!(result["ruleId"], finding.rule.id);
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], finding.rule.id);
        let (level, score) = match finding.rule.severity {
            Severity::Info => ("note", Value::Null),
            Severity::Warning => ("warning", json!("5.0")),
            Severity::Error => ("error", json!("8.0")),
            Severity::Critical => ("error", json!("9.5")),
        };
        assert_eq!(result["level"], level);
        assert_eq!(result["properties"]["severity"], finding.rule.severity.name());
        assert_eq!(rule["defaultConfiguration"]["level"], level);
        assert_eq!(rule["properties"].get("security-severity").unwrap_or(&Value::Null), &score);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains(finding.rule.remedy));
        assert_eq!(result["partialFingerprints"]["certmintFinding/v1"], finding.fingerprint.as_str());
        assert_eq!(result["locations"].as_array().unwrap().len(), finding.places.len());
        assert_eq!(result.get("suppressions"), None);
    }
    let left_out = results.last().unwrap();
    assert_eq!(left_out["suppressions"][0]["kind"], "external");
    assert_eq!(left_out["suppressions"][0]["justification"], "by -ignore leaf-outlives-issuer");
}

#[test]
fn places_are_uris_with_lines() {
    let run = &parsed(&reports::cluster())["runs"][0];
    let results = run["results"].as_array().unwrap();
    let place = |rule: &str, number: usize| {
        let result = results.iter().find(|result| {
            result["ruleId"] == rule && result["locations"].as_array().unwrap().len() > number
        });
        result.unwrap()["locations"][number]["physicalLocation"].clone()
    };
    let chain =
        json!({"artifactLocation": {"uri": "file:///etc/nginx/tls/chain.pem"}, "region": {"startLine": 1}});
    assert_eq!(place("leaf-outlives-issuer", 0), chain);
    let server = json!({"artifactLocation": {"uri": "tls://192.168.100.111:6443"}});
    assert_eq!(place("expires-soon", 1), server);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 2);
    assert_eq!(
        notifications[0]["message"]["text"],
        "/etc/kubernetes/pki/sa.key could not be read: permission denied"
    );
}

#[test]
fn a_strangers_name_becomes_no_link() {
    let text = render_sarif(&reports::odd());
    assert!(text.contains("[link\\\\](https://example.invalid)"));
    let whole = serde_json::from_str::<Value>(&text).unwrap();
    for result in whole["runs"][0]["results"].as_array().unwrap() {
        let words = result["message"]["text"].as_str().unwrap();
        assert!(!words.replace("\\](", "").contains("]("), "{words}");
    }
}
