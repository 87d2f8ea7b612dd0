//! Descriptions: "the defence minister of Mali", "the army", "the rebels", "the ministry".

use entente_ontology::{CountryCode, Sector};
use smol_str::{SmolStr, StrExt as _, format_smolstr};

use crate::coref::country::{Belonging, side_of};
use crate::coref::named::{described_sector, key};
use crate::coref::{Answer, Resolver, Side};
use crate::mention::nouns::{Noun, NounClass};
use crate::mention::phrase::{Article, Phrase, Shape, Tie};
use crate::mention::{Entity, EntityId, EntityKind, MentionKind};

impl Resolver<'_, '_> {
    pub(crate) fn described(&mut self, p: usize, noun: Noun) -> Answer {
        if self.has_name(p) || self.followers(p).iter().any(|&q| self.has_name(q) || self.is_known_body(q)) {
            return self.named_by_description(p);
        }
        if let Some(answer) = self.of_several_sides(p, noun) {
            return answer;
        }
        match noun.class {
            NounClass::State | NounClass::Side => self.state(p),
            NounClass::Organ => self.organ(p, noun),
            NounClass::Person if !self.phrases[p].plural => self.person(p, noun),
            NounClass::Person | NounClass::People => self.people(p, noun),
            NounClass::Asset | NounClass::Organisation => self.body(p, noun),
        }
    }

    /// "a Hungarian track builder, Dunai": the name stands in this phrase or in an apposition to it.
    fn named_by_description(&mut self, p: usize) -> Answer {
        let mut all = std::iter::once(p).chain(self.followers(p));
        let named = all.find(|&q| self.has_name(q) || self.is_known_body(q)).unwrap_or(p);
        let tokens = self.phrases[named].name.clone().unwrap_or_else(|| self.phrases[named].core.clone());
        let name = self.letters(named, tokens);
        let name = SmolStr::new(name.strip_prefix("the ").unwrap_or(&name));
        if let Some(id) = self.named_before(&name) {
            let fresh = self.draft(id).entity.country.is_none() && self.draft(id).owner.is_none();
            if fresh {
                self.complete(p, id);
            }
            self.lengthen(p, id, &name);
            self.describe(p, id);
            return Answer::one(id, MentionKind::Name, "coreference", 0.9);
        }
        let noun = self.phrases[named].noun.or(self.phrases[p].noun);
        let kind = match noun.map(|n| n.class) {
            Some(NounClass::Person) => EntityKind::Person,
            Some(NounClass::Asset) => EntityKind::Asset,
            Some(NounClass::People) => EntityKind::Group,
            Some(NounClass::Organ) => EntityKind::Organ,
            _ => EntityKind::Organisation,
        };
        let id = self.introduce(p, name, kind);
        self.claim_known_names(p, id);
        Answer::one(id, MentionKind::Name, "role", self.draft(id).entity.confidence)
    }

    /// "Belarus's security committee, the KGB": the article's own use of a name that the tables give to another.
    fn claim_known_names(&mut self, p: usize, id: EntityId) {
        for q in std::iter::once(p).chain(self.followers(p)) {
            if let Shape::Known(sense) = self.phrases[q].shape {
                self.by_key.entry(key(sense.name)).or_insert(id);
            }
        }
    }

    /// "Israeli and Egyptian officials", "French and British warships": one group or organ of each state.
    fn of_several_sides(&mut self, p: usize, noun: Noun) -> Option<Answer> {
        let phrase = &self.phrases[p];
        let mut countries: Vec<CountryCode> = phrase.sides.iter().filter_map(|s| side_of(s)).collect();
        countries.dedup();
        if !phrase.plural || countries.len() < 2 || phrase.possessor.is_some() {
            return None;
        }
        let role = self.organ_role(p);
        let members = countries.into_iter().map(|country| {
            let state = self.country_entity(country);
            if matches!(noun.class, NounClass::State | NounClass::Side) {
                state
            } else {
                self.organ_of(state, &role, noun)
            }
        });
        let entities = members.collect();
        Some(Answer { entities, kind: Some(MentionKind::Group), resolution: "group", confidence: 0.8 })
    }

