//! Points in time as certificates write them.

use super::der_reader::{Item, tag};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// A UTCTime or GeneralizedTime. Fractions of a second are dropped; offsets from UTC are kept.
pub(crate) fn read_time(item: Item<'_>) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(item.value).ok()?;
    let (year, rest) = match item.tag {
        tag::UTC_TIME => {
            let (year, rest) = digits(text, 2)?;
            // RFC 5280, section 4.1.2.5.1.
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        tag::GENERALIZED_TIME => digits(text, 4)?,
        _ => return None,
    };
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest, 2)?;
    let (second, rest) = digits(rest, 2).unwrap_or((0, rest));
    let offset = offset(after_fraction(rest))?;

    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    let [hour, minute, second] = [hour, minute, second].map(u8::try_from);
    let time = Time::from_hms(hour.ok()?, minute.ok()?, second.ok()?).ok()?;
    Some(date.with_time(time).assume_offset(offset))
}

fn digits(text: &str, count: usize) -> Option<(u16, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((number.parse().ok().filter(|_| all_digits)?, rest))
}

fn after_fraction(text: &str) -> &str {
    text.strip_prefix('.')
        .map_or(text, |fraction| fraction.trim_start_matches(|letter: char| letter.is_ascii_digit()))
}

/// `Z`, or `+0130`.
fn offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest, 2)?;
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    let offset = UtcOffset::from_whole_seconds(sign * seconds).ok()?;
    rest.is_empty().then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tag: u8, text: &str) -> Option<String> {
        let item = Item { tag, value: text.as_bytes(), whole: &[] };
        read_time(item).map(crate::json::format_rfc3339)
    }

    #[test]
    fn reads_both_types_and_odd_forms() {
        let cases = [
            (tag::UTC_TIME, "261122135700Z", "2026-11-22T13:57:00Z"),
            (tag::UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
            (tag::UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (tag::UTC_TIME, "2611221357Z", "2026-11-22T13:57:00Z"),
            (tag::UTC_TIME, "261122135700+0130", "2026-11-22T13:57:00+01:30"),
            (tag::UTC_TIME, "261122135700-0030", "2026-11-22T13:57:00-00:30"),
            (tag::GENERALIZED_TIME, "99991231235959Z", "9999-12-31T23:59:59Z"),
            (tag::GENERALIZED_TIME, "20500101000000.25Z", "2050-01-01T00:00:00Z"),
        ];
        for (tag, text, expected) in cases {
            assert_eq!(shown(tag, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in
            ["", "Z", "260230000000Z", "261122135700", "261122135700+01", "261122+35700Z", "é61122135700Z"]
        {
            assert_eq!(shown(tag::UTC_TIME, text), None, "{text}");
        }
        assert_eq!(shown(tag::OCTET_STRING, "261122135700Z"), None);
    }
}
