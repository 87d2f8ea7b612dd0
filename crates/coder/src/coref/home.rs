//! The country that an article is at home in: where "the government" without more is.

use entente_knowledge::{Knowledge, SenseKind};
use entente_messages::Part;
use entente_ontology::CountryCode;

use crate::analysed::Analysed;
use crate::coref::country::side_of;
use crate::coref::place::{country_of_place, title_case};
use crate::mention::phrase::{Phrase, Shape};

/// The dateline's country, unless it is only the venue: the headline leaves it out or names it as a place, and names
/// another one that the article speaks of more. Without a dateline the country named most.
pub(crate) fn home_country(analysed: &Analysed<'_>, phrases: &[Phrase]) -> Option<CountryCode> {
    let counts = country_counts(phrases);
    // The first of equals: it was named first.
    let top = counts.iter().rev().max_by_key(|(_, count)| *count);
    let Some(dateline) = dateline_country(analysed, phrases) else { return top.map(|(code, _)| *code) };
    let there = counts.iter().find(|(code, _)| *code == dateline).map_or(0, |(_, count)| *count);
    let headline = headline_countries(analysed, phrases);
    match top {
        Some((code, count))
            if !headline.contains(&dateline) && headline.contains(code) && *count * 2 > there * 3 =>
        {
            Some(*code)
        }
        _ => Some(dateline),
    }
}

/// States that the headline names other than as a place ("in Oslo").
fn headline_countries(analysed: &Analysed<'_>, phrases: &[Phrase]) -> Vec<CountryCode> {
    let titles = analysed.sentences.iter().take_while(|s| s.part == Part::Title).count();
    let located = |p: &Phrase| {
        let s = &analysed.sentences[p.sentence];
        let before = p.tokens.start.checked_sub(1);
        before.is_some_and(|i| matches!(s.word(i), "in" | "at" | "near"))
    };
    let named = phrases.iter().filter(|p| p.sentence < titles && !located(p));
    named.flat_map(own_countries).collect()
}

/// The states that a phrase names, as itself or among its modifiers.
fn own_countries(phrase: &Phrase) -> Vec<CountryCode> {
    match phrase.shape {
        Shape::Known(sense) => side_of(sense).into_iter().collect(),
        _ => phrase.sides.iter().filter_map(|s| side_of(s)).collect(),
    }
}

fn dateline_country(analysed: &Analysed<'_>, phrases: &[Phrase]) -> Option<CountryCode> {
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
    let counts = country_counts(phrases);
    found.or_else(|| {
        let place = dateline.split([',', '(', '-', '\u{2014}', '\u{2013}', ':', '/']).next()?;
        country_of_place(&title_case(place.trim()), &counts)
    })
}

/// How often each state is named, in order of first mention.
pub(crate) fn country_counts(phrases: &[Phrase]) -> Vec<(CountryCode, usize)> {
    let mut counts: Vec<(CountryCode, usize)> = Vec::new();
    for phrase in phrases {
        for country in own_countries(phrase) {
            match counts.iter_mut().find(|(code, _)| *code == country) {
                Some((_, count)) => *count += 1,
                None => counts.push((country, 1)),
            }
        }
    }
    counts
}

/// The states named by their own names or demonyms.
pub(crate) fn state_names(phrases: &[Phrase]) -> Vec<CountryCode> {
    let senses = phrases.iter().flat_map(|p| {
        let own = match p.shape {
            Shape::Known(sense) => Some(sense),
            _ => None,
        };
        own.into_iter().chain(p.sides.iter().copied())
    });
    senses
        .filter(|s| matches!(s.kind, SenseKind::Country | SenseKind::Demonym))
        .filter_map(|s| s.country)
        .collect()
}
