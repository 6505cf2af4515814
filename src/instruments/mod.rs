//! Assessment instruments: the questions, how answers become scores, classes and recommendations.
//!
//! An instrument is a document that planners write and publish; nothing about a particular
//! questionnaire is in the code. Everything here is a pure function of that document, the answers and
//! the facts about a business, so an assessment can be scored again years later to the same result.

//pub mod checks;
pub mod conclusions;
//mod condition_checks;
pub mod conditions;
//pub mod coverage;
pub mod document;
pub mod fact;
//mod flaw;
mod forms;
mod fraction;
pub mod result;
pub mod scoring;

//pub use checks::flaws;
pub use document::Instrument;
//pub use flaw::Flaw;
pub use fact::{CooperativeMembership, Facts};
pub use result::InstrumentScore;
pub use scoring::{Answers, score};
