//! PLOVER roots, modes and contexts, CAMEO codes, quad classes and Goldstein values.
//!
//! Pure: no I/O, no clock. Source of the facts: the PLOVER manual (draft 2.0) and `CAMEO2PLOVER-2021`,
//! Open Event Data Alliance; see `NOTICE`.
#![forbid(unsafe_code)]

pub mod country;
pub mod root;
pub mod sector;

pub use country::{CountryCode, ParseCountryCodeError};
pub use root::{ParseRootError, QuadClass, Root};
pub use sector::{ParseSectorError, Sector};