    /// Adds what a later description says to an entity of which little was known.
    pub(crate) fn complete(&mut self, p: usize, id: EntityId) {
        let belonging = self.belonging(p);
        let noun = self.phrases[p].noun;
        let person = noun.is_some_and(|n| n.class == NounClass::Person);
        let side = belonging
            .side
            .or_else(|| person.then(|| self.context_country(p, self.is_envoy_phrase(p))).flatten());
        let draft = &mut self.drafts[id.0 as usize];
        if let Some(side) = side {
            draft.entity.country = Some(side.country);
            draft.entity.confidence = side.confidence;
        }
        draft.owner = draft.owner.or(belonging.owner);
        draft.entity.sector = draft.entity.sector.or(described_sector(noun, belonging.sector));
        if draft.entity.kind == EntityKind::Unknown && person {
            draft.entity.kind = EntityKind::Person;
        }
    }

    /// "the government", "his country", "the island nation".
    fn state(&mut self, p: usize) -> Answer {
        let phrase = &self.phrases[p];
        if phrase.plural && !matches!(self.noun_word(p).as_str(), "authority" | "authorities") {
            return Answer::default();
        }
        let neighbour =
            matches!(self.noun_word(p).as_str(), "neighbour" | "neighbor" | "superpower" | "power");
        let belonging = self.belonging(p);
        if neighbour {
            return self.neighbour(p, &belonging);
        }
        if let Some(side) = belonging.side {
            let id = if side.country.is_organisation()
                && let Some(owner) = belonging.owner
            {
                owner
            } else {
                self.country_entity(side.country)
            };
            self.drafts[id.0 as usize].noun = self.noun_word(p);
            return Answer::one(id, MentionKind::Role, "role", side.confidence);
        }
        if !matches!(self.phrases[p].article, Article::Definite | Article::Bare) || belonging.owner.is_some()
        {
            return Answer::default();
        }
        let Some(side) = self.state_in_focus(p) else { return Answer::default() };
        let id = self.country_entity(side.country);
        Answer::one(id, MentionKind::Role, "coreference", side.confidence)
    }

    /// "its northern neighbour": another state than the possessor's, the one most spoken of.
    fn neighbour(&mut self, p: usize, belonging: &Belonging) -> Answer {
        let own = belonging.side.map(|s| s.country);
        let Some(own) = own else { return Answer::default() };
        let other =
            self.states_by_weight(p).into_iter().find(|id| self.draft(*id).entity.country != Some(own));
        other.map_or_else(Answer::default, |id| Answer::one(id, MentionKind::Role, "coreference", 0.5))
    }

    /// The state that "the government" or "the country" means here.
    fn state_in_focus(&self, p: usize) -> Option<Side> {
        let here = self.phrases[p].sentence;
        let word = self.noun_word(p);
        // "the ambassador in Oslo demanded that the government ..."
        let host =
            (self.first[here]..p).rev().filter(|&q| self.is_envoy_phrase(q)).find_map(|q| self.host_of(q));
        if let Some(country) = host {
            return Some(Side { country, confidence: 0.6 });
        }
        if let Some(country) = self.setting(p, true) {
            return Some(Side { country, confidence: 0.65 });
        }
        // A government spoken of as such before.
        let governed = self
            .drafts
            .iter()
            .filter(|d| d.entity.kind == EntityKind::Country && !word.is_empty() && d.noun == word);
        if let Some(draft) = governed.max_by_key(|d| d.last) {
            return draft.entity.country.map(|country| Side { country, confidence: 0.65 });
        }
        if let Some(country) = self.setting(p, false).or(self.home) {
            return Some(Side { country, confidence: 0.5 });
        }
        let last = self.drafts.iter().filter(|d| d.entity.kind == EntityKind::Country).max_by_key(|d| d.last);
        last.and_then(|d| d.entity.country).map(|country| Side { country, confidence: 0.4 })
    }

