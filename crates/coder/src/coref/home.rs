//! The country that an article is at home in: where "the government" without more is.

use entente_knowledge::{Knowledge, SenseKind};
use entente_ontology::CountryCode;

use crate::analysed::Analysed;
use crate::coref::country::side_of;
use crate::mention::phrase::{Phrase, Shape};

/// How many times more often another country must be named than that of the dateline to be home instead: reporters sit
/// abroad, but mostly in the country that they write of.
const OUTWEIGHS: usize = 3;

/// The dateline's country, unless the article is clearly about another one; else the country named most.
pub(crate) fn home_country(analysed: &Analysed<'_>, phrases: &[Phrase]) -> Option<CountryCode> {
    let counts = country_counts(phrases);
    // The first of equals: it was named first.
    let top = counts.iter().rev().max_by_key(|(_, count)| *count);
    let Some(dateline) = dateline_country(analysed) else { return top.map(|(code, _)| *code) };
    let there = counts.iter().find(|(code, _)| *code == dateline).map_or(0, |(_, count)| *count);
    match top {
        Some((code, count)) if *count >= OUTWEIGHS * (there + 1) => Some(*code),
        _ => Some(dateline),
    }
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

/// How often each state is named, in order of first mention.
pub(crate) fn country_counts(phrases: &[Phrase]) -> Vec<(CountryCode, usize)> {
    let mut counts: Vec<(CountryCode, usize)> = Vec::new();
    for phrase in phrases {
        let own = match phrase.shape {
            Shape::Known(sense) => side_of(sense),
            _ => None,
        };
        let inside = phrase.sides.iter().filter_map(|s| side_of(s)).filter(|_| !matches!(phrase.shape, Shape::Known(_)));
        for country in own.into_iter().chain(inside) {
            match counts.iter_mut().find(|(code, _)| *code == country) {
                Some((_, count)) => *count += 1,
                None => counts.push((country, 1)),
            }
        }
    }
    counts
}
