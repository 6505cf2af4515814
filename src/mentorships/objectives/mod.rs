//! Objectives: what a mentorship is to achieve. At most three are in focus. One is achieved with evidence or
//! dropped with a note, and a mentorship is completed when each is decided.

mod payloads;
mod routes;
mod rules;
mod store;

pub use payloads::{Objective, Status};
pub use routes::routes;
pub use store::{by_id, pass_all_on as pass_on, undecided};
