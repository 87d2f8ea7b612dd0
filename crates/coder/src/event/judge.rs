//! The pair classifier's opinion: on what the lexicon proposes, and on pairs of actors that it says nothing about.

use std::collections::{BTreeMap, BTreeSet};

use entente_classifier::{Accuracy, Classifier, PairInput, PairScores};
use entente_language::{Deprel, Upos};
use entente_messages::Modality;
use entente_ontology::Root;
use smallvec::SmallVec;

use super::acts::Act;
use super::propose::{Proposal, Proposals, same_side};
use super::status::status;
use super::who::{Context, View, Who, Whos};
use crate::lexicon::Flags;
use crate::mention::MentionKind;
use crate::predicate::args::Tokens;

/// A sentence and the mentions of source and target in it; `None` where the actor stands elsewhere.
type Key = (usize, Option<usize>, Option<usize>);

/// Scores of all pairs of an article that matter.
#[derive(Debug, Default)]
pub(crate) struct Opinions(BTreeMap<Key, PairScores>);

/// Pairs without a proposal go to the slower models from this probability of some act on.
const HOPEFUL: f32 = 0.35;
/// Most actors of a sentence that are paired with each other.
const MOST_ACTORS: usize = 7;

impl Opinions {
    /// Scores the pairs of the proposals and all other pairs of actors that share a sentence.
    pub(crate) fn of(context: Context<'_>, proposals: &[Proposal], accuracy: Accuracy) -> Self {
        let asked: BTreeSet<Key> = proposals.iter().map(|p| key(context, p)).collect();
        let mut keys: Vec<Key> = asked.iter().copied().collect();
        for index in 0..context.analysed.sentences.len() {
            let actors = actors_of(context, index);
            for &a in &actors {
                for &b in &actors {
                    if a.mention != b.mention && !same_side_mentions(context, a, b) {
                        keys.push((index, Some(a.mention), Some(b.mention)));
                    }
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let inputs: Vec<PairInput<'_>> = keys.iter().map(|k| input(context, k)).collect();
        let mut scores = Classifier::shared(Accuracy::Fast).classify(&inputs);
        if accuracy != Accuracy::Fast {
            // The slower models see what may become an event: the proposals, and pairs that look like one.
            let hopeful = |s: &PairScores| s.best_or_none().is_some_and(|(_, sure)| sure >= HOPEFUL);
            let chosen: Vec<usize> =
                (0..keys.len()).filter(|&i| asked.contains(&keys[i]) || hopeful(&scores[i])).collect();
            let again: Vec<PairInput<'_>> = chosen.iter().map(|&i| inputs[i].clone()).collect();
            for (i, better) in chosen.into_iter().zip(Classifier::shared(accuracy).classify(&again)) {
                scores[i] = better;
            }
        }
        Self(keys.into_iter().zip(scores).collect())
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&PairScores> {
        self.0.get(key)
    }
}

pub(crate) fn key(context: Context<'_>, p: &Proposal) -> Key {
    let here = |w: &Who| Some(w.mention).filter(|&m| context.actors.mentions[m].sentence == p.sentence);
    (p.sentence, here(&p.source), here(&p.target))
}

fn input<'c>(context: Context<'c>, key: &Key) -> PairInput<'c> {
    let s = &context.analysed.sentences[key.0];
    let start = s.tree.span.start;
    let range = |m: Option<usize>| {
        m.map(|m| {
            let bytes = s.bytes(context.actors.mentions[m].tokens.clone());
            bytes.start - start..bytes.end - start
        })
    };
    PairInput {
        text: s.text(),
        tree: Some(&s.tree),
        tree_offset: start,
        source: range(key.1),
        target: range(key.2),
    }
}

/// The actors of a sentence, one mention each; modifiers inside a larger actor are left out.
pub(crate) fn actors_of(context: Context<'_>, index: usize) -> Vec<Who> {
    let (first, mentions) = context.actors.in_sentence(index);
    let mut found: Vec<Who> = Vec::new();
    for (i, mention) in mentions.iter().enumerate() {
        if mention.within.is_some() || matches!(mention.kind, MentionKind::Relative | MentionKind::Possessive)
        {
            continue;
        }
        for &entity in &mention.entities {
            if !found.iter().any(|w| w.entity == entity) {
                found.push(Who { mention: first + i, entity, modifier: false });
            }
        }
    }
    found.truncate(MOST_ACTORS);
    found
}

fn same_side_mentions(context: Context<'_>, a: Who, b: Who) -> bool {
    a.entity == b.entity || same_side(context, a.entity, b.entity)
}

/// Probability that the classifier gives to the proposal's root, its near kin included, and to no act at all.
pub(crate) fn support(scores: &PairScores, root: Root) -> (f32, f32) {
    let p = |r: Root| Root::ALL.iter().position(|x| *x == r).map_or(0.0, |i| scores.roots[i]);
    let kin: &[Root] = match root {
        Root::Concede => &[Root::Concede, Root::Retreat],
        Root::Retreat => &[Root::Retreat, Root::Concede],
        Root::Sanction => &[Root::Sanction, Root::Coerce],
        Root::Coerce => &[Root::Coerce, Root::Sanction],
        Root::Agree => &[Root::Agree, Root::Support, Root::Concede],
        Root::Support => &[Root::Support, Root::Agree],
        Root::Threaten => &[Root::Threaten, Root::Mobilize],
        Root::Mobilize => &[Root::Mobilize, Root::Threaten],
        _ => &[],
    };
    let sum: f32 = if kin.is_empty() { p(root) } else { kin.iter().map(|&r| p(r)).sum() };
    (sum, scores.none)
}

/// Proposals for pairs of which the lexicon says nothing, where the classifier is sure enough.
pub(crate) fn add_unseen(context: Context<'_>, proposals: &mut Proposals, opinions: &Opinions, least: f32) {
    for index in 0..context.analysed.sentences.len() {
        let actors = actors_of(context, index);
        for &a in &actors {
            for &b in &actors {
                if a.mention == b.mention || same_side_mentions(context, a, b) {
                    continue;
                }
                let covered = proposals.events.iter().any(|p| {
                    p.sentence == index
                        && (same_side(context, p.source.entity, a.entity)
                            && same_side(context, p.target.entity, b.entity)
                            || same_side(context, p.source.entity, b.entity)
                                && same_side(context, p.target.entity, a.entity))
                });
                let Some(scores) = opinions.get(&(index, Some(a.mention), Some(b.mention))) else { continue };
                let Some((root, sure)) = scores.best_or_none() else { continue };
                if covered
                    || sure < least
                    || !(View { context, index }).may_act(&a)
                    || !(View { context, index }).may_suffer(&b)
                {
                    continue;
                }
                proposals.events.extend(unseen(context, index, a, b, root, sure, scores));
            }
        }
    }
}

fn unseen(
    context: Context<'_>,
    index: usize,
    a: Who,
    b: Who,
    root: Root,
    sure: f32,
    scores: &PairScores,
) -> Option<Proposal> {
    let token = between(context, index, a, b);
    let view = View { context, index };
    let mut act = Act {
        token,
        trigger: Tokens::from_slice(&[token]),
        root,
        cameo: scores.cameo.clone(),
        mode: scores.mode.clone(),
        sources: Whos::from_slice(&[a]),
        targets: Whos::from_slice(&[b]),
        flags: Flags::default(),
        rules: SmallVec::new(),
        silent: None,
        planned: scores.modality == Modality::Planned,
        negated: false,
        nominal: false,
        score: 0,
    };
    let state = status(&view, &act);
    if state.dropped.is_some() {
        return None;
    }
    let modality = if scores.modality == Modality::Negated { Modality::Negated } else { state.modality };
    if modality == Modality::Planned {
        act.take_future(view.lexicon());
    }
    Some(Proposal {
        sentence: index,
        token,
        trigger: act.trigger,
        symmetric: matches!(root, Root::Consult | Root::Cooperate),
        root: act.root,
        cameo: act.cameo,
        mode: act.mode,
        source: a,
        target: b,
        modality,
        speaker: state.speaker,
        speakers: state.speakers,
        rules: SmallVec::new(),
        filled: None,
        score: 0,
        nominal: false,
        confidence: sure,
        opinion: Some((sure, scores.none)),
    })
}

/// The verb under which both actors stand: the likeliest trigger.
fn between(context: Context<'_>, index: usize, a: Who, b: Who) -> usize {
    let s = &context.analysed.sentences[index];
    let up = |mut at: usize| {
        let mut path = vec![at];
        while let Some(head) = s.head(at) {
            path.push(head);
            at = head;
        }
        path
    };
    let (from, to) =
        (up(context.actors.mentions[a.mention].head), up(context.actors.mentions[b.mention].head));
    let meet = from.iter().copied().find(|t| to.contains(t)).unwrap_or(s.tree.root());
    let mut at = meet;
    for _ in 0..s.len() {
        if s.token(at).upos == Upos::Verb {
            return at;
        }
        match s.head(at) {
            Some(head) if !s.is_rel(at, Deprel::Root) => at = head,
            _ => break,
        }
    }
    meet
}
