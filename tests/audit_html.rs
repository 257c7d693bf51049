//! The page of an audit as a real browser shows it: on desks, on phones and on paper, light and dark.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod report_support;

use certmint::inspect::audit::Report;
use certmint::output::audit::{HtmlStyle, render_html};
use report_support::browser::{Seen, look, look_without_script, printed};
use report_support::reports::{self, ODD_NAMES};
use serde_json::{Value, json};

/// A desk, a small window, the widest phone, a usual phone, the smallest.
const WIDTHS: [u32; 5] = [1280, 961, 720, 390, 320];

fn page(report: &Report) -> String {
    render_html(report, &HtmlStyle::default())
}

fn seen(report: &Report, widths: &[u32]) -> Seen {
    let seen = look(&page(report), widths);
    assert_eq!(seen.frames[0].get("error"), None);
    assert_eq!(seen.frames.len(), widths.len() * 2);
    seen
}

/// What holds for every report in every frame.
fn assert_sound(name: &str, seen: &Seen) {
    assert_eq!(seen.console, [""; 0], "{name}");
    for frame in &seen.frames {
        let place = format!("{name} at {} {}", frame["width"], frame["scheme"]);
        for scroll in ["scrollWidth", "scrollWidthOpen", "scrollWidthAllOpen"] {
            if let Some(width) = frame.get(scroll) {
                assert_eq!(width, &frame["width"], "{place} scrolls sideways: {scroll}");
            }
        }
        assert_eq!(frame["faint"], json!([]), "{place}: letters with too little contrast");
        assert_eq!(frame["small"], json!([]), "{place}: letters too small to read");
        assert_eq!(frame["requests"], json!([]), "{place}: asked for other files");
        assert_eq!(frame["addresses"], json!([]), "{place}: leads elsewhere");
        assert_eq!(frame["scripts"], 1, "{place}");
        assert_eq!(frame["strange"], 0, "{place}");
        assert_eq!(frame["lang"], "en");
        let background = if frame["scheme"] == "dark" { "rgb(20, 24, 29)" } else { "rgb(255, 255, 255)" };
        assert_eq!(frame["background"], background, "{place}");
        let heads = frame["headings"].as_array().unwrap();
        assert_eq!(heads[0], json!([1, "Certificate audit"]));
        assert_eq!(heads.iter().filter(|head| head[0] == 1).count(), 1, "{place}");
        for pair in heads.windows(2) {
            let (above, below) = (pair[0][0].as_u64().unwrap(), pair[1][0].as_u64().unwrap());
            assert!(below <= above + 1, "{place}: from {} to {}", pair[0], pair[1]);
        }
        for chart in frame["charts"].as_array().unwrap() {
            assert_eq!(chart["overlapping"], json!([]), "{place}: words over words");
            assert_eq!(chart["outside"], json!([]), "{place}: words outside the drawing");
            assert_eq!(chart["role"], "img");
            assert!(chart["label"].as_str().unwrap().len() > 40, "{place}");
        }
    }
}

