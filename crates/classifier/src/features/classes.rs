//! Words by groups of meaning (`model/classes.tsv`, made by `training/word_classes.py`): what a verb that no training row
//! has shares with those that some have.

use std::collections::HashMap;
use std::sync::LazyLock;

use entente_language::Upos;

use super::{Features, Group};
use crate::pair::{Role, View};

static TABLE: LazyLock<HashMap<&str, [&str; 3]>> = LazyLock::new(|| {
    let rows = include_str!("../../model/classes.tsv").lines();
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        Some((cells.next()?, [cells.next()?, cells.next()?, cells.next()?]))
    })
    .collect()
});

/// The groups of a lemma, from coarse to fine.
fn of(lemma: &str) -> Option<&'static [&'static str; 3]> {
    TABLE.get(lemma)
}

/// The groups of the words on the way between the actors (`way`) and of all other content words.
pub(super) fn add(view: &View, way: &[usize], out: &mut Features) {
    for (i, word) in view.words.iter().enumerate() {
        let content = matches!(word.upos, Upos::Verb | Upos::Noun | Upos::Adj | Upos::X);
        if !content || word.role != Role::Other {
            continue;
        }
        let Some(groups) = of(&word.lemma) else { continue };
        let place = if way.contains(&i) { "way" } else { "else" };
        for (fineness, group) in ["coarse", "middle", "fine"].iter().zip(groups) {
            out.add(Group::Classes, &["any", fineness, group]);
            if place == "way" {
                out.add(Group::Classes, &[place, fineness, group]);
            }
        }
    }
}

/// The groups of the joining word with the ways that arrive at it, and with its arguments.
pub(super) fn add_top(view: &View, top: usize, (source, target): (&str, &str), out: &mut Features) {
    let word = &view.words[top];
    let Some(groups) = of(&word.lemma) else { return };
    for (fineness, group) in ["coarse", "middle", "fine"].iter().zip(groups) {
        out.add(Group::Classes, &["top", fineness, group]);
        out.add(Group::Classes, &["ways", fineness, group, source, target]);
        for child in view.children(top) {
            let c = &view.words[child];
            let relation = c.deprel.base().as_str();
            if let Some(below) = of(&c.lemma).filter(|_| c.role == Role::Other && c.upos != Upos::Aux) {
                out.add(Group::Classes, &["argument", fineness, group, relation, below[1]]);
            }
        }
    }
}
