//! End to end: a real nats-server, the real services as processes, a stock client outside.

mod copies;
mod dead_letters;
mod duplicates;
mod feeds;
mod health;
mod http;
mod journey;
mod kills;
mod poison;
mod startup;
mod stopping;
