//! From the acts of all sentences to proposed events: missing actors filled in, pairs made.

use entente_messages::Modality;
use entente_ontology::Root;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::acts::{Act, Acts};
use super::status::{Status, status};
use super::who::{Context, View, Who, Whos};
use crate::mention::{EntityId, EntityKind, MentionKind};
use crate::predicate::args::Tokens;

/// An act between two actors, before repetitions are folded.
#[derive(Clone, Debug)]
pub(crate) struct Proposal {
    pub(crate) sentence: usize,
    pub(crate) token: usize,
    pub(crate) trigger: Tokens,
    pub(crate) root: Root,
    pub(crate) cameo: SmolStr,
    pub(crate) mode: Option<SmolStr>,
    pub(crate) source: Who,
    pub(crate) target: Who,
    pub(crate) symmetric: bool,
    pub(crate) modality: Modality,
    pub(crate) speaker: Option<usize>,
    pub(crate) speakers: Whos,
    pub(crate) rules: SmallVec<[&'static str; 3]>,
    /// The target was found outside the act's own phrase.
    pub(crate) filled: Option<&'static str>,
    pub(crate) score: u32,
    pub(crate) nominal: bool,
    pub(crate) confidence: f32,
    /// The classifier's probability of the root and of no act.
    pub(crate) opinion: Option<(f32, f32)>,
}

/// Why an act was not coded.
#[derive(Clone, Debug)]
pub(crate) struct Silence {
    pub(crate) sentence: usize,
    pub(crate) token: usize,
    pub(crate) rule: Option<&'static str>,
    pub(crate) reason: String,
}

/// What the sentences propose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proposals {
    pub(crate) events: Vec<Proposal>,
    pub(crate) silences: Vec<Silence>,
}

/// Reads all sentences.
pub(crate) fn propose(context: Context<'_>) -> Proposals {
    let mut out = Proposals::default();
    for index in 0..context.analysed.sentences.len() {
        let view = View { context, index };
        let acts = Acts::of(view);
        for act in acts.at.iter().flatten() {
            if let Some(reason) = act.silent {
                out.silent(&view, act, reason);
                continue;
            }
            let state = status(&view, act);
            if let Some(reason) = state.dropped {
                out.silent(&view, act, reason);
                continue;
            }
            out.add(&view, act.clone(), &state);
        }
    }
    out
}

impl Proposals {
    fn silent(&mut self, view: &View<'_>, act: &Act, reason: &str) {
        self.silences.push(Silence {
            sentence: view.index,
            token: act.token,
            rule: act.rules.first().copied(),
            reason: reason.to_owned(),
        });
    }

    fn add(&mut self, view: &View<'_>, mut act: Act, state: &Status) {
        if state.modality == Modality::Planned {
            act.take_future(view.lexicon());
        }
        if act.sources.is_empty() && !(act.flags.symmetric && act.targets.len() > 1) {
            self.silent(view, &act, "nobody is named who does it");
            return;
        }
        let mut filled = None;
        act.targets.retain(|t| view.may_suffer(t) && !own_side(view, &act.sources, t));
        if act.targets.is_empty() && !(act.flags.symmetric && act.sources.len() > 1) {
            if act.flags.responsive
                && let Some(who) = self.last_towards(view, &act.sources)
            {
                act.targets.push(who);
                filled = Some("answers the one who asked, offered or accused");
            } else if act.flags.implicit || act.flags.responsive {
                act.targets = self.other_party(view, &act);
                filled = Some("the other party of the context");
            }
        }
        let pairs = pairs(&act);
        if pairs.is_empty() {
            self.silent(view, &act, "nobody is named whom it is done to");
            return;
        }
        for (source, target) in pairs {
            self.events.push(Proposal {
                sentence: view.index,
                token: act.token,
                trigger: act.trigger.clone(),
                root: act.root,
                cameo: act.cameo.clone(),
                mode: act.mode.clone(),
                source,
                target,
                symmetric: act.flags.symmetric,
                modality: state.modality,
                speaker: state.speaker,
                speakers: state.speakers.clone(),
                rules: act.rules.clone(),
                filled,
                score: act.score,
                nominal: act.nominal,
                confidence: 0.0,
                opinion: None,
            });
        }
    }

