//! Same event or not, the ledger of pairs, alerts: pure state machines.
//!
//! Each is `state x event -> state`: no clock, no I/O. Replaying the public stream from the start gives the same numbers
//! bit for bit, in whatever order the events come: sums are kept as whole thousandths, sets are sorted.
#![forbid(unsafe_code)]

pub mod alert;
pub mod cluster;
pub mod ledger;
pub mod pair;

#[cfg(test)]
mod testing;

pub use alert::{Alert, alert};
pub use cluster::{Assignment, Cluster, Clusters};
pub use ledger::{Ledger, Relationship, Window};
pub use pair::PairKey;
