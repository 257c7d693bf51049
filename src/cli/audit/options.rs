//! What the flags of `audit` ask for.

use crate::cli::{Context, request};
use crate::inspect::audit::{AuditOptions, Exception, Filter, Severity, UseProfile};
use crate::json::{self, GoDuration};
use crate::{Error, ErrorKind, Result, bundle};
use time::Duration;

/// What the audit itself is asked.
pub(super) fn audit_options(context: &mut Context<'_>) -> Result<AuditOptions> {
    let now = context.moment()?;
    let within = read_span(context.flags.text("within"))?;
    let uses = context.flags.texts("for").into_iter().map(read_use).collect::<Result<Vec<_>>>()?;
    let hosts = context.flags.texts("hostname").into_iter().map(str::to_owned).collect();
    let mut trusted = Vec::new();
    for path in owned(context.flags.texts("ca-bundle")) {
        let input = context.read_input(&path)?;
        let certificates = bundle::read_certificates(&input);
        let certificates = certificates.map_err(|error| error.in_file(&request::input_name(&path)))?;
        trusted.extend(certificates.into_iter().map(|certificate| certificate.der));
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Without one, names count as they are spelled.
    let folder = std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
    Ok(AuditOptions { now, within, uses, hosts, trusted, folder, threads })
}

/// Which findings count.
pub(super) fn filter(context: &mut Context<'_>) -> Result<Filter> {
    let severity = match context.flags.text("severity") {
        "" => Severity::Warning,
        text => text.parse().map_err(|()| {
            Error::new(ErrorKind::Usage, format!("-severity: there is no severity {}", json::quote(text)))
                .hint("write info, warning, error or critical")
        })?,
    };
    let mut filter = Filter {
        severity: Some(severity),
        ignored_rules: owned(context.flags.texts("ignore")),
        ..Filter::default()
    };
    for path in owned(context.flags.texts("ignore-file")) {
        let input = context.read_input(&path)?;
        let name = request::input_name(&path);
        let (exceptions, warnings) = Exception::read_all(&input).map_err(|error| error.in_file(&name))?;
        let warnings: Vec<_> = warnings.into_iter().map(|warning| warning.in_file(&name)).collect();
        context.warn(&warnings)?;
        filter.exceptions.extend(exceptions);
    }
    for path in owned(context.flags.texts("baseline")) {
        let input = context.read_input(&path)?;
        let known = Filter::read_baseline(&input);
        let hint = "make one with: cfssl audit -format json PATH > baseline.json";
        let known = known.map_err(|error| error.in_file(&request::input_name(&path)).hint(hint));
        filter.baseline.extend(known?);
    }
    Ok(filter)
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn read_use(name: &str) -> Result<UseProfile> {
    match name {
        "etcd" => Ok(UseProfile::Etcd),
        "kubernetes" | "k8s" => Ok(UseProfile::Kubernetes),
        "web" => Ok(UseProfile::Web),
        other => Err(Error::new(ErrorKind::Usage, format!("-for: there is no use {}", json::quote(other)))
            .hint("write etcd, kubernetes or web, or several of them separated by commas")),
    }
}

/// `30d` or `2w`, which Go's spans do not have, or a Go span such as `720h`.
fn read_span(text: &str) -> Result<Duration> {
    let fault = || {
        Error::new(ErrorKind::Usage, format!("-within: {} is no span of time", json::quote(text)))
            .hint("write days such as 30d, weeks such as 2w, or hours such as 720h")
    };
    let counted = [("d", 86_400), ("w", 7 * 86_400)].into_iter().find_map(|(unit, seconds)| {
        let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
        Some(Duration::seconds(i64::from(count) * seconds))
    });
    match counted {
        Some(span) => Ok(span),
        None => {
            let span: GoDuration = text.parse().map_err(|_| fault())?;
            let span = Duration::nanoseconds(span.nanoseconds());
            if span.is_negative() { Err(fault()) } else { Ok(span) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn spans_are_days_weeks_or_those_of_go() {
        assert_eq!(read_span("30d").unwrap(), Duration::days(30));
        assert_eq!(read_span("2w").unwrap(), Duration::weeks(2));
        assert_eq!(read_span("36h30m").unwrap(), Duration::minutes(36 * 60 + 30));
        assert_eq!(read_span("0").unwrap(), Duration::ZERO);
        for text in ["", "d", "-1d", "1.5d", "30 d", "-1h", "30", "99999999999d"] {
            assert!(read_span(text).is_err(), "{text}");
        }
    }
}
