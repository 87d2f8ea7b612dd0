//! What the end-to-end tests and the bench share: a stack of a real nats-server and the real services, each a
//! process of its own, on free ports and in folders of its own.
#![forbid(unsafe_code)]

pub mod articles;
pub mod client;
pub mod cpu;
pub mod floor;
pub mod outlets;
pub mod public;
mod service;
mod stack;

pub use service::{Service, binary};
pub use stack::{Stack, until};
