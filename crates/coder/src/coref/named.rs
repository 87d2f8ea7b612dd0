//! Names: known ones, new ones, and short forms of names met before.

use entente_knowledge::SenseKind;
use entente_language::{Deprel, Upos};
use entente_ontology::{CountryCode, Sector};
use smol_str::{SmolStr, StrExt as _, format_smolstr};

use crate::coref::country::Belonging;
use crate::coref::{Answer, Resolver, Side, place, pronoun};
use crate::mention::nouns::{Noun, NounClass, Nouns};
use crate::mention::phrase::{Article, Shape};
use crate::mention::{Entity, EntityId, EntityKind, MentionKind};

/// Ends of names that only companies bear.
const COMPANY_ENDS: &[&str] = &[
    "inc",
    "inc.",
    "corp",
    "corp.",
    "corporation",
    "ltd",
    "ltd.",
    "plc",
    "gmbh",
    "ag",
    "llc",
    "co",
    "co.",
    "sa",
    "s.a.",
    "spa",
    "nv",
    "technologies",
    "technology",
    "systems",
    "holdings",
    "holding",
    "industries",
    "energy",
    "petroleum",
    "motors",
    "airlines",
    "airways",
    "pharmaceuticals",
    "semiconductor",
    "electronics",
    "telecom",
    "bank",
    "mining",
    "shipping",
    "steel",
    "resources",
    "trading",
    "logistics",
    "foods",
    "software",
    "aerospace",
    "dynamics",
    "partners",
    "capital",
    "group",
    "cement",
    "gas",
    "oil",
    "minerals",
    "metals",
    "media",
    "labs",
    "networks",
    "power",
    "chemicals",
    "lines",
    "marine",
    "brothers",
    "sons",
];

/// Ends of names of armed groups that the text need not explain.
const ARMED_ENDS: &[&str] = &["brigades", "brigade", "guerrillas", "rebels", "militia", "militias"];

impl Resolver<'_, '_> {
    /// A name that no table has, alone or with a description.
    pub(crate) fn named(&mut self, p: usize) -> Answer {
        let phrase = &self.phrases[p];
        let tokens = phrase.name.clone().unwrap_or_else(|| phrase.core.clone());
        let name = self.clean_name(p, tokens);
        if name.chars().filter(|c| c.is_alphabetic()).count() < 2 {
            return Answer::default();
        }
        if let Some(country) = self.divided_state(&name) {
            return Answer::one(self.country_entity(country), MentionKind::Name, "name", 0.75);
        }
        if let Some(id) = self.named_before(&name) {
            self.lengthen(p, id, &name);
            self.describe(p, id);
            return Answer::one(id, MentionKind::Name, "coreference", 0.9);
        }
        let kind = self.kind_of_name(p, &name);
        if kind == EntityKind::Unknown
            && self.is_located(&self.phrases[p])
            && let Some(country) = self.town_country(p)
        {
            return Answer::one(self.country_entity(country), MentionKind::Place, "place", 0.6);
        }
        let id = self.introduce(p, name, kind);
        let located = kind == EntityKind::Unknown && self.is_located(&self.phrases[p]);
        let mention = if located { MentionKind::Place } else { MentionKind::Name };
        self.drafts[id.0 as usize].place = located;
        Answer::one(id, mention, "name", self.draft(id).entity.confidence)
    }

    /// "the North", "the South" where an article is about both parts of what was one country.
    pub(crate) fn divided_state(&self, name: &str) -> Option<CountryCode> {
        const DIVIDED: [(&str, &str); 2] = [("PRK", "KOR"), ("SDN", "SSD")];
        let north = match name {
            "North" | "Northern" => true,
            "South" | "Southern" => false,
            _ => return None,
        };
        DIVIDED.iter().find_map(|(n, s)| {
            let (n, s) = (n.parse().ok()?, s.parse().ok()?);
            let both = self.names_country(n) && self.names_country(s);
            both.then_some(if north { n } else { s })
        })
    }

    /// A name without article, honorific and possessive ending.
    fn clean_name(&self, p: usize, tokens: std::ops::Range<usize>) -> SmolStr {
        let s = &self.analysed.sentences[self.phrases[p].sentence];
        let mut tokens = tokens;
        while tokens.len() > 1 {
            let low = s.word(tokens.start).to_lowercase_smolstr();
            let skip = matches!(
                low.trim_end_matches('.'),
                "the" | "mr" | "mrs" | "ms" | "dr" | "sir" | "fr" | "former" | "prof"
            ) || s.token(tokens.start).upos == Upos::Punct;
            if !skip {
                break;
            }
            tokens.start += 1;
        }
        self.letters(p, tokens)
    }

