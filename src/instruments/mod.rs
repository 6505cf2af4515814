//! Assessment instruments: the questions, how answers become scores, classes and recommendations.
//!
//! An instrument is a document that planners write and publish; nothing about a particular
//! questionnaire is in the code. Everything here is a pure function of that document, the answers and
//! the facts about a business, so an assessment can be scored again years later to the same result.

pub mod checks;
pub mod conclusions;
pub mod conditions;
pub mod document;
pub mod fact;
mod flaw;
pub mod forms;
mod fraction;
pub mod result;
pub mod scoring;

pub use checks::flaws;
pub use document::Instrument;
pub use fact::{CooperativeMembership, Facts};
pub use flaw::Flaw;
pub use result::InstrumentScore;
pub use scoring::{Answers, score};
