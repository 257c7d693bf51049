//! JUnit XML as libxml2 reads it.

use crate::report_support::{builder, reports};
use certmint::inspect::audit::{Report, Severity};
use certmint::output::audit::render_junit;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A report in a file, which xmllint reads.
struct Written {
    folder: TempDir,
}

impl Written {
    fn new(report: &Report, fails_from: Severity) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("report.xml"), render_junit(report, fails_from)).unwrap();
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("report.xml")
    }

    /// What an XPath expression gives.
    fn ask(&self, expression: &str) -> String {
        let done = Command::new("xmllint").arg("--xpath").arg(expression).arg(self.file()).output();
        let done =
            done.unwrap_or_else(|error| panic!("xmllint: {error}; apt-get install libxml2-utils brings it"));
        assert!(done.status.success(), "{expression}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
    }

    fn count(&self, path: &str) -> usize {
        self.ask(&format!("count({path})")).parse().unwrap()
    }
}

#[test]
fn every_source_is_a_suite_and_every_certificate_a_case() {
    let report = reports::cluster();
    let written = Written::new(&report, Severity::Error);
    assert_eq!(written.count("//testsuite"), report.sources.len() + report.unreadable.len());
    for certificate in &report.certificates {
        let name = format!("//testcase[@name='{}']", certificate.name);
        assert!(written.count(&name) >= 1, "{name}");
    }
    // A suite without a case would not be shown at all.
    assert_eq!(written.count("//testsuite[not(testcase)]"), 0);
    assert_eq!(written.ask("string(//testcase[error]/@name)"), "can be read");
    assert_eq!(written.ask("string((//error)[2]/@message)"), "it is encrypted, and no password opens it");
}

#[test]
fn the_numbers_are_those_of_the_elements() {
    for report in [reports::cluster(), reports::odd(), reports::empty(), reports::large(300)] {
        for fails_from in Severity::ALL {
            let written = Written::new(&report, fails_from);
            for (attribute, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")]
            {
                let said = written.ask(&format!("string(/testsuites/@{attribute})"));
                assert_eq!(said, written.count(&format!("//{element}")).to_string(), "{attribute}");
                let wrong = format!("//testsuite[@{attribute} != count(descendant::{element})]");
                assert_eq!(written.count(&wrong), 0, "{attribute}");
            }
        }
    }
}

#[test]
fn findings_fail_from_the_severity_that_is_asked_for() {
    let report = reports::cluster();
    let grave = builder::count(&report, Severity::Critical);
    let written = Written::new(&report, Severity::Critical);
    assert_eq!(written.count("//failure"), grave);
    let failure = "//testcase[@name='kube-cluster-master01']/failure";
    assert_eq!(written.count(failure), 0);
    // Below it they are told, but fail nothing.
    let output = written.ask("string(//testcase[@name='kube-cluster-master01']/system-out)");
    assert!(output.contains("error expired: it ended on 2026-11-10, 12 days ago"), "{output}");

    let written = Written::new(&report, Severity::Error);
    assert_eq!(written.ask(&format!("string({failure}/@type)")), "expired");
    assert_eq!(written.ask(&format!("string({failure}/@message)")), "it ended on 2026-11-10, 12 days ago");
    let text = written.ask(&format!("string({failure})"));
    assert!(text.contains("\nRemedy: Issue it anew") && text.contains("\nin /etc/etcd/pki/"), "{text}");

    // One case with two findings is one failure, the graver in front.
    let written = Written::new(&report, Severity::Info);
    let web = "//testcase[@name='registry.example'][failure]/failure";
    assert_eq!(written.ask(&format!("string({web}/@type)")), "server-without-names");
    let message = written.ask(&format!("string({web}/@message)"));
    assert!(message.ends_with("(and 1 more)"), "{message}");
}

#[test]
fn a_new_line_in_a_name_makes_no_new_line_in_the_text() {
    let written = Written::new(&reports::odd(), Severity::Info);
    let text = written.ask("string(//failure[contains(., 'u{a}break')])");
    assert!(text.contains("it is called line\\u{a}break\\u{d}\\u{9}tab\\u{0}null\nRemedy:"), "{text}");
}
