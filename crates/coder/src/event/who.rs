//! From argument tokens to actors.

use entente_language::Deprel;
use smallvec::SmallVec;
use smol_str::{SmolStr, StrExt};

use crate::analysed::{Analysed, AnalysedSentence};
use crate::lexicon::{Lexicon, PartOfSpeech};
use crate::mention::{Actors, EntityId, Mention, MentionKind};
use crate::predicate::args::{antecedent, prepositions};
use crate::predicate::words::{is_noun, lemma, lower};

/// One actor on one side of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    /// Index into [`Actors::mentions`].
    pub(crate) mention: usize,
    pub(crate) entity: EntityId,
    /// Found in a modifier of the argument ("Russian" in "Russian warning"), not as the argument itself.
    pub(crate) modifier: bool,
}

pub(crate) type Whos = SmallVec<[Who; 4]>;

/// What everything below looks at.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) analysed: &'c Analysed<'c>,
    pub(crate) actors: &'c Actors,
    pub(crate) lexicon: &'static Lexicon,
}

/// A sentence with its number.
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    pub(crate) context: Context<'c>,
    pub(crate) index: usize,
}

impl<'c> View<'c> {
    pub(crate) fn s(&self) -> &'c AnalysedSentence<'c> {
        &self.context.analysed.sentences[self.index]
    }

    pub(crate) fn lexicon(&self) -> &'static Lexicon {
        self.context.lexicon
    }

    /// The lemma under which the lexicon knows the token.
    pub(crate) fn lemma(&self, pos: PartOfSpeech, token: usize) -> SmolStr {
        let s = self.s();
        if pos == PartOfSpeech::Verb {
            self.context.lexicon.verb_lemma(&s.token(token).lemma, s.word(token))
        } else {
            s.token(token).lemma.to_lowercase_smolstr()
        }
    }

    pub(crate) fn mention(&self, i: usize) -> &'c Mention {
        &self.context.actors.mentions[i]
    }

    /// The actors that an argument with this head names, its coordination included; those of its modifiers where
    /// it names none itself.
    pub(crate) fn resolve(&self, token: usize) -> Whos {
        let mut found = Whos::new();
        self.direct(token, &mut found, 0);
        if found.is_empty() {
            self.modifiers(token, &mut found, 0);
        }
        self.join_halves(&mut found);
        found
    }

    /// Title and name that stand side by side as two mentions ("foreign minister", "Ana Duarte") are one actor: the
    /// half whose country is known.
    fn join_halves(&self, found: &mut Whos) {
        let country = |w: &Who| self.context.actors.entity(w.entity).country;
        let open: Vec<usize> = found.iter().filter(|w| country(w).is_none()).map(|w| w.mention).collect();
        let doubled: Vec<usize> = open
            .into_iter()
            .filter(|&m| {
                let m = self.mention(m);
                found.iter().filter(|w| country(w).is_some()).map(|w| self.mention(w.mention)).any(|o| {
                    o.sentence == m.sentence
                        && (o.tokens.end == m.tokens.start || m.tokens.end == o.tokens.start)
                })
            })
            .collect();
        found.retain(|w| !doubled.contains(&w.mention));
    }

    pub(crate) fn resolve_all(&self, tokens: &[usize]) -> Whos {
        let mut found = Whos::new();
        for &token in tokens {
            for who in self.resolve(token) {
                if !found.iter().any(|w| w.entity == who.entity) {
                    found.push(who);
                }
            }
        }
        found
    }

    pub(crate) fn has_actor(&self, token: usize) -> bool {
        !self.resolve(token).is_empty()
    }

    fn push(&self, mention: usize, modifier: bool, found: &mut Whos) {
        let mut at = mention;
        while let Some(outer) = self.mention(at).within {
            at = outer;
        }
        if self.mention(at).entities.is_empty() {
            at = mention;
        }
        for &entity in &self.mention(at).entities {
            if !found.iter().any(|w| w.entity == entity) {
                found.push(Who { mention: at, entity, modifier });
            }
        }
    }

    fn direct(&self, token: usize, found: &mut Whos, depth: usize) {
        let s = self.s();
        let token = antecedent(s, token);
        if let Some(mention) = self.context.actors.at_head(self.index, token) {
            self.push(mention, false, found);
        } else if is_partitive(lemma(s, token)) || !is_noun(s, token) {
            for part in s.children_by(token, Deprel::Nmod) {
                if prepositions(s, part).iter().any(|p| matches!(p.as_str(), "of" | "among" | "from"))
                    && depth < 3
                {
                    self.direct(part, found, depth + 1);
                }
            }
        }
        if found.is_empty() {
            for apposition in s.children_by(token, Deprel::Appos) {
                if depth < 2 {
                    self.direct(apposition, found, depth + 1);
                }
            }
        }
        if depth < 4 {
            for conjunct in s.children_by(token, Deprel::Conj) {
                if s.token(conjunct).is_nominal() || is_noun(s, conjunct) {
                    let before = found.len();
                    self.direct(conjunct, found, depth + 1);
                    if found.len() == before && !found.is_empty() {
                        self.modifiers(conjunct, found, depth + 1);
                    }
                }
            }
        }
    }

    fn modifiers(&self, token: usize, found: &mut Whos, depth: usize) {
        if depth > 3 {
            return;
        }
        let s = self.s();
        for rel in MODIFIERS {
            for child in s.children(token) {
                let hit = s.rel(child) == rel;
                if !hit {
                    continue;
                }
                if rel == Deprel::Nmod
                    && !prepositions(s, child).iter().any(|p| {
                        matches!(
                            p.as_str(),
                            "of" | "from"
                                | "in"
                                | "at"
                                | "near"
                                | "on"
                                | "for"
                                | "against"
                                | "with"
                                | "to"
                                | "by"
                                | "over"
                                | "outside"
                                | "between"
                        )
                    })
                {
                    continue;
                }
                if let Some(mention) = self.context.actors.at_head(self.index, child) {
                    self.push(mention, true, found);
                } else {
                    self.modifiers(child, found, depth + 1);
                }
                for conjunct in s.children_by(child, Deprel::Conj) {
                    if let Some(mention) = self.context.actors.at_head(self.index, conjunct) {
                        self.push(mention, true, found);
                    }
                }
            }
            if !found.is_empty() {
                return;
            }
        }
    }

    /// Whether a mention may act: places and bare numbers may not.
    pub(crate) fn may_act(&self, who: &Who) -> bool {
        self.mention(who.mention).kind != MentionKind::Place
    }

    /// Whether a mention may be acted upon: a place of which nothing is known stands for nobody.
    pub(crate) fn may_suffer(&self, who: &Who) -> bool {
        self.mention(who.mention).kind != MentionKind::Place
            || self.context.actors.entity(who.entity).country.is_some()
    }

    /// The word, for messages.
    pub(crate) fn lower(&self, token: usize) -> String {
        lower(self.s(), token).into_owned()
    }
}

