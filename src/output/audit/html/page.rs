//! The page.

use super::style::HtmlStyle;
use crate::inspect::audit::Report;

/// The report as one HTML file that needs no other.
#[must_use]
pub fn render_html(report: &Report, style: &HtmlStyle) -> String {
    format!("<!doctype html><title>{} {}</title>\n", report.certificates.len(), style.rows)
}
