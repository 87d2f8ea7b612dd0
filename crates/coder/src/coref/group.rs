//! Several actors by one phrase: "the two leaders", "both sides", "their navies".

use entente_ontology::Sector;
use smol_str::SmolStr;

use crate::coref::described::{organ_key, organ_name};
use crate::coref::{Answer, Resolver};
use crate::mention::nouns::Noun;
use crate::mention::phrase::Several;
use crate::mention::{Entity, EntityId, EntityKind, MentionKind};

/// How fast an earlier mention fades with each sentence.
const FADE: f32 = 0.8;

/// What every mention counts, however far back.
const STAY: f32 = 0.12;

impl Resolver<'_, '_> {
    pub(crate) fn several(&mut self, p: usize, several: Several) -> Answer {
        let count = self.phrases[p].count.unwrap_or(2).clamp(2, 5) as usize;
        let members = match several {
            Several::States => self.heaviest(p, count, |kind, _| kind == EntityKind::Country),
            Several::Sides => self.heaviest(p, count, |kind, sector| {
                kind == EntityKind::Country || kind != EntityKind::Person && sector == Some(Sector::Reb)
            }),
            Several::People => {
                if let Some(id) = self.counted_group(p, count) {
                    return Answer::one(id, MentionKind::Role, "coreference", 0.7);
                }
                let people = self.heaviest(p, count, |kind, _| kind == EntityKind::Person);
                if people.len() == count {
                    people
                } else {
                    self.heaviest(p, count, |kind, _| kind == EntityKind::Country)
                }
            }
            Several::Organs(noun) => self.organs_of_each(p, count, noun),
            Several::Any => {
                if let Some(id) = self.counted_group(p, count) {
                    return Answer::one(id, MentionKind::Role, "coreference", 0.6);
                }
                self.heaviest(p, count, |kind, sector| {
                    matches!(kind, EntityKind::Country | EntityKind::Person) || sector == Some(Sector::Reb)
                })
            }
        };
        if members.len() < 2 {
            return Answer::default();
        }
        Answer { entities: members, kind: Some(MentionKind::Group), resolution: "group", confidence: 0.6 }
    }

    /// "the two sailors" after "two sailors".
    fn counted_group(&self, p: usize, count: usize) -> Option<EntityId> {
        let word = self.noun_word(p);
        let found = (0..self.drafts.len())
            .filter(|&i| {
                let draft = &self.drafts[i];
                let near = self.distance(p, draft.last) <= 6;
                draft.entity.kind == EntityKind::Group
                    && draft.size.is_some_and(|s| s as usize == count)
                    && (draft.noun == word
                        || near && matches!(word.as_str(), "man" | "woman" | "people" | "person"))
            })
            .max_by_key(|&i| self.drafts[i].last)?;
        Some(EntityId(u32::try_from(found).ok()?))
    }

    fn organs_of_each(&mut self, p: usize, count: usize, noun: Noun) -> Vec<EntityId> {
        let states = self.heaviest(p, count, |kind, _| kind == EntityKind::Country);
        let role = self.noun_word(p);
        states.into_iter().map(|state| self.organ_of(state, &role, noun)).collect()
    }

    /// An organ of an actor's state.
    pub(crate) fn organ_of(&mut self, owner: EntityId, role: &SmolStr, noun: Noun) -> EntityId {
        let country = self.draft(owner).entity.country;
        self.keyed(organ_key(country, role), || Entity {
            name: organ_name(country, role),
            country,
            sector: noun.sector,
            role: Some(role.clone()),
            kind: EntityKind::Organ,
            mentions: Vec::new(),
            confidence: 0.6,
        })
    }

    /// The entities of which was spoken most and latest, in order of their first mention.
    pub(crate) fn heaviest(
        &self,
        p: usize,
        count: usize,
        fits: impl Fn(EntityKind, Option<Sector>) -> bool,
    ) -> Vec<EntityId> {
        let mut weights = self.weights(p, &fits);
        // Of several people of one side or several names of one state only the heaviest stands for it.
        weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut chosen: Vec<EntityId> = Vec::new();
        for (id, _) in weights {
            let country = self.draft(id).entity.country;
            let new_side =
                country.is_none() || chosen.iter().all(|c| self.draft(*c).entity.country != country);
            if chosen.len() < count && new_side {
                chosen.push(id);
            }
        }
        chosen.sort();
        chosen
    }

    /// States by weight, the heaviest first.
    pub(crate) fn states_by_weight(&self, p: usize) -> Vec<EntityId> {
        let mut weights = self.weights(p, &|kind, _| kind == EntityKind::Country);
        weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weights.into_iter().map(|(id, _)| id).collect()
    }

    fn weights(&self, p: usize, fits: &impl Fn(EntityKind, Option<Sector>) -> bool) -> Vec<(EntityId, f32)> {
        let mut weights = vec![0f32; self.drafts.len()];
        for q in 0..p {
            let distance = i32::try_from(self.distance(p, q)).unwrap_or(i32::MAX);
            let place = self.answers[q].kind == Some(MentionKind::Place);
            for id in &self.answers[q].entities {
                weights[id.0 as usize] += (FADE.powi(distance) + STAY) * if place { 0.4 } else { 1.0 };
                // What a person or organ does, its state does.
                let entity = &self.draft(*id).entity;
                if entity.kind != EntityKind::Country
                    && entity.sector != Some(Sector::Reb)
                    && let Some(state) = self.state_of(*id)
                {
                    weights[state.0 as usize] += 0.6 * FADE.powi(distance);
                }
            }
        }
        (0..self.drafts.len())
            .filter(|&i| weights[i] > 0.0 && fits(self.drafts[i].entity.kind, self.drafts[i].entity.sector))
            .filter(|&i| !self.drafts[i].entity.country.is_some_and(|c| c.is_organisation()))
            .filter_map(|i| Some((EntityId(u32::try_from(i).ok()?), weights[i])))
            .collect()
    }

    /// The entity of the state that an actor belongs to, where the article names it.
    pub(crate) fn state_of(&self, id: EntityId) -> Option<EntityId> {
        let country = self.draft(id).entity.country?;
        self.by_key.get(&smol_str::format_smolstr!("country {country}")).copied()
    }
}
