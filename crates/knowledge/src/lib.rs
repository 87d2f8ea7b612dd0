//! Countries, organisations, office holders and places: who, where and when.
//!
//! Everything is embedded text (`data/*.tsv`), parsed once on first use. Pure: no files, no clock.
//! Sources and licences of the data stand in the head of each file and in `NOTICE`.
#![forbid(unsafe_code)]

pub mod data;
pub mod knowledge;
pub mod people;
pub mod phrase;
pub mod role;
pub mod sense;

pub use entente_ontology::{CountryCode, Sector};
pub use knowledge::{Country, Knowledge};
pub use people::{Holder, Office, Person, Standing, Term};
pub use phrase::Hit;
pub use role::{Role, RoleClass};
pub use sense::{Sense, SenseKind};
