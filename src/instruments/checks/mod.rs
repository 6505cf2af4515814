//! What must be right before an instrument is published, beyond the form that its schema states.
//!
//! Everything that is wrong comes in one answer. An instrument without a flaw gives each complete set
//! of answers, of a business in any subsector, every score and a class.

mod codes;
mod conditions;
pub mod coverage;
mod flaw;
mod scales;
mod weights;

use std::collections::BTreeSet;

use super::document::Document;

pub use flaw::Flaw;

/// `subsectors` are the codes of the reference list.
pub fn flaws(instrument: &Document, subsectors: &BTreeSet<String>) -> Vec<Flaw> {
    [
        codes::flaws(instrument, subsectors),
        weights::flaws(instrument),
        scales::flaws(instrument),
        conditions::flaws(instrument, subsectors),
        coverage::flaws(instrument),
    ]
    .concat()
}
