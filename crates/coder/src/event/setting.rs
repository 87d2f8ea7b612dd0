//! When and where: the time and place expressions that belong to an act.

use std::ops::Range;

use entente_language::Deprel;

use super::propose::Proposal;
use super::who::Context;
use crate::analysed::AnalysedSentence;
use crate::mention::MentionKind;
use crate::predicate::args::prepositions;

/// Time expressions of a sentence, as token ranges.
fn times(s: &AnalysedSentence<'_>) -> Vec<Range<usize>> {
    let start = s.tree.span.start;
    entente_knowledge::time::find(s.text())
        .into_iter()
        .filter_map(|span| {
            let inside = |i: &usize| {
                let t = &s.token(*i).span;
                t.start >= start + span.start && t.end <= start + span.end
            };
            let first = (0..s.len()).find(inside)?;
            let last = (first..s.len()).take_while(inside).last()?;
            Some(first..last + 1)
        })
        .collect()
}

/// How many steps of the tree lie between a phrase and the act; `None` where another finite clause lies between.
fn distance(s: &AnalysedSentence<'_>, tokens: &Range<usize>, act: usize) -> Option<usize> {
    let head = tokens.clone().find(|&i| s.head(i).is_none_or(|h| !tokens.contains(&h)))?;
    let up = |from: usize| std::iter::successors(Some(from), |&i| s.head(i)).take(s.len());
    let above: Vec<usize> = up(act).collect();
    for (steps, at) in up(head).enumerate() {
        if let Some(rest) = above.iter().position(|&a| a == at) {
            // From the act up to where both meet, only coordination and infinitives share the phrase.
            let shared = above[..rest].iter().all(|&i| {
                matches!(
                    s.rel(i).base(),
                    Deprel::Conj
                        | Deprel::Xcomp
                        | Deprel::Obj
                        | Deprel::Obl
                        | Deprel::Nmod
                        | Deprel::Advcl
                        | Deprel::Nsubj
                )
            });
            return shared.then_some(steps + 2 * rest);
        }
        let clause = at != head
            && matches!(s.rel(at).base(), Deprel::Acl | Deprel::Advcl | Deprel::Ccomp | Deprel::Parataxis);
        if clause {
            return None;
        }
    }
    None
}

/// The time expression that belongs to the act.
pub(crate) fn time_of(context: Context<'_>, p: &Proposal) -> Option<Range<usize>> {
    let s = &context.analysed.sentences[p.sentence];
    times(s)
        .into_iter()
        .filter_map(|range| {
            let steps = distance(s, &range, p.token)?;
            let apart = range.start.abs_diff(p.token);
            Some((steps, apart, range))
        })
        .min_by_key(|(steps, apart, _)| (*steps, *apart))
        .map(|(_, _, range)| range)
}

/// The place that the act happens in: "in Oslo", "near the border post".
pub(crate) fn place_of(context: Context<'_>, p: &Proposal) -> Option<Range<usize>> {
    let s = &context.analysed.sentences[p.sentence];
    let (_, mentions) = context.actors.in_sentence(p.sentence);
    mentions
        .iter()
        .filter(|m| matches!(m.kind, MentionKind::Place | MentionKind::Seat | MentionKind::Name))
        .filter(|m| {
            prepositions(s, m.head).iter().any(|w| {
                matches!(
                    w.as_str(),
                    "in" | "at" | "near" | "off" | "outside" | "around" | "across" | "inside" | "on"
                )
            })
        })
        .filter_map(|m| Some((distance(s, &m.tokens, p.token)?, m.tokens.clone())))
        .filter(|(steps, _)| *steps <= 4)
        .min_by_key(|(steps, tokens)| (*steps, tokens.start.abs_diff(p.token)))
        .map(|(_, tokens)| tokens)
}
