//! How a service runs: configuration, streams and consumers, the decision what happens to a message, the
//! ledger that makes the account add up, telemetry, shutdown.
//!
//! A service gives [`run_service`] a [`Handler`]; everything between the handler and NATS happens here.

pub mod account;
pub mod config;
mod connect;
pub mod dead;
pub mod decision;
mod delivery;
mod error;
mod failure;
mod http;
mod input;
mod ledger;
mod logging;
mod outbox;
pub mod process;
mod service;
pub mod telemetry;
pub mod topology;

pub use config::Config;
pub use connect::connect;
pub use error::Error;
pub use failure::{Class, Failure, Retry, blocking, compute};
pub use http::Phase;
pub use input::Input;
pub use ledger::{Claim, Ledger};
pub use logging::init as init_logging;
pub use outbox::{Lineage, Outbox, Outgoing};
pub use service::{Handler, Tools, run_service};
