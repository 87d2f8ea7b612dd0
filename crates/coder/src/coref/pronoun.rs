//! Pronouns: whom they stand for, and who speaks where words are quoted.

use entente_language::{Deprel, Upos};
use entente_ontology::Sector;

use crate::coref::{Answer, Resolver};
use crate::mention::phrase::{Pronoun, Shape};
use crate::mention::{EntityId, EntityKind, MentionKind};

/// Sentences back in which an antecedent is looked for.
const REACH: usize = 3;

/// Verbs of saying.
pub(crate) fn is_speech(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "add"
            | "declare"
            | "announce"
            | "ask"
            | "state"
            | "warn"
            | "insist"
            | "reply"
            | "claim"
            | "write"
            | "argue"
            | "note"
            | "explain"
            | "report"
            | "stress"
            | "call"
            | "accuse"
            | "deny"
            | "complain"
            | "recall"
            | "assert"
            | "comment"
            | "concede"
            | "admit"
            | "believe"
            | "think"
            | "promise"
            | "vow"
            | "urge"
            | "answer"
            | "respond"
            | "observe"
            | "remark"
    )
}

/// The gender that a noun tells.
pub(crate) fn gender_of_noun(noun: &str) -> Option<Pronoun> {
    let she = noun.ends_with("woman")
        || matches!(
            noun,
            "queen"
                | "princess"
                | "mother"
                | "wife"
                | "daughter"
                | "sister"
                | "nun"
                | "widow"
                | "actress"
                | "girl"
                | "grandmother"
                | "aunt"
                | "niece"
                | "lady"
                | "duchess"
                | "empress"
        );
    let he = noun.ends_with("man")
        || matches!(
            noun,
            "king"
                | "prince"
                | "father"
                | "husband"
                | "son"
                | "brother"
                | "monk"
                | "boy"
                | "pope"
                | "imam"
                | "emir"
                | "sultan"
                | "bishop"
                | "archbishop"
                | "cardinal"
                | "grandfather"
                | "uncle"
                | "nephew"
                | "sheikh"
        );
    if she {
        Some(Pronoun::She)
    } else if he {
        Some(Pronoun::He)
    } else {
        None
    }
}

/// For each sentence the phrase of whoever speaks in it: the subject of a verb of saying outside the quotation.
pub(crate) fn speakers(resolver: &Resolver<'_, '_>) -> Vec<Option<usize>> {
    let sentences = &resolver.analysed.sentences;
    let own: Vec<Option<usize>> = (0..sentences.len())
        .map(|s| {
            (resolver.first[s]..resolver.first[s + 1]).find(|&p| {
                let (phrase, sentence) = (&resolver.phrases[p], &sentences[s]);
                let relation = sentence.rel(phrase.head);
                relation == Deprel::Nsubj
                    && !sentence.quoted[phrase.head]
                    && sentence.head(phrase.head).is_some_and(|verb| {
                        !sentence.quoted[verb]
                            && (is_speech(&sentence.token(verb).lemma) || sentence.quoted.iter().any(|&q| q))
                    })
            })
        })
        .collect();
    let same_paragraph = |a: usize, b: usize| {
        sentences[a].part == sentences[b].part && sentences[a].paragraph == sentences[b].paragraph
    };
    (0..sentences.len())
        .map(|s| {
            let all_quoted =
                sentences[s].quoted.iter().filter(|&&q| q).count() * 10 >= sentences[s].len() * 7;
            if own[s].is_some() && !(all_quoted && own[s].is_none()) {
                return own[s];
            }
            let before = s.checked_sub(1).filter(|&b| same_paragraph(b, s)).and_then(|b| own[b]);
            let after = (s + 1 < sentences.len() && same_paragraph(s, s + 1)).then(|| own[s + 1]).flatten();
            before.or(after)
        })
        .collect()
}

