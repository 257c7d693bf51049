//! Metrics, read as strictly as Prometheus' own reader does.

use crate::report_support::reports;
use certmint::inspect::audit::Report;
use certmint::output::audit::render_prometheus;
use std::collections::{BTreeMap, BTreeSet};

/// Metric, labels, value.
type Samples = BTreeMap<(String, BTreeMap<String, String>), f64>;

const NOT_AFTER: &str = "certmint_certificate_not_after_timestamp_seconds";

/// Reads the text format: HELP and TYPE once in front of the samples of their metric, names and escapes by the
/// rules, no series twice.
fn read(text: &str) -> Samples {
    let mut samples = Samples::new();
    let mut finished = BTreeSet::new();
    let mut current = String::new();
    assert!(text.ends_with('\n'));
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty() && finished.insert(name.to_owned()), "{line}");
            assert_eq!(lines.next(), Some(format!("# TYPE {name} gauge").as_str()));
            current = name.to_owned();
            assert!(lines.peek().is_some_and(|line| line.starts_with(name)), "{name} has no sample");
            continue;
        }
        let (name, labels, value) = sample(line);
        assert_eq!(name, current, "{line}");
        assert!(name.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_'), "{line}");
        assert_eq!(samples.insert((name, labels), value), None, "twice: {line}");
    }
    samples
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, value) = rest.split_once("=\"").unwrap();
            assert!(label.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_'), "{line}");
            let mut text = String::new();
            let mut letters = value.char_indices();
            let after = loop {
                match letters.next().unwrap() {
                    (at, '"') => break &value[at + 1..],
                    (_, '\\') => match letters.next().unwrap().1 {
                        'n' => text.push('\n'),
                        letter @ ('\\' | '"') => text.push(letter),
                        other => panic!("{line}: \\{other}"),
                    },
                    (_, letter) => text.push(letter),
                }
            };
            assert_eq!(labels.insert(label.to_owned(), text), None, "{line}");
            match after.split_at(1) {
                (",", more) => rest = more,
                ("}", more) => {
                    rest = more;
                    break;
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }
    (name.to_owned(), labels, rest.strip_prefix(' ').unwrap().parse().unwrap())
}

fn value(samples: &Samples, name: &str, labels: &[(&str, &str)]) -> f64 {
    let labels = labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
    samples[&(name.to_owned(), labels)]
}

#[test]
fn every_certificate_and_file_has_a_series() {
    let report = reports::cluster();
    let samples = read(&render_prometheus(&report));
    let pairs: usize = report.certificates.iter().map(|certificate| certificate.places.len()).sum();
    assert_eq!(samples.keys().filter(|(name, _)| name == NOT_AFTER).count(), pairs);
    let labels = [
        ("path", "192.168.100.111:6443"),
        ("subject", "O=Example, CN=kube-apiserver"),
        ("serial", &report.certificates[2].serial_number),
        ("role", "server"),
        ("issuer", "O=Example, CN=kubernetes"),
    ];
    let end = report.certificates[2].not_after.unwrap().unix_timestamp();
    assert_eq!(value(&samples, NOT_AFTER, &labels), end as f64);
    let findings = [("severity", "warning"), ("rule", "expires-soon")];
    assert_eq!(value(&samples, "certmint_audit_findings", &findings), 2.0);
    assert_eq!(value(&samples, "certmint_audit_unreadable", &[]), 2.0);
    assert_eq!(value(&samples, "certmint_audit_timestamp_seconds", &[]), report.now.unix_timestamp() as f64);
}

#[test]
fn strangers_names_are_labels_still() {
    let samples = read(&render_prometheus(&reports::odd()));
    let paths: BTreeSet<&str> =
        samples.keys().filter_map(|(_, labels)| Some(labels.get("path")?.as_str())).collect();
    assert!(paths.contains("/pki/\"quoted\" 'single' & back\\slash `tick`.pem"), "{paths:?}");
    assert!(paths.contains("/pki/line\\u{a}break\\u{d}\\u{9}tab\\u{0}null.pem"), "{paths:?}");
    // A certificate without a readable end has no time to be shown.
    assert!(!samples.keys().any(|(name, labels)| {
        name == NOT_AFTER && labels.get("subject").is_some_and(|name| name.ends_with("without an end"))
    }));
}

#[test]
fn certificates_with_the_same_labels_are_one_series_with_the_earlier_end() {
    let mut report = reports::cluster();
    let twin = report.certificates[2].clone();
    let earlier = twin.not_after.unwrap() - time::Duration::days(2);
    report.certificates.push(twin);
    report.certificates.last_mut().unwrap().not_after = Some(earlier);
    let samples = read(&render_prometheus(&report));
    let of_twins: Vec<f64> = samples
        .iter()
        .filter(|((name, labels), _)| {
            name == NOT_AFTER && labels.get("serial") == Some(&report.certificates[2].serial_number)
        })
        .map(|(_, value)| *value)
        .collect();
    assert_eq!(of_twins, [earlier.unix_timestamp() as f64; 2]);
}

#[test]
fn a_report_of_nothing_has_numbers_still() {
    let empty: Report = reports::empty();
    let samples = read(&render_prometheus(&empty));
    assert_eq!(value(&samples, "certmint_audit_certificates", &[]), 0.0);
    assert!(!samples.keys().any(|(name, _)| name == NOT_AFTER || name == "certmint_audit_findings"));
}
