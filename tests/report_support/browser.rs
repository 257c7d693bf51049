//! A headless browser that looks at a page and says what it sees.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Measures the page inside a frame of each width, in both colour schemes.
const MEASURE: &str = include_str!("measure.js");

/// What the browser says of a page.
pub(crate) struct Seen {
    /// One object for each width and colour scheme.
    pub(crate) frames: Vec<Value>,
    /// What the page wrote to its console, faults and breaches of its policy included.
    pub(crate) console: Vec<String>,
}

/// Runs Chromium with a profile of its own that is gone afterwards.
pub(crate) fn chromium(arguments: &[&str]) -> Output {
    let profile = tempfile::tempdir().unwrap();
    let done = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1"])
        // Whatever a page asks of the network goes nowhere.
        .arg("--proxy-server=127.0.0.1:9")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .output();
    let done = done.unwrap_or_else(|error| panic!("chromium: {error}; apt-get install chromium brings it"));
    assert!(done.status.success(), "chromium: {}", String::from_utf8_lossy(&done.stderr));
    done
}

/// Shows the page in frames of these widths, light and dark, and measures it there.
pub(crate) fn look(page: &str, widths: &[u32]) -> Seen {
    look_in(page, widths, "")
}

/// The same where no script of the page may run.
pub(crate) fn look_without_script(page: &str, widths: &[u32]) -> Seen {
    look_in(page, widths, "sandbox=\"allow-same-origin\"")
}

fn look_in(page: &str, widths: &[u32], attributes: &str) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), page).unwrap();
    let frames: String = widths
        .iter()
        .flat_map(|width| ["light", "dark"].map(|scheme| (width, scheme)))
        .map(|(width, scheme)| {
            format!(
                "<iframe src=\"page.html\" {attributes} data-scheme=\"{scheme}\" \
                 style=\"border:0;width:{width}px;height:800px;color-scheme:{scheme}\"></iframe>\n"
            )
        })
        .collect();
    let stage =
        format!("<!DOCTYPE html><meta charset=\"utf-8\"><body>{frames}<script>{MEASURE}</script></body>");
    fs::write(folder.path().join("stage.html"), stage).unwrap();
    let done = chromium(&[
        // The stage reads the frames, which are files as it is.
        "--allow-file-access-from-files",
        "--enable-logging=stderr",
        "--virtual-time-budget=60000",
        "--window-size=1400,1000",
        "--dump-dom",
        &address(&folder.path().join("stage.html")),
    ]);
    let dom = String::from_utf8(done.stdout).unwrap();
    let facts = dom.split("<pre id=\"facts\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let facts = facts.unwrap_or_else(|| panic!("nothing was measured: {dom}"));
    let facts =
        facts.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&");
    let frames = serde_json::from_str(&facts).unwrap_or_else(|error| panic!("{error}: {facts}"));
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    let console = errors.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    Seen { frames, console }
}

/// The page on paper: its text, page by page.
pub(crate) fn printed(page: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (html, pdf) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    fs::write(&html, page).unwrap();
    let to = format!("--print-to-pdf={}", pdf.display());
    // Paper is white, whatever colours the desk has.
    chromium(&["--blink-settings=preferredColorScheme=0", "--no-pdf-header-footer", &to, &address(&html)]);
    let done = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output();
    let done =
        done.unwrap_or_else(|error| panic!("pdftotext: {error}; apt-get install poppler-utils brings it"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    text.split('\u{c}').map(str::to_owned).filter(|page| !page.trim().is_empty()).collect()
}

fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}
