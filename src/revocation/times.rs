//! How old what was said of a certificate may be.

use crate::json::format_rfc3339;
use crate::{Error, ErrorKind, Result};
use time::{Duration, OffsetDateTime};

/// Clocks that differ by less are taken to be right.
const DIFFERENCE: Duration = Duration::minutes(5);

/// For so long a statement holds that does not say when the next one is due.
const FRESH: Duration = Duration::days(7);

/// Checks that `what`, such as "the CRL", was made and is not overdue. Where it does not say when the next one
/// is due, it never is.
///
/// # Errors
///
/// [`ErrorKind::Revocation`] where it is of another time.
pub(super) fn check(
    what: &str,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<()> {
    let fault = |words: String| Err(Error::of(ErrorKind::Revocation).explain(words));
    if this_update - now > DIFFERENCE {
        return fault(format!("{what} is of the future, {}", format_rfc3339(this_update)));
    }
    match next_update {
        Some(limit) if now > limit => {
            fault(format!("{what} is out of date: the next one was due on {}", format_rfc3339(limit)))
        }
        _ => Ok(()),
    }
}

/// As [`check`], for what can be had anew at any time where it does not say when the next one is due (RFC 6960
/// section 4.2.2.1): an old one was kept by somebody.
///
/// # Errors
///
/// [`ErrorKind::Revocation`] where it is of another time.
pub(super) fn check_fresh(
    what: &str,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<()> {
    check(what, this_update, next_update, now)?;
    if next_update.is_none() && now - this_update > FRESH {
        return Err(Error::of(ErrorKind::Revocation).explain(format!(
            "{what} is out of date: it is of {}, and does not say when the next one is due",
            format_rfc3339(this_update)
        )));
    }
    Ok(())
}
