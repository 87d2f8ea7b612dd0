//! Noun phrases without what follows their head: "its new defence minister Ana Duarte".

use std::ops::Range;

use entente_language::{Deprel, Upos, Xpos};
use entente_messages::Part;

use crate::analysed::AnalysedSentence;
use crate::mention::nouns::Nouns;
use crate::mention::words::{Words, is_time_word};

/// A noun phrase up to its head, with the parts of a name that follow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// The head word in the tree.
    pub(crate) top: usize,
    /// Determiner to last word, without possessors ("defence minister" of "Mali's defence minister").
    pub(crate) core: Range<usize>,
    /// Tokens of the possessor directly before, if any.
    pub(crate) possessor: Option<usize>,
    /// First token, possessor included.
    pub(crate) start: usize,
}

/// Relations that hold a noun phrase together from the inside.
fn is_internal(sentence: &AnalysedSentence<'_>, i: usize) -> bool {
    let Some(head) = sentence.head(i) else { return false };
    let modifies = |h: usize| {
        matches!(sentence.rel(h), Deprel::Amod | Deprel::Compound | Deprel::Nummod)
            && sentence.head(h).is_some_and(|top| top > i)
    };
    match sentence.rel(i) {
        Deprel::Amod => true,
        Deprel::Det
        | Deprel::DetPredet
        | Deprel::Compound
        | Deprel::Nummod
        | Deprel::Flat
        | Deprel::NmodDesc
        | Deprel::Fixed
        | Deprel::Goeswith => !is_crossed(sentence, i, head),
        // "Kyrgyz and Tajik commission": coordination below a modifier that stands before its noun.
        Deprel::Conj => modifies(head),
        Deprel::Cc => modifies(head) || sentence.is_rel(head, Deprel::Conj) && is_internal(sentence, head),
        Deprel::Advmod => modifies(head),
        Deprel::Punct => {
            modifies(head)
                || sentence.word(i) == "-"
                || sentence.is_rel(head, Deprel::Conj) && is_internal(sentence, head)
        }
        _ => false,
    }
}

/// Whether a conjunction, preposition, comma or verb stands between two words: then they are not of one phrase, whatever
/// the tree says.
fn is_crossed(sentence: &AnalysedSentence<'_>, a: usize, b: usize) -> bool {
    (a.min(b) + 1..a.max(b)).any(|i| match sentence.token(i).upos {
        Upos::Cconj => !sentence
            .head(i)
            .is_some_and(|h| (a.min(b)..=a.max(b)).contains(&h) && sentence.is_rel(h, Deprel::Conj)),
        Upos::Aux => true,
        Upos::Verb => !sentence.is_rel(i, Deprel::Amod),
        Upos::Punct => sentence.word(i) == ",",
        _ => false,
    })
}

/// Lets a word follow its heads only as far as no word of another phrase stands between.
fn contiguous(sentence: &AnalysedSentence<'_>, top: Vec<usize>) -> Vec<usize> {
    (0..top.len())
        .map(|i| {
            let mut at = i;
            while at != top[i]
                && let Some(head) = sentence.head(at)
                && (at.min(head) + 1..at.max(head)).all(|j| top[j] == top[i])
            {
                at = head;
            }
            at
        })
        .collect()
}

/// The noun phrases of a sentence, in order of their heads.
pub(crate) fn chunks(sentence: &AnalysedSentence<'_>, words: &Words) -> Vec<Chunk> {
    let n = sentence.len();
    let mut top: Vec<usize> = (0..n).collect();
    for (i, top) in top.iter_mut().enumerate() {
        let (mut at, mut steps) = (i, 0);
        while is_internal(sentence, at) && steps < 12 {
            let Some(head) = sentence.head(at) else { break };
            if !is_nominal(sentence, head) && !is_internal(sentence, head) {
                break;
            }
            (at, steps) = (head, steps + 1);
        }
        *top = at;
    }
    let top = contiguous(sentence, top);
    let mut found: Vec<Chunk> = Vec::new();
    let mut split: Vec<Chunk> = Vec::new();
    for i in 0..n {
        if top[i] == i && can_head(sentence, words, i) {
            let mut core = i..i + 1;
            while core.start > 0 && top[core.start - 1] == i {
                core.start -= 1;
            }
            while core.end < n && top[core.end] == i {
                core.end += 1;
            }
            while core.start < i && opens_too_early(sentence, words, core.start) {
                core.start += 1;
            }
            loop {
                let longer = name_end(sentence, words, &core);
                if longer == core.end {
                    break;
                }
                core.end = longer;
            }
            // "Minister of Public Works" "Ana Duarte": the parser takes the name for a part of the office.
            let name = (i + 1..core.end)
                .find(|&f| sentence.is_rel(f, Deprel::Flat) && words.capital[f])
                .filter(|_| is_office(words, core.start));
            if let Some(name) = name {
                let rest = name..core.end;
                core.end = name;
                split.push(Chunk { top: name, core: rest, possessor: None, start: name });
            }
            let possessor = possessor(sentence, &core).or_else(|| possessor_before(sentence, &core, &top));
            let start = possessor.map_or(core.start, |p| sentence.subtree(p).start.min(core.start));
            found.push(Chunk { top: i, core, possessor, start });
        }
    }
    let mut joined = join_names(sentence, words, found);
    joined.append(&mut split);
    joined.sort_by_key(|chunk| chunk.top);
    joined
}

