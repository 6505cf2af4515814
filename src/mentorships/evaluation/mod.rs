//! What a mentor did in a year, in numbers: derived from his mentorships, their sessions and objectives. To his
//! institution it shows what was done for it, and of whom nothing.

mod payloads;
mod routes;
mod rules;
mod store;

pub use routes::routes;