#[test]
fn a_cluster_is_sound_and_its_timeline_is_true() {
    let report = reports::cluster();
    let seen = seen(&report, &WIDTHS);
    assert_sound("cluster", &seen);
    for frame in &seen.frames {
        let place = format!("at {}", frame["width"]);
        let charts = frame["charts"].as_array().unwrap();
        assert_eq!(charts.len(), 1, "{place}: one drawing is shown, for this width");
        let chart = &charts[0];
        let is_wide = frame["width"].as_u64().unwrap() > 960;
        assert_eq!(chart["class"], if is_wide { "chart wide" } else { "chart narrow" });

        // A bar, a sign and an end for each certificate, in the order of their ends.
        assert_eq!(list(&chart["bars"]).len(), report.certificates.len());
        let ends: Vec<f64> = list(&chart["barRight"]).iter().map(|x| x.as_f64().unwrap()).collect();
        assert!(ends.windows(2).all(|pair| pair[0] <= pair[1] + 0.11), "{place}: {ends:?}");
        assert_eq!(chart["ends"][0], "2026-11-10 · 12 days ago");
        assert_eq!(chart["ends"][1], "2026-12-01 · 9 days");
        assert_eq!(chart["ends"][16], "2036-11-19 · 9.9 years");
        assert_eq!(chart["bars"][0], "bar expired");
        assert_eq!(chart["signs"][0], "sign expired line");
        assert_eq!(chart["bars"][1], "bar expiring");
        assert_eq!(chart["signs"][10], "sign future ring");
        assert_eq!(chart["signs"][11], "sign valid");
        let title = "kube-cluster-master01: peer, 2025-11-10 to 2026-11-10, expired";
        assert_eq!(chart["titles"][0], title);

        // Expired bars end left of now, those that expire soon in the shaded time, others right of it.
        let (now, near) = (chart["now"].as_f64().unwrap(), chart["near"][1].as_f64().unwrap());
        for (bar, end) in list(&chart["bars"]).iter().zip(&ends) {
            match bar.as_str().unwrap() {
                "bar expired" => assert!(*end < now, "{place}"),
                "bar expiring" => assert!((now..near).contains(end), "{place}"),
                _ => assert!(*end > near, "{place}"),
            }
        }
        // What is not yet valid begins right of now.
        assert!(chart["barLeft"][10].as_f64().unwrap() > now);
        assert!(chart["barLeft"][11].as_f64().unwrap() < now);
        if is_wide {
            let names = list(&chart["nameRight"]).iter().map(|x| x.as_f64().unwrap()).fold(0.0, f64::max);
            let bars = list(&chart["barLeft"]).iter().map(|x| x.as_f64().unwrap()).fold(f64::MAX, f64::min);
            assert!(names < bars, "{place}: names end at {names}, bars begin at {bars}");
        }
    }
}

