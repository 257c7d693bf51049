//! Points in time as Go's JSON has them, RFC 3339, and days.

use crate::{Error, ErrorKind, Result};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// Reads `2026-11-22T13:57:00Z`, with a fraction or an offset where given.
///
/// # Errors
///
/// [`ErrorKind::Duration`] in the words of Go's `time.Parse`.
pub fn parse_rfc3339(text: &str) -> Result<OffsetDateTime> {
    let fault = |words: String| {
        Error::new(ErrorKind::Duration, words)
            .hint("write date and time with a zone, such as `2026-11-22T13:57:00Z`")
    };
    let misfit = |misfit| fault(misfit_words(text, "2006-01-02T15:04:05Z07:00", misfit));
    let out_of_range = |part: &str| fault(range_words(text, part));
    let mut rest = after_layout(text, &DATE).and_then(|rest| after_layout(rest, &TIME)).map_err(misfit)?;
    // Go takes a fraction that its layout does not have, after a comma, too.
    let mut fraction = "";
    if let Some(digits) = rest.strip_prefix(['.', ',']).filter(|digits| starts_with_digits(digits, 1)) {
        rest = digits.trim_start_matches(|letter: char| letter.is_ascii_digit());
        fraction = digits.strip_suffix(rest).unwrap_or_default();
    }
    let [month, hour, minute, second] = [5, 11, 14, 17].map(|from| two_digits(text, from));
    for (part, value, range) in [
        ("month", month, 1..=12),
        ("hour", hour, 0..=23),
        ("minute", minute, 0..=59),
        ("second", second, 0..=59),
    ] {
        if !range.contains(&value) {
            return Err(out_of_range(part));
        }
    }
    let (offset, extra) = match rest.strip_prefix('Z') {
        Some(extra) => (UtcOffset::UTC, extra),
        None => {
            let shaped = rest.starts_with(['+', '-'])
                && rest.get(1..).is_some_and(|hours| starts_with_digits(hours, 2))
                && rest.get(3..4) == Some(":")
                && rest.get(4..).is_some_and(|minutes| starts_with_digits(minutes, 2));
            if !shaped {
                return Err(misfit((rest, "Z07:00")));
            }
            let (hours, minutes) = (two_digits(rest, 1), two_digits(rest, 4));
            if hours > 24 {
                return Err(out_of_range("time zone offset hour"));
            }
            if minutes > 60 {
                return Err(out_of_range("time zone offset minute"));
            }
            let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
            let offset =
                UtcOffset::from_whole_seconds(if rest.starts_with('-') { -seconds } else { seconds });
            (offset.map_err(|_| out_of_range("time zone offset hour"))?, rest.get(6..).unwrap_or_default())
        }
    };
    if !extra.is_empty() {
        return Err(fault(extra_words(text, extra)));
    }
    let date = calendar_date(text).ok_or_else(|| out_of_range("day"))?;
    // Nine digits are nanoseconds; Go drops what is finer.
    let nanoseconds = format!("{fraction:0<9.9}").parse().unwrap_or_default();
    let time = Time::from_hms_nano(hour, minute, second, nanoseconds).map_err(|_| out_of_range("second"))?;
    Ok(OffsetDateTime::new_in_offset(date, time, offset))
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
        Ok(extra) => return Err(fault(extra_words(text, extra))),
        Err(misfit) => return Err(fault(misfit_words(text, "2006-01-02", misfit))),
    }
    let part = if (1..=12).contains(&two_digits(text, 5)) { "day" } else { "month" };
    let date = calendar_date(text).ok_or_else(|| fault(range_words(text, part)))?;
    Ok(date.midnight().assume_utc())
}

const DATE: [(&str, usize); 5] = [("2006", 4), ("-", 0), ("01", 2), ("-", 0), ("02", 2)];
const TIME: [(&str, usize); 6] = [("T", 0), ("15", 2), (":", 0), ("04", 2), (":", 0), ("05", 2)];

/// The day that the first ten letters name, which fit the layout.
fn calendar_date(text: &str) -> Option<Date> {
    let year = text.get(..4)?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(two_digits(text, 5)).ok()?, two_digits(text, 8)).ok()
}

fn two_digits(text: &str, from: usize) -> u8 {
    text.get(from..from + 2).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

fn misfit_words(text: &str, layout: &str, (rest, element): (&str, &str)) -> String {
    let [text, layout, rest, element] = [text, layout, rest, element].map(super::quote);
    format!("parsing time {text} as {layout}: cannot parse {rest} as {element}")
}

fn range_words(text: &str, part: &str) -> String {
    format!("parsing time {}: {part} out of range", super::quote(text))
}

fn extra_words(text: &str, extra: &str) -> String {
    format!("parsing time {}: extra text: {}", super::quote(text), super::quote(extra))
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

fn starts_with_digits(rest: &str, count: usize) -> bool {
    rest.len() >= count && rest.bytes().take(count).all(|byte| byte.is_ascii_digit())
}

/// What follows the elements of Go's layout; or the rest of the text and the element that it does not match.
fn after_layout<'t>(
    text: &'t str,
    layout: &[(&'static str, usize)],
) -> std::result::Result<&'t str, (&'t str, &'static str)> {
    let mut rest = text;
    for (element, count) in layout {
        let fits = if *count == 0 { rest.starts_with(element) } else { starts_with_digits(rest, *count) };
        if !fits {
            return Err((rest, element));
        }
        rest = rest.get((*count).max(1)..).unwrap_or_default();
    }
    Ok(rest)
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
            ("2026-11-22T13:57:00,123456789123Z", "2026-11-22T13:57:00Z"),
            ("2026-11-22T13:57:00+24:00", "2026-11-22T13:57:00+24:00"),
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
            ("2020-01-30T24:00:00Z", "parsing time \"2020-01-30T24:00:00Z\": hour out of range"),
            ("2020-01-30T23:59:60Z", "parsing time \"2020-01-30T23:59:60Z\": second out of range"),
            ("2020-01-30T23:59:59Zx", "parsing time \"2020-01-30T23:59:59Zx\": extra text: \"x\""),
        ] {
            assert_eq!(parse_rfc3339(text).unwrap_err().message(), words);
        }
    }

    #[test]
    fn reads_days_in_the_words_of_go() {
        assert_eq!(format_rfc3339(parse_date("2024-02-29").unwrap()), "2024-02-29T00:00:00Z");
        // Each was printed by cfssl.
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
