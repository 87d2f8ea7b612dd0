//! From proposals to coded events with spans.

use entente_messages::{Attribution, CharSpan, CodedActor, CodedEvent};

use super::propose::Proposal;
use super::setting;
use super::who::{Context, Who};
use crate::analysed::AnalysedSentence;

pub(crate) fn event(context: Context<'_>, p: &Proposal) -> CodedEvent {
    let s = &context.analysed.sentences[p.sentence];
    CodedEvent {
        root: p.root,
        mode: p.mode.as_ref().map(ToString::to_string).or_else(|| mode_of_code(p)),
        contexts: contexts_of_code(p),
        cameo: p.cameo.to_string(),
        modality: p.modality,
        confidence: p.confidence,
        symmetric: p.symmetric,
        source: actor(context, &p.source),
        target: actor(context, &p.target),
        attribution: attribution(context, s, p),
        sentence_index: u32::try_from(p.sentence).unwrap_or(u32::MAX),
        sentence: s.sentence_span(),
        trigger: trigger(s, p),
        date_text: setting::time_of(context, p).map(|r| s.char_span(r)),
        place_text: setting::place_of(context, p).map(|r| s.char_span(r)),
    }
}

fn actor(context: Context<'_>, who: &Who) -> CodedActor {
    let mention = &context.actors.mentions[who.mention];
    let entity = context.actors.entity(who.entity);
    let s = &context.analysed.sentences[mention.sentence];
    CodedActor {
        text: s.words(mention.tokens.clone()).to_owned(),
        span: s.char_span(mention.tokens.clone()),
        name: entity.name.to_string(),
        country: entity.country.as_ref().map(ToString::to_string),
        sector: entity.sector.map(|s| s.to_string()),
        role: entity.role.as_ref().map(ToString::to_string),
        resolution: mention.resolution.to_owned(),
        confidence: mention.confidence.min(entity.confidence),
    }
}

fn trigger(s: &AnalysedSentence<'_>, p: &Proposal) -> CharSpan {
    let first = p.trigger.iter().copied().min().unwrap_or(p.token);
    let last = p.trigger.iter().copied().max().unwrap_or(p.token);
    if last - first > 8 { s.char_span(p.token..p.token + 1) } else { s.char_span(first..last + 1) }
}

fn attribution(context: Context<'_>, s: &AnalysedSentence<'_>, p: &Proposal) -> Option<Attribution> {
    let speaker = p.speaker?;
    let entity = p.speakers.first().map(|w| context.actors.entity(w.entity));
    let words = match p.speakers.first() {
        Some(who) if context.actors.mentions[who.mention].sentence == p.sentence => {
            s.words(context.actors.mentions[who.mention].tokens.clone())
        }
        _ => s.words(s.subtree(speaker)),
    };
    Some(Attribution {
        text: words.to_owned(),
        name: entity.map(|e| e.name.to_string()),
        country: entity.and_then(|e| e.country.as_ref().map(ToString::to_string)),
    })
}

/// What the conversion table says about the code.
fn table(p: &Proposal) -> Option<&'static entente_ontology::cameo::CameoEntry> {
    entente_ontology::cameo::entries().get(p.cameo.as_str())
}

fn mode_of_code(p: &Proposal) -> Option<String> {
    let entry = table(p).filter(|e| e.root == p.root)?;
    entry.mode.map(str::to_owned)
}

fn contexts_of_code(p: &Proposal) -> Vec<String> {
    table(p).map(|e| e.contexts.iter().map(|c| (*c).to_owned()).collect()).unwrap_or_default()
}
