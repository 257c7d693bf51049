//! Points in time as Go's JSON has them: RFC 3339.

use crate::{Error, ErrorKind, Result};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads `2026-11-22T13:57:00Z`, with a fraction or an offset where given.
///
/// # Errors
///
/// [`ErrorKind::Duration`] in the words of Go's `time.Parse`.
pub fn parse_rfc3339(text: &str) -> Result<OffsetDateTime> {
    let shaped = first_misfit(text);
    match (shaped, OffsetDateTime::parse(text, &Rfc3339)) {
        (None, Ok(moment)) => Ok(moment),
        (misfit, _) => {
            let reason = match misfit {
                Some((rest, element)) => {
                    format!(": cannot parse {} as {}", super::quote(rest), super::quote(element))
                }
                None => ": day out of range".to_owned(),
            };
            let message =
                format!("parsing time {} as \"2006-01-02T15:04:05Z07:00\"{reason}", super::quote(text));
            Err(Error::new(ErrorKind::Duration, message)
                .hint("write date and time with a zone, such as `2026-11-22T13:57:00Z`"))
        }
    }
}

/// Writes `2026-11-22T13:57:00Z`, or with its offset from UTC where it has one, as Go does for whole seconds.
#[must_use]
pub fn format_rfc3339(moment: OffsetDateTime) -> String {
    let offset = match moment.offset().as_hms() {
        (0, 0, _) => "Z".to_owned(),
        (hours, minutes, _) => {
            let sign = if moment.offset().is_negative() { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", hours.abs(), minutes.abs())
        }
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{offset}",
        moment.year(),
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

/// The rest of the text and the element of Go's layout that it does not match.
fn first_misfit(text: &str) -> Option<(&str, &'static str)> {
    let digits = |rest: &str, count: usize| {
        rest.len() >= count && rest.bytes().take(count).all(|byte| byte.is_ascii_digit())
    };
    let layout = [
        ("2006", 4),
        ("-", 0),
        ("01", 2),
        ("-", 0),
        ("02", 2),
        ("T", 0),
        ("15", 2),
        (":", 0),
        ("04", 2),
        (":", 0),
        ("05", 2),
    ];
    let mut rest = text;
    for (element, count) in layout {
        let fits = if count == 0 { rest.starts_with(element) } else { digits(rest, count) };
        if !fits {
            return Some((rest, element));
        }
        rest = rest.get(count.max(1)..).unwrap_or_default();
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
    }
    let zone = rest == "Z"
        || (rest.len() == 6
            && rest.starts_with(['+', '-'])
            && rest.get(1..3).is_some_and(|hours| digits(hours, 2))
            && rest.get(3..4) == Some(":")
            && rest.get(4..).is_some_and(|minutes| digits(minutes, 2)));
    (!zone).then_some((rest, "Z07:00"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        for (text, written) in [
            ("2026-11-22T13:57:00Z", "2026-11-22T13:57:00Z"),
            ("2026-11-22T15:57:00+02:00", "2026-11-22T15:57:00+02:00"),
            ("2026-11-22T15:57:00-00:30", "2026-11-22T15:57:00-00:30"),
            ("2026-11-22T13:57:00.25Z", "2026-11-22T13:57:00Z"),
        ] {
            assert_eq!(format_rfc3339(parse_rfc3339(text).unwrap()), written);
        }
    }

    #[test]
    fn refuses_in_the_words_of_go() {
        for (text, reason) in [
            ("2020-01-01", "cannot parse \"\" as \"T\""),
            ("2020-01-01T00:00:00", "cannot parse \"\" as \"Z07:00\""),
            ("next week", "cannot parse \"next week\" as \"2006\""),
        ] {
            let error = parse_rfc3339(text).unwrap_err();
            assert_eq!(
                error.message(),
                format!("parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": {reason}")
            );
        }
        assert!(parse_rfc3339("2020-02-30T00:00:00Z").is_err());
    }
}
