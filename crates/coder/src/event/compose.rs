//! A governing word and the act below it make one act: "agreed to release", "rejected the invitation".

use entente_language::Deprel;
use entente_ontology::Root;
use smallvec::SmallVec;

use super::acts::{Act, Acts};
use super::governed::{Governed, governed};
use super::nominal::clause_subject;
use super::who::Whos;
use crate::lexicon::{Flags, Item, OperatorKind, PartOfSpeech, root_of_code};
use crate::predicate::args::{Args, Tokens, prepositions, surface_subjects};
use crate::predicate::matcher::{Match, args_of};
use crate::predicate::words::{is_noun, is_verb};

/// Handles the governing word at a token. True where that settles the token.
pub(crate) fn govern(
    acts: &mut Acts<'_>,
    pos: PartOfSpeech,
    token: usize,
    args: &Args,
    found: Option<&Match>,
) -> bool {
    let Some(g) = governed(acts, pos, token, args) else { return false };
    let idiom =
        found.is_some_and(|m| m.entry.items.iter().any(|i| matches!(i, Item::Object(_) | Item::Oblique(..))));
    match g.operator.kind {
        OperatorKind::Light | OperatorKind::Receive | OperatorKind::End if idiom => return false,
        OperatorKind::Light => light(acts, token, args, &g),
        OperatorKind::Receive => receive(acts, token, args, &g),
        OperatorKind::End => {
            if !end(acts, token, args, &g) {
                return false;
            }
        }
        OperatorKind::Plan => soften(acts, token, args, &g, |act| act.planned = true),
        OperatorKind::Deny => soften(acts, token, args, &g, |act| act.negated = !act.negated),
        OperatorKind::Pass => soften(acts, token, args, &g, |_| ()),
        OperatorKind::Wish => {
            for below in complement_tokens(acts, g.complement) {
                acts.silence(below, "wished, feared or thought of, not done");
            }
            return found.is_none();
        }
        OperatorKind::Promise
        | OperatorKind::Request
        | OperatorKind::Refuse
        | OperatorKind::Threaten
        | OperatorKind::Accuse => {
            // A row that names a fixed object is a better reading than the bare governing word.
            if idiom && g.nominal {
                return false;
            }
            return speech(acts, pos, token, args, found, &g);
        }
    }
    // A row of the lexicon still holds beside a word that only shades what it governs.
    matches!(g.operator.kind, OperatorKind::Light | OperatorKind::Receive | OperatorKind::End)
        || found.is_none()
}

/// The tokens below a complement that share its reality: all but those in relative clauses and participles.
pub(crate) fn complement_tokens(acts: &Acts<'_>, complement: usize) -> Vec<usize> {
    let s = acts.view.s();
    let mut found = vec![complement];
    let mut next = 0;
    while next < found.len() {
        let at = found[next];
        next += 1;
        for child in s.children(at) {
            let outside = s.rel(child) == "acl:relcl"
                || s.is_rel(child, Deprel::Acl)
                    && is_noun(s, at)
                    && !s.children_by(child, Deprel::Mark).any(|_| true);
            if !outside && !s.is_rel(child, Deprel::Parataxis) {
                found.push(child);
            }
        }
    }
    found
}

fn take(acts: &mut Acts<'_>, token: usize) -> Option<Act> {
    let act = acts.at[token].clone().filter(Act::live)?;
    acts.silence(token, "taken up by the word that governs it");
    Some(act)
}

/// "held talks with", "launched a raid on": the noun's act with the verb's subject and tense.
fn light(acts: &mut Acts<'_>, token: usize, args: &Args, g: &Governed) {
    let Some(mut act) = take(acts, g.complement) else { return };
    let subjects = acts.doers(&args.subjects);
    if !subjects.is_empty() && (act.sources.is_empty() || !act.flags.at) {
        act.sources = subjects;
    }
    if act.targets.is_empty() {
        act.targets = phrase_targets(
            acts,
            args,
            &["with", "to", "on", "against", "for", "at", "upon", "into", "between", "from"],
            &act.sources,
        );
    }
    carry(&mut act, token, g);
    acts.at[token] = Some(act);
}

/// "received an invitation from": the subject is on the other side.
fn receive(acts: &mut Acts<'_>, token: usize, args: &Args, g: &Governed) {
    let Some(mut act) = take(acts, g.complement) else { return };
    act.targets = acts.view.resolve_all(&args.subjects);
    if act.sources.is_empty() {
        act.sources = phrase_targets(acts, args, &["from", "by"], &act.targets);
    }
    carry(&mut act, token, g);
    acts.at[token] = Some(act);
}

