//! The report for people.

use crate::report_support::{builder::NOW, reports};
use certmint::inspect::audit::Report;
use certmint::output::audit::{TextStyle, render_text};
use unicode_width::UnicodeWidthStr;

const PLAIN: TextStyle = TextStyle { width: 80, colour: false, unicode: true, rows: 50, findings: 10 };

fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("cluster", reports::cluster()),
        ("odd", reports::odd()),
        ("large", reports::large(2_000)),
        ("deep", reports::deep(60)),
        ("empty", reports::empty()),
    ]
}

#[test]
fn a_cluster_reads_as_this_page() {
    assert_eq!(render_text(&reports::cluster(), &PLAIN), include_str!("cluster-80.txt"));
}

#[test]
fn a_narrow_terminal_gets_shorter_words_and_ascii_where_asked() {
    let style = TextStyle { width: 60, unicode: false, ..PLAIN };
    let text = render_text(&reports::cluster(), &style);
    assert_eq!(text, include_str!("cluster-60-ascii.txt"));
    assert!(text.is_ascii());
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (name, report) in all() {
        for width in [40, 60, 72, 80, 100, 120, 200] {
            let text = render_text(&report, &TextStyle { width, ..PLAIN });
            for line in text.lines() {
                assert!(line.width() <= width, "{name} at {width}: {} columns\n{line}", line.width());
                assert_eq!(line.trim_end(), line, "{name} at {width}");
            }
        }
    }
}

#[test]
fn a_width_of_nothing_is_taken_for_a_small_one() {
    for width in [0, 1, 39] {
        let style = TextStyle { width, ..PLAIN };
        let small = TextStyle { width: 40, ..PLAIN };
        assert_eq!(render_text(&reports::odd(), &style), render_text(&reports::odd(), &small));
    }
}

#[test]
fn colour_changes_no_letter_and_is_absent_unless_asked_for() {
    for (name, report) in all() {
        for width in [60, 100] {
            let plain = render_text(&report, &TextStyle { width, ..PLAIN });
            assert!(!plain.contains('\u{1b}'), "{name}");
            let coloured = render_text(&report, &TextStyle { width, colour: true, ..PLAIN });
            assert_eq!(without_colour(&coloured), plain, "{name} at {width}");
            assert!(coloured.contains('\u{1b}'), "{name}");
        }
    }
}

#[test]
fn colour_marks_what_is_wrong() {
    let text = render_text(&reports::cluster(), &TextStyle { width: 100, colour: true, ..PLAIN });
    for wanted in [
        "\u{1b}[1;31mCRITICAL\u{1b}[0m",
        "\u{1b}[31mERROR\u{1b}[0m",
        "\u{1b}[33mWARNING\u{1b}[0m",
        "\u{1b}[31mkube-cluster-master01\u{1b}[0m",
        "\u{1b}[33mkube-cluster-master02\u{1b}[0m",
        "\u{1b}[31mnot trusted: it ended 12 days ago\u{1b}[0m",
    ] {
        assert!(text.contains(wanted), "{wanted:?}");
    }
}

#[test]
fn a_hundred_thousand_certificates_are_a_few_pages() {
    let text = render_text(&reports::large(100_000), &PLAIN);
    assert!(text.lines().count() < 250, "{}", text.lines().count());
    assert!(text.contains("\n… and 99,950 more, the last ends on 2040-08-02 (-format json lists all)\n"));
    let expired = text.split("\nERROR expired (").nth(1).unwrap();
    assert!(expired.starts_with("2,287): the certificate has expired\n"), "{}", &expired[..60]);
    assert!(expired.contains("\n  … and 2,277 more (-format json lists all)\n"));
}

#[test]
fn as_many_rows_and_findings_are_shown_as_are_asked_for() {
    let report = reports::large(400);
    let rows = |rows, findings| {
        let text = render_text(&report, &TextStyle { rows, findings, ..PLAIN });
        let table = text.split("\n\n").nth(1).unwrap();
        let objects = text.lines().filter(|line| line.starts_with("  • ")).count();
        (table.lines().skip(1).filter(|line| !line.starts_with('…')).count(), objects)
    };
    assert_eq!(rows(5, 2), (5, 4));
    // One more than asked for takes no more room than the line that says so.
    assert_eq!(rows(399, 1_000_000).0, 400);
    assert_eq!(rows(398, 0).0, 398);
    let found = report.findings.len();
    assert_eq!(rows(usize::MAX, usize::MAX), (400, found));
}

#[test]
fn what_ends_within_the_day_is_told_in_hours() {
    let mut report = reports::cluster();
    report.certificates[1].not_after = Some(NOW + time::Duration::hours(5));
    let text = render_text(&report, &PLAIN);
    assert!(text.contains("next is kube-cluster-master02 on\n2026-11-22, in 5 hours."), "{text}");
}

#[test]
fn nothing_wrong_is_said_in_so_many_words() {
    let report = reports::deep(2);
    let text = render_text(&report, &PLAIN);
    assert!(text.starts_with(
        "Read 1 file: 2 certificates.\nFound nothing wrong.\nNext to expire is authority 0 on 2029-08-18, in 1,000 days.\n"
    ), "{text}");
    assert!(!text.contains("Findings"));
}

fn without_colour(text: &str) -> String {
    let mut out = String::new();
    for (position, part) in text.split('\u{1b}').enumerate() {
        match position {
            0 => out.push_str(part),
            _ => out.push_str(part.split_once('m').unwrap().1),
        }
    }
    out
}
