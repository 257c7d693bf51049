//! Where we differ from cfssl on purpose, and where 1.2.0 lags behind 1.6.5.

mod made;
mod old;
mod programs;
mod refused;
mod said;

use super::compare::{ABSENT, Seen};

/// A difference that is meant.
pub(crate) struct Difference {
    /// The row of docs/compatibility.md that tells of it.
    pub(crate) row: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) applies: fn(&Seen) -> bool,
}

/// All of them. One that nothing needs any more fails the test.
pub(crate) fn all() -> Vec<&'static Difference> {
    [said::TABLE, made::TABLE, refused::TABLE, programs::TABLE, old::TABLE].into_iter().flatten().collect()
}

fn of_extension(seen: &Seen, id: &str) -> bool {
    match seen.fact.as_str() {
        "certificate: extensions" => {
            seen.theirs.replace(&format!(", {id}"), "") == seen.ours.replace(&format!(", {id}"), "")
        }
        fact => fact == format!("certificate: extension {id}"),
    }
}

/// The subject alternative name, in the certificate and in the CSR.
fn of_hosts(seen: &Seen) -> bool {
    seen.fact == "CSR: attributes" || of_extension(seen, "2.5.29.17")
}

fn is_log(seen: &Seen) -> bool {
    seen.fact == "log"
}

/// The two ended differently; theirs and ours begin with the exit status.
fn ended(seen: &Seen, theirs: i32, ours: i32) -> bool {
    seen.fact == "end"
        && seen.theirs.starts_with(&format!("Some({theirs}) "))
        && seen.ours.starts_with(&format!("Some({ours}) "))
}

fn last(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// Whether the text holds one of some others.
fn holds(text: &str, some: &[&str]) -> bool {
    some.iter().any(|one| text.contains(one))
}
