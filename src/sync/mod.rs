//! Syncing: a partner sends its whole list of records, or a part of it, and hears of each row what became of it.
//!
//! The file is taken in before anything is done with it. Then its rows are judged, five hundred at a time, and
//! committed together with the lines that answer them: what was answered is done, what is kept of a run is what was
//! done, and a file that is sent again under its `Idempotency-Key` goes on where it broke off.

mod answer;
mod batch;
mod columns;
mod jobs;
mod kept;
mod payloads;
mod refused;
mod routes;
mod rows;
mod running;
mod spool;
mod steps;
mod store;

pub use jobs::{FORGET, STOP};
pub use routes::routes;
