//! Who stands where around a predicate: logical subject, object and prepositional dependents, found through
//! passives, relative clauses, participles, control, raising and coordination.

use entente_language::{Deprel, Upos};
use smallvec::SmallVec;

use super::words::{has_to, is_noun, is_pronoun, is_relative, is_verb, lemma, lower};
use crate::analysed::AnalysedSentence;
use crate::mention::words::is_day_or_month;

/// Head tokens of arguments.
pub(crate) type Tokens = SmallVec<[usize; 4]>;

/// A prepositional dependent: the words of the preposition and the noun.
#[derive(Clone, Debug)]
pub(crate) struct Oblique {
    pub(crate) preps: SmallVec<[smol_str::SmolStr; 2]>,
    pub(crate) noun: usize,
    /// Hangs on an argument, not on the predicate itself.
    pub(crate) distant: bool,
}

/// The arguments of one predicate, passives undone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args {
    pub(crate) subjects: Tokens,
    pub(crate) objects: Tokens,
    /// The recipient of a double object ("gave Kenya aid").
    pub(crate) recipients: Tokens,
    pub(crate) obliques: Vec<Oblique>,
    pub(crate) particles: SmallVec<[smol_str::SmolStr; 2]>,
    /// Dependent clauses: infinitives, that-clauses, gerunds.
    pub(crate) clauses: Tokens,
    pub(crate) passive: bool,
    /// The subject was inherited from another clause.
    pub(crate) inherited: bool,
}

/// Prepositions of a nominal dependent, with a joined form for compound ones ("out of").
pub(crate) fn prepositions(s: &AnalysedSentence<'_>, noun: usize) -> SmallVec<[smol_str::SmolStr; 2]> {
    let mut preps = SmallVec::new();
    for case in s.children_by(noun, Deprel::Case) {
        let word = lower(s, case);
        if matches!(word.as_ref(), "'s" | "’s" | "'" | "’") {
            continue;
        }
        preps.push(smol_str::SmolStr::new(&word));
        for fixed in s.children_by(case, Deprel::Fixed) {
            preps.push(smol_str::SmolStr::new(lower(s, fixed)));
        }
    }
    if preps.len() > 1 {
        let joined = preps.join("-");
        preps.push(joined.into());
    }
    preps
}

/// Whether a noun dependent is "obl"-like.
fn is_oblique(s: &AnalysedSentence<'_>, i: usize) -> bool {
    s.is_rel(i, Deprel::Obl) || s.is_rel(i, Deprel::Nmod) && !s.is_rel(i, Deprel::NmodPoss)
}

/// Arguments of a verb, or of an adjective or noun used as predicate.
pub(crate) fn arguments(s: &AnalysedSentence<'_>, verb: usize) -> Args {
    let mut args = own_arguments(s, verb);
    if args.subjects.is_empty() && (!args.passive || args.objects.is_empty()) {
        inherit(s, verb, &mut args);
    }
    share_objects(s, verb, &mut args);
    relative_gap(s, verb, &mut args);
    for list in [&mut args.subjects, &mut args.objects, &mut args.recipients] {
        for token in list.iter_mut() {
            *token = antecedent(s, *token);
        }
    }
    for oblique in &mut args.obliques {
        oblique.noun = antecedent(s, oblique.noun);
    }
    if args.objects.is_empty() && !args.passive && is_verb(s, verb) {
        args.objects.extend(following_object(s, verb));
    }
    attach_distant(s, &mut args);
    args
}

