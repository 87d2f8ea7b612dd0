//! The country that an article is at home in: where "the government" without more is.

use entente_knowledge::{Knowledge, SenseKind};
use entente_ontology::CountryCode;

use crate::analysed::Analysed;
use crate::coref::country::side_of;
use crate::mention::phrase::{Phrase, Shape};

/// Sentences at the top whose countries count.
const TOP: usize = 5;

/// From the dateline, else the country that the top of the article names most.
pub(crate) fn home_country(analysed: &Analysed<'_>, phrases: &[Phrase]) -> Option<CountryCode> {
    dateline_country(analysed).or_else(|| main_country(phrases))
}

fn dateline_country(analysed: &Analysed<'_>) -> Option<CountryCode> {
    let dateline = analysed.dateline()?;
    let knowledge = Knowledge::shared();
    let starts = dateline.char_indices().filter(|&(at, c)| {
        c.is_alphanumeric()
            && dateline[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
    });
    let mut found = None;
    for (at, _) in starts {
        let hit = knowledge.longest_at(dateline, at);
        let sense = hit.and_then(|h| {
            h.senses
                .iter()
                .find(|s| matches!(s.kind, SenseKind::Country | SenseKind::Seat | SenseKind::Place))
        });
        if let Some(sense) = sense {
            let country = sense.country.filter(|c| !c.is_organisation());
            if sense.kind == SenseKind::Country {
                return country;
            }
            found = found.or(country);
        }
    }
    found
}

fn main_country(phrases: &[Phrase]) -> Option<CountryCode> {
    let mut counts: Vec<(CountryCode, usize)> = Vec::new();
    for phrase in phrases.iter().filter(|p| p.sentence < TOP) {
        let Shape::Known(sense) = phrase.shape else { continue };
        let Some(country) = side_of(sense) else { continue };
        match counts.iter_mut().find(|(code, _)| *code == country) {
            Some((_, count)) => *count += 1,
            None => counts.push((country, 1)),
        }
    }
    // The first of equals: it was named first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map(|(code, _)| *code)
}
