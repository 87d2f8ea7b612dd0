//! The `enrich` service as a process of its own.
fn main() {}