    /// "the Mongolian foreign ministry", "the army", "its embassy".
    pub(crate) fn organ(&mut self, p: usize, noun: Noun) -> Answer {
        if let Some(answer) = self.organs_of_owners(p, noun) {
            return answer;
        }
        let belonging = self.belonging(p);
        let role = self.organ_role(p);
        let definite = matches!(self.phrases[p].article, Article::Definite | Article::Bare);
        if belonging.side.is_none()
            && belonging.owner.is_none()
            && definite
            && let Some(id) = self.same_organ(&role, p)
        {
            return Answer::one(id, MentionKind::Role, "coreference", 0.8);
        }
        let side = belonging.side.or_else(|| {
            if belonging.owner.is_some() { None } else { self.context_country(p, self.is_envoy_phrase(p)) }
        });
        let country = side.map(|s| s.country);
        let id = self.keyed(organ_key(country, &role), || Entity {
            name: organ_name(country, &role),
            country,
            sector: noun.sector.filter(|_| !noun.open).or(belonging.sector).or(noun.sector),
            role: Some(role.clone()),
            kind: EntityKind::Organ,
            mentions: Vec::new(),
            confidence: side.map_or(0.4, |s| s.confidence),
        });
        let plural = self.phrases[p].plural;
        let word = self.noun_word(p);
        let draft = &mut self.drafts[id.0 as usize];
        (draft.noun, draft.plural) = (word, plural);
        draft.owner = draft.owner.or(belonging.owner);
        let confidence = draft.entity.confidence;
        Answer::one(id, MentionKind::Role, "role", confidence)
    }

    fn organ_role(&self, p: usize) -> SmolStr {
        self.phrases[p].role.clone().unwrap_or_else(|| {
            let words = self.letters(p, self.phrases[p].core.clone()).to_lowercase_smolstr();
            SmolStr::new(words.strip_prefix("the ").unwrap_or(&words))
        })
    }

    /// "their navies": one of each owner.
    fn organs_of_owners(&mut self, p: usize, noun: Noun) -> Option<Answer> {
        let phrase = &self.phrases[p];
        let tied = phrase.ties.iter().find(|(tie, _)| *tie == Tie::Belongs).map(|(_, head)| *head);
        let head = phrase.possessor.or(tied)?;
        let owners = self.entities_at(phrase.sentence, head);
        if owners.len() < 2 {
            return None;
        }
        let role = self.organ_role(p);
        let members = owners.into_iter().map(|owner| self.organ_of(owner, &role, noun)).collect();
        Some(Answer {
            entities: members,
            kind: Some(MentionKind::Group),
            resolution: "group",
            confidence: 0.6,
        })
    }

    /// The organ of this name met last; "the ministry" for "the foreign ministry".
    fn same_organ(&self, role: &str, p: usize) -> Option<EntityId> {
        let word = self.noun_word(p);
        let fits = |i: &usize| {
            let draft = &self.drafts[*i];
            matches!(draft.entity.kind, EntityKind::Organ | EntityKind::Organisation)
                && draft.count > 0
                && (draft.entity.role.as_deref() == Some(role)
                    || role == word && draft.noun == word
                    || draft.entity.role.as_deref().is_some_and(|r| r.ends_with(&format!(" {role}"))))
        };
        let best = (0..self.drafts.len()).filter(fits).max_by_key(|&i| self.drafts[i].last)?;
        Some(EntityId(u32::try_from(best).ok()?))
    }

    /// One person without a name.
    fn person(&mut self, p: usize, noun: Noun) -> Answer {
        let belonging = self.belonging(p);
        let phrase = &self.phrases[p];
        let word = self.noun_word(p);
        let definite = !matches!(phrase.article, Article::Indefinite);
        if definite && let Some(id) = self.same_person(p, &word, &belonging) {
            return Answer::one(id, MentionKind::Role, "coreference", 0.8);
        }
        let envoy = self.is_envoy_phrase(p);
        let local = self.is_local(p, noun.sector, &belonging);
        let side = belonging.side.or_else(|| local.then(|| self.context_country(p, envoy)).flatten());
        let name = self.description(p, &belonging);
        let sector = described_sector(Some(noun), belonging.sector);
        let role = self.phrases[p].role.clone();
        let id = self.add(Entity {
            name,
            country: side.map(|s| s.country),
            sector,
            role,
            kind: EntityKind::Person,
            mentions: Vec::new(),
            confidence: side.map_or(0.5, |s| s.confidence),
        });
        self.drafts[id.0 as usize].owner = belonging.owner;
        self.describe(p, id);
        Answer::one(id, MentionKind::Role, "role", self.draft(id).entity.confidence)
    }

