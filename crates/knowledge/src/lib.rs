//! Countries, organisations, office holders and places: who, where and when.
//!
//! Everything is embedded text (`data/*.tsv`), parsed once on first use. Pure: no files, no clock.
//! Sources and licences of the data stand in the head of each file and in `NOTICE`.
#![forbid(unsafe_code)]

pub mod actor;
pub mod contexts;
pub mod data;
pub mod dateline;
pub mod enrich;
pub mod knowledge;
pub mod memory;
pub mod people;
pub mod phrase;
pub mod place;
pub mod role;
pub mod sense;
pub mod setting;
pub mod time;
pub mod tone;

pub use actor::Reading;
pub use enrich::{enrich, enrich_with};
pub use entente_ontology::{CountryCode, Sector};
pub use knowledge::{Country, Knowledge};
pub use memory::Memory;
pub use people::{Holder, Office, Person, Standing, Term};
pub use phrase::Hit;
pub use place::{Place, PlaceContext, PlacePrecision, Places};
pub use role::{Role, RoleClass};
pub use sense::{Sense, SenseKind};
