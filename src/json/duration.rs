//! Durations as Go writes them: `8760h`, `1h30m`, `-5m`, `0`.

use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::str::FromStr;

/// A signed span of time in nanoseconds, at most 292 years either way, as Go's `time.Duration`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoDuration(i64);

impl GoDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of so many hours.
    #[must_use]
    pub const fn from_hours(hours: i32) -> Self {
        // 2^31 hours are 7.7e18 nanoseconds: within 64 bits.
        Self(hours as i64 * 3_600_000_000_000)
    }

    /// A span of so many minutes.
    #[must_use]
    pub const fn from_minutes(minutes: i32) -> Self {
        Self(minutes as i64 * 60_000_000_000)
    }

    /// A span of so many nanoseconds.
    #[must_use]
    pub const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// The span in nanoseconds.
    #[must_use]
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// True for a span of no length.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The span as the `time` crate has it.
    #[must_use]
    pub const fn to_time(self) -> time::Duration {
        time::Duration::nanoseconds(self.0)
    }
}

impl FromStr for GoDuration {
    type Err = Error;

    /// Reads Go's syntax: an optional sign, then numbers with units `ns us µs ms s m h`; or a bare `0`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duration`] in the words of Go's `time.ParseDuration`.
    fn from_str(text: &str) -> Result<Self> {
        parse(text).map(Self).map_err(|message| {
            Error::new(ErrorKind::Duration, message)
                .hint("write hours, minutes and seconds such as `8760h`, `90m` or `1h30m`")
        })
    }
}

/// As Go's package `time` quotes, which is not as its other packages do.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..0x80 => quoted.push(char::from(byte)),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}

fn parse(text: &str) -> std::result::Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    // Go counts in unsigned nanoseconds up to 2^63, so that the most negative span can be written.
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (whole, after_whole) = rest.split_at(whole_end);
        let (fraction, after) = match after_whole.strip_prefix('.') {
            Some(after) => {
                let end = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
                after.split_at(end)
            }
            None => ("", after_whole),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_end =
            after.find(|letter: char| letter == '.' || letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit_name, remaining) = after.split_at(unit_end);
        if unit_name.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let Some(unit) = unit_nanoseconds(unit_name) else {
            return Err(format!("time: unknown unit {} in duration {}", quote(unit_name), quote(text)));
        };
        let part = part_nanoseconds(whole, fraction, unit).ok_or_else(invalid)?;
        total = total.checked_add(part).filter(|sum| *sum <= 1 << 63).ok_or_else(invalid)?;
        rest = remaining;
    }
    if negative {
        return Ok(0i64.wrapping_sub_unsigned(total));
    }
    i64::try_from(total).map_err(|_| invalid())
}

fn part_nanoseconds(whole: &str, fraction: &str, unit: u64) -> Option<u64> {
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let whole = whole.checked_mul(unit).filter(|nanoseconds| *nanoseconds <= 1 << 63)?;
    // Digits beyond the nineteenth cannot reach a nanosecond of an hour.
    let digits: String = fraction.chars().take(19).collect();
    if digits.is_empty() {
        return Some(whole);
    }
    let scale = 10u128.pow(u32::try_from(digits.len()).ok()?);
    let part = digits.parse::<u128>().ok()? * u128::from(unit) / scale;
    whole.checked_add(u64::try_from(part).ok()?)
}

fn unit_nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

impl fmt::Display for GoDuration {
    /// Writes Go's form: `168h0m0s`, `1m30s`, `1.5s`, `300ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let fraction = |f: &mut fmt::Formatter<'_>, value: u64, unit: u64, name: &str| {
            let digits = unit.ilog10() as usize;
            let text = format!("{:0digits$}", value % unit);
            match text.trim_end_matches('0') {
                "" => write!(f, "{}{name}", value / unit),
                part => write!(f, "{}.{part}{name}", value / unit),
            }
        };
        match total {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{total}ns"),
            1_000..1_000_000 => fraction(f, total, 1_000, "µs"),
            1_000_000..1_000_000_000 => fraction(f, total, 1_000_000, "ms"),
            _ => {
                let minutes = total / 60_000_000_000;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                fraction(f, total % 60_000_000_000, 1_000_000_000, "s")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("-0", 0),
            ("8760h", 8760 * 3_600_000_000_000),
            ("1h30m15s", 5_415_000_000_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("-5m", -300_000_000_000),
            ("+1us", 1_000),
            ("1µs", 1_000),
            ("2562047h47m16.854775807s", i64::MAX),
            ("-2562047h47m16.854775808s", i64::MIN),
        ] {
            assert_eq!(text.parse::<GoDuration>().unwrap().nanoseconds(), nanoseconds, "{text}");
        }
    }

    #[test]
    fn refuses_in_the_words_of_go() {
        for (text, expected) in [
            ("", "time: invalid duration \"\""),
            ("-", "time: invalid duration \"-\""),
            ("zz", "time: invalid duration \"zz\""),
            ("8760", "time: missing unit in duration \"8760\""),
            ("10y", "time: unknown unit \"y\" in duration \"10y\""),
            ("1 h", "time: unknown unit \" h\" in duration \"1 h\""),
            ("9999999h", "time: invalid duration \"9999999h\""),
            (".s", "time: invalid duration \".s\""),
            ("1h-5m", "time: unknown unit \"h-\" in duration \"1h-5m\""),
        ] {
            assert_eq!(text.parse::<GoDuration>().unwrap_err().message(), expected, "{text}");
        }
    }

    #[test]
    fn writes_what_go_writes() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (168 * 3_600_000_000_000, "168h0m0s"),
            (300_000_000_000, "5m0s"),
            (1_500_000_000, "1.5s"),
            (-90_000_000_000, "-1m30s"),
            (1_100_000, "1.1ms"),
            (2, "2ns"),
        ] {
            assert_eq!(GoDuration::from_nanoseconds(nanoseconds).to_string(), text);
        }
    }
}
