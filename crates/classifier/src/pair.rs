//! What goes in: a sentence and two of its actors, and the view of it that features are read from.

use std::ops::Range;

use entente_language::{Deprel, Sentence, Upos};

/// A sentence and two actors in it; the question is what the first does to the second.
#[derive(Clone, Debug)]
pub struct PairInput<'a> {
    /// The sentence alone.
    pub text: &'a str,
    /// Its dependency tree. Without one only words and their order are seen, which costs accuracy.
    pub tree: Option<&'a Sentence>,
    /// Byte position of `text` in the document that the tree's spans refer to.
    pub tree_offset: usize,
    /// Byte range of the acting actor in `text`; `None` where it does not stand in the sentence. A range that is
    /// no part of `text` counts as `None`.
    pub source: Option<Range<usize>>,
    /// Byte range of the other actor in `text`, likewise.
    pub target: Option<Range<usize>>,
}

impl PairInput<'_> {
    /// The source's range, if it is a non-empty part of the text.
    pub(crate) fn checked_source(&self) -> Option<Range<usize>> {
        checked(self.text, self.source.as_ref())
    }

    /// The target's range, likewise.
    pub(crate) fn checked_target(&self) -> Option<Range<usize>> {
        checked(self.text, self.target.as_ref())
    }
}

fn checked(text: &str, range: Option<&Range<usize>>) -> Option<Range<usize>> {
    range.filter(|r| text.get((*r).clone()).is_some_and(|t| !t.trim().is_empty())).cloned()
}

/// Where the two actors stand in a sentence, from their words alone: for data that gives words without positions.
///
/// The first occurrence at word edges that does not overlap the other actor, else the first. The longer of the two
/// is placed first, so that the shorter can avoid it. `training/data.py` repeats this rule.
#[must_use]
pub fn locate(text: &str, source: &str, target: &str) -> (Option<Range<usize>>, Option<Range<usize>>) {
    if source.chars().count() >= target.chars().count() {
        let s = find(text, source, None);
        let t = find(text, target, s.as_ref());
        (s, t)
    } else {
        let t = find(text, target, None);
        (find(text, source, t.as_ref()), t)
    }
}

fn find(text: &str, words: &str, other: Option<&Range<usize>>) -> Option<Range<usize>> {
    if words.is_empty() {
        return None;
    }
    let mut best: Option<((bool, bool), Range<usize>)> = None;
    for (at, _) in text.char_indices() {
        if !text[at..].starts_with(words) {
            continue;
        }
        let end = at + words.len();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let edges = edge(text[..at].chars().next_back()) && edge(text[end..].chars().next());
        let apart = other.is_none_or(|o| end <= o.start || at >= o.end);
        let rank = (!apart, !edges);
        if best.as_ref().is_none_or(|(b, _)| rank < *b) {
            best = Some((rank, at..end));
        }
    }
    best.map(|(_, range)| range)
}

/// Whose words a word belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Source,
    Target,
    Other,
}

/// One word as the features see it.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// Lower-case dictionary form.
    pub(crate) lemma: String,
    pub(crate) upos: Upos,
    pub(crate) role: Role,
    pub(crate) head: Option<usize>,
    pub(crate) deprel: Deprel,
    /// "Past", "Pres" or "".
    pub(crate) tense: &'static str,
    /// Participle, infinitive, finite ... as UD writes it.
    pub(crate) verb_form: &'static str,
    pub(crate) passive: bool,
}

/// A sentence with its actors found among its words.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) words: Vec<Word>,
    pub(crate) has_tree: bool,
    /// The word of each actor that the rest of the actor depends on.
    pub(crate) source: Option<usize>,
    pub(crate) target: Option<usize>,
}

impl View {
    pub(crate) fn new(input: &PairInput<'_>) -> Self {
        let (source, target) = (input.checked_source(), input.checked_target());
        let tree = input.tree.filter(|t| fits(t, input));
        let mut spans = Vec::new();
        let mut words = match tree {
            Some(tree) => from_tree(tree, input, &mut spans),
            None => from_text(input.text, &mut spans),
        };
        for (word, span) in words.iter_mut().zip(&spans) {
            let within = |r: &Option<Range<usize>>| {
                r.as_ref().filter(|r| span.start < r.end && r.start < span.end).map(ExactSizeIterator::len)
            };
            // Where one actor's words lie inside the other's, they belong to the shorter.
            word.role = match (within(&source), within(&target)) {
                (Some(s), Some(t)) if t < s => Role::Target,
                (Some(_), _) => Role::Source,
                (None, Some(_)) => Role::Target,
                (None, None) => Role::Other,
            };
        }
        let has_tree = tree.is_some();
        let source = head_of(&words, Role::Source);
        let target = head_of(&words, Role::Target);
        Self { words, has_tree, source, target }
    }

