//! The acts of one sentence: each predicate with what governs it.

use entente_language::{Deprel, Upos};
use entente_ontology::Root;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::compose;
use super::nominal::noun_sources;
use super::who::{View, Who, Whos};
use crate::lexicon::{Flags, Lexicon, PartOfSpeech, root_of_code};
use crate::mention::MentionKind;
use crate::predicate::args::{Args, Tokens, is_finite};
use crate::predicate::matcher::{Match, args_of, best_match};

/// One act as a sentence tells it, before folding.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// The word that carries tense and negation.
    pub(crate) token: usize,
    /// The words that name the act.
    pub(crate) trigger: Tokens,
    pub(crate) root: Root,
    pub(crate) cameo: SmolStr,
    pub(crate) mode: Option<SmolStr>,
    pub(crate) sources: Whos,
    pub(crate) targets: Whos,
    pub(crate) flags: Flags,
    /// Rows of the lexicon that made it, innermost first.
    pub(crate) rules: SmallVec<[&'static str; 3]>,
    /// A governing word has taken it up, or it is no act at all.
    pub(crate) silent: Option<&'static str>,
    pub(crate) planned: bool,
    pub(crate) negated: bool,
    /// A nominal act ("the raid").
    pub(crate) nominal: bool,
    /// How much the matching row demanded.
    pub(crate) score: u32,
}

impl Act {
    pub(crate) fn live(&self) -> bool {
        self.silent.is_none()
    }

    /// What lies ahead is a promise or a threat of the act.
    pub(crate) fn take_future(&mut self, lexicon: &Lexicon) {
        if let Some(code) = lexicon.transform("future", &self.cameo)
            && let Some(root) = root_of_code(code)
        {
            self.root = root;
            self.cameo = code.into();
            self.mode = None;
        }
    }
}

/// The acts of a sentence while they are put together; one place for each token.
pub(crate) struct Acts<'c> {
    pub(crate) view: View<'c>,
    pub(crate) at: Vec<Option<Act>>,
}

impl<'c> Acts<'c> {
    /// Reads a sentence.
    pub(crate) fn of(view: View<'c>) -> Self {
        let s = view.s();
        let mut acts = Self { view, at: (0..s.len()).map(|_| None).collect() };
        for token in deepest_first(&view) {
            acts.visit(token);
        }
        acts
    }

    fn visit(&mut self, token: usize) {
        let s = self.view.s();
        let pos = match s.token(token).upos {
            Upos::Verb => PartOfSpeech::Verb,
            Upos::Noun => PartOfSpeech::Noun,
            Upos::Adj => PartOfSpeech::Adjective,
            Upos::Propn if s.part == entente_messages::Part::Title => PartOfSpeech::Noun,
            _ => return,
        };
        let args =
            if pos == PartOfSpeech::Noun { noun_args(&self.view, token) } else { args_of(&self.view, token) };
        let found = best_match(&self.view, pos, token, &args);
        if let Some(m) = &found
            && m.entry.flags.none
        {
            for &used in &m.used {
                self.silence(used, "part of an idiom that is no act");
            }
            return;
        }
        if compose::govern(self, pos, token, &args, found.as_ref()) {
            return;
        }
        if let Some(found) = found {
            let act = self.plain(pos, token, &args, &found);
            for &used in &found.used {
                self.silence(used, "part of a longer trigger");
            }
            self.at[token] = Some(act);
        }
    }

    /// The act of a matching row by itself.
    pub(crate) fn plain(&self, pos: PartOfSpeech, token: usize, args: &Args, found: &Match) -> Act {
        let mut sources = self.doers(&found.sources);
        if pos == PartOfSpeech::Verb && sources.is_empty() && compose::no_subject(self, args) {
            sources = self.nearest_actor(token);
        }
        let targets = self.targets(found);
        if pos == PartOfSpeech::Noun && sources.is_empty() {
            sources = noun_sources(&self.view, token, found);
        }
        let mut targets = targets;
        if found.entry.flags.at && targets.is_empty() {
            targets = super::nominal::clause_subject(&self.view, token);
        }
        let mut trigger = Tokens::from_slice(&[token]);
        trigger.extend(found.used.iter().copied());
        Act {
            token,
            trigger,
            root: found.entry.root,
            cameo: found.entry.cameo.clone(),
            mode: found.entry.mode.clone(),
            sources,
            targets,
            flags: found.entry.flags,
            rules: SmallVec::from_slice(&[found.entry.place.as_str()]),
            silent: None,
            planned: false,
            negated: false,
            nominal: pos == PartOfSpeech::Noun,
            score: found.score,
        }
    }

    /// Actors of source slots; places cannot act.
    pub(crate) fn doers(&self, tokens: &[usize]) -> Whos {
        let mut found = self.view.resolve_all(tokens);
        found.retain(|w| self.view.may_act(w));
        found
    }

    /// For a verb without any subject in the tree: the actor whose phrase ends right before it, else the nearest
    /// one that heads a phrase of its own, else the one that opens the sentence. Participles take the subject of
    /// the verb above them.
    pub(crate) fn nearest_actor(&self, verb: usize) -> Whos {
        let s = self.view.s();
        let mut verb = verb;
        for _ in 0..3 {
            if is_finite(s, verb) {
                break;
            }
            let Some(head) = s.head(verb).filter(|&h| h < verb && s.token(h).upos == Upos::Verb) else {
                return Whos::new();
            };
            let own = crate::predicate::args::surface_subjects(s, head, 0)
                .map(|t| self.doers(&t))
                .unwrap_or_default();
            if !own.is_empty() {
                return own;
            }
            verb = head;
        }
        let clause =
            matches!(s.rel(verb).base(), Deprel::Root | Deprel::Parataxis | Deprel::Conj | Deprel::Ccomp);
        if !is_finite(s, verb) && !clause {
            return Whos::new();
        }
        self.adjacent_actor(verb)
            .or_else(|| self.heading_actor(verb))
            .or_else(|| self.opening_actor(verb))
            .unwrap_or_default()
    }

