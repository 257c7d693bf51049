//! The `cfssl` program.

fn main() {}