fn is_nominal(sentence: &AnalysedSentence<'_>, i: usize) -> bool {
    matches!(
        sentence.token(i).upos,
        Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Adj | Upos::X | Upos::Sym
    )
}

fn can_head(sentence: &AnalysedSentence<'_>, words: &Words, i: usize) -> bool {
    let token = sentence.token(i);
    if words.is_name[i] && !is_internal(sentence, i) {
        return true;
    }
    match token.upos {
        Upos::Noun | Upos::Pron => true,
        Upos::Num | Upos::Adj | Upos::Det if words.low.get(i + 1).is_some_and(|w| w == "of") => true,
        Upos::Propn => !is_time_word(&words.low[i]),
        // "the French", "the displaced", "the 31"
        Upos::Adj | Upos::Num | Upos::Verb => {
            i > 0
                && matches!(words.low[i - 1].as_str(), "the" | "both" | "those")
                && sentence.head(i - 1) == Some(i)
                || words.hit(i).is_some_and(|h| h.tokens.end == i + 1) && !is_internal(sentence, i)
        }
        Upos::Det => {
            matches!(words.low[i].as_str(), "both" | "neither" | "each" | "all") && !is_internal(sentence, i)
        }
        Upos::X => words.capital[i],
        _ => words.hit(i).is_some_and(|h| h.tokens.len() == 1),
    }
}

fn possessor(sentence: &AnalysedSentence<'_>, core: &Range<usize>) -> Option<usize> {
    core.clone()
        .flat_map(|i| sentence.children_by(i, Deprel::NmodPoss))
        .find(|&p| p < core.end && (p < core.start || sentence.subtree(p).end <= core.start + 1))
}

/// Whether a phrase follows "minister of", "secretary of": its first words are an office, not a name.
fn is_office(words: &Words, start: usize) -> bool {
    start > 1
        && words.low[start - 1] == "of"
        && words.capital[start - 2]
        && Nouns::shared().is_person(&words.low[start - 2])
}

/// "July Kenyan coastguards", "2 a patrol", "and Health Minister": what the parser put before a phrase.
fn opens_too_early(sentence: &AnalysedSentence<'_>, words: &Words, i: usize) -> bool {
    let low = words.low[i].as_str();
    let number = sentence.token(i).upos == Upos::Num
        && i + 1 < sentence.len()
        && (sentence.token(i + 1).upos == Upos::Det || words.low[i + 1] == "the" || words.low[i + 1] == "a");
    is_time_word(low)
        || number
        || matches!(sentence.token(i).upos, Upos::Cconj | Upos::Adp | Upos::Punct) && low != "-"
}

