//! Reports of audits in every format that is read by programs, as their readers read them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod report_support;
mod audit_formats {
    pub(super) mod json;
    pub(super) mod junit;
    pub(super) mod prometheus;
    pub(super) mod sarif;
    pub(super) mod text;
}

use certmint::inspect::audit::{Report, Severity, Subject};
use certmint::inspect::view::Role;
use certmint::output::audit::{
    HtmlStyle, ReportFormat, TextStyle, render_html, render_json, render_jsonl, render_junit,
    render_prometheus, render_sarif, render_text,
};
use report_support::builder::{Builder, Draft};
use report_support::{reports, rules};

/// The report in a format.
fn render(report: &Report, format: ReportFormat) -> String {
    match format {
        ReportFormat::Html => render_html(report, &HtmlStyle::default()),
        ReportFormat::Json => render_json(report),
        ReportFormat::Jsonl => render_jsonl(report),
        ReportFormat::Junit => render_junit(report, Severity::Error),
        ReportFormat::Prometheus => render_prometheus(report),
        ReportFormat::Sarif => render_sarif(report),
        ReportFormat::Text => render_text(report, &TextStyle::default()),
        other => panic!("{other} has no renderer here"),
    }
}

#[test]
fn strangers_names_reach_no_terminal_as_they_are() {
    let report = reports::odd();
    for format in ReportFormat::ALL {
        let text = render(&report, format);
        let bad = text.chars().find(|letter| {
            letter.is_control() && *letter != '\n'
                || matches!(letter, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
                    | '\u{fffe}' | '\u{ffff}' | '\u{e0041}')
        });
        assert_eq!(bad, None, "{format}");
        // What is harmless stays as it is.
        for whole in ["節點一・正體中文憑證授權中心（測試用）", "שלום"] {
            assert!(text.contains(whole), "{format}: {whole}");
        }
    }
}

#[test]
fn the_same_report_gives_the_same_text() {
    for format in ReportFormat::ALL {
        assert_eq!(render(&reports::cluster(), format), render(&reports::cluster(), format), "{format}");
    }
}

#[test]
fn a_report_of_nothing_can_be_written() {
    let report = reports::empty();
    for format in ReportFormat::ALL {
        assert!(render(&report, format).ends_with('\n'), "{format}");
    }
    assert_eq!(
        render(&report, ReportFormat::Text),
        "Read 0 files: 0 certificates.\nThere was nothing to audit.\n"
    );
}

#[test]
fn every_format_has_a_name_that_is_read_back() {
    for format in ReportFormat::ALL {
        assert_eq!(format.name().parse(), Ok(format));
        assert_eq!(format.to_string(), format.name());
    }
    assert_eq!("yaml".parse::<ReportFormat>(), Err(()));
}

#[test]
fn indices_that_lead_nowhere_stop_nothing() {
    let mut report = reports::cluster();
    for certificate in &mut report.certificates {
        certificate.findings.push(999);
        certificate.issued_by = Some(999);
        certificate.places.iter_mut().for_each(|place| place.source = 999);
    }
    report.chains[0].certificate = 999;
    report.findings[0].subject = Subject::Certificate(999);
    report.findings[1].subject = Subject::Source(999);
    for format in ReportFormat::ALL {
        assert!(!render(&report, format).is_empty());
    }
}

#[test]
fn suppressed_findings_move_and_certificates_forget_them() {
    let mut builder = Builder::new();
    let draft = Draft { name: "a", role: Role::Server, issuer: None, from: -1, to: 5, files: &["a.pem"] };
    let added = builder.add(&draft);
    builder.find(&rules::EXPIRES_SOON, added, "first");
    builder.find(&rules::NO_ALTERNATIVE_NAMES, added, "second");
    builder.find(&rules::EXPIRES_SOON, added, "third");
    builder.find_in_file(&rules::KEY_READABLE, "a-key.pem", "fourth");
    let mut report = builder.build();
    report.suppress(|finding| (finding.rule.id == "expires-soon").then(|| "in the baseline".to_owned()));

    let messages = |report: &Report| -> Vec<String> {
        report.findings.iter().map(|finding| finding.message.clone()).collect()
    };
    assert_eq!(messages(&report), ["fourth", "second"]);
    assert_eq!(report.certificates[0].findings, [1]);
    let suppressed: Vec<_> =
        report.suppressed.iter().map(|one| (one.finding.message.as_str(), one.reason.as_str())).collect();
    assert_eq!(suppressed, [("first", "in the baseline"), ("third", "in the baseline")]);

    report.suppress(|_| Some("all".to_owned()));
    assert_eq!(report.suppressed.len(), 4);
    assert!(report.findings.is_empty() && report.certificates[0].findings.is_empty());
}
