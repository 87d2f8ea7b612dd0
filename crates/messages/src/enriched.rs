//! What enrich hands to publish, and the report of an event that publish sends on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Article, Event};

/// An article with its enriched events: one message for each article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnrichedArticle {
    /// The article itself.
    pub article: Article,
    /// Its events, in order of the text.
    pub events: Vec<Event>,
}

/// One report of an event, as published on `mentions.public.<SRC>.<ROOT>.<TGT>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// The id of this report: the id its event would have as a first report.
    pub id: String,
    /// The id of the event reported, as published on `events.public`.
    pub event_id: String,
    /// This is the first report of the event.
    pub first: bool,
    /// The event as this article reports it.
    pub event: Event,
}