    /// The country that an armed group fights in: where the article is at home, if that is sure.
    pub(crate) fn theatre(&self, sector: Option<Sector>) -> Option<Side> {
        let country = self.home.filter(|_| sector == Some(Sector::Reb) && self.home_is_sure)?;
        Some(Side { country, confidence: 0.35 })
    }

    /// Whether the context may give the country: not to armed groups and criminals, nor to those whose owner is open.
    fn is_local(&self, p: usize, sector: Option<Sector>, belonging: &Belonging) -> bool {
        let armed = |s: Option<Sector>| matches!(s, Some(Sector::Reb | Sector::Crm));
        let owner_open = belonging.owner.is_some_and(|o| {
            let owner = &self.draft(o).entity;
            armed(owner.sector) || owner.kind == EntityKind::Organisation
        });
        !armed(sector) && !armed(belonging.sector) && !owner_open && !self.is_from_abroad(p)
    }

    /// "a Western diplomat", "foreign workers", "UN-backed": from anywhere but here.
    fn is_from_abroad(&self, p: usize) -> bool {
        let phrase = &self.phrases[p];
        let s = &self.analysed.sentences[phrase.sentence];
        let abroad = ["western", "foreign", "international", "regional", "overseas", "multinational"];
        (phrase.core.start..phrase.noun_tokens.start)
            .any(|i| abroad.iter().any(|word| s.word(i).eq_ignore_ascii_case(word)))
            && !["ministry", "minister", "office", "secretary", "affairs", "service"].iter().any(|organ| {
                phrase.role.as_deref().is_some_and(|role| role.contains(&format!("foreign {organ}")))
            })
    }

    /// The person whom "the minister", "its president" means: described by the same noun before, of the same side.
    fn same_person(&self, p: usize, word: &str, belonging: &Belonging) -> Option<EntityId> {
        let stated = belonging.side.filter(|s| s.confidence > 0.6).map(|s| s.country);
        let role = self.phrases[p].role.as_deref().unwrap_or(word);
        let mut best: Option<(usize, usize)> = None;
        for (i, draft) in self.drafts.iter().enumerate() {
            let entity = &draft.entity;
            if entity.kind != EntityKind::Person
                || draft.count == 0
                || stated.is_some() && stated != entity.country
            {
                continue;
            }
            let Some(known) = entity.role.as_deref() else { continue };
            let same = known == role
                || role == word && (known.ends_with(&format!(" {word}")) || draft.noun == word)
                || is_short_for(role, known);
            if same && best.is_none_or(|(_, last)| draft.last > last) {
                best = Some((i, draft.last));
            }
        }
        best.and_then(|(i, _)| u32::try_from(i).ok()).map(EntityId)
    }

    /// People in the plural, or a body of people.
    fn people(&mut self, p: usize, noun: Noun) -> Answer {
        let belonging = self.belonging(p);
        let phrase = &self.phrases[p];
        let word = self.noun_word(p);
        let sector = described_sector(Some(noun), belonging.sector);
        if matches!(phrase.article, Article::Definite | Article::Bare) && belonging.owner.is_none() {
            let stated = belonging.side.map(|s| s.country);
            let open = phrase.article == Article::Definite;
            if let Some(id) = self.same_people(&word, sector, stated, open) {
                return Answer::one(id, MentionKind::Role, "coreference", 0.75);
            }
        }
        let local = self.is_local(p, sector, &belonging);
        let definite = self.phrases[p].article == Article::Definite;
        if belonging.side.is_none()
            && local
            && definite
            && let Some(id) = self.organ_of_sector(sector)
        {
            return Answer::one(id, MentionKind::Role, "coreference", 0.55);
        }
        let side = belonging
            .side
            .or_else(|| local.then(|| self.context_country(p, self.is_envoy_phrase(p))).flatten())
            .or_else(|| self.theatre(sector));
        let name = self.description(p, &belonging);
        let id = self.add(Entity {
            name,
            country: side.map(|s| s.country),
            sector,
            role: None,
            kind: EntityKind::Group,
            mentions: Vec::new(),
            confidence: side.map_or(0.4, |s| s.confidence),
        });
        let size = self.phrases[p].count;
        let draft = &mut self.drafts[id.0 as usize];
        (draft.owner, draft.plural, draft.noun, draft.size) = (belonging.owner, true, word, size);
        Answer::one(id, MentionKind::Role, "role", self.draft(id).entity.confidence)
    }

