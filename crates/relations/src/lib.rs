//! Same event or not, the ledger of pairs, alerts: pure state machines.
