//! Points in time as Go's JSON has them, RFC 3339, and days.

use crate::{Error, ErrorKind, Result};
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime};

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
            let words = match misfit {
                Some(misfit) => misfit_words(text, "2006-01-02T15:04:05Z07:00", misfit),
                None => range_words(text),
            };
            Err(Error::new(ErrorKind::Duration, words)
                .hint("write date and time with a zone, such as `2026-11-22T13:57:00Z`"))
        }
    }
}

/// Reads `2026-11-22`: the first moment of that day, in UTC.
///
/// # Errors
///
/// [`ErrorKind::Duration`] in the words of Go's `time.Parse`.
pub fn parse_date(text: &str) -> Result<OffsetDateTime> {
    let fault = |words| {
        Error::new(ErrorKind::Duration, words).hint("write year, month and day, such as `2026-11-22`")
    };
    match after_layout(text, &DATE) {
        Ok("") => {}
        Ok(extra) => {
            let words = format!("parsing time {}: extra text: {}", super::quote(text), super::quote(extra));
            return Err(fault(words));
        }
        Err(misfit) => return Err(fault(misfit_words(text, "2006-01-02", misfit))),
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
    let date = || {
        let month = Month::try_from(u8::try_from(number(5, 7)?).ok()?).ok()?;
        Date::from_calendar_date(number(0, 4)?.into(), month, u8::try_from(number(8, 10)?).ok()?).ok()
    };
    let date = date().ok_or_else(|| fault(range_words(text)))?;
    Ok(date.midnight().assume_utc())
}

const DATE: [(&str, usize); 5] = [("2006", 4), ("-", 0), ("01", 2), ("-", 0), ("02", 2)];

fn misfit_words(text: &str, layout: &str, (rest, element): (&str, &str)) -> String {
    let [text, layout, rest, element] = [text, layout, rest, element].map(super::quote);
    format!("parsing time {text} as {layout}: cannot parse {rest} as {element}")
}

/// For a text of the right shape that is no date.
fn range_words(text: &str) -> String {
    let month = text.get(5..7).and_then(|month| month.parse::<u8>().ok());
    let part = if matches!(month, Some(1..=12)) { "day" } else { "month" };
    format!("parsing time {}: {part} out of range", super::quote(text))
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

fn digits(rest: &str, count: usize) -> bool {
    rest.len() >= count && rest.bytes().take(count).all(|byte| byte.is_ascii_digit())
}

/// What follows the elements of Go's layout; or the rest of the text and the element that it does not match.
fn after_layout<'t>(
    text: &'t str,
    layout: &[(&'static str, usize)],
) -> std::result::Result<&'t str, (&'t str, &'static str)> {
    let mut rest = text;
    for (element, count) in layout {
        let fits = if *count == 0 { rest.starts_with(element) } else { digits(rest, *count) };
        if !fits {
            return Err((rest, element));
        }
        rest = rest.get((*count).max(1)..).unwrap_or_default();
    }
    Ok(rest)
}

/// The rest of the text and the element of Go's layout that it does not match.
fn first_misfit(text: &str) -> Option<(&str, &'static str)> {
    let time = [("T", 0), ("15", 2), (":", 0), ("04", 2), (":", 0), ("05", 2)];
    let mut rest = match after_layout(text, &DATE).and_then(|rest| after_layout(rest, &time)) {
        Ok(rest) => rest,
        Err(misfit) => return Some(misfit),
    };
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
        for (text, words) in [
            ("2020-02-30T00:00:00Z", "parsing time \"2020-02-30T00:00:00Z\": day out of range"),
            ("2020-13-30T00:00:00Z", "parsing time \"2020-13-30T00:00:00Z\": month out of range"),
        ] {
            assert_eq!(parse_rfc3339(text).unwrap_err().message(), words);
        }
    }

    #[test]
    fn reads_days_in_the_words_of_go() {
        assert_eq!(format_rfc3339(parse_date("2024-02-29").unwrap()), "2024-02-29T00:00:00Z");
        // Each was printed by cfssl 1.2.0.
        for (text, reason) in [
            ("yesterday", " as \"2006-01-02\": cannot parse \"yesterday\" as \"2006\""),
            ("", " as \"2006-01-02\": cannot parse \"\" as \"2006\""),
            ("2020-1-2", " as \"2006-01-02\": cannot parse \"1-2\" as \"01\""),
            ("2020-02-30", ": day out of range"),
            ("2020-01-32", ": day out of range"),
            ("2020-13-02", ": month out of range"),
            ("2020-01-02x", ": extra text: \"x\""),
        ] {
            let words = format!("parsing time \"{text}\"{reason}");
            assert_eq!(parse_date(text).unwrap_err().message(), words);
        }
    }
}
