//! Cohorts: one round of the programme, and the businesses that take part in it.
//!
//! The programme plans a cohort, opens it, invites businesses; their owners accept, up to its capacity.
//! It starts on its first day, and ends completed or cancelled.

mod participants;
mod payloads;
mod routes;
mod rules;
mod store;

pub use participants::{
    JOB, LIFECYCLE as PARTICIPANT_LIFECYCLE, Participant, Status as ParticipantStatus, participant_of,
};
pub use payloads::{Cohort, Status};
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::{find, instrument_of, lock};
