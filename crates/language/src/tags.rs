//! The closed tag sets of the treebanks, as enums with their written forms.

use std::fmt;

/// A tag that a closed set does not contain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {set} {tag:?}")]
pub struct UnknownTag {
    /// Which set was asked.
    pub set: &'static str,
    /// What was looked up.
    pub tag: String,
}

macro_rules! tag_set {
    ($(#[$doc:meta])* $name:ident, $label:literal: $($variant:ident = $text:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name {
            $(
                #[doc = concat!("<code>", $text, "</code>")]
                $variant,
            )+
        }

        impl $name {
            /// Every tag, in the order of the discriminants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The tag as the treebanks write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The position in [`Self::ALL`].
            #[must_use]
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownTag;

            fn from_str(tag: &str) -> Result<Self, UnknownTag> {
                match tag {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownTag { set: $label, tag: tag.to_owned() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
    };
}

tag_set! {
    /// Universal part of speech.
    Upos, "UPOS":
    Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET", Intj = "INTJ", Noun = "NOUN",
    Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN", Punct = "PUNCT", Sconj = "SCONJ", Sym = "SYM",
    Verb = "VERB", X = "X",
}

tag_set! {
    /// Penn Treebank tag, with the additions of the English Web Treebank (`HYPH`, `ADD`, `GW`, `AFX`, `NFP`).
    Xpos, "XPOS":
    Cc = "CC", Cd = "CD", Dt = "DT", Ex = "EX", Fw = "FW", In = "IN", Jj = "JJ", Jjr = "JJR", Jjs = "JJS", Ls = "LS",
    Md = "MD", Nn = "NN", Nnp = "NNP", Nnps = "NNPS", Nns = "NNS", Pdt = "PDT", Pos = "POS", Prp = "PRP",
    PrpPoss = "PRP$", Rb = "RB", Rbr = "RBR", Rbs = "RBS", Rp = "RP", Sym = "SYM", To = "TO", Uh = "UH", Vb = "VB",
    Vbd = "VBD", Vbg = "VBG", Vbn = "VBN", Vbp = "VBP", Vbz = "VBZ", Wdt = "WDT", Wp = "WP", WpPoss = "WP$",
    Wrb = "WRB", Stop = ".", Comma = ",", Colon = ":", OpenQuote = "``", CloseQuote = "''", OpenBracket = "-LRB-",
    CloseBracket = "-RRB-", Hyph = "HYPH", Dollar = "$", Nfp = "NFP", Add = "ADD", Gw = "GW", Afx = "AFX",
}

tag_set! {
    /// Universal dependency relation, with the subtypes of the English treebanks.
    Deprel, "dependency relation":
    Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", AdvclRelcl = "advcl:relcl", Advmod = "advmod", Amod = "amod",
    Appos = "appos", Aux = "aux", AuxPass = "aux:pass", Case = "case", Cc = "cc", CcPreconj = "cc:preconj",
    Ccomp = "ccomp", Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj", Cop = "cop", Csubj = "csubj",
    CsubjOuter = "csubj:outer", CsubjPass = "csubj:pass", Dep = "dep", Det = "det", DetPredet = "det:predet",
    Discourse = "discourse", Dislocated = "dislocated", Expl = "expl", Fixed = "fixed", Flat = "flat",
    Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod", NmodDesc = "nmod:desc",
    NmodPoss = "nmod:poss", NmodUnmarked = "nmod:unmarked", Nsubj = "nsubj", NsubjOuter = "nsubj:outer",
    NsubjPass = "nsubj:pass", Nummod = "nummod", Obj = "obj", Obl = "obl", OblAgent = "obl:agent",
    OblUnmarked = "obl:unmarked", Orphan = "orphan", Parataxis = "parataxis", Punct = "punct",
    Reparandum = "reparandum", Root = "root", Vocative = "vocative", Xcomp = "xcomp",
}

impl Deprel {
    /// The relation without its subtype: `nsubj` for `nsubj:pass`, `obl` for `obl:agent`.
    #[must_use]
    pub fn base(self) -> Self {
        match self {
            Self::AclRelcl => Self::Acl,
            Self::AdvclRelcl => Self::Advcl,
            Self::AuxPass => Self::Aux,
            Self::CcPreconj => Self::Cc,
            Self::CompoundPrt => Self::Compound,
            Self::CsubjOuter | Self::CsubjPass => Self::Csubj,
            Self::DetPredet => Self::Det,
            Self::NmodDesc | Self::NmodPoss | Self::NmodUnmarked => Self::Nmod,
            Self::NsubjOuter | Self::NsubjPass => Self::Nsubj,
            Self::OblAgent | Self::OblUnmarked => Self::Obl,
            other => other,
        }
    }

    /// Whether the dependent is a clause or predicate of its own.
    #[must_use]
    pub fn is_clausal(self) -> bool {
        matches!(
            self.base(),
            Self::Acl | Self::Advcl | Self::Ccomp | Self::Csubj | Self::Parataxis | Self::Xcomp
        )
    }
}

impl Xpos {
    /// A finite or non-finite verb form or modal.
    #[must_use]
    pub fn is_verb(self) -> bool {
        matches!(self, Self::Md | Self::Vb | Self::Vbd | Self::Vbg | Self::Vbn | Self::Vbp | Self::Vbz)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_round_trip() {
        for &tag in Upos::ALL {
            assert_eq!(tag.as_str().parse(), Ok(tag));
        }
        for &tag in Xpos::ALL {
            assert_eq!(tag.as_str().parse(), Ok(tag));
        }
        for (i, &tag) in Deprel::ALL.iter().enumerate() {
            assert_eq!(tag.as_str().parse(), Ok(tag));
            assert_eq!(tag.index(), i);
            let base = tag.as_str().split(':').next();
            assert_eq!(Some(tag.base().as_str()), base);
        }
    }

    #[test]
    fn unknown_tags_are_named() {
        let error = "nsub".parse::<Deprel>().expect_err("no such relation");
        assert_eq!(error.to_string(), "unknown dependency relation \"nsub\"");
    }
}
