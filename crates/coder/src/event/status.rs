//! How real an act is, and who says so.

use entente_language::Deprel;
use entente_messages::Modality;

use super::acts::Act;
use super::who::{View, Whos};
use crate::predicate::args::{prepositions, surface_subjects};
use crate::predicate::words::{has_to, is_noun, is_saying, is_verb, lemma, lower, negated};

/// What the clauses around an act make of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    pub(crate) modality: Modality,
    /// Why the act is not coded, where it is not.
    pub(crate) dropped: Option<&'static str>,
    /// Head of the words that name the speaker.
    pub(crate) speaker: Option<usize>,
    pub(crate) speakers: Whos,
    /// Something that the speaker says somebody must do.
    pub(crate) duty: bool,
}

/// What an auxiliary makes of its verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tense {
    Plain,
    Future,
    Conditional,
    Possible,
    Duty,
}

pub(crate) fn status(view: &View<'_>, act: &Act) -> Status {
    let s = view.s();
    let mut status = Status::default();
    let mut tense = own_tense(view, act.token);
    let mut negative = act.negated ^ negated(s, act.token);
    if !negative && !act.nominal {
        negative = act.trigger.iter().any(|&t| {
            t != act.token && s.children(t).any(|c| lower(s, c) == "no" && s.is_rel(c, Deprel::Det))
        }) || s.children_by(act.token, Deprel::Nsubj).any(|n| {
            s.children(n).any(|c| lower(s, c) == "no" && s.is_rel(c, Deprel::Det))
                || matches!(lower(s, n).as_ref(), "nobody" | "none")
        });
    }
    let mut at = act.token;
    let mut share = true;
    for _ in 0..s.len() {
        find_speaker(view, at, &mut status);
        if conditional_clause(view, at) {
            status.dropped = Some("stands under a condition");
        }
        let Some(head) = s.head(at) else { break };
        let rel = s.rel(at).as_str();
        share = share && shares_tense(view, at, act.nominal);
        if share && tense == Tense::Plain {
            tense = own_tense(view, head);
        }
        if rel == "ccomp" || rel == "parataxis" || rel.starts_with("advcl") || rel == "acl:relcl" {
            share = false;
        }
        if (rel == "ccomp" || rel == "parataxis") && is_saying(lemma(s, head)) {
            set_speaker(view, head, &mut status);
        }
        at = head;
    }
    if act.nominal && tense == Tense::Plain {
        tense = adjective_tense(view, act.token);
    }
    settle(act, tense, negative, &mut status);
    status
}

fn settle(act: &Act, tense: Tense, negative: bool, status: &mut Status) {
    let reported = status.speaker.is_some();
    status.modality = match tense {
        Tense::Future => Modality::Planned,
        Tense::Conditional if reported => Modality::Planned,
        Tense::Conditional | Tense::Possible => Modality::Hypothetical,
        Tense::Duty => {
            status.duty = true;
            Modality::Hypothetical
        }
        Tense::Plain if act.planned => Modality::Planned,
        Tense::Plain => Modality::Actual,
    };
    if negative {
        status.modality = Modality::Negated;
        if tense == Tense::Possible {
            status.dropped = Some("said to be impossible or unlikely");
        }
    }
    if status.modality == Modality::Hypothetical && status.dropped.is_none() {
        status.dropped = Some("only possible");
    }
}

/// Whether the word above lends its tense: coordination, infinitives, and the verb of a nominal act.
fn shares_tense(view: &View<'_>, at: usize, nominal: bool) -> bool {
    let s = view.s();
    let rel = s.rel(at).as_str();
    match rel {
        "conj" => {
            let own_subject = s.children(at).any(|c| s.is_rel(c, Deprel::Nsubj));
            let own_aux = s.children(at).any(|c| s.is_rel(c, Deprel::Aux) && lemma(s, c) != "to");
            !own_subject && !own_aux && !finite_past(view, at)
        }
        "xcomp" => true,
        "nsubj" | "nsubj:pass" | "obj" => nominal,
        _ => rel.starts_with("obl") && nominal,
    }
}

fn finite_past(view: &View<'_>, at: usize) -> bool {
    let t = view.s().token(at);
    t.feat("VerbForm") == Some("Fin") && t.feat("Tense") == Some("Past")
}

