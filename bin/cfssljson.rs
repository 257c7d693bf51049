//! The `cfssljson` program.

fn main() {}
