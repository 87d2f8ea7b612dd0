//! Entente's own tasks.
fn main() {}