    /// "the judges" for the court, "the officers" for the police: the organ of that sector met last.
    fn organ_of_sector(&self, sector: Option<Sector>) -> Option<EntityId> {
        let sector = sector.filter(|s| matches!(s, Sector::Jud | Sector::Cop | Sector::Leg | Sector::Mil))?;
        let found = (0..self.drafts.len())
            .filter(|&i| {
                let draft = &self.drafts[i];
                draft.entity.kind == EntityKind::Organ
                    && draft.entity.sector == Some(sector)
                    && draft.count > 0
            })
            .max_by_key(|&i| self.drafts[i].last)?;
        Some(EntityId(u32::try_from(found).ok()?))
    }

    /// The group that "the protesters", "the rebels" means.
    fn same_people(
        &self,
        word: &str,
        sector: Option<Sector>,
        stated: Option<CountryCode>,
        definite: bool,
    ) -> Option<EntityId> {
        let fits = |i: &usize| {
            let draft = &self.drafts[*i];
            let side = stated.is_none() || stated == draft.entity.country;
            let group = draft.entity.kind == EntityKind::Group && draft.noun == *word;
            // "the rebels" for the one armed group that the article names.
            let armed = definite
                && sector == Some(Sector::Reb)
                && draft.entity.sector == Some(Sector::Reb)
                && matches!(
                    draft.entity.kind,
                    EntityKind::Organisation | EntityKind::Group | EntityKind::Unknown
                );
            draft.count > 0 && side && (group || armed)
        };
        let best = (0..self.drafts.len())
            .filter(fits)
            .max_by_key(|&i| (self.drafts[i].entity.kind == EntityKind::Organisation, self.drafts[i].last))?;
        Some(EntityId(u32::try_from(best).ok()?))
    }

    /// An organisation or thing by a common noun.
    fn body(&mut self, p: usize, noun: Noun) -> Answer {
        let phrase = &self.phrases[p];
        let (word, proper) = (self.noun_word(p), phrase.proper_noun);
        let definite = matches!(phrase.article, Article::Definite);
        let belonging = self.belonging(p);
        if definite && let Some(id) = self.same_body(p, &word, proper, noun, &belonging) {
            self.add_side(id, &belonging);
            return Answer::one(id, MentionKind::Role, "coreference", 0.75);
        }
        let local = noun.class == NounClass::Organisation
            && !matches!(noun.sector, Some(Sector::Reb | Sector::Bus | Sector::Crm) | None);
        let side = belonging.side.or_else(|| {
            (local && belonging.owner.is_none()).then(|| self.context_country(p, false)).flatten()
        });
        let side = side.or_else(|| self.theatre(noun.sector));
        let name = self.description(p, &belonging);
        let id = self.add(Entity {
            name,
            country: side.map(|s| s.country),
            sector: described_sector(Some(noun), belonging.sector),
            role: None,
            kind: if noun.class == NounClass::Asset { EntityKind::Asset } else { EntityKind::Organisation },
            mentions: Vec::new(),
            confidence: side.map_or(0.4, |s| s.confidence),
        });
        let plural = self.phrases[p].plural;
        let draft = &mut self.drafts[id.0 as usize];
        (draft.owner, draft.noun, draft.plural) = (belonging.owner, word, plural);
        self.alias(p, id);
        Answer::one(id, MentionKind::Role, "role", self.draft(id).entity.confidence)
    }

    /// "the Lebanese armed group": a description that tells the side of a name met before.
    fn add_side(&mut self, id: EntityId, belonging: &Belonging) {
        let draft = &mut self.drafts[id.0 as usize];
        if draft.entity.country.is_none()
            && let Some(side) = belonging.side
        {
            draft.entity.country = Some(side.country);
            draft.entity.confidence = side.confidence * 0.9;
        }
    }

