//! Commands that need no broker: they call the very functions that the services call.

pub(crate) mod classify;
pub(crate) mod code;
pub(crate) mod input;
pub(crate) mod parse;
pub(crate) mod read;

/// Says it where a tier does not have the model yet that its name promises.
pub(crate) fn say_tier(accuracy: entente_classifier::Accuracy) {
    if accuracy == entente_classifier::Accuracy::Best {
        eprintln!(
            "entente: `best` has no model of its own yet: every pair goes to the transformer of `balanced`"
        );
    }
}