/// The tense that the auxiliaries of a word give.
fn own_tense(view: &View<'_>, token: usize) -> Tense {
    let s = view.s();
    let mut tense = Tense::Plain;
    let mut be = false;
    for c in s.children(token).filter(|&c| s.is_rel(c, Deprel::Aux) || s.is_rel(c, Deprel::Cop)) {
        match lower(s, c).as_ref() {
            "will" | "'ll" | "’ll" | "shall" | "wo" => tense = Tense::Future,
            "would" | "'d" | "’d" => tense = Tense::Conditional,
            "may" | "might" | "could" | "can" => tense = Tense::Possible,
            "should" | "must" | "ought" => tense = Tense::Duty,
            "is" | "are" | "was" | "were" | "'s" | "be" => be = true,
            _ => {}
        }
    }
    // "are to meet", with "be" either as auxiliary or as the governor.
    if tense == Tense::Plain && has_to(s, token) {
        let below_be = s.head(token).is_some_and(|h| lemma(s, h) == "be" && s.is_rel(token, Deprel::Xcomp));
        if be
            && is_verb(s, token)
            && !s.is_rel(token, Deprel::Xcomp)
            && !s.is_rel(token, Deprel::Advcl)
            && !s.is_rel(token, Deprel::Acl)
            || below_be
        {
            tense = Tense::Future;
        }
        let headline = s.part == entente_messages::Part::Title && s.head(token).is_none();
        if headline {
            tense = Tense::Future;
        }
    }
    if tense == Tense::Plain && s.token(token).upos == entente_language::Upos::Verb {
        // "is going to", "is due to" are rows of the operators; "have to" is not.
        let have_to = s
            .head(token)
            .is_some_and(|h| lemma(s, h) == "have" && s.is_rel(token, Deprel::Xcomp) && has_to(s, token));
        if have_to {
            tense = Tense::Duty;
        }
    }
    tense
}

/// "planned talks", "a possible strike".
fn adjective_tense(view: &View<'_>, noun: usize) -> Tense {
    let s = view.s();
    for c in s
        .children(noun)
        .filter(|&c| s.is_rel(c, Deprel::Amod) || s.is_rel(c, Deprel::Compound) || s.is_rel(c, Deprel::Nmod))
    {
        match lower(s, c).as_ref() {
            "planned" | "upcoming" | "forthcoming" | "scheduled" | "expected" | "proposed" | "next"
            | "future" | "coming" | "impending" | "pending" => return Tense::Future,
            "possible" | "potential" | "hypothetical" | "alleged" | "likely" | "feared" | "eventual"
            | "imminent" | "any" | "further" | "prospective" => return Tense::Possible,
            _ => {}
        }
    }
    if s.children_by(noun, Deprel::Det).any(|c| matches!(lower(s, c).as_ref(), "any" | "every" | "such")) {
        return Tense::Possible;
    }
    Tense::Plain
}

fn conditional_clause(view: &View<'_>, at: usize) -> bool {
    let s = view.s();
    if !s.is_rel(at, Deprel::Advcl) && !s.is_rel(at, Deprel::Ccomp) {
        return false;
    }
    s.children_by(at, Deprel::Mark).chain(s.children_by(at, Deprel::Advmod)).any(|m| {
        match lower(s, m).as_ref() {
            "if" | "unless" | "whether" | "lest" | "should" => true,
            "case" | "until" | "till" | "once" => s.is_rel(at, Deprel::Advcl),
            _ => false,
        }
    })
}

/// Speakers that stand beside the clause: "according to X", "X said" after a comma.
fn find_speaker(view: &View<'_>, at: usize, status: &mut Status) {
    if status.speaker.is_some() {
        return;
    }
    let s = view.s();
    for child in s.children(at) {
        if (s.is_rel(child, Deprel::Parataxis) || s.is_rel(child, Deprel::Ccomp) && child > at)
            && is_saying(lemma(s, child))
            && is_verb(s, child)
        {
            // "..., X said": the saying hangs below what is said.
            if s.is_rel(child, Deprel::Parataxis)
                && surface_subjects(s, child, 0).is_some()
                && !s.children(child).any(|c| s.is_rel(c, Deprel::Ccomp) || s.is_rel(c, Deprel::Obj))
            {
                set_speaker(view, child, status);
                return;
            }
        }
        if s.is_rel(child, Deprel::Obl) && prepositions(s, child).iter().any(|p| p == "according") {
            status.speaker = Some(child);
            status.speakers = view.resolve(child);
            return;
        }
    }
}

fn set_speaker(view: &View<'_>, saying: usize, status: &mut Status) {
    if status.speaker.is_some() {
        return;
    }
    let s = view.s();
    let Some(subjects) = surface_subjects(s, saying, 0) else { return };
    let Some(&first) = subjects.first() else { return };
    status.speaker = Some(first);
    status.speakers = view.resolve_all(&subjects);
    if is_expert(view, first) {
        status.dropped = Some("an outside expert's reading");
    }
}

/// A speaker who watches and does not act.
fn is_expert(view: &View<'_>, subject: usize) -> bool {
    let s = view.s();
    if !is_noun(s, subject) && !s.is_rel(subject, Deprel::Nsubj) {
        return false;
    }
    s.subtree(subject).any(|i| {
        matches!(
            lemma(s, i).to_ascii_lowercase().as_str(),
            "analyst"
                | "professor"
                | "economist"
                | "expert"
                | "lecturer"
                | "researcher"
                | "historian"
                | "scholar"
                | "scientist"
                | "observer"
                | "commentator"
                | "pollster"
                | "teach"
                | "study"
                | "follow"
                | "think-tank"
                | "consultant"
                | "strategist"
                | "fellow"
                | "trader"
                | "dealer"
                | "political-scientist"
                | "academic"
                | "university"
                | "institute"
        )
    })
}