    /// "In 1999 Tanzanian marines boarded": the phrase that ends where the verb group begins.
    fn adjacent_actor(&self, verb: usize) -> Option<Whos> {
        let s = self.view.s();
        let mut edge = verb;
        while edge > 0 && matches!(s.token(edge - 1).upos, Upos::Aux | Upos::Adv | Upos::Part) {
            edge -= 1;
        }
        let (first, mentions) = self.view.context.actors.in_sentence(self.view.index);
        let found = mentions.iter().enumerate().rev().find(|(_, m)| {
            m.within.is_none()
                && m.kind != MentionKind::Place
                && m.head < edge
                && (m.tokens.end == edge || s.subtree(m.head).end == edge)
        });
        let (i, mention) = found?;
        let whos: Whos = mention
            .entities
            .iter()
            .map(|&entity| Who { mention: first + i, entity, modifier: false })
            .collect();
        (!whos.is_empty()).then_some(whos)
    }

    fn heading_actor(&self, verb: usize) -> Option<Whos> {
        let s = self.view.s();
        if let Some(head) =
            s.head(verb).filter(|&h| s.is_rel(verb, Deprel::Parataxis) && s.token(h).is_nominal())
        {
            let found = self.doers(&[head]);
            if !found.is_empty() {
                return Some(found);
            }
        }
        for at in (0..verb).rev() {
            if matches!(s.word(at), ";" | "\u{201c}" | "\u{201d}") {
                break;
            }
            let rel = s.rel(at).base();
            let heads = matches!(
                rel,
                Deprel::Nsubj
                    | Deprel::Root
                    | Deprel::Parataxis
                    | Deprel::Dep
                    | Deprel::Dislocated
                    | Deprel::Vocative
            );
            if !heads || !s.token(at).is_nominal() || s.children_by(at, Deprel::Case).any(|_| true) {
                continue;
            }
            let found = self.doers(&[at]);
            if !found.is_empty() && found.iter().all(|w| !w.modifier) {
                return Some(found);
            }
        }
        None
    }

    /// "Uganda, whose fuel passes through both, appealed": the actor that opens the sentence.
    fn opening_actor(&self, verb: usize) -> Option<Whos> {
        let s = self.view.s();
        if verb == 0 || s.word(verb - 1) != "," {
            return None;
        }
        let (first, mentions) = self.view.context.actors.in_sentence(self.view.index);
        let mention = mentions.iter().position(|m| m.within.is_none() && m.tokens.start <= 1)?;
        let m = &mentions[mention];
        let whos: Whos = m
            .entities
            .iter()
            .map(|&entity| Who { mention: first + mention, entity, modifier: false })
            .collect();
        (!whos.is_empty()).then_some(whos)
    }

    /// Actors of target slots. Where the slot holds a nominal act ("condemned Mali's raid on the town") the one who
    /// does it is meant.
    fn targets(&self, found: &Match) -> Whos {
        let mut whos = Whos::new();
        for &token in &found.targets {
            let below = self.at[token].as_ref().filter(|_| found.entry.names_target());
            let list = match below {
                Some(act) if !act.sources.is_empty() => act.sources.clone(),
                Some(act) if takes_doer(found.entry.root) && !act.targets.is_empty() => Whos::new(),
                _ => self.view.resolve(token),
            };
            for who in list {
                if !whos.iter().any(|w| w.entity == who.entity) {
                    whos.push(who);
                }
            }
        }
        whos
    }

    pub(crate) fn silence(&mut self, token: usize, why: &'static str) {
        if let Some(act) = &mut self.at[token] {
            act.silent.get_or_insert(why);
        }
    }
}

/// Roots whose target is who did the thing that the slot names, never its victim.
fn takes_doer(root: Root) -> bool {
    matches!(root, Root::Accuse | Root::Support | Root::Reject | Root::Protest)
}

/// Clauses below a noun ("the refusal to pay").
fn noun_args(view: &View<'_>, token: usize) -> Args {
    let s = view.s();
    let mut args = Args::default();
    for child in s.children(token) {
        if s.is_rel(child, Deprel::Acl) && s.rel(child) != "acl:relcl" || s.is_rel(child, Deprel::Ccomp) {
            args.clauses.push(child);
        }
    }
    args
}

/// Tokens from the leaves to the root, so that what is governed is read before what governs it.
fn deepest_first(view: &View<'_>) -> Vec<usize> {
    let s = view.s();
    let mut order: Vec<(usize, usize)> = (0..s.len())
        .map(|i| {
            let (mut at, mut depth) = (i, 0);
            while let Some(h) = s.head(at) {
                depth += 1;
                at = h;
                if depth > s.len() {
                    break;
                }
            }
            (depth, i)
        })
        .collect();
    order.sort_by_key(|&(depth, i)| (std::cmp::Reverse(depth), i));
    order.into_iter().map(|(_, i)| i).collect()
}
