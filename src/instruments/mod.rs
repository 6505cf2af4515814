//! Assessment instruments: the questions, how answers become scores, classes and recommendations.
//!
//! An instrument is a document that planners write and publish; nothing about a particular
//! questionnaire is in the code. `checks` and `scoring` are pure functions of that document, the answers
//! and the facts about a business, so an assessment can be scored again years later to the same result.
//!
//! A published document is frozen. Several versions of a code may be published side by side: publishing
//! one retires no other, for what began with a version (an assessment, a cohort) is to end with it.
//! A retired one begins nothing new. Who does not write instruments sees those that were published.

pub mod checks;
pub mod document;
mod exchange;
mod payloads;
mod routes;
mod rules;
pub mod scoring;
mod shipped;
mod store;
mod trying;

pub use checks::{Flaw, flaws};
pub use document::{
    Document,
    fact::{CooperativeMembership, Facts},
};
pub use payloads::Instrument;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use scoring::{
    Answers, Explanation, FULL_SCORE, Improvement, InstrumentScore, ItemPoints, Recommended, explain, score,
};
pub use shipped::ship;
pub use store::{document, find, pinned, published};
