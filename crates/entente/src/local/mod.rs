//! Commands that need no broker: they call the very functions that the services call.

pub(crate) mod classify;
pub(crate) mod code;
pub(crate) mod input;
pub(crate) mod parse;
pub(crate) mod read;