fn own_arguments(s: &AnalysedSentence<'_>, verb: usize) -> Args {
    let mut args = Args { passive: is_passive(s, verb), ..Args::default() };
    let mut agent = None;
    for child in s.children(verb) {
        if s.is_rel(child, Deprel::NsubjPass) {
            args.passive = true;
            args.objects.push(child);
        } else if s.is_rel(child, Deprel::Nsubj) {
            args.subjects.push(child);
        } else if s.is_rel(child, Deprel::Obj) {
            args.objects.push(child);
        } else if s.is_rel(child, Deprel::Iobj) {
            args.recipients.push(child);
        } else if s.is_rel(child, Deprel::CompoundPrt) {
            args.particles.push(lower(s, child).into());
        } else if is_oblique(s, child) {
            let preps = prepositions(s, child);
            if s.is_rel(child, Deprel::OblAgent)
                || args.passive && preps.iter().any(|p| p == "by") && agent.is_none() && !is_time(s, child)
            {
                agent = Some(child);
            } else {
                args.obliques.push(Oblique { preps, noun: child, distant: false });
            }
        } else if s.is_rel(child, Deprel::Advmod) && is_particle(&lower(s, child)) {
            args.particles.push(lower(s, child).into());
        } else if lemma(s, verb) == "say" && matches!(lower(s, child).as_ref(), "no" | "yes") {
            args.objects.push(child);
        } else if matches!(s.rel(child).base(), Deprel::Xcomp | Deprel::Ccomp | Deprel::Advcl) {
            args.clauses.push(child);
        }
    }
    if args.passive && !args.subjects.is_empty() && args.objects.is_empty() {
        // A passive whose subject is labelled as an active one.
        args.objects = std::mem::take(&mut args.subjects);
    }
    if let Some(agent) = agent {
        args.subjects.push(agent);
    }
    args
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "down"
            | "up"
            | "out"
            | "off"
            | "back"
            | "over"
            | "away"
            | "in"
            | "on"
            | "together"
            | "apart"
            | "aside"
            | "through"
            | "forward"
            | "home"
            | "under"
            | "by"
            | "along"
            | "around"
    )
}

/// Time nouns are no agents ("by Friday").
pub(crate) fn is_time(s: &AnalysedSentence<'_>, i: usize) -> bool {
    let lemma = lemma(s, i).to_ascii_lowercase();
    is_day_or_month(&lemma)
        || matches!(
            lemma.as_str(),
            "day"
                | "week"
                | "month"
                | "year"
                | "night"
                | "morning"
                | "evening"
                | "afternoon"
                | "today"
                | "yesterday"
                | "tomorrow"
                | "spring"
                | "summer"
                | "autumn"
                | "winter"
                | "christmas"
                | "hour"
                | "minute"
                | "weekend"
                | "midnight"
                | "noon"
                | "dawn"
                | "decade"
                | "time"
                | "moment"
        )
        || s.token(i).upos == Upos::Num
}

/// A passive clause or participle.
pub(crate) fn is_passive(s: &AnalysedSentence<'_>, verb: usize) -> bool {
    if s.children(verb).any(|c| s.is_rel(c, Deprel::AuxPass) || s.is_rel(c, Deprel::NsubjPass)) {
        return true;
    }
    let perfect = s.children_by(verb, Deprel::Aux).any(|c| lemma(s, c) == "have");
    if perfect {
        return false;
    }
    if s.token(verb).feat("Voice") == Some("Pass") {
        return true;
    }
    let participle = s.token(verb).xpos.as_str() == "VBN"
        || s.token(verb).feat("Tense") == Some("Past") && s.token(verb).feat("VerbForm") == Some("Part");
    participle
        && (s.is_rel(verb, Deprel::Acl) && !s.is_rel(verb, Deprel::AclRelcl))
        && !s.children(verb).any(|c| s.is_rel(c, Deprel::Aux) || s.is_rel(c, Deprel::Obj))
        || participle
            && s.is_rel(verb, Deprel::Conj)
            && s.head(verb).is_some_and(|h| is_verb(s, h) && is_passive(s, h))
            && !s
                .children(verb)
                .any(|c| s.is_rel(c, Deprel::Nsubj) || s.is_rel(c, Deprel::Aux) || s.is_rel(c, Deprel::Obj))
        || participle
            && s.is_rel(verb, Deprel::Advcl)
            && !s
                .children(verb)
                .any(|c| s.is_rel(c, Deprel::Aux) || s.is_rel(c, Deprel::Obj) || s.is_rel(c, Deprel::Nsubj))
}

/// A subject from elsewhere: the first conjunct, the governor of an infinitive, the noun that a participle modifies.
fn inherit(s: &AnalysedSentence<'_>, verb: usize, args: &mut Args) {
    let Some(subjects) = surface_subjects(s, verb, 0).or_else(|| nearest_nominal(s, verb)) else { return };
    args.inherited = true;
    if args.passive {
        if args.objects.is_empty() {
            args.objects = subjects;
        }
    } else {
        args.subjects = subjects;
    }
}

