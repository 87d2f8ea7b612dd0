//! Names of the knowledge tables.

use entente_knowledge::{Knowledge, Sense, SenseKind};
use entente_language::Deprel;
use entente_ontology::{CountryCode, Sector};
use smol_str::StrExt as _;

use crate::coref::country::side_of;
use crate::coref::named::key;
use crate::coref::{Answer, Resolver};
use crate::mention::nouns::{Noun, NounClass, Nouns};
use crate::mention::phrase::Phrase;
use crate::mention::{Entity, EntityId, EntityKind, MentionKind};

impl Resolver<'_, '_> {
    pub(crate) fn known(&mut self, p: usize, sense: &'static Sense) -> Answer {
        let phrase = &self.phrases[p];
        match sense.kind {
            SenseKind::Country | SenseKind::Seat => {
                let Some(country) = sense.country else { return Answer::default() };
                if let Some(answer) = self.union_seat(p, sense) {
                    return answer;
                }
                let id = self.country_entity(country);
                let seat = sense.kind == SenseKind::Seat;
                let kind = match (self.is_located(phrase), seat) {
                    (true, _) => MentionKind::Place,
                    (_, true) => MentionKind::Seat,
                    (_, false) => MentionKind::Name,
                };
                let confidence = if sense.weak { 0.8 } else { 0.95 };
                Answer::one(id, kind, if seat { "seat" } else { "name" }, confidence)
            }
            SenseKind::Demonym => {
                let Some(country) = sense.country else { return Answer::default() };
                let people = !phrase.modifier && phrase.count.is_some();
                let id = if people { self.group_of(p, country) } else { self.country_entity(country) };
                let kind = if phrase.modifier { MentionKind::Demonym } else { MentionKind::Name };
                Answer::one(id, kind, "demonym", if sense.weak { 0.75 } else { 0.9 })
            }
            SenseKind::Place | SenseKind::Company if self.is_introduced_name(p) => self.named(p),
            SenseKind::Place => {
                let Some(country) = self.locale(p) else { return Answer::default() };
                Answer::one(self.country_entity(country), MentionKind::Place, "place", 0.6)
            }
            SenseKind::Person | SenseKind::Surname => self.known_person(p, sense),
            SenseKind::StateOrgan if self.is_foreign_namesake(p, sense) => {
                let sector = sense.sector;
                self.organ(p, Noun { class: NounClass::Organ, sector, open: false })
            }
            _ => {
                let id = self.sense_entity(sense);
                self.describe(p, id);
                Answer::one(id, MentionKind::Name, "name", if sense.weak { 0.75 } else { 0.95 })
            }
        }
    }

    /// A word that the article has introduced as the name of somebody else than the table's.
    fn is_introduced_name(&self, p: usize) -> bool {
        let words = self.letters(p, self.phrases[p].core.clone());
        self.named_before(&words).is_some_and(|id| self.draft(id).entity.kind == EntityKind::Person)
    }

    /// "Brussels" means the European Union where the article does not speak of Belgium.
    fn union_seat(&mut self, p: usize, sense: &'static Sense) -> Option<Answer> {
        let shared = Knowledge::shared();
        let words = self.letters(p, self.phrases[p].core.clone());
        let other = shared.senses(&words).iter().find(|s| s.kind == SenseKind::Organisation)?;
        let about_state = self.state_names.contains(&sense.country?);
        if about_state || self.is_located(&self.phrases[p]) {
            return None;
        }
        let name = shared.senses(other.country?.as_str()).first().map_or(other.name, |s| s.name);
        let known = self
            .drafts
            .iter()
            .position(|d| d.entity.country == other.country && d.entity.kind == EntityKind::Organisation);
        let id = match known {
            Some(i) => EntityId(u32::try_from(i).ok()?),
            None => self.keyed(key(name), || Entity {
                name: name.into(),
                country: other.country,
                sector: None,
                role: None,
                kind: EntityKind::Organisation,
                mentions: Vec::new(),
                confidence: 0.8,
            }),
        };
        Some(Answer::one(id, MentionKind::Seat, "seat", 0.75))
    }

