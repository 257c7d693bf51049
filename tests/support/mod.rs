//! What certificates, CSRs, keys and runs of `cfssl` say, as facts to compare. It reads DER with the help of
//! nothing that is tested here.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "each test file uses a part, and a test may stop"
)]

pub(crate) mod authority;
pub(crate) mod der;
pub(crate) mod facts;
pub(crate) mod peer;
pub(crate) mod pki;
pub(crate) mod run;
