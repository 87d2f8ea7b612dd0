//! What the tests of this crate share: a deterministic source of chance, made-up news, and pages around it.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

pub mod chance;
pub mod clutter;
pub mod prose;
pub mod runs;
pub mod systems;
