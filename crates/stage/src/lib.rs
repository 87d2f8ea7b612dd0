//! How a service runs: configuration, streams and consumers, decisions, telemetry, shutdown.

pub mod config;
pub use config::Config;
