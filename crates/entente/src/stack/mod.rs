//! Commands that talk to a running stack, or run one.

pub(crate) mod connection;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod feeds;
mod front;
pub(crate) mod health;
mod nats;
pub(crate) mod replay;
pub(crate) mod send;
pub(crate) mod service;
mod supervisor;
pub(crate) mod up;
pub(crate) mod watch;
