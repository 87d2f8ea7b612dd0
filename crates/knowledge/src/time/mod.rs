//! When: time expressions in English news, found and resolved against a day.
//!
//! [`find()`] marks the expressions of a text; [`TimeSpan::resolve`] turns one into days, given the day of publication,
//! the day that the text last spoke of, and whether the clause looks back or ahead.

mod expression;
mod find;
mod resolve;
mod token;
mod words;

pub use expression::{Expression, Lead, Season, Shift, TimeSpan, Unit};
pub use find::find;
pub use resolve::{Context, Direction, Precision, Resolved};
