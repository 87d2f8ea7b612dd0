//! The trail behind each event, and the reason behind each silence.

use std::fmt;

use crate::event::propose::{Proposal, Proposals};
use crate::event::who::{Context, Who};

/// What was made of an article, sentence by sentence.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// All sentences, the title first.
    pub sentences: Vec<ExplainedSentence>,
}

/// One sentence.
#[derive(Clone, Debug, Default)]
pub struct ExplainedSentence {
    /// The words.
    pub text: String,
    /// Actors that stand in it, with their codes.
    pub actors: Vec<String>,
    /// Acts that were coded.
    pub events: Vec<ExplainedAct>,
    /// Acts that were seen and not coded: trigger, rule and reason.
    pub silences: Vec<String>,
}

/// One act.
#[derive(Clone, Debug, Default)]
pub struct ExplainedAct {
    /// Source, root, target, code and modality in one line.
    pub coding: String,
    /// The trigger's words.
    pub trigger: String,
    /// The words from the trigger up to the root of the tree, with their relations.
    pub path: String,
    /// Rows of the lexicon, innermost first.
    pub rules: Vec<String>,
    /// How an actor that the act's own phrase does not name was found.
    pub filled: Option<String>,
    /// Confidence, 0 to 1.
    pub confidence: f32,
    /// The classifier's probability of this root, and of no act between the two.
    pub opinion: Option<(f32, f32)>,
    /// Whether it stands, and why not.
    pub fate: Fate,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It is coded.
    #[default]
    Coded,
    /// The same act is coded from another place of the article.
    Folded,
    /// Its confidence stays below the threshold.
    Unsure,
}

pub(crate) fn explain(context: Context<'_>, proposals: &Proposals, kept: &[Proposal]) -> Explanation {
    let mut out = Explanation::default();
    for (index, s) in context.analysed.sentences.iter().enumerate() {
        let (_, mentions) = context.actors.in_sentence(index);
        let actors = mentions
            .iter()
            .map(|m| {
                let names: Vec<String> = m
                    .entities
                    .iter()
                    .map(|&e| {
                        let e = context.actors.entity(e);
                        format!("{} [{}]", e.name, e.country.map_or("-".to_owned(), |c| c.to_string()))
                    })
                    .collect();
                format!("{} = {}", s.words(m.tokens.clone()), names.join(" + "))
            })
            .collect();
        let events =
            proposals.events.iter().filter(|p| p.sentence == index).map(|p| act(context, p, kept)).collect();
        let silences = proposals
            .silences
            .iter()
            .filter(|x| x.sentence == index)
            .map(|x| format!("{} ({}): {}", s.word(x.token), x.rule.unwrap_or("-"), x.reason))
            .collect();
        out.sentences.push(ExplainedSentence { text: s.text().to_owned(), actors, events, silences });
    }
    out
}

fn act(context: Context<'_>, p: &Proposal, kept: &[Proposal]) -> ExplainedAct {
    let s = &context.analysed.sentences[p.sentence];
    let name = |w: &Who| {
        let e = context.actors.entity(w.entity);
        format!("{} [{}]", e.name, e.country.map_or("-".to_owned(), |c| c.to_string()))
    };
    let mut path = vec![s.word(p.token).to_owned()];
    let mut at = p.token;
    while let Some(head) = s.head(at) {
        path.push(format!("-{}-> {}", s.rel(at), s.word(head)));
        at = head;
        if path.len() > 12 {
            break;
        }
    }
    let survives = kept.iter().any(|k| {
        k.sentence == p.sentence
            && k.token == p.token
            && k.source == p.source
            && k.target == p.target
            && k.root == p.root
    });
    let words: Vec<&str> = p.trigger.iter().map(|&t| s.word(t)).collect();
    ExplainedAct {
        coding: format!(
            "{} {} {} ({}, {:?}{})",
            name(&p.source),
            p.root,
            name(&p.target),
            p.cameo,
            p.modality,
            if p.symmetric { ", mutual" } else { "" }
        ),
        trigger: words.join(" "),
        path: path.join(" "),
        rules: p.rules.iter().map(|r| rule(context, r)).collect(),
        filled: p.filled.map(str::to_owned),
        confidence: p.confidence,
        opinion: p.opinion,
        fate: if survives {
            Fate::Coded
        } else if p.confidence < crate::event::confidence::LEAST {
            Fate::Unsure
        } else {
            Fate::Folded
        },
    }
}

/// File and line with the pattern itself.
fn rule(context: Context<'_>, place: &str) -> String {
    match context.lexicon.entries().iter().find(|e| e.place == place) {
        Some(entry) => format!("{place} `{}`", entry.text),
        None => place.to_owned(),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, sentence) in self.sentences.iter().enumerate() {
            writeln!(f, "[{number}] {}", sentence.text)?;
            if !sentence.actors.is_empty() {
                writeln!(f, "    actors: {}", sentence.actors.join("; "))?;
            }
            for event in &sentence.events {
                let mark = match event.fate {
                    Fate::Coded => "EVENT",
                    Fate::Folded => "same act as told elsewhere",
                    Fate::Unsure => "too unsure",
                };
                writeln!(f, "  {mark}: {}", event.coding)?;
                writeln!(f, "      trigger `{}`, path {}", event.trigger, event.path)?;
                for rule in &event.rules {
                    writeln!(f, "      rule {rule}")?;
                }
                if let Some(filled) = &event.filled {
                    writeln!(f, "      target: {filled}")?;
                }
                if event.rules.is_empty() {
                    writeln!(f, "      no row of the lexicon; the classifier alone")?;
                }
                match event.opinion {
                    Some((root, none)) => writeln!(
                        f,
                        "      confidence {:.2}; classifier: this root {root:.2}, no act {none:.2}",
                        event.confidence
                    )?,
                    None => writeln!(f, "      confidence {:.2}", event.confidence)?,
                }
            }
            for silence in &sentence.silences {
                writeln!(f, "  not coded: {silence}")?;
            }
            if sentence.events.is_empty() && sentence.silences.is_empty() {
                writeln!(f, "  silent: no row of the lexicon fits a word of it")?;
            }
        }
        Ok(())
    }
}
