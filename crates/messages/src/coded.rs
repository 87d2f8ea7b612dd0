//! What extract hands to enrich: events with their words, before places, dates and histories are resolved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use entente_ontology::Root;

use crate::event::{Attribution, Modality};
use crate::{Article, CharSpan};

/// An article with the events coded from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodedArticle {
    /// The article itself.
    pub article: Article,
    /// Coded events in order of the text.
    pub events: Vec<CodedEvent>,
    /// Version of the coder and of its models, for provenance.
    pub coder_version: String,
}

/// One act between two actors, as found in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodedEvent {
    /// PLOVER root.
    pub root: Root,
    /// PLOVER mode, where one fits.
    pub mode: Option<String>,
    /// PLOVER contexts found in the text.
    #[serde(default)]
    pub contexts: Vec<String>,
    /// CAMEO code of two to four digits.
    pub cameo: String,
    /// Actual, planned, hypothetical or negated.
    pub modality: Modality,
    /// Calibrated probability that root and actors are right, 0 to 1.
    pub confidence: f32,
    /// A mutual act: the same event holds in the other direction.
    #[serde(default)]
    pub symmetric: bool,
    /// Who acts.
    pub source: CodedActor,
    /// Whom the act is towards.
    pub target: CodedActor,
    /// Who says so; `None` where the outlet itself does.
    pub attribution: Option<Attribution>,
    /// The sentence, counted from 0 over title and body.
    pub sentence_index: u32,
    /// Where the sentence stands.
    pub sentence: CharSpan,
    /// The words that name the act.
    pub trigger: CharSpan,
    /// The time expression that belongs to the act, if the text gives one.
    pub date_text: Option<CharSpan>,
    /// The place expression that belongs to the act, if the text gives one.
    pub place_text: Option<CharSpan>,
}

/// An actor as found in the text, with what the coder already knows about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodedActor {
    /// The words in the text (may be a pronoun).
    pub text: String,
    /// Where they stand.
    pub span: CharSpan,
    /// Canonical name after coreference.
    pub name: String,
    /// ISO 3166 alpha-3, or an organisation code (UNO, NATO, EUR, ASN, AFU, OPC, IGO).
    pub country: Option<String>,
    /// Sector, as PLOVER/CAMEO actor codes have it (GOV, MIL, REB, ...).
    pub sector: Option<String>,
    /// Role or title in the text ("foreign minister").
    pub role: Option<String>,
    /// How it was resolved: `name`, `demonym`, `seat`, `role`, `coreference`, `memory`, ...
    pub resolution: String,
    /// How surely, 0 to 1.
    pub confidence: f32,
}
