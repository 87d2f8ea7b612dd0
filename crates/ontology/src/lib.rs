//! PLOVER roots, modes and contexts, CAMEO codes, quad classes and Goldstein values.
//!
//! Pure: no I/O, no clock. Source of the facts: the PLOVER manual (draft 2.0) and `CAMEO2PLOVER-2021`,
//! Open Event Data Alliance; see `NOTICE`.
#![forbid(unsafe_code)]

pub mod cameo;
pub mod country;
pub mod root;
pub mod scores;
pub mod sector;

pub use cameo::{CameoCode, CameoEntry, ParseCameoError};
pub use country::{CountryCode, ParseCountryCodeError};
pub use root::{ParseRootError, QuadClass, Root};
pub use scores::goldstein;
pub use sector::{ParseSectorError, Sector};
