//! Reports to write: a cluster, strangers' names, and more certificates than anybody reads.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "each test file uses a part, and a test may stop"
)]

pub(crate) mod browser;
pub(crate) mod builder;
pub(crate) mod reports;
pub(crate) mod rules;
pub(crate) mod schema;