#[test]
fn a_cluster_says_all_that_was_found() {
    let report = reports::cluster();
    let seen = seen(&report, &[1280, 390]);
    for frame in &seen.frames {
        let text = frame["text"].as_str().unwrap();
        for wanted in [
            "Read 18 files and 1 server: 17 certificates, 14 private keys, 1 revocation list, 3 signing requests.",
            "1 has expired, 6 expire within 30 days; next is kube-cluster-master02 on 2026-12-01, in 9 days.",
            "permission denied",
            "1 finding by -ignore leaf-outlives-issuer",
            "not trusted: it ended 12 days ago",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        let findings = list(&frame["findings"]);
        let rules: std::collections::BTreeSet<_> = report.findings.iter().map(|one| one.rule.id).collect();
        assert_eq!(findings.len(), rules.len());
        assert!(findings[0].as_str().unwrap().starts_with("critical"));
        for finding in &report.findings {
            let told = findings.iter().any(|words| {
                let words = words.as_str().unwrap();
                let remedy = finding.rule.remedy.replace('`', "");
                [finding.rule.id, finding.rule.meaning, &remedy, &finding.message]
                    .iter()
                    .all(|part| words.contains(*part))
            });
            assert!(told, "{}", finding.message);
        }
        assert_eq!(frame["treeItems"], 17);
        assert_eq!(frame["treeDepth"], 2, "what the issuing authority below the company's root issued");
    }
}

#[test]
fn the_table_is_sorted_filtered_and_opened() {
    let seen = seen(&reports::cluster(), &[1280, 390]);
    for frame in &seen.frames {
        assert_eq!(frame["rows"], 17);
        assert_eq!(frame["firstRow"], "kube-cluster-master01");
        assert_eq!(frame["tableRole"], "table");
        for head in list(&frame["heads"]) {
            assert_eq!(head[0], "col", "{head}");
        }
        let sorted = |head: &str| {
            let found = list(&frame["sorted"]).iter().find(|one| one[0] == head);
            found.unwrap_or_else(|| panic!("no column {head}")).clone()
        };
        let name = sorted("Name");
        assert_eq!(name[1], json!(["ascending", "etcd CA"]));
        assert_eq!(name[2], json!(["descending", "system:kube-scheduler"]));
        let days = sorted("Days left");
        assert_eq!(days[1], json!(["ascending", "kube-cluster-master01"]));
        assert_eq!(days[2], json!(["descending", "Example Root CA 2016"]));
        // Two errors are graver than one warning; the gravest come first.
        assert_eq!(sorted("Findings")[1], json!(["ascending", "registry.example"]));
        assert_eq!(frame["filterLabel"], "Show rows with");
        assert_eq!(frame["filtered"], 2);
        assert_eq!(frame["status"], "2 of 17");
        assert_eq!(frame["unfiltered"], 17);
        let details = frame["details"].as_str().unwrap();
        assert!(details.contains("SHA-256") && details.contains("Found in"), "{details}");
        // Rows are cards where the window is narrow.
        assert_eq!(frame["rowDisplay"], if frame["width"] == 1280 { "table-row" } else { "block" });
    }
}

#[test]
fn strangers_names_stay_text() {
    let seen = seen(&reports::odd(), &WIDTHS);
    assert_sound("odd", &seen);
    for frame in &seen.frames {
        let text = frame["text"].as_str().unwrap();
        for wanted in
            [ODD_NAMES[2], ODD_NAMES[4], ODD_NAMES[6], ODD_NAMES[0], "\\u{202e}gpj.exe\\u{2066}", "(no name)"]
        {
            assert!(text.contains(wanted), "{wanted}");
        }
        // What cannot be dated has no bar.
        assert_eq!(list(&frame["charts"][0]["bars"]).len(), 14);
        assert_eq!(frame["charts"][0]["ends"][13], "9999-12-31 · 100+ years");
    }
}

#[test]
fn ten_thousand_certificates_are_a_chart_by_time_and_the_next_sixty() {
    let report = reports::large(10_000);
    assert!(page(&report).len() < 2_000_000, "{} octets", page(&report).len());
    let seen = look(&render_html(&report, &HtmlStyle { rows: 80, ..HtmlStyle::default() }), &[1280, 390]);
    assert_sound("large", &seen);
    for frame in &seen.frames {
        let charts = list(&frame["charts"]);
        assert_eq!(charts.len(), 2);
        let label = charts[0]["label"].as_str().unwrap();
        assert!(
            label.starts_with("Certificates that end, by quarter: expired 229, Q4 2026 456, Q1 2027"),
            "{label}"
        );
        let numbers =
            label.split(['.', ',']).filter_map(|part| part.rsplit(' ').next()?.parse::<usize>().ok());
        assert!(numbers.count() >= 5);
        assert_eq!(list(&charts[1]["bars"]).len(), 60);
        let expired = list(&charts[1]["bars"]).iter().filter(|bar| *bar == "bar expired").count();
        assert_eq!(expired, 12);
        assert_eq!(frame["rows"], 80);
        let text = frame["text"].as_str().unwrap();
        assert!(text.contains("… and 9,920 more, which the JSON report lists."), "{}", &text[..400]);
        let expired = list(&frame["findings"])[0].as_str().unwrap();
        assert!(expired.contains("219 more"), "{expired}");
    }
}

#[test]
fn sixty_one_certificates_are_charted_by_time_and_sixty_are_not() {
    for (number, charts) in [(60, 1), (61, 2)] {
        let seen = seen(&reports::large(number), &[1280]);
        assert_sound(&number.to_string(), &seen);
        assert_eq!(list(&seen.frames[0]["charts"]).len(), charts);
        assert_eq!(list(&seen.frames[0]["charts"][charts - 1]["bars"]).len(), 60);
    }
}

#[test]
fn the_columns_are_as_fine_as_they_can_be_and_count_every_certificate() {
    for (days, unit, first, second) in [
        (300, "month", "Nov 2026", "Dec 2026"),
        (1_200, "quarter", "Q4 2026", "Q1 2027"),
        (4_000, "year", "2026", "2027"),
        (9_000, "two years", "2026–27", "2028–29"),
        (20_000, "five years", "2026–30", "2031–35"),
        (200_000, "five years", "2026–30", "2031–35"),
    ] {
        let html = page(&reports::spread(500, days));
        assert!(html.contains(&format!("<h2>Expiries by {unit}</h2>")), "{days}");
        let label =
            html.split("aria-label=\"Certificates that end, by ").nth(1).unwrap().split('"').next().unwrap();
        let columns = label.strip_prefix(unit).unwrap().trim_start_matches(": ").trim_end_matches('.');
        let columns: Vec<(&str, usize)> = columns
            .split(", ")
            .map(|column| column.rsplit_once(' ').unwrap())
            .map(|(words, number)| (words, number.parse().unwrap()))
            .collect();
        assert_eq!(columns.len(), 14, "{label}");
        assert_eq!(
            [columns[0].0, columns[1].0, columns[2].0, columns[13].0],
            ["expired", first, second, "later"]
        );
        assert_eq!(columns.iter().map(|(_, number)| number).sum::<usize>(), 500, "{label}");
    }
}

#[test]
fn nothing_and_deep_chains_are_sound() {
    for (name, report) in [("empty", reports::empty()), ("deep", reports::deep(60))] {
        let seen = look(&page(&report), &[1280, 320]);
        assert_sound(name, &seen);
    }
    let seen = look(&page(&reports::empty()), &[1280]);
    assert!(seen.frames[0]["text"].as_str().unwrap().contains("There was nothing to audit."));
}

#[test]
fn on_paper_it_is_a4_with_the_wide_timeline_and_a_head_on_every_page_of_the_table() {
    let pages = printed(&page(&reports::cluster()));
    assert!((2..=4).contains(&pages.len()), "{} pages", pages.len());
    let first = &pages[0];
    for wanted in ["Certificate audit", "Timeline", "kube-cluster-master01", "2026-11-10 · 12 days ago"] {
        assert!(first.contains(wanted), "{wanted}\n{first}");
    }
    // The wide drawing has name and end of a certificate on one line of text.
    let line = first.lines().find(|line| line.contains("2026-12-01 · 9 days")).unwrap();
    assert!(line.contains("kube-cluster-master02"), "{line}");
    let whole = pages.concat();
    assert!(!whole.contains("Show rows with"), "what only works on a screen is not printed");
    // The table's head stands above every page that has rows.
    let rows = |page: &&String| {
        page.lines().any(|line| line.contains("kubernetes") && line.contains("25") && line.contains("client"))
    };
    for page in pages.iter().filter(rows) {
        assert!(page.lines().any(|line| line.contains("Days left") && line.contains("Issuer")), "{page}");
    }
}

#[test]
fn without_its_script_nothing_is_missing() {
    let report = reports::cluster();
    let [with, without] =
        [look(&page(&report), &[1280, 390]), look_without_script(&page(&report), &[1280, 390])];
    for (with, without) in with.frames.iter().zip(&without.frames) {
        assert_eq!((&with["hasFilter"], &with["buttons"]), (&json!(true), &json!(6)));
        // Controls that would do nothing are not there at all.
        assert_eq!((&without["hasFilter"], &without["buttons"]), (&json!(false), &json!(0)));
        for same in ["rows", "firstRow", "charts", "findings", "treeItems", "headings"] {
            assert_eq!(with[same], without[same], "{same}");
        }
    }
}

#[test]
fn its_policy_lets_in_its_own_script_only() {
    let report = reports::cluster();
    let html = page(&report);
    let policy =
        html.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    // The browser keeps another script out, and says so.
    let seen = look(&html.replace("</footer>", "</footer><script>document.title = 'in'</script>"), &[1280]);
    assert!(seen.console.iter().any(|line| line.contains("Content Security Policy")), "{:?}", seen.console);
    assert_eq!(seen.frames[0]["title"], "Certificate audit, 2026-11-22");
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}
