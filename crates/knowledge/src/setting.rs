//! Time and place words of an act where the coder attached none: the words of its clause, then those that open the sentence.

use std::ops::Range;

use crate::place::{Place, PlaceContext, Places};
use crate::time::{Lead, TimeSpan, find};

/// Marks and words that end a clause.
const BREAKS: [&str; 19] = [
    " - ", " – ", " — ", "(", ")", ";", ":", ", ", "\"", "“", "”", " but ", " and ", " after ", " before ",
    " when ", " which ", " while ", " that ",
];

/// The part of a sentence around a trigger that no clause mark interrupts.
fn clause(sentence: &str, trigger: &Range<usize>) -> Range<usize> {
    let before = sentence.get(..trigger.start).unwrap_or("");
    let after = sentence.get(trigger.end..).unwrap_or("");
    let start =
        BREAKS.iter().filter_map(|mark| before.rfind(mark).map(|at| at + mark.len())).max().unwrap_or(0);
    let end =
        BREAKS.iter().filter_map(|mark| after.find(mark)).min().map_or(sentence.len(), |at| trigger.end + at);
    start..end
}

/// The time expression of the act at `trigger` (bytes of the sentence).
#[must_use]
pub fn time_of(sentence: &str, trigger: &Range<usize>) -> Option<TimeSpan> {
    let spans: Vec<TimeSpan> = find(sentence).into_iter().filter(|span| span.lead != Lead::Until).collect();
    let clause = clause(sentence, trigger);
    let near = spans
        .iter()
        .filter(|span| {
            span.start >= clause.start
                && span.end <= clause.end
                && span.start >= trigger.start.min(span.start)
        })
        .min_by_key(|span| span.start.abs_diff(trigger.end).min(trigger.start.abs_diff(span.end)));
    let opening = spans
        .first()
        .filter(|span| sentence.get(..span.start).is_some_and(|head| head.split_whitespace().count() <= 2));
    near.or(opening).copied()
}

/// The place of the act at `trigger`: a known name behind "in", "at", "near" and the like in its clause, or at the
/// opening of the sentence.
#[must_use]
pub fn place_of(
    sentence: &str,
    trigger: &Range<usize>,
    context: &PlaceContext,
) -> Option<(Range<usize>, Place)> {
    let clause = clause(sentence, trigger);
    let opening = sentence.find(',').filter(|end| *end <= 60).map(|end| 0..end);
    let named = |range: Range<usize>, from_start: bool| {
        let words = sentence.get(range.clone())?;
        let mut starts: Vec<usize> = PREPOSITIONS
            .iter()
            .flat_map(|word| words.match_indices(word).map(|(at, _)| (at, at + word.len())))
            .filter(|(at, _)| *at == 0 || !from_start && words.as_bytes().get(at - 1) == Some(&b' '))
            .map(|(_, end)| end)
            .collect();
        starts.sort_unstable();
        starts.into_iter().find_map(|first| name_at(sentence, range.start + first, range.end, context))
    };
    named(trigger.end..clause.end.max(trigger.end), false).or_else(|| named(opening?, true))
}

const PREPOSITIONS: [&str; 8] = ["in ", "at ", "near ", "outside ", "In ", "At ", "Near ", "Outside "];

/// The known place whose name starts at a byte, an article passed over.
fn name_at(sentence: &str, at: usize, end: usize, context: &PlaceContext) -> Option<(Range<usize>, Place)> {
    let words = sentence.get(at..end)?;
    let name = words.strip_prefix("the ").unwrap_or(words);
    let at = end - name.len();
    if !name.starts_with(char::is_uppercase) {
        return None;
    }
    let (len, _) = Places::shared().longest_at(sentence, at)?;
    let text = sentence.get(at..at + len)?;
    // "in May" and "in Parliament" are no places.
    if find(text).iter().any(|span| span.start == 0) {
        return None;
    }
    Some((at..at + len, Places::shared().resolve(text, context)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(sentence: &str, trigger: &str) -> Option<String> {
        let at = sentence.find(trigger).unwrap();
        let span = time_of(sentence, &(at..at + trigger.len()))?;
        Some(sentence[span.start..span.end].to_owned())
    }

    fn place(sentence: &str, trigger: &str) -> Option<String> {
        let at = sentence.find(trigger).unwrap();
        let context = PlaceContext::of_text(sentence);
        place_of(sentence, &(at..at + trigger.len()), &context).map(|(range, _)| sentence[range].to_owned())
    }

    #[test]
    fn times_of_the_clause_come_before_the_opening() {
        let text = "In 2011 Ghana jailed a spy; Togo answered in March, and expelled a consul.";
        assert_eq!(time(text, "jailed").as_deref(), Some("2011"));
        assert_eq!(time(text, "answered").as_deref(), Some("March"));
        assert_eq!(time(text, "expelled").as_deref(), Some("2011"));
        assert_eq!(time("Ghana jailed a spy in March, and freed another.", "freed"), None);
        assert_eq!(time("In July Ghana seized two boats and freed them.", "freed").as_deref(), Some("July"));
    }

    #[test]
    fn places_follow_their_preposition() {
        assert_eq!(place("The ministers met in Lusaka for talks.", "met").as_deref(), Some("Lusaka"));
        assert_eq!(place("In Lusaka, students burned a flag.", "burned").as_deref(), Some("Lusaka"));
        assert_eq!(place("Togo rejected it in a note sent in Lome.", "rejected").as_deref(), Some("Lome"));
        assert_eq!(place("The ministers met in May.", "met"), None);
        assert_eq!(place("The ministers met in parliament.", "met"), None);
    }
}