    /// Who last asked, offered, accused or threatened one of these actors.
    fn last_towards(&self, view: &View<'_>, sources: &Whos) -> Option<Who> {
        self.events
            .iter()
            .rev()
            .take_while(|e| e.sentence + 3 >= view.index)
            .find(|e| {
                matches!(
                    e.root,
                    Root::Request
                        | Root::Accuse
                        | Root::Agree
                        | Root::Threaten
                        | Root::Reject
                        | Root::Concede
                        | Root::Consult
                ) && sources.iter().any(|s| same_side(view.context, s.entity, e.target.entity))
                    && !sources.iter().any(|s| same_side(view.context, s.entity, e.source.entity))
            })
            .map(|e| e.source)
    }

    /// The other actor of the sentence, else the counterpart in the events just before.
    fn other_party(&self, view: &View<'_>, act: &Act) -> Whos {
        let mut whos = Whos::new();
        if let Some(event) = self.events.iter().rev().take_while(|e| e.sentence + 2 >= view.index).find(|e| {
            let from = act.sources.iter().any(|s| same_side(view.context, s.entity, e.source.entity));
            let to = act.sources.iter().any(|s| same_side(view.context, s.entity, e.target.entity));
            from != to
        }) {
            let from = act.sources.iter().any(|s| same_side(view.context, s.entity, event.source.entity));
            whos.push(if from { event.target } else { event.source });
            return whos;
        }
        let (first, mentions) = view.context.actors.in_sentence(view.index);
        let other = mentions.iter().enumerate().filter(|(_, m)| m.within.is_none()).find_map(|(i, m)| {
            let entity = *m.entities.first()?;
            let kind = view.context.actors.entity(entity).kind;
            let fit = matches!(kind, EntityKind::Country | EntityKind::Organ | EntityKind::Organisation)
                && !matches!(m.kind, MentionKind::Place | MentionKind::Relative)
                && !act.sources.iter().any(|s| same_side(view.context, s.entity, entity));
            fit.then_some(Who { mention: first + i, entity, modifier: true })
        });
        whos.extend(other);
        whos
    }
}

/// Same entity, or two actors of one state.
pub(crate) fn same_side(context: Context<'_>, a: EntityId, b: EntityId) -> bool {
    if a == b {
        return true;
    }
    let (a, b) = (context.actors.entity(a), context.actors.entity(b));
    a.country.is_some() && a.country == b.country
}

/// A target that is the source itself, or its own country by way of a modifier ("recalled its ambassador").
fn own_side(view: &View<'_>, sources: &Whos, target: &Who) -> bool {
    sources.iter().any(|s| {
        s.entity == target.entity
            || same_side(view.context, s.entity, target.entity)
                && (target.modifier
                    || matches!(
                        view.mention(target.mention).kind,
                        MentionKind::Possessive | MentionKind::Demonym
                    )
                    || view.context.actors.entity(target.entity).kind == EntityKind::Country
                        && !against_government(view, s, target))
    })
}

/// People or an organisation of a country act towards its government, named as such.
fn against_government(view: &View<'_>, source: &Who, target: &Who) -> bool {
    let from = view.context.actors.entity(source.entity);
    let people = matches!(from.kind, EntityKind::Group | EntityKind::Organisation | EntityKind::Person)
        && from.sector.is_none_or(|s| s.name() != "GOV");
    people && matches!(view.mention(target.mention).kind, MentionKind::Role | MentionKind::Seat)
}

fn pairs(act: &Act) -> Vec<(Who, Who)> {
    let mut out = Vec::new();
    let all: Vec<Who> = act.sources.iter().chain(&act.targets).copied().collect();
    let one_sided = act.sources.is_empty() || act.targets.is_empty();
    if act.flags.symmetric && one_sided {
        for (i, &a) in all.iter().enumerate() {
            for &b in &all[i + 1..] {
                if a.entity != b.entity {
                    out.push((a, b));
                }
            }
        }
        return out;
    }
    for &a in &act.sources {
        for &b in &act.targets {
            if a.entity != b.entity {
                out.push((a, b));
            }
        }
    }
    out
}
