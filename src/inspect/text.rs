//! ASN.1 values as text for people.

pub(super) use crate::x509::text::{lossy, string};

/// `0A:1B:…`, empty for no bytes.
pub(super) fn colon_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