/// Relations of modifiers that may name an actor, the likeliest first.
const MODIFIERS: [Deprel; 7] = [
    Deprel::NmodPoss,
    Deprel::Amod,
    Deprel::Compound,
    Deprel::NmodDesc,
    Deprel::Nmod,
    Deprel::Appos,
    Deprel::Flat,
];

/// Nouns that only measure what follows ("hundreds of", "two of", "members of").
pub(crate) fn is_partitive(lemma: &str) -> bool {
    matches!(
        lemma,
        "member"
            | "hundred"
            | "thousand"
            | "dozen"
            | "score"
            | "number"
            | "group"
            | "group."
            | "crowd"
            | "majority"
            | "lot"
            | "pair"
            | "handful"
            | "couple"
            | "series"
            | "round"
            | "set"
            | "wave"
            | "batch"
            | "rest"
            | "part"
            | "some"
            | "many"
            | "most"
            | "all"
            | "one"
            | "several"
            | "delegation"
            | "team"
            | "platoon"
            | "battalion"
            | "brigade"
            | "column"
            | "convoy"
            | "boatload"
            | "string"
            | "spate"
            | "piece"
            | "package"
            | "leader"
            | "people"
            | "family"
            | "chief"
            | "head"
            | "volley"
            | "total"
            | "type"
            | "kind"
            | "sort"
            | "cell"
            | "list"
    )
}