    /// The entity that bore this name, or a longer form of it, before: "Lee" after "Lee Min-jun", "the Front" after
    /// "the Northern Salvation Front".
    pub(crate) fn named_before(&self, name: &str) -> Option<EntityId> {
        if let Some(&id) = self.by_key.get(&key(name)) {
            return Some(id);
        }
        let words: Vec<SmolStr> = name.split([' ', '-']).map(|w| w.to_lowercase_smolstr()).collect();
        // Sorted from the latest mention: the nearest bearer wins.
        let mut ids: Vec<usize> = (0..self.drafts.len())
            .filter(|&i| {
                matches!(
                    self.drafts[i].entity.kind,
                    EntityKind::Person
                        | EntityKind::Organisation
                        | EntityKind::Unknown
                        | EntityKind::Asset
                        | EntityKind::Organ
                )
            })
            .collect();
        ids.sort_by_key(|&i| std::cmp::Reverse(self.drafts[i].last));
        let found = ids.into_iter().find(|&i| {
            let entity = &self.drafts[i].entity;
            let longer: Vec<SmolStr> =
                entity.name.split([' ', '-']).map(|w| w.to_lowercase_smolstr()).collect();
            if longer.len() <= words.len() {
                // The short form came first, as headlines have it.
                return match entity.kind {
                    EntityKind::Person => longer.len() == 1 && words.last() == longer.last(),
                    EntityKind::Unknown => {
                        longer.len() == 1
                            && (words.first() == longer.first() || words.last() == longer.last())
                    }
                    _ => false,
                };
            }
            let part = longer.windows(words.len()).any(|w| w == words.as_slice());
            match entity.kind {
                EntityKind::Person | EntityKind::Unknown | EntityKind::Asset => part,
                _ => {
                    part && (words.last() == longer.last() || is_first_name(&words, &longer))
                        || initials(&entity.name).eq_ignore_ascii_case(name) && name.len() > 1
                }
            }
        })?;
        Some(EntityId(u32::try_from(found).ok()?))
    }

    /// Gives an entity the fuller name, and what comes with it.
    pub(crate) fn lengthen(&mut self, p: usize, id: EntityId, name: &SmolStr) {
        if self.draft(id).entity.name.len() >= name.len()
            || !matches!(self.draft(id).entity.kind, EntityKind::Person | EntityKind::Unknown)
        {
            return;
        }
        self.by_key.insert(key(name), id);
        let kind = self.kind_of_name(p, name);
        let draft = &mut self.drafts[id.0 as usize];
        draft.entity.name = name.clone();
        if draft.entity.kind == EntityKind::Unknown {
            draft.entity.kind = kind;
        }
        if draft.entity.country.is_none() && draft.owner.is_none() {
            self.complete(p, id);
        }
    }

    fn kind_of_name(&self, p: usize, name: &str) -> EntityKind {
        let followers = self.followers(p);
        let nouns = std::iter::once(p).chain(followers).filter_map(|q| self.phrases[q].noun);
        for noun in nouns {
            match noun.class {
                NounClass::Person => return EntityKind::Person,
                NounClass::Organ | NounClass::Organisation => return EntityKind::Organisation,
                // "the Eastern Community"
                NounClass::People if self.phrases[p].proper_noun => return EntityKind::Organisation,
                NounClass::Asset => return EntityKind::Asset,
                NounClass::People => return EntityKind::Group,
                NounClass::State | NounClass::Side => {}
            }
        }
        let phrase = &self.phrases[p];
        let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase_smolstr();
        if phrase.honorific.is_some() {
            return EntityKind::Person;
        }
        if COMPANY_ENDS.contains(&last.as_str()) && name.contains(' ')
            || ARMED_ENDS.contains(&last.as_str())
            || phrase.article == Article::Definite
        {
            return EntityKind::Organisation;
        }
        let s = &self.analysed.sentences[phrase.sentence];
        let speaks = s.is_rel(phrase.head, Deprel::Nsubj)
            && s.head(phrase.head).is_some_and(|verb| pronoun::is_speech(&s.token(verb).lemma));
        let told = s.children(phrase.head).any(|c| {
            s.rel(c) == Deprel::AclRelcl && s.children(c).any(|w| matches!(s.word(w), "who" | "whose"))
        });
        if speaks || told { EntityKind::Person } else { EntityKind::Unknown }
    }

