//! Everything that travels between services and to users.
//!
//! Pure: no I/O, no clock. Offsets of spans are counted in Unicode scalar values ("characters") of the
//! field named by their [`Part`], so that a consumer in any language slices the same words.
#![forbid(unsafe_code)]

pub mod article;
pub mod coded;
pub mod enriched;
pub mod event;
pub mod headers;
pub mod outcome;
pub mod reference;
pub mod span;
pub mod stage;
pub mod subject;

pub use article::{Article, Submission};
pub use coded::{CodedActor, CodedArticle, CodedEvent};
pub use enriched::{EnrichedArticle, Mention};
pub use event::{Actor, ActorRole, Attribution, Event, EventDate, EventPlace, Modality};
pub use outcome::{Acceptance, DeadLetter, Delivery, Outcome, OutcomeRecord, Rejection};
pub use span::{CharSpan, Part};
pub use stage::Stage;
pub use subject::{ArticleKey, Relation, Subject};