/// Where the parser found no subject for a finite verb: the nearest noun phrase before it that no preposition
/// governs.
fn nearest_nominal(s: &AnalysedSentence<'_>, verb: usize) -> Option<Tokens> {
    let finite = is_finite(s, verb);
    if !finite {
        return None;
    }
    let mut at = verb;
    while at > 0 {
        at -= 1;
        let word = s.word(at);
        if matches!(word, ";" | ":" | "\u{201c}" | "\"") || is_verb(s, at) && is_finite(s, at) {
            return None;
        }
        if !s.token(at).is_nominal() || is_time(s, at) || is_relative(s, at) {
            continue;
        }
        let inner = matches!(
            s.rel(at),
            Deprel::Compound
                | Deprel::NmodPoss
                | Deprel::Flat
                | Deprel::Amod
                | Deprel::Nmod
                | Deprel::NmodDesc
                | Deprel::Obl
                | Deprel::Obj
                | Deprel::Conj
        );
        let governed = s.children_by(at, Deprel::Case).any(|_| true) || inner;
        if !governed {
            return Some(Tokens::from_slice(&[at]));
        }
    }
    None
}

/// A verb that carries tense.
pub(crate) fn is_finite(s: &AnalysedSentence<'_>, verb: usize) -> bool {
    matches!(s.token(verb).xpos.as_str(), "VBD" | "VBZ" | "VBP")
        || s.children_by(verb, Deprel::Aux)
            .any(|c| matches!(s.token(c).xpos.as_str(), "MD" | "VBD" | "VBZ" | "VBP"))
}

/// The subject as the clause shows it (of a passive: the one acted upon).
pub(crate) fn surface_subjects(s: &AnalysedSentence<'_>, verb: usize, depth: usize) -> Option<Tokens> {
    if depth > 8 {
        return None;
    }
    let own: Tokens =
        s.children(verb).filter(|&c| s.is_rel(c, Deprel::Nsubj)).map(|c| antecedent(s, c)).collect();
    if !own.is_empty() {
        return Some(own);
    }
    let head = s.head(verb)?;
    let rel = s.rel(verb).as_str();
    if rel == "conj" {
        if is_noun(s, head)
            && !s.children(head).any(|c| s.is_rel(c, Deprel::Cop) || s.is_rel(c, Deprel::Nsubj))
        {
            return None;
        }
        return surface_subjects(s, head, depth + 1);
    }
    if rel == "xcomp" || rel == "ccomp" && has_to(s, verb) {
        return controller(s, head, depth);
    }
    if rel.starts_with("acl") {
        if rel == "acl:relcl" {
            let pronoun = s.children(verb).any(|c| is_relative(s, c) && s.is_rel(c, Deprel::Nsubj));
            return (pronoun || s.token(verb).feat("VerbForm") != Some("Fin"))
                .then(|| Tokens::from_slice(&[head]));
        }
        if has_to(s, verb) {
            return infinitive_of_noun(s, head, depth);
        }
        return Some(Tokens::from_slice(&[head]));
    }
    if rel.starts_with("advcl") {
        let purpose = has_to(s, verb);
        let objects: Tokens = s.children_by(head, Deprel::Obj).collect();
        let passive = is_passive(s, head);
        // "urged Paris to withdraw" is sometimes labelled as an adverbial clause; "for" gives what the object did.
        if purpose && !objects.is_empty() && controls_object(lemma(s, head)) {
            return Some(objects.iter().map(|&o| antecedent(s, o)).collect());
        }
        let for_clause =
            s.children_by(verb, Deprel::Mark).any(|m| matches!(lower(s, m).as_ref(), "for" | "of"));
        if for_clause && !objects.is_empty() && !passive && blames(lemma(s, head)) {
            return Some(objects.iter().map(|&o| antecedent(s, o)).collect());
        }
        return surface_subjects(s, head, depth + 1);
    }
    if rel == "parataxis" || rel == "dep" {
        return None;
    }
    None
}

/// "praised X for signing": the gerund belongs to the object.
fn blames(lemma: &str) -> bool {
    matches!(
        lemma,
        "praise"
            | "thank"
            | "condemn"
            | "accuse"
            | "blame"
            | "criticize"
            | "criticise"
            | "denounce"
            | "commend"
            | "rebuke"
            | "congratulate"
            | "applaud"
            | "berate"
            | "fault"
            | "attack"
            | "sue"
            | "punish"
            | "hail"
            | "slam"
            | "laud"
            | "chide"
            | "suspect"
            | "charge"
            | "convict"
            | "fine"
            | "arrest"
            | "detain"
            | "jail"
            | "castigate"
            | "reproach"
            | "forgive"
            | "pardon"
            | "salute"
            | "upbraid"
            | "scold"
            | "deride"
            | "stop"
            | "prevent"
            | "keep"
            | "bar"
            | "ban"
            | "prohibit"
            | "dissuade"
            | "discourage"
    )
}