    fn same_body(
        &self,
        p: usize,
        word: &str,
        proper: bool,
        noun: Noun,
        belonging: &Belonging,
    ) -> Option<EntityId> {
        let stated = belonging.side.map(|s| s.country);
        let general = matches!(
            word,
            "group"
                | "organisation"
                | "organization"
                | "movement"
                | "body"
                | "bloc"
                | "alliance"
                | "agency"
                | "force"
        );
        let fits = |i: &usize| {
            let draft = &self.drafts[*i];
            let entity = &draft.entity;
            let named = bears_word(&entity.name, word);
            let kind = match noun.class {
                NounClass::Asset => {
                    entity.kind == EntityKind::Asset
                        || entity.kind == EntityKind::Organ && is_vessel(&draft.noun)
                }
                _ => entity.kind == EntityKind::Organisation || entity.kind == EntityKind::Organ && named,
            };
            let side = stated.is_none() || entity.country.is_none() || stated == entity.country;
            let sort = named
                || !proper
                    && (draft.noun == word
                        || noun.class == NounClass::Asset
                        || noun.sector.is_some() && entity.sector == noun.sector
                        || general);
            kind && side && sort && draft.count > 0
        };
        let best = (0..self.drafts.len()).filter(fits).max_by_key(|&i| {
            let draft = &self.drafts[i];
            let near = self.distance(p, draft.last) <= 3;
            let armed = word == "movement" && draft.entity.sector == Some(Sector::Reb);
            let named = bears_word(&draft.entity.name, word);
            (draft.noun == word || named, near, armed, draft.last)
        })?;
        Some(EntityId(u32::try_from(best).ok()?))
    }

    /// A name for an actor that has none: its description, with the full name of what it belongs to.
    fn description(&self, p: usize, belonging: &Belonging) -> SmolStr {
        let phrase: &Phrase = &self.phrases[p];
        let words = self.letters(p, phrase.core.clone());
        let words = ["the ", "The ", "a ", "A ", "an ", "An "]
            .iter()
            .find_map(|article| words.strip_prefix(article))
            .unwrap_or(&words);
        match belonging.owner {
            Some(owner) if phrase.sides.is_empty() => {
                format_smolstr!("{words} ({})", self.draft(owner).entity.name)
            }
            _ => SmolStr::new(words),
        }
    }
}

/// Whether a name holds a word, in the singular or plural.
fn bears_word(name: &str, word: &str) -> bool {
    name.split(' ').any(|w| {
        w.eq_ignore_ascii_case(word)
            || w.strip_suffix('s').is_some_and(|stem| stem.eq_ignore_ascii_case(word))
    })
}

/// Warships are organs of a state in the table, and ships all the same.
fn is_vessel(noun: &str) -> bool {
    noun.ends_with("boat")
        || noun.ends_with("ship")
        || matches!(
            noun,
            "vessel"
                | "frigate"
                | "destroyer"
                | "corvette"
                | "cutter"
                | "submarine"
                | "gunboat"
                | "minesweeper"
        )
}

/// "premier" for "prime minister" and the like.
fn is_short_for(role: &str, known: &str) -> bool {
    let same = |role: &str| match role {
        "premier" | "prime minister" => 1,
        "head of state" | "president" => 2,
        "envoy" | "ambassador" | "high commissioner" | "diplomat" => 3,
        "mp" | "lawmaker" | "legislator" | "deputy" => 4,
        "chief" | "head" | "leader" | "chairman" => 5,
        "priest" | "father" | "cleric" => 6,
        _ => 0,
    };
    same(role) != 0 && same(role) == same(known)
}

pub(crate) fn organ_key(country: Option<CountryCode>, role: &str) -> SmolStr {
    let code = country.map_or("-".to_owned(), |c| c.to_string());
    format_smolstr!("organ {code} {role}")
}

pub(crate) fn organ_name(country: Option<CountryCode>, role: &str) -> SmolStr {
    let known =
        country.and_then(|c| entente_knowledge::Knowledge::shared().country(c.as_str()).map(|k| k.demonym));
    match known {
        Some(demonym) if !demonym.is_empty() => format_smolstr!("{demonym} {role}"),
        _ => SmolStr::new(role),
    }
}
