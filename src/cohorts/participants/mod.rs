//! Businesses in a cohort. One is invited and has some days to answer; its owner accepts, or the programme
//! for him with a note of how he said so. Never more take part than the cohort holds.

mod expiry;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use expiry::JOB;
pub use payloads::{Participant, Status};
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::{participant_of, taking_part};