    /// "Congress", "Supreme Court": the table knows one, but the article is about countries that have others.
    fn is_foreign_namesake(&self, p: usize, sense: &Sense) -> bool {
        let words = self.letters(p, self.phrases[p].core.clone());
        let common = words
            .rsplit(' ')
            .next()
            .is_some_and(|last| Nouns::shared().longest_ending(&[&last.to_lowercase_smolstr()]).is_some());
        common && sense.country.is_some_and(|c| !self.names_country(c)) && !self.country_counts.is_empty()
    }

    /// "in Oslo", "near the Kremlin": as a place.
    pub(crate) fn is_located(&self, phrase: &Phrase) -> bool {
        let s = &self.analysed.sentences[phrase.sentence];
        !phrase.modifier
            && s.children_by(phrase.head, Deprel::Case).any(|c| {
                matches!(
                    s.word(c).to_lowercase_smolstr().as_str(),
                    "in" | "near"
                        | "outside"
                        | "around"
                        | "at"
                        | "across"
                        | "inside"
                        | "throughout"
                        | "off"
                        | "into"
                )
            })
    }

    /// "118 Kenyans": people of a country, not its government.
    fn group_of(&mut self, p: usize, country: CountryCode) -> EntityId {
        let name = self.letters(p, self.phrases[p].core.clone());
        let id = self.add(Entity {
            name,
            country: Some(country),
            sector: Some(Sector::Cvl),
            role: None,
            kind: EntityKind::Group,
            mentions: Vec::new(),
            confidence: 0.9,
        });
        self.drafts[id.0 as usize].plural = true;
        self.drafts[id.0 as usize].size = self.phrases[p].count;
        id
    }

    /// The entity of an organisation, organ, company or group of the tables.
    pub(crate) fn sense_entity(&mut self, sense: &'static Sense) -> EntityId {
        if let Some(country) = side_of(sense) {
            return self.country_entity(country);
        }
        let kind = match sense.kind {
            SenseKind::StateOrgan => EntityKind::Organ,
            SenseKind::Group => EntityKind::Group,
            _ => EntityKind::Organisation,
        };
        self.keyed(key(sense.name), || Entity {
            name: sense.name.into(),
            country: sense.country,
            sector: sense.sector,
            role: None,
            kind,
            mentions: Vec::new(),
            confidence: 0.95,
        })
    }

    fn known_person(&mut self, p: usize, sense: &'static Sense) -> Answer {
        if sense.kind == SenseKind::Surname {
            // An invented namesake that the article introduced wins over the famous one.
            let name = self.phrases[p].name.clone().unwrap_or_else(|| self.phrases[p].core.clone());
            if let Some(id) = self.named_before(&self.letters(p, name.clone())) {
                return Answer::one(id, MentionKind::Name, "coreference", 0.9);
            }
            let titled = self.phrases[p].noun.is_some() || self.phrases[p].honorific.is_some();
            let longer = name.len() > 1 && self.phrases[p].noun.is_none();
            if longer {
                return self.named(p);
            }
            if !titled && self.analysed.article.published_at.is_none() {
                return self.named(p);
            }
        }
        let belonging = self.belonging(p);
        let date = self.analysed.article.published_at.map(|t| jiff::tz::Offset::UTC.to_datetime(t).date());
        let stated = belonging.side.map(|s| s.country);
        let knowledge = Knowledge::shared();
        let holder = knowledge.office_holder(sense.name, stated, date);
        if stated.is_some() && holder.is_none() {
            // The text says another country: somebody else of that name.
            return self.named(p);
        }
        let country = holder.as_ref().map(|h| h.term.country).or(sense.country);
        let sector = holder.as_ref().map(|h| h.sector).or(sense.sector);
        let confidence = if sense.kind == SenseKind::Person { 0.95 } else { 0.7 };
        let role = self.phrases[p].role.clone();
        let id = self.keyed(key(sense.name), || Entity {
            name: sense.name.into(),
            country,
            sector,
            role,
            kind: EntityKind::Person,
            mentions: Vec::new(),
            confidence,
        });
        self.describe(p, id);
        Answer::one(id, MentionKind::Name, "name", confidence)
    }
}