/// "urged Paris to withdraw": the infinitive belongs to the object.
pub(crate) fn controls_object(lemma: &str) -> bool {
    matches!(
        lemma,
        "urge"
            | "ask"
            | "order"
            | "tell"
            | "call"
            | "appeal"
            | "invite"
            | "force"
            | "allow"
            | "let"
            | "permit"
            | "persuade"
            | "press"
            | "pressure"
            | "push"
            | "compel"
            | "beg"
            | "implore"
            | "beseech"
            | "instruct"
            | "command"
            | "direct"
            | "advise"
            | "warn"
            | "encourage"
            | "require"
            | "request"
            | "want"
            | "expect"
            | "enable"
            | "help"
            | "convince"
            | "oblige"
            | "cause"
            | "get"
            | "make"
            | "bid"
            | "challenge"
            | "entreat"
            | "exhort"
            | "remind"
            | "summon"
            | "authorize"
            | "authorise"
            | "empower"
            | "lead"
            | "prompt"
            | "prod"
            | "pressurise"
            | "pressurize"
            | "plead"
            | "petition"
            | "forbid"
            | "send"
            | "dispatch"
            | "leave"
            | "see"
            | "find"
            | "license"
            | "coax"
            | "dare"
            | "lobby"
            | "sentence"
            | "commission"
            | "bring"
            | "induce"
            | "drive"
            | "have"
            | "hear"
            | "watch"
    )
}

/// The subject of an infinitive below `governor`.
fn controller(s: &AnalysedSentence<'_>, governor: usize, depth: usize) -> Option<Tokens> {
    if controls_object(lemma(s, governor)) && !is_passive(s, governor) {
        let mut objects: Tokens = s
            .children(governor)
            .filter(|&c| s.is_rel(c, Deprel::Obj) || s.is_rel(c, Deprel::Iobj))
            .map(|c| antecedent(s, c))
            .collect();
        if objects.is_empty() {
            objects =
                s.children_by(governor, Deprel::Obl)
                    .filter(|&c| {
                        prepositions(s, c).iter().any(|p| {
                            matches!(p.as_str(), "on" | "upon" | "to" | "with" | "for" | "of" | "at")
                        }) && !is_time(s, c)
                    })
                    .map(|c| antecedent(s, c))
                    .collect();
        }
        if !objects.is_empty() {
            return Some(objects);
        }
    }
    surface_subjects(s, governor, depth + 1)
}

/// "its decision to leave", "the request for Mali to leave": whose leaving it is.
fn infinitive_of_noun(s: &AnalysedSentence<'_>, noun: usize, depth: usize) -> Option<Tokens> {
    let owners: Tokens = s
        .children(noun)
        .filter(|&c| {
            s.is_rel(c, Deprel::NmodPoss)
                || s.is_rel(c, Deprel::Amod) && !s.children(c).any(|_| true)
                || s.is_rel(c, Deprel::Compound)
        })
        .filter(|&c| s.is_rel(c, Deprel::NmodPoss) || lower(s, c) != s.word(c))
        .collect();
    if !owners.is_empty() {
        return Some(owners);
    }
    let of: Tokens = s
        .children_by(noun, Deprel::Nmod)
        .filter(|&c| prepositions(s, c).iter().any(|p| p == "by" || p == "of" || p == "from"))
        .collect();
    if !of.is_empty() {
        return Some(of);
    }
    let head = s.head(noun)?;
    (s.is_rel(noun, Deprel::Obj) || s.is_rel(noun, Deprel::Obl))
        .then(|| surface_subjects(s, head, depth + 1))
        .flatten()
}

/// The noun behind a relative pronoun.
pub(crate) fn antecedent(s: &AnalysedSentence<'_>, token: usize) -> usize {
    if !is_relative(s, token) {
        return token;
    }
    let mut at = token;
    for _ in 0..12 {
        let Some(head) = s.head(at) else { return token };
        if s.is_rel(at, Deprel::Acl) {
            return head;
        }
        at = head;
    }
    token
}