impl Resolver<'_, '_> {
    pub(crate) fn pronoun(&mut self, p: usize, pronoun: Pronoun) -> Answer {
        let kind = if self.phrases[p].modifier { MentionKind::Possessive } else { MentionKind::Pronoun };
        match pronoun {
            Pronoun::Who => self.relative(p),
            Pronoun::I | Pronoun::We => self.first_person(p, pronoun, kind),
            _ if self.is_expletive(p) => Answer::default(),
            Pronoun::He | Pronoun::She => {
                let found = self.antecedent(p, |r, id| r.person_score(id, pronoun));
                found.map_or_else(Answer::default, |(id, sure)| {
                    self.drafts[id.0 as usize].gender = Some(pronoun);
                    Answer::one(id, kind, "coreference", sure)
                })
            }
            Pronoun::It => {
                let found = self.antecedent(p, Self::thing_score);
                found.map_or_else(Answer::default, |(id, sure)| Answer::one(id, kind, "coreference", sure))
            }
            Pronoun::They => self.they(p, kind),
        }
    }

    fn is_expletive(&self, p: usize) -> bool {
        let s = &self.analysed.sentences[self.phrases[p].sentence];
        s.is_rel(self.phrases[p].head, Deprel::Expl)
    }

    /// "who", "which": the noun that the clause hangs from.
    fn relative(&mut self, p: usize) -> Answer {
        let sentence = self.phrases[p].sentence;
        let s = &self.analysed.sentences[sentence];
        let (mut at, mut steps) = (self.phrases[p].head, 0);
        let antecedent = loop {
            if matches!(s.rel(at), Deprel::AclRelcl | Deprel::Acl) {
                break s.head(at);
            }
            let Some(head) = s.head(at) else { break None };
            (at, steps) = (head, steps + 1);
            if steps > 20 {
                break None;
            }
        };
        let antecedent = antecedent.filter(|&a| a < self.phrases[p].head);
        let mut entities = antecedent.map(|a| self.entities_at(sentence, a)).unwrap_or_default();
        if entities.is_empty() {
            entities = self.just_before(p);
        }
        if entities.is_empty() {
            return Answer::default();
        }
        Answer { entities, kind: Some(MentionKind::Relative), resolution: "coreference", confidence: 0.85 }
    }

    /// The phrase that ends right before a relative pronoun, a comma or a preposition between them or not.
    fn just_before(&mut self, p: usize) -> Vec<EntityId> {
        let phrase = &self.phrases[p];
        let s = &self.analysed.sentences[phrase.sentence];
        if s.word(phrase.head) == "that" {
            return Vec::new();
        }
        let mut end = phrase.head;
        while end > 0 && (s.word(end - 1) == "," || s.token(end - 1).upos == Upos::Adp) {
            end -= 1;
        }
        let before = (self.first[phrase.sentence]..p).rev().find(|&q| {
            let other = &self.phrases[q];
            !matches!(other.shape, Shape::Pronoun(_)) && (other.tokens.end == end || other.core.end == end)
        });
        let Some(q) = before else { return Vec::new() };
        self.resolve(q);
        self.answers[q].entities.clone()
    }

    /// "we", "I" in a quotation: the speaker, or those for whom the speaker speaks.
    fn first_person(&mut self, p: usize, pronoun: Pronoun, kind: MentionKind) -> Answer {
        let sentence = self.phrases[p].sentence;
        if !self.analysed.sentences[sentence].quoted[self.phrases[p].head] {
            return Answer::default();
        }
        let Some(speaker) = self.speakers[sentence] else { return Answer::default() };
        if speaker > p && matches!(self.phrases[speaker].shape, Shape::Pronoun(_)) {
            // "We ...", he said: whoever "he" is must have been spoken of before.
            return self.first_person_of_pronoun(p, speaker, pronoun, kind);
        }
        self.resolve(speaker);
        let [id] = self.answers[speaker].entities[..] else { return Answer::default() };
        let id = if pronoun == Pronoun::I { id } else { self.speaks_for(id) };
        Answer::one(id, kind, "coreference", 0.65)
    }

    fn first_person_of_pronoun(
        &mut self,
        p: usize,
        speaker: usize,
        pronoun: Pronoun,
        kind: MentionKind,
    ) -> Answer {
        let Shape::Pronoun(third @ (Pronoun::He | Pronoun::She)) = self.phrases[speaker].shape else {
            return Answer::default();
        };
        let Some((id, sure)) = self.antecedent(p, |r, id| r.person_score(id, third)) else {
            return Answer::default();
        };
        let id = if pronoun == Pronoun::I { id } else { self.speaks_for(id) };
        Answer::one(id, kind, "coreference", sure * 0.8)
    }

