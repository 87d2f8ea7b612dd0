//! The `publish` service as a process of its own.
fn main() {}
