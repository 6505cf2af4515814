//! The agenda: what waits for whoever asks, and what of it is late.
//!
//! Nothing of it is stored: it follows from the records of the other features, by one table (`sources`) that
//! says which of them wait for which role. The same entries, without a word about people, make a calendar
//! behind a secret address, for the telephones of mentors and owners.

mod feed;
mod links;
mod payloads;
mod routes;
mod sources;
mod store;
mod subject;

pub use feed::calendar;
pub use routes::routes;
pub use subject::Subject;