    /// The state or body whose "we" a speaker uses.
    fn speaks_for(&mut self, id: EntityId) -> EntityId {
        let draft = self.draft(id);
        let (country, sector, owner) = (draft.entity.country, draft.entity.sector, draft.owner);
        match (sector, country) {
            (Some(Sector::Gov | Sector::Leg), Some(country)) if !country.is_organisation() => {
                self.country_entity(country)
            }
            _ => owner.unwrap_or(id),
        }
    }

    fn they(&mut self, p: usize, kind: MentionKind) -> Answer {
        let best = self.antecedent_phrase(p, |r, q| {
            let entities = &r.answers[q].entities;
            match entities.as_slice() {
                [] => None,
                [id] => r.plural_score(*id),
                _ => Some(0.6),
            }
        });
        let pair = self.coordinated_before(p);
        let pair_is_near = pair.as_ref().is_some_and(|(_, same)| *same);
        match (best, pair.map(|(members, _)| members)) {
            (Some((q, score)), pair)
                if pair.is_none() || score > 0.3 && !(pair_is_near && self.distance(p, q) > 0) =>
            {
                let entities = self.answers[q].entities.clone();
                let kind = if entities.len() > 1 { MentionKind::Group } else { kind };
                Answer { entities, kind: Some(kind), resolution: "coreference", confidence: 0.55 }
            }
            (_, Some(entities)) => Answer {
                entities,
                kind: Some(MentionKind::Group),
                resolution: "coreference",
                confidence: 0.6,
            },
            _ => Answer::default(),
        }
    }

    /// "Norway and Mali": the last coordination in this sentence, or the subject of the one before. Tells whether it
    /// stands in the same sentence.
    fn coordinated_before(&mut self, p: usize) -> Option<(Vec<EntityId>, bool)> {
        let here = self.phrases[p].sentence;
        for sentence in (here.saturating_sub(1)..=here).rev() {
            for q in (self.first[sentence]..self.first[sentence + 1].min(p)).rev() {
                let s = &self.analysed.sentences[sentence];
                let head = self.phrases[q].head;
                if sentence != here && !s.is_rel(head, Deprel::Nsubj) {
                    continue;
                }
                let conjuncts: Vec<usize> = s.children_by(head, Deprel::Conj).collect();
                let mut members = self.answers[q].entities.clone();
                for conjunct in conjuncts {
                    if let Some(r) = self.phrase_at(sentence, conjunct).filter(|&r| r < p) {
                        members.extend(self.answers[r].entities.iter().copied());
                    }
                }
                members.sort();
                members.dedup();
                if members.len() > 1 {
                    return Some((members, sentence == here));
                }
            }
        }
        None
    }

    fn person_score(&self, id: EntityId, pronoun: Pronoun) -> Option<f32> {
        let draft = self.draft(id);
        let person = draft.entity.kind == EntityKind::Person || draft.entity.kind == EntityKind::Unknown;
        if !person || draft.plural || draft.place || draft.gender.is_some_and(|g| g != pronoun) {
            return None;
        }
        let known = if draft.gender == Some(pronoun) { 0.5 } else { 0.0 };
        let named = if draft.entity.kind == EntityKind::Person { 0.5 } else { -1.0 };
        Some(known + named)
    }

    fn thing_score(&self, id: EntityId) -> Option<f32> {
        let draft = self.draft(id);
        match draft.entity.kind {
            EntityKind::Person | EntityKind::Group => None,
            EntityKind::Asset | EntityKind::Organisation => (!draft.plural).then_some(0.3),
            EntityKind::Unknown => Some(-0.3),
            EntityKind::Country | EntityKind::Organ => Some(0.2),
        }
    }

    fn plural_score(&self, id: EntityId) -> Option<f32> {
        let draft = self.draft(id);
        match draft.entity.kind {
            _ if draft.plural => Some(0.6),
            EntityKind::Group => Some(0.6),
            EntityKind::Organ if matches!(draft.entity.sector, Some(Sector::Cop | Sector::Mil)) => Some(0.2),
            EntityKind::Organisation if draft.entity.sector == Some(Sector::Reb) => Some(0.2),
            EntityKind::Organisation => Some(-0.6),
            _ => None,
        }
    }

