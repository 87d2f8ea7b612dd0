//! Events: acts found through the lexicon and the syntax, with their actors, modality and speaker.

pub(crate) mod acts;
pub(crate) mod compose;
pub(crate) mod confidence;
pub(crate) mod domain;
pub(crate) mod fold;
pub(crate) mod governed;
pub(crate) mod judge;
pub(crate) mod nominal;
pub(crate) mod propose;
pub(crate) mod publish;
pub(crate) mod setting;
pub(crate) mod status;
pub(crate) mod weights;
pub(crate) mod who;
