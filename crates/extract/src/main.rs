//! The `extract` service as a process of its own.
fn main() {}