    /// The likeliest entity that a pronoun stands for, by `score` of the entity and the place of its mention.
    fn antecedent(
        &self,
        p: usize,
        score: impl Fn(&Self, EntityId) -> Option<f32>,
    ) -> Option<(EntityId, f32)> {
        let (q, _) = self.antecedent_phrase(p, |r, q| match r.answers[q].entities.as_slice() {
            [id] => score(r, *id),
            _ => None,
        })?;
        let far = self.distance(p, q);
        let sure = if far == 0 { 0.75 } else { 0.7 / far.max(1) as f32 };
        self.answers[q].entities.first().map(|&id| (id, sure.max(0.3)))
    }

    fn antecedent_phrase(
        &self,
        p: usize,
        score: impl Fn(&Self, usize) -> Option<f32>,
    ) -> Option<(usize, f32)> {
        let phrase = &self.phrases[p];
        let here = phrase.sentence;
        let from = self.first[here.saturating_sub(REACH)];
        let in_body = self.analysed.sentences[here].part;
        let quoted = self.analysed.sentences[here].quoted[phrase.head];
        let mut best: Option<(usize, f32)> = None;
        for q in from..p {
            let other = &self.phrases[q];
            let s = &self.analysed.sentences[other.sentence];
            if s.part != in_body || self.is_barred(p, q) {
                continue;
            }
            let Some(base) = score(self, q) else { continue };
            let speaker = quoted && self.speakers[here].is_some_and(|sp| sp == q);
            let distance = self.distance(p, q) as f32;
            let value = base - 0.9 * distance + self.prominence(q) - if speaker { 2.0 } else { 0.0 }
                + if distance == 0.0 { self.same_clause(p, q) } else { 0.0 };
            // Of equals the later one within a sentence counts less than the subject, more than other objects.
            if best.is_none_or(|(_, b)| value >= b) {
                best = Some((q, value));
            }
        }
        best
    }

    /// Subjects come to mind first, then objects; modifiers and places last.
    fn prominence(&self, q: usize) -> f32 {
        let phrase = &self.phrases[q];
        let s = &self.analysed.sentences[phrase.sentence];
        let kind = self.answers[q].kind;
        let mut value = match s.rel(phrase.head).base() {
            Deprel::Nsubj => 0.9,
            Deprel::Obj | Deprel::Iobj => 0.4,
            Deprel::Obl | Deprel::Appos | Deprel::Conj => 0.2,
            Deprel::Root => 0.5,
            Deprel::Nmod if s.rel(phrase.head) == Deprel::NmodPoss => 0.3,
            _ => 0.0,
        };
        if kind == Some(MentionKind::Demonym) || phrase.modifier && !matches!(phrase.shape, Shape::Pronoun(_))
        {
            value -= 0.5;
        }
        if kind == Some(MentionKind::Place) {
            value -= 1.0;
        }
        if kind == Some(MentionKind::Relative) {
            value -= 0.1;
        }
        value
    }

    /// A possessive points to the subject of its own clause; a subject pronoun of a later clause to the main subject.
    fn same_clause(&self, p: usize, q: usize) -> f32 {
        let s = &self.analysed.sentences[self.phrases[p].sentence];
        let head = self.phrases[q].head;
        let verb = |mut i: usize| {
            for _ in 0..20 {
                if matches!(s.token(i).upos, Upos::Verb | Upos::Aux) {
                    return Some(i);
                }
                i = s.head(i)?;
            }
            None
        };
        let own = s.is_rel(head, Deprel::Nsubj)
            && verb(self.phrases[p].head).is_some_and(|v| s.head(head) == Some(v));
        if own && self.phrases[p].modifier { 0.5 } else { 0.0 }
    }

    /// The subject and the object of one verb are two, unless the pronoun is reflexive or possessive.
    fn is_barred(&self, p: usize, q: usize) -> bool {
        let (pronoun, other) = (&self.phrases[p], &self.phrases[q]);
        if pronoun.sentence != other.sentence {
            return false;
        }
        let s = &self.analysed.sentences[pronoun.sentence];
        let reflexive = s.word(pronoun.head).ends_with("self") || s.word(pronoun.head).ends_with("selves");
        let inside = other.tokens.contains(&pronoun.head);
        inside
            || !pronoun.modifier
                && !reflexive
                && s.head(pronoun.head).is_some()
                && s.head(pronoun.head) == s.head(other.head)
                && !other.modifier
    }
}