    /// Makes the entity of a new name, with all that the text says of it.
    pub(crate) fn introduce(&mut self, p: usize, name: SmolStr, kind: EntityKind) -> EntityId {
        let belonging = self.belonging(p);
        let followers = self.followers(p);
        let noun = std::iter::once(p).chain(followers.iter().copied()).find_map(|q| self.phrases[q].noun);
        let role = std::iter::once(p).chain(followers).find_map(|q| self.phrases[q].role.clone());
        let town = || {
            let country = place::in_named_country(&name, &self.country_counts)?;
            (kind == EntityKind::Unknown).then_some(Side { country, confidence: 0.5 })
        };
        let in_name = self.country_in_name(p).map(|country| Side { country, confidence: 0.6 });
        let side = belonging
            .side
            .or(in_name)
            .or_else(|| self.named_context(p, kind, noun, &belonging))
            .or_else(town);
        let armed = described_sector(noun, belonging.sector);
        let side = side.or_else(|| self.theatre(armed));
        let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase_smolstr();
        let fallback = if kind == EntityKind::Organisation && ARMED_ENDS.contains(&last.as_str()) {
            Some(Sector::Reb)
        } else if kind == EntityKind::Organisation && COMPANY_ENDS.contains(&last.as_str()) {
            Some(Sector::Bus)
        } else {
            None
        };
        let sector =
            described_sector(noun, belonging.sector).or(fallback).or_else(|| sector_in_name(kind, &name));
        let entity = Entity {
            name: name.clone(),
            country: side.map(|s| s.country),
            sector,
            role: role.filter(|_| kind == EntityKind::Person),
            kind,
            mentions: Vec::new(),
            confidence: side.map_or(0.6, |s| s.confidence),
        };
        let id = self.keyed(key(&name), || entity);
        self.drafts[id.0 as usize].owner = belonging.owner;
        self.describe(p, id);
        self.alias(p, id);
        id
    }

    /// The context gives a country to people of the place, not to companies, armed groups and bare names.
    fn named_context(
        &self,
        p: usize,
        kind: EntityKind,
        noun: Option<Noun>,
        belonging: &Belonging,
    ) -> Option<Side> {
        let noun = noun?;
        let armed =
            [belonging.sector, noun.sector].iter().any(|s| matches!(s, Some(Sector::Reb | Sector::Crm)));
        let owner_open =
            belonging.owner.is_some_and(|o| matches!(self.draft(o).entity.sector, Some(Sector::Bus) | None));
        let local = match kind {
            EntityKind::Person | EntityKind::Organ => true,
            // Parties, unions and charities are mostly of the place; companies and movements may be from anywhere.
            EntityKind::Organisation if self.is_local_body(p) => true,
            EntityKind::Organisation => {
                noun.class == NounClass::Organ
                    || matches!(
                        noun.sector,
                        Some(
                            Sector::Pty
                                | Sector::Opp
                                | Sector::Lab
                                | Sector::Soc
                                | Sector::Edu
                                | Sector::Med
                                | Sector::Rel
                                | Sector::Jrn
                        )
                    )
            }
            _ => false,
        };
        // "President Doe threatened Mali": of Mali least of all.
        let guessed = kind == EntityKind::Person && !self.home_is_sure;
        (local && !armed && !owner_open && !guessed)
            .then(|| self.context_country(p, self.is_envoy_phrase(p)))
            .flatten()
    }

    /// Bodies that mostly belong to the country where the news is, unlike movements and companies.
    fn is_local_body(&self, p: usize) -> bool {
        matches!(
            self.noun_word(p).as_str(),
            "chamber"
                | "board"
                | "authority"
                | "office"
                | "institute"
                | "centre"
                | "center"
                | "federation"
                | "commission"
                | "committee"
                | "council"
                | "agency"
        )
    }

