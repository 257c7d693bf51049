//! The `cfssl-certinfo` program.

fn main() {}