/// "suspended the talks with", "lifted the embargo on": the reverse of the act below.
fn end(acts: &mut Acts<'_>, token: usize, args: &Args, g: &Governed) -> bool {
    let Some(below) = acts.at[g.complement].clone().filter(Act::live) else { return false };
    let Some(code) = acts.view.lexicon().transform("end", &below.cameo) else { return false };
    let Some(root) = root_of_code(code) else { return false };
    let mut act = below;
    acts.silence(g.complement, "taken up by the word that governs it");
    act.root = root;
    act.cameo = code.into();
    act.mode = None;
    let subjects = acts.doers(&args.subjects);
    if !subjects.is_empty() {
        if !act.sources.is_empty() && act.targets.is_empty() {
            act.targets = act.sources.clone();
        }
        act.sources = subjects;
    }
    if act.targets.is_empty() {
        act.targets =
            phrase_targets(acts, args, &["with", "to", "on", "against", "for", "from"], &act.sources);
    }
    act.flags.implicit = true;
    carry(&mut act, token, g);
    acts.at[token] = Some(act);
    true
}

fn carry(act: &mut Act, token: usize, g: &Governed) {
    act.token = token;
    act.trigger.push(token);
    act.trigger.sort_unstable();
    act.nominal = false;
    act.rules.push(g.operator.place.as_str());
}

/// "plans to", "denied that": the act below, shaded; a nominal one moves up to take the verb's tense.
fn soften(acts: &mut Acts<'_>, token: usize, args: &Args, g: &Governed, shade: impl Fn(&mut Act)) {
    if g.nominal {
        light(acts, token, args, g);
        if let Some(act) = &mut acts.at[token] {
            shade(act);
        }
        return;
    }
    for below in complement_tokens(acts, g.complement) {
        if let Some(act) = &mut acts.at[below]
            && act.live()
            && !(act.nominal && below != g.complement)
        {
            shade(act);
            act.rules.push(g.operator.place.as_str());
        }
    }
}