/// "Hwang In-ho", "Frente del Sur": parts of a name that the parser tied elsewhere. The end of the name, or `end` itself.
fn name_end(sentence: &AnalysedSentence<'_>, words: &Words, core: &Range<usize>) -> usize {
    let end = core.end;
    // "Minister of Labour" "Ana Duarte": the name is the minister's.
    let office = is_office(words, core.start);
    // The chunk ends in a hyphen: "Odera-" "Kamau".
    let open = end < sentence.len()
        && end > 1
        && sentence.word(end - 1) == "-"
        && words.capital[end - 2]
        && words.capital[end]
        && sentence.token(end - 1).span.end == sentence.token(end).span.start;
    if open {
        return end + 1;
    }
    // "Nimal" "Weerakkody": two names side by side are one, whatever the tree says.
    let next = !office
        && end < sentence.len()
        && sentence.part == Part::Body
        && words.capital[end - 1]
        && words.capital[end]
        && sentence.token(end - 1).upos == Upos::Propn
        && sentence.token(end).upos == Upos::Propn
        && words.hit(end - 1).is_none()
        && words.hit(end).is_none()
        && !is_time_word(&words.low[end])
        && !Nouns::shared().is_person(&words.low[end - 1])
        && !Nouns::shared().is_person(&words.low[end]);
    if next {
        return end + 1;
    }
    let joined = end + 1 < sentence.len()
        && sentence.word(end) == "-"
        && words.capital[end - 1]
        && words.capital[end + 1]
        && sentence.token(end - 1).upos == Upos::Propn
        && sentence.token(end - 1).span.end == sentence.token(end).span.start
        && sentence.token(end).span.end == sentence.token(end + 1).span.start;
    let name = end + 2 < sentence.len()
        && sentence.token(end - 1).upos == Upos::Propn
        && words.capital[end - 1]
        && words.capital[end]
        && sentence.word(end + 1) == "-"
        && sentence.token(end).span.end == sentence.token(end + 1).span.start
        && sentence.token(end + 1).span.end == sentence.token(end + 2).span.start;
    let particle = end + 1 < sentence.len()
        && words.capital[end - 1]
        && sentence.token(end - 1).upos == Upos::Propn
        && matches!(
            words.low[end].as_str(),
            "del" | "de" | "della" | "du" | "bin" | "van" | "von" | "dos" | "da"
        )
        && !words.capital[end]
        && words.capital[end + 1];
    if name {
        end + 3
    } else if particle || joined {
        end + 2
    } else {
        end
    }
}

/// "Mali's" right before the phrase, however the tree ties it.
fn possessor_before(sentence: &AnalysedSentence<'_>, core: &Range<usize>, top: &[usize]) -> Option<usize> {
    // Adjectives that the tree tied elsewhere may stand between.
    let mark = (core.start.saturating_sub(3)..core.start)
        .rev()
        .find(|&i| !matches!(sentence.token(i).upos, Upos::Adj | Upos::Verb | Upos::Noun | Upos::Num))?;
    let owner = mark.checked_sub(1)?;
    (sentence.token(mark).xpos == Xpos::Pos && sentence.token(owner).is_nominal()).then(|| top[owner])
}

/// Names that the parser tore in two stand side by side: "Wanjiru" "Odera-Kamau".
fn join_names(sentence: &AnalysedSentence<'_>, words: &Words, chunks: Vec<Chunk>) -> Vec<Chunk> {
    let mut joined: Vec<Chunk> = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let is_name = |c: &Chunk| {
            let last = c.core.end - 1;
            words.capital[last] && sentence.token(last).upos == Upos::Propn
        };
        // "opposition leader" "Ana Kovac"
        let is_title = |c: &Chunk| {
            let last = c.core.end - 1;
            sentence.token(last).upos == Upos::Noun && Nouns::shared().is_person(&words.low[last])
        };
        if let Some(before) = joined.last_mut()
            && before.core.end == chunk.core.start
            && (is_name(before) || is_title(before))
            && is_name(&chunk)
            && words.capital[chunk.core.start]
            && chunk.possessor.is_none()
            && one_phrase(sentence, words, before, &chunk)
        {
            before.core.end = chunk.core.end;
            if sentence.head(before.top) == Some(chunk.top) {
                before.top = chunk.top;
            }
            continue;
        }
        joined.push(chunk);
    }
    joined
}

/// Whether two adjoining names hang together: one governs the other, and neither is a whole known name by itself.
fn one_phrase(sentence: &AnalysedSentence<'_>, words: &Words, a: &Chunk, b: &Chunk) -> bool {
    let linked = sentence.head(b.top) == Some(a.top) || sentence.head(a.top) == Some(b.top);
    // Two subjects or objects of one verb side by side, without a comma: one, torn in two.
    let twins = sentence.head(a.top) == sentence.head(b.top) && sentence.rel(a.top) == sentence.rel(b.top);
    let titled = Nouns::shared().is_person(&words.low[a.core.end - 1]);
    let known = |c: &Chunk| words.hit(c.top).is_some_and(|h| h.tokens.len() == c.core.len());
    (linked || twins || titled) && !known(a) && !known(b)
}
