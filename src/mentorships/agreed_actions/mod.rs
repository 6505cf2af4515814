//! Agreed actions: what was promised in a session until the next. They are set with the session's report or
//! later, and the mentor or the owner says when one is done.

mod payloads;
mod reminders;
mod routes;
mod store;

pub use payloads::{AgreedAction, NewAction};
pub use reminders::JOB as REMINDERS;
pub use routes::routes;
pub use store::{agree, pass_on};
