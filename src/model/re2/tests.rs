//! Patterns of RE2 against what the regex package makes of them.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

/// Whether the pattern is found in the text; `None` where it is refused.
fn found(pattern: &str, text: &str) -> Option<bool> {
    Some(regex::Regex::new(&translate(pattern).ok()?).ok()?.is_match(text))
}

#[test]
fn sets_hold_ascii_only() {
    for pattern in [r"^\w+$", r"^[\w.]+$", r"^[^\W]+$", r"^\d+$", r"^[\d-]+$", r"^[[:word:]]+$"] {
        assert_eq!(found(pattern, "5"), Some(true), "{pattern}");
        assert_eq!(found(pattern, "\u{665}é"), Some(false), "{pattern}");
    }
    assert_eq!(found(r"^\s$", "\u{a0}"), Some(false));
    assert_eq!(found(r"\bx", "éx"), Some(true));
    assert_eq!(found(r"\Bx", "éx"), Some(false));
    assert_eq!(found(r"^\pL$", "é"), Some(true));
    assert_eq!(found(r"^\p{^Greek}$", "é"), Some(true));
    assert_eq!(found(r"^[^\pL]$", "é"), Some(false));
    assert_eq!(found(r"^\p{Latin}\p{Old_Italic}?\p{Any}$", "é\n"), Some(true));
    for name in ["latin", "IsLatin", "Letter", "ASCII", "Alphabetic", "sc=Latin", "X", "L&", ""] {
        assert_eq!(found(&format!(r"\p{{{name}}}"), "a"), None, "{name}");
    }
}

#[test]
fn brackets_hold_letters_and_no_further_sets() {
    for (pattern, text, expected) in [
        (r"^[[a]h]$", "h", Some(false)),
        (r"^[[a]h]$", "[h]", Some(true)),
        (r"^[a&&b]+$", "a&b", Some(true)),
        (r"^[a~~b]+$", "a~b", Some(true)),
        (r"^[]a]+$", "]a", Some(true)),
        (r"^[^]a]$", "]", Some(false)),
        (r"^[a-]+$", "a-", Some(true)),
        (r"^[-a]+$", "a-", Some(true)),
        (r"^[\]\-\\]+$", r"]-\", Some(true)),
        (r"^[\x41-\x{43}]+$", "ABC", Some(true)),
        ("[a--b]", "a", None),
        ("[b-a]", "a", None),
        ("[[:foo:]]", "a", None),
        (r"[a-\d]", "a", None),
        ("[a", "a", None),
        ("[]", "a", None),
    ] {
        assert_eq!(found(pattern, text), expected, "{pattern}");
    }
}

#[test]
fn what_means_something_else_elsewhere_means_itself_or_is_refused() {
    for (pattern, text, expected) in [
        (r"^\<a\>$", "<a>", Some(true)),
        (r"\<a", "a", Some(false)),
        ("^a{,2}$", "a{,2}", Some(true)),
        ("^a{|^h$", "a{", Some(true)),
        ("^a{02}$", "a{02}", Some(true)),
        ("^a}]$", "a}]", Some(true)),
        ("^a{2}$", "aa", Some(true)),
        ("^a{2,}?$", "aaa", Some(true)),
        (r"^\101\0$", "A\0", Some(true)),
        (r"^\Qa.b\E*$", "a.bb", Some(true)),
        (r"^\Qa*", "a*", Some(true)),
        (r"^\\Q$", r"\Q", Some(true)),
        ("(?i)^A(?-i)b$", "ab", Some(true)),
        ("^(?P<n>a)(?<m>b)(?:c)$", "abc", Some(true)),
        ("(?)^a$", "a", Some(true)),
        ("(?ii)^A$", "a", Some(true)),
        ("(?x)a | b", "a", None),
        ("(?u)a", "a", None),
        ("(?R)a", "a", None),
        ("(?i-)a", "a", None),
        ("(?=a)", "a", None),
        ("a**", "a", None),
        ("a*+", "a", None),
        ("a{2}{3}", "a", None),
        ("a{1001}", "a", None),
        ("a{2,1}", "a", None),
        (r"\u0061", "a", None),
        (r"\Z", "a", None),
        (r"\C", "a", None),
        (r"(a)\1", "aa", None),
        (r"\8", "a", None),
        (r"a\", "a", None),
        ("*a", "a", None),
        ("(a", "a", None),
    ] {
        assert_eq!(found(pattern, text), expected, "{pattern}");
    }
}

#[test]
fn a_pattern_of_any_length_takes_linear_time() {
    let start = std::time::Instant::now();
    for (before, repeated, behind) in [
        ("", "{", ""),
        ("", "{1,", ""),
        ("[", "[:", "a]"),
        ("", "[[:a]", ""),
        ("", "(?:", ""),
        ("", "\\Qa", ""),
        ("", "a{1}", ""),
    ] {
        let pattern = format!("{before}{}{behind}", repeated.repeat(1 << 20));
        assert!(translate(&pattern).is_ok_and(|text| !text.is_empty()), "{repeated}");
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
