//! The `ingest` service as a process of its own.
fn main() {}
