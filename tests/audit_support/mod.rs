//! Certificates of any shape and sets of files, made in memory for audits.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "each test file uses a part, and a test may stop"
)]

mod list;
mod openssl;
mod scene;
mod shape;

#[path = "../support/mod.rs"]
pub(crate) mod support;

pub(crate) use list::List;
pub(crate) use openssl::rsa;
pub(crate) use scene::{Scene, fired, object};
pub(crate) use shape::{
    Authority, Key, Shape, bit_string, boolean, email, extension, foreign_key, general_names, integer, ip,
    key, key_identifier, name, oid, sequence, tls, uri, utc,
};
pub(crate) use support::authority::element;