/// A speech act over another act: AGREE, REQUEST, REJECT, THREATEN or ACCUSE.
fn speech(
    acts: &mut Acts<'_>,
    pos: PartOfSpeech,
    token: usize,
    args: &Args,
    found: Option<&Match>,
    g: &Governed,
) -> bool {
    let (kind, default, root) = match g.operator.kind {
        OperatorKind::Promise => ("promise", "030", Root::Agree),
        OperatorKind::Request => ("request", "100", Root::Request),
        OperatorKind::Refuse => ("refuse", "120", Root::Reject),
        OperatorKind::Threaten => ("threaten", "130", Root::Threaten),
        _ => ("accuse", "112", Root::Accuse),
    };
    let below = first_act(acts, g.complement);
    let own = found.filter(|m| m.entry.root == root || kind == "promise" && m.entry.root == Root::Agree);
    if found.is_some() && own.is_none() && !g.nominal {
        // The lexicon knows this construction as something else.
        let strong = found.is_some_and(|m| m.score > 8);
        if strong {
            return false;
        }
    }
    let base = own.map_or(default, |m| m.entry.cameo.as_str());
    let code =
        below.as_ref().and_then(|b| acts.view.lexicon().transform(kind, &b.cameo)).unwrap_or(base).to_owned();
    let sources = speakers(acts, pos, token, args, own);
    let targets = own.map(|m| acts.plain(pos, token, args, m).targets).filter(|t| !t.is_empty());
    let targets = targets.unwrap_or_else(|| addressed(acts, args, g, below.as_ref(), &sources));
    let flags = own.map_or(
        Flags { implicit: true, responsive: kind == "refuse" || kind == "promise", ..Flags::default() },
        |m| Flags { implicit: true, ..m.entry.flags },
    );
    let symmetric = kind == "promise" && sources.len() > 1 && targets.is_empty();
    let mut trigger = Tokens::from_slice(&[token]);
    if g.nominal || is_verb(acts.view.s(), g.complement) && g.complement < token + 6 {
        trigger.push(g.complement);
    }
    let mut rules: SmallVec<[&'static str; 3]> = below.as_ref().map(|b| b.rules.clone()).unwrap_or_default();
    rules.extend(own.map(|m| m.entry.place.as_str()));
    rules.push(g.operator.place.as_str());
    for inner in complement_tokens(acts, g.complement) {
        if !(g.nominal && inner != g.complement) || kind != "refuse" {
            acts.silence(inner, "only promised, demanded, threatened, refused or alleged");
        }
    }
    acts.at[token] = Some(Act {
        token,
        trigger,
        root: root_of_code(&code).unwrap_or(root),
        cameo: code.into(),
        mode: own.and_then(|m| m.entry.mode.clone()),
        sources,
        targets,
        flags: Flags { symmetric: symmetric || flags.symmetric, ..flags },
        rules,
        silent: None,
        planned: false,
        negated: false,
        nominal: pos == PartOfSpeech::Noun,
        score: own.map_or(8, |m| m.score + 4),
    });
    true
}

/// The act of a complement: its head's own, or that of a verb below a light one ("to begin talks").
fn first_act(acts: &Acts<'_>, complement: usize) -> Option<Act> {
    let s = acts.view.s();
    if let Some(act) = acts.at[complement].as_ref().filter(|a| a.live()) {
        return Some(act.clone());
    }
    s.children(complement)
        .filter(|&c| {
            s.is_rel(c, Deprel::Xcomp)
                || s.is_rel(c, Deprel::Ccomp)
                || s.is_rel(c, Deprel::Obj)
                || s.is_rel(c, Deprel::Conj)
        })
        .find_map(|c| acts.at[c].clone().filter(Act::live))
}

/// Whether the tree gives no subject worth the name: none, or a time.
pub(crate) fn no_subject(acts: &Acts<'_>, args: &Args) -> bool {
    !args.passive && args.subjects.iter().all(|&t| crate::predicate::args::is_time(acts.view.s(), t))
}

fn speakers(acts: &Acts<'_>, pos: PartOfSpeech, token: usize, args: &Args, own: Option<&Match>) -> Whos {
    if pos != PartOfSpeech::Noun {
        let found = acts.doers(&args.subjects);
        return if found.is_empty() && no_subject(acts, args) { acts.nearest_actor(token) } else { found };
    }
    if let Some(own) = own {
        return acts.plain(pos, token, args, own).sources;
    }
    let s = acts.view.s();
    let owners: Vec<usize> = s
        .children(token)
        .filter(|&c| {
            s.is_rel(c, Deprel::NmodPoss)
                || s.is_rel(c, Deprel::Amod)
                || s.is_rel(c, Deprel::Compound)
                || s.is_rel(c, Deprel::Nmod)
                    && prepositions(s, c).iter().any(|p| p == "by" || p == "from" || p == "of")
        })
        .collect();
    let whos = acts.doers(&owners);
    if whos.is_empty() { clause_subject(&acts.view, token) } else { whos }
}

/// Whom a promise, demand, threat or refusal without an addressee of its own is made to.
fn addressed(acts: &Acts<'_>, args: &Args, g: &Governed, below: Option<&Act>, sources: &Whos) -> Whos {
    let foreign = |whos: &Whos| -> Whos {
        whos.iter().copied().filter(|w| !sources.iter().any(|s| s.entity == w.entity)).collect()
    };
    let told = {
        let mut tokens: Vec<usize> = args.recipients.to_vec();
        if !g.nominal {
            tokens.extend(args.objects.iter().copied());
        }
        foreign(&acts.view.resolve_all(&tokens))
    };
    if !told.is_empty() && !told.iter().all(|w| w.modifier) {
        return told;
    }
    let subject = surface_subjects(acts.view.s(), g.complement, 0)
        .map(|t| foreign(&acts.view.resolve_all(&t)))
        .unwrap_or_default();
    let (doers, victims) = below.map(|b| (foreign(&b.sources), foreign(&b.targets))).unwrap_or_default();
    let phrases = phrase_targets(acts, args, &["to", "from", "on", "upon", "with", "of", "against"], sources);
    let inside = inside_complement(acts, g, sources);
    let order = match g.operator.kind {
        OperatorKind::Request => [phrases, doers, subject, victims, inside],
        OperatorKind::Accuse => [doers, subject, phrases, victims, inside],
        OperatorKind::Refuse if g.nominal => [doers, victims, phrases, subject, inside],
        _ => [victims, phrases, inside, doers, subject],
    };
    order.into_iter().find(|whos| !whos.is_empty()).unwrap_or_default()
}

/// Any actor among the arguments of the complement.
fn inside_complement(acts: &Acts<'_>, g: &Governed, sources: &Whos) -> Whos {
    if g.nominal {
        return Whos::new();
    }
    let args = args_of(&acts.view, g.complement);
    let mut tokens: Vec<usize> = args.recipients.to_vec();
    tokens.extend(args.objects.iter().copied());
    let direct = acts.view.resolve_all(&tokens);
    let direct: Whos = direct.into_iter().filter(|w| !sources.iter().any(|s| s.entity == w.entity)).collect();
    if direct.is_empty() {
        return phrase_targets(
            acts,
            &args,
            &["with", "to", "against", "from", "on", "for", "into", "at", "of", "in"],
            sources,
        );
    }
    direct
}

/// The first prepositional dependent that names somebody else.
fn phrase_targets(acts: &Acts<'_>, args: &Args, preps: &[&str], sources: &Whos) -> Whos {
    for prep in preps {
        for oblique in args.obliques.iter().filter(|o| o.preps.iter().any(|p| p == prep)) {
            let whos: Whos = acts
                .view
                .resolve(oblique.noun)
                .into_iter()
                .filter(|w| !sources.iter().any(|s| s.entity == w.entity))
                .collect();
            if !whos.is_empty() {
                return whos;
            }
        }
    }
    Whos::new()
}
