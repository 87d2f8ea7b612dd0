//! The published event: who did what to whom, when, where, how friendly or hostile, who says so.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use entente_ontology::{QuadClass, Root};

use crate::CharSpan;

/// Version of the published event's schema.
pub const SCHEMA_VERSION: u32 = 1;

/// How real the act is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// It happened, or happens.
    #[default]
    Actual,
    /// It lies ahead.
    Planned,
    /// Spoken of as possible or conditional.
    Hypothetical,
    /// Said not to have happened.
    Negated,
}

/// Who says that the act took place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    /// The words that name the speaker or medium.
    pub text: String,
    /// Canonical name, if resolved.
    pub name: Option<String>,
    /// Country or organisation code, if resolved.
    pub country: Option<String>,
}

/// One coded relationship event, as published on `events.public.<SRC>.<ROOT>.<TGT>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Stable over re-runs: a hash of article id, place in the text and coding.
    pub id: String,
    /// Version of this schema.
    pub schema_version: u32,
    /// The article it comes from.
    pub article: ArticleRef,
    /// The sentence it comes from.
    pub sentence: SentenceRef,
    /// Who acts.
    pub source: Actor,
    /// Whom the act is towards.
    pub target: Actor,
    /// PLOVER root.
    pub root: Root,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// PLOVER contexts.
    pub contexts: Vec<String>,
    /// CAMEO code.
    pub cameo: String,
    /// Quad class of the root.
    pub quad_class: QuadClass,
    /// Goldstein value, -10 (hostile) to 10 (friendly).
    pub goldstein: f32,
    /// Actual, planned, hypothetical or negated.
    pub modality: Modality,
    /// A mutual act.
    #[serde(default)]
    pub symmetric: bool,
    /// Who says so; `null` where the outlet itself does.
    pub attribution: Option<Attribution>,
    /// When the act takes place.
    pub date: Option<EventDate>,
    /// Where it takes place.
    pub place: Option<EventPlace>,
    /// The words that name the act.
    pub trigger: TriggerRef,
    /// Calibrated probability that root and actors are right, 0 to 1.
    pub confidence: f32,
    /// Tone of the article, -100 to 100.
    #[serde(default)]
    pub tone: f32,
    /// Versions that produced the event.
    pub provenance: Provenance,
}

/// The article an event comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleRef {
    /// The article's id.
    pub id: String,
    /// Canonical address.
    pub url: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Headline.
    pub title: String,
    /// When published.
    #[schemars(with = "Option<String>")]
    pub published_at: Option<Timestamp>,
    /// ISO 639-1.
    pub language: Option<String>,
}

/// A sentence of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentenceRef {
    /// The words.
    pub text: String,
    /// Number of the sentence, from 0, the title counted first where there is one.
    pub index: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub span: CharSpan,
}

/// The words that name the act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TriggerRef {
    /// The words.
    pub text: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: CharSpan,
}

/// Which side of the event an actor is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActorRole {
    /// The one who acts.
    Source,
    /// The one acted upon.
    Target,
}

/// An actor, resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// The words in the text.
    pub text: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: CharSpan,
    /// Canonical name.
    pub name: String,
    /// ISO 3166 alpha-3, or UNO, NATO, EUR, ASN, AFU, OPC, IGO, or null.
    pub country: Option<String>,
    /// Sector (GOV, MIL, LEG, ...).
    pub sector: Option<String>,
    /// Role or title.
    pub role: Option<String>,
    /// Composed CAMEO actor code (`CHNGOV`).
    pub code: Option<String>,
    /// How it was resolved.
    pub resolution: String,
    /// How surely, 0 to 1.
    pub confidence: f32,
}

/// When an act takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventDate {
    /// ISO 8601, as precise as known: `2025`, `2025-09`, `2025-12-29`.
    pub value: String,
    /// `day`, `week`, `month`, `season`, `year`, or `publication` where the text names no date.
    pub precision: String,
    /// The words it came from; null where it is the publication date.
    pub text: Option<String>,
}

/// Where an act takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventPlace {
    /// Name.
    pub name: String,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// `city`, `admin` or `country`.
    pub precision: String,
}

/// Versions that produced an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Coder and models.
    pub coder: String,
    /// Knowledge tables.
    pub knowledge: String,
}