/// "the men whom police arrested", "the aid it sent": the noun before is the object.
fn relative_gap(s: &AnalysedSentence<'_>, verb: usize, args: &mut Args) {
    let clause = clause_of_relative(s, verb);
    let Some((top, noun)) = clause else { return };
    let pronoun_used = s.children(top).chain(s.children(verb)).any(|c| {
        is_relative(s, c)
            && (s.is_rel(c, Deprel::Nsubj) || s.is_rel(c, Deprel::Obj) || s.is_rel(c, Deprel::Obl))
            || s.children(c).any(|g| matches!(lower(s, g).as_ref(), "whose" | "which" | "whom"))
    });
    if !pronoun_used
        && args.objects.is_empty()
        && !args.passive
        && !args.subjects.is_empty()
        && !args.subjects.contains(&noun)
    {
        args.objects.push(noun);
    }
}

/// The relative clause that a verb heads (or whose infinitive it is), and the noun it modifies.
fn clause_of_relative(s: &AnalysedSentence<'_>, verb: usize) -> Option<(usize, usize)> {
    let mut at = verb;
    for _ in 0..4 {
        let head = s.head(at)?;
        if s.rel(at) == "acl:relcl" {
            return Some((at, head));
        }
        if !s.is_rel(at, Deprel::Xcomp) {
            return None;
        }
        at = head;
    }
    None
}

/// "attacked and burned the post": the object of the last conjunct belongs to the first as well.
fn share_objects(s: &AnalysedSentence<'_>, verb: usize, args: &mut Args) {
    if !args.objects.is_empty() || args.passive || !args.obliques.is_empty() {
        return;
    }
    let Some(next) = s.children_by(verb, Deprel::Conj).next() else { return };
    if is_verb(s, next) && next <= verb + 3 && !s.children(next).any(|c| s.is_rel(c, Deprel::Nsubj)) {
        args.objects.extend(s.children_by(next, Deprel::Obj));
    }
}

/// Prepositional phrases that hang on an object or on another phrase, as parsers often attach them.
fn attach_distant(s: &AnalysedSentence<'_>, args: &mut Args) {
    let nouns: Vec<usize> =
        args.objects.iter().copied().chain(args.obliques.iter().map(|o| o.noun)).collect();
    for noun in nouns {
        if is_pronoun(s, noun) {
            continue;
        }
        below(s, noun, 0, &mut args.obliques);
    }
}

fn below(s: &AnalysedSentence<'_>, noun: usize, depth: usize, found: &mut Vec<Oblique>) {
    for child in s.children_by(noun, Deprel::Nmod) {
        if !s.is_rel(child, Deprel::NmodPoss) {
            found.push(Oblique { preps: prepositions(s, child), noun: child, distant: true });
            if depth < 2 {
                below(s, child, depth + 1, found);
            }
        }
    }
}

/// Where the parser gave an active verb no object: the noun phrase that directly follows it.
fn following_object(s: &AnalysedSentence<'_>, verb: usize) -> Option<usize> {
    for at in verb + 1..s.len().min(verb + 7) {
        let t = s.token(at);
        if matches!(s.word(at), "," | ";" | ":" | "(" | "\"" | "\u{201c}" | "\u{201d}" | "." | "to" | "that")
            || t.upos == Upos::Adp
        {
            return None;
        }
        let plain = t.is_nominal() && !is_time(s, at) && !is_relative(s, at);
        let last = s.head(at).is_none_or(|h| h <= at || !s.token(h).is_nominal() || h > verb + 7);
        let subject = s.is_rel(at, Deprel::Nsubj);
        if plain && last && !s.is_rel(at, Deprel::NmodPoss) {
            return (!subject && !s.children_by(at, Deprel::Case).any(|_| true)).then_some(at);
        }
    }
    None
}

/// The owner, agent or nationality in front of a noun: "Xi's", "Russian", "Kremlin".
pub(crate) fn premodifiers(s: &AnalysedSentence<'_>, noun: usize) -> Tokens {
    let mut found = Tokens::new();
    for rel in ["nmod:poss", "amod", "compound", "nmod:desc", "nmod:unmarked"] {
        for child in s.children(noun) {
            if s.rel(child) == rel && child < noun {
                found.push(child);
                if rel == "amod" || rel == "compound" {
                    found.extend(s.children_by(child, Deprel::Conj));
                    found.extend(s.children_by(child, Deprel::Compound));
                }
            }
        }
    }
    found
}
