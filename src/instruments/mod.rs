//! Assessment instruments: the questions, how answers become scores, classes and recommendations.
//!
//! An instrument is a document that planners write and publish; nothing about a particular
//! questionnaire is in the code. Everything here is a pure function of that document, the answers and
//! the facts about a business, so an assessment can be scored again years later to the same result.

pub mod checks;
pub mod document;
pub mod scoring;

pub use checks::{Flaw, flaws};
pub use document::{
    Document,
    fact::{CooperativeMembership, Facts},
};
pub use scoring::{Answers, InstrumentScore, score};