    /// Notes what a further phrase says of an entity.
    pub(crate) fn describe(&mut self, p: usize, id: EntityId) {
        let followers = self.followers(p);
        for q in std::iter::once(p).chain(followers) {
            let phrase = &self.phrases[q];
            let noun_word = phrase.noun.map(|_| self.noun_word(q));
            let gender = phrase.honorific.or_else(|| noun_word.as_deref().and_then(pronoun::gender_of_noun));
            let role = phrase.role.clone();
            let draft = &mut self.drafts[id.0 as usize];
            if let Some(word) = noun_word {
                draft.noun = word;
            }
            draft.gender = draft.gender.or(gender.filter(|g| *g != crate::mention::phrase::Pronoun::I));
            if draft.entity.kind == EntityKind::Person && draft.entity.role.is_none() {
                draft.entity.role = role;
            }
        }
    }

    /// Remembers an abbreviation in brackets.
    pub(crate) fn alias(&mut self, p: usize, id: EntityId) {
        if let Some(alias) = self.phrases[p].alias.clone() {
            let short = self.letters(p, alias);
            self.by_key.entry(key(&short)).or_insert(id);
        }
    }

    /// The describing noun of a phrase, lower case, singular.
    pub(crate) fn noun_word(&self, p: usize) -> SmolStr {
        let phrase = &self.phrases[p];
        match phrase.noun_tokens.end.checked_sub(1) {
            Some(at) if phrase.noun.is_some() => {
                let token = self.analysed.sentences[phrase.sentence].token(at);
                token.lemma.to_lowercase_smolstr()
            }
            _ => SmolStr::default(),
        }
    }

    /// Whether a phrase is the name of a body that the tables know.
    pub(crate) fn is_known_body(&self, p: usize) -> bool {
        matches!(self.phrases[p].shape, Shape::Known(sense) if !matches!(
            sense.kind,
            SenseKind::Country | SenseKind::Demonym | SenseKind::Seat | SenseKind::Place | SenseKind::Surname
        ))
    }

    /// Whether a shape carries a name of its own.
    pub(crate) fn has_name(&self, p: usize) -> bool {
        matches!(self.phrases[p].shape, Shape::Named) || self.phrases[p].name.is_some()
    }
}

/// Sector of a described actor: its noun's, unless that leaves it to what the actor belongs to.
pub(crate) fn described_sector(
    noun: Option<crate::mention::nouns::Noun>,
    belonging: Option<Sector>,
) -> Option<Sector> {
    match noun {
        Some(noun) if noun.open => belonging.or(noun.sector),
        Some(noun) => match belonging {
            Some(strong @ (Sector::Opp | Sector::Eli | Sector::Reb))
                if noun.sector == Some(Sector::Gov) || noun.class != NounClass::Organ =>
            {
                Some(strong).filter(|s| *s != Sector::Reb || noun.sector != Some(Sector::Gov)).or(noun.sector)
            }
            _ => noun.sector.or(belonging),
        },
        None => belonging,
    }
}

/// The sector that a word inside an organisation's name tells: "Chamber of Importers", "Farmers' League".
fn sector_in_name(kind: EntityKind, name: &str) -> Option<Sector> {
    if kind != EntityKind::Organisation {
        return None;
    }
    let nouns = Nouns::shared();
    name.split([' ', '\'', '\u{2019}']).find_map(|word| {
        let low = word.to_lowercase_smolstr();
        let singular = low.strip_suffix('s').unwrap_or(&low);
        let noun = nouns.longest_ending(&[singular])?.1;
        noun.sector.filter(|_| noun.class == NounClass::Person && !noun.open)
    })
}

/// The key of a name in the index.
pub(crate) fn key(name: &str) -> SmolStr {
    let low = name.to_lowercase_smolstr();
    let low = low.strip_prefix("the ").unwrap_or(&low);
    format_smolstr!("name {low}")
}

/// "Veldra" for "Veldra Optronics": the first word, if it is no common one.
fn is_first_name(words: &[SmolStr], longer: &[SmolStr]) -> bool {
    let [word] = words else { return false };
    Some(word) == longer.first()
        && word.len() > 3
        && longer.len() <= 4
        && Nouns::shared().longest_ending(&[word]).is_none()
        && !matches!(
            word.as_str(),
            "united"
                | "national"
                | "international"
                | "central"
                | "general"
                | "federal"
                | "northern"
                | "southern"
                | "eastern"
                | "western"
        )
}

fn initials(name: &str) -> String {
    name.split([' ', '-']).filter_map(|w| w.chars().next()).filter(|c| c.is_uppercase()).collect()
}