    /// A word's dependents, in order.
    pub(crate) fn children(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len()).filter(move |&i| self.words[i].head == Some(head))
    }

    /// A word and its heads up to the root.
    pub(crate) fn upward(&self, word: usize) -> Vec<usize> {
        let mut path = vec![word];
        while let Some(head) = self.words[path[path.len() - 1]].head
            && path.len() <= self.words.len()
        {
            path.push(head);
        }
        path
    }
}

/// Whether the tree's spans lie in the text.
fn fits(tree: &Sentence, input: &PairInput<'_>) -> bool {
    let inside = |r: &Range<usize>| {
        r.start >= input.tree_offset
            && input.text.get(r.start - input.tree_offset..r.end.saturating_sub(input.tree_offset)).is_some()
    };
    let count = tree.tokens.len();
    tree.tokens.iter().all(|t| inside(&t.span) && t.head.is_none_or(|h| h < count))
}

fn from_tree(tree: &Sentence, input: &PairInput<'_>, spans: &mut Vec<Range<usize>>) -> Vec<Word> {
    tree.tokens
        .iter()
        .enumerate()
        .map(|(i, token)| {
            let span = token.span.start - input.tree_offset..token.span.end - input.tree_offset;
            let word = Word {
                lemma: token.lemma.to_lowercase(),
                upos: token.upos,
                role: Role::Other,
                head: token.head,
                deprel: token.deprel,
                tense: token.feat("Tense").unwrap_or(""),
                verb_form: token.feat("VerbForm").unwrap_or(""),
                passive: token.is_verbal() && tree.is_passive(i),
            };
            spans.push(span);
            word
        })
        .collect()
}

/// Words by character class, without tags; capitalised words inside the sentence count as names.
fn from_text(text: &str, spans: &mut Vec<Range<usize>>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let part = c.is_alphanumeric() || matches!(c, '\'' | '’' | '-') && start.is_some();
        if part {
            start.get_or_insert(at);
            continue;
        }
        if let Some(s) = start.take() {
            words.push(plain(&text[s..at], words.is_empty()));
            spans.push(s..at);
        }
        if !c.is_whitespace() {
            words.push(plain(&text[at..at + c.len_utf8()], false));
            spans.push(at..at + c.len_utf8());
        }
    }
    words
}

fn plain(form: &str, first: bool) -> Word {
    let begins = |f: fn(char) -> bool| form.chars().next().is_some_and(f);
    let upos = if begins(char::is_numeric) {
        Upos::Num
    } else if !begins(char::is_alphanumeric) {
        Upos::Punct
    } else if begins(char::is_uppercase) && !first {
        Upos::Propn
    } else {
        Upos::X
    };
    Word {
        lemma: form.to_lowercase(),
        upos,
        role: Role::Other,
        head: None,
        deprel: Deprel::Root,
        tense: "",
        verb_form: "",
        passive: false,
    }
}

/// The first word of an actor whose head is none of the actor's words; without a tree the actor's last word.
fn head_of(words: &[Word], role: Role) -> Option<usize> {
    let mine = |i: usize| words[i].role == role;
    let tree = words.iter().any(|w| w.head.is_some());
    let of = |i: &usize| mine(*i) && words[*i].upos != Upos::Punct;
    if tree {
        (0..words.len()).filter(of).find(|&i| words[i].head.is_none_or(|h| !mine(h)))
    } else {
        (0..words.len()).rfind(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locates_at_word_edges_and_apart() {
        let text = "Thailand said the Thai army would fight the Thai rebels.";
        assert_eq!(locate(text, "Thai", "the Thai army"), (Some(44..48), Some(14..27)));
        assert_eq!(locate(text, "An actor", "Thailand"), (None, Some(0..8)));
        assert_eq!(locate(text, "", "army"), (None, Some(23..27)));
    }

    #[test]
    fn ranges_that_are_no_part_of_the_text_count_as_absent() {
        let mut input =
            PairInput { text: "é x", tree: None, tree_offset: 0, source: Some(1..2), target: Some(3..9) };
        assert_eq!((input.checked_source(), input.checked_target()), (None, None));
        input.source = Some(0..2);
        input.target = Some(2..3);
        assert_eq!((input.checked_source(), input.checked_target()), (Some(0..2), None));
    }

    #[test]
    fn words_belong_to_the_shorter_actor() {
        let text = "The head of Mali's army met reporters";
        let input = PairInput { text, tree: None, tree_offset: 0, source: Some(0..23), target: Some(12..16) };
        let view = View::new(&input);
        assert_eq!(view.words[3].role, Role::Target);
        assert_eq!(view.words[2].role, Role::Source);
    }
}
