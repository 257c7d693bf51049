//! The command-line programs: flags, streams, logs and exit codes. Only here is anything printed, or the
//! environment and the clock read.

pub mod cfssljson;
pub mod context;
pub mod flags;
pub mod input;
pub mod log;
pub mod streams;

pub use context::{Context, World};
