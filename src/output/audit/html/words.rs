//! Prose in a page.

use crate::output::audit::xml::escaped;

/// Text whose dates are not broken at their hyphens.
pub(super) fn prose(text: &str) -> String {
    let html = escaped(text);
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(hyphen) = rest.find('-') {
        let date = hyphen.checked_sub(4).and_then(|start| rest.get(start..start + 10));
        match date.filter(|date| is_date(date)) {
            Some(date) => {
                out.push_str(rest.get(..hyphen - 4).unwrap_or_default());
                out.push_str("<span class=\"date\">");
                out.push_str(date);
                out.push_str("</span>");
                rest = rest.get(hyphen + 6..).unwrap_or_default();
            }
            None => {
                out.push_str(rest.get(..=hyphen).unwrap_or_default());
                rest = rest.get(hyphen + 1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// A rule's own words, where back quotes stand around what is written in files.
pub(super) fn with_code(text: &str) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for (position, part) in escaped(text).split('`').enumerate() {
        if position > 0 {
            is_code = !is_code;
            out.push_str(if is_code { "<code>" } else { "</code>" });
        }
        out.push_str(part);
    }
    if is_code {
        out.push_str("</code>");
    }
    out
}

/// `2026-11-22`
fn is_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(position, octet)| match position {
        4 | 7 => octet == b'-',
        _ => octet.is_ascii_digit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stay_whole() {
        for (text, html) in [
            ("on 2026-12-01, in", "on <span class=\"date\">2026-12-01</span>, in"),
            ("a-b 節-2026-1-1 --", "a-b 節-2026-1-1 --"),
            ("節點節-12-01", "節點節-12-01"),
        ] {
            assert_eq!(prose(text), html);
        }
    }

    #[test]
    fn back_quotes_are_code() {
        assert_eq!(with_code("in `hosts` <"), "in <code>hosts</code> &lt;");
        assert_eq!(with_code("a ` b"), "a <code> b</code>");
    }
}
