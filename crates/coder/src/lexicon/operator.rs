//! Words that govern another act and change what it means: promise, demand, refuse, plan, deny ...

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::pattern::{Head, PartOfSpeech, parse_heads};

/// What a governing word does to the act below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    /// "held", "launched": the subject carries out the nominal act.
    Light,
    /// "received", "accepted": the subject is on the receiving side of the nominal act.
    Receive,
    /// "agreed to", "offered to": AGREE, or THREATEN for a hostile act.
    Promise,
    /// "demanded that", "called for": REQUEST.
    Request,
    /// "refused to", "rejected": REJECT.
    Refuse,
    /// "threatened to": THREATEN.
    Threaten,
    /// "accused of": ACCUSE; the act itself is not coded.
    Accuse,
    /// "plans to", "is expected to": the act lies ahead.
    Plan,
    /// "denied that", "failed to": the act did not happen.
    Deny,
    /// "stopped", "suspended", "cancelled": the act ends.
    End,
    /// "confirmed that", "began to": the act stands as it is.
    Pass,
    /// "hopes", "fears", "considers": not an act.
    Wish,
}

/// Where the governed act stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// An infinitive.
    pub to: bool,
    /// A finite clause.
    pub that: bool,
    /// A gerund.
    pub ing: bool,
    /// A nominal act as object (or as a complement with one of the prepositions).
    pub noun: bool,
}

/// A row of `operators.tsv`.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The file and line it stands in.
    pub place: String,
    /// Kind of word.
    pub pos: PartOfSpeech,
    /// Head words, any of which fits.
    pub heads: Vec<Head>,
    /// What it does.
    pub kind: OperatorKind,
    /// Where the governed act stands.
    pub takes: Takes,
    /// Prepositions before a nominal act ("for" in "called for talks").
    pub preps: Vec<SmolStr>,
}

impl Operator {
    /// Parses one row: `pos, heads, kind, takes` where `takes` lists `to that ing noun` and prepositions.
    ///
    /// # Errors
    /// A sentence that names the field and what is wrong with it.
    pub fn parse(
        row: &str,
        place: String,
        classes: &BTreeMap<SmolStr, Vec<SmolStr>>,
    ) -> Result<Self, String> {
        let columns: Vec<&str> = row.split('\t').collect();
        let [pos, heads, kind, takes, ..] = columns.as_slice() else {
            return Err("a row has four columns: pos, heads, kind, takes".into());
        };
        let pos = match *pos {
            "v" => PartOfSpeech::Verb,
            "n" => PartOfSpeech::Noun,
            "a" => PartOfSpeech::Adjective,
            other => return Err(format!("part of speech `{other}` is not v, n or a")),
        };
        let kind = match *kind {
            "light" => OperatorKind::Light,
            "receive" => OperatorKind::Receive,
            "promise" => OperatorKind::Promise,
            "request" => OperatorKind::Request,
            "refuse" => OperatorKind::Refuse,
            "threaten" => OperatorKind::Threaten,
            "accuse" => OperatorKind::Accuse,
            "plan" => OperatorKind::Plan,
            "deny" => OperatorKind::Deny,
            "end" => OperatorKind::End,
            "pass" => OperatorKind::Pass,
            "wish" => OperatorKind::Wish,
            other => return Err(format!("kind `{other}` is unknown")),
        };
        let mut operator = Self {
            place,
            pos,
            heads: parse_heads(heads, classes)?,
            kind,
            takes: Takes::default(),
            preps: Vec::new(),
        };
        for word in takes.split_whitespace() {
            match word {
                "to" => operator.takes.to = true,
                "that" => operator.takes.that = true,
                "ing" => operator.takes.ing = true,
                "noun" => operator.takes.noun = true,
                prep => operator.preps.push(prep.into()),
            }
        }
        Ok(operator)
    }
}
