//! Mentorships: a mentor coaches a business in a cohort, with objectives, sessions and a plan.
//!
//! The programme proposes one for a participant that has accepted, to an active mentor with room for it: a
//! proposal counts like a mentorship until it is answered or has expired. A business has one open mentorship
//! in a cohort. The mentor sees the business from the proposal until the mentorship is declined, expired
//! or terminated, and after completion for seven days more, to finish the reports. With the owner's
//! consent the mentor's university sees the business too, once coaching has begun.

mod agreed_actions;
mod evaluation;
mod expiry;
mod objectives;
mod payloads;
mod plan;
mod proposal;
mod routes;
mod rules;
mod sessions;
mod steps;
mod store;
mod transfer;
mod university;

pub use agreed_actions::{AgreedAction, REMINDERS};
pub use expiry::JOB as EXPIRY;
pub use objectives::{Objective, by_id as objective};
pub use payloads::{Mentorship, MentorshipFields, Status};
pub use plan::LIFECYCLE as PLAN_LIFECYCLE;
pub use proposal::propose;
pub use routes::{most_asked, routes};
pub use rules::LIFECYCLE;
pub use sessions::{LIFECYCLE as SESSION_LIFECYCLE, Session, by_id as session};
pub use store::{coached_by, lock, running_of};
pub use university::READER as UNIVERSITY;
