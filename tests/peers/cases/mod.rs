//! The tables of what is asked, by command.

mod bundle;
mod certinfo;
mod gencert;
mod json;
mod keys;
mod lines;
mod newer;
mod revocation;
mod sign;

use super::case::Case;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let tables = [
        bundle::all(),
        certinfo::all(),
        gencert::all(),
        json::all(),
        keys::all(),
        lines::all(),
        newer::all(),
        revocation::all(),
        sign::all(),
    ];
    tables.into_iter().flatten().collect()
}
