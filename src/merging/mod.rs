//! Two records that are one: duplicates of businesses, persons and mentors are merged, and parted again.
//!
//! What belongs to the one is handed on to the other, all of it or nothing; `handed_on` says what that is. The
//! fields of the one are not mixed into the other: it stays as it was, leads to the other, and refuses every
//! write. Within thirty days a merge can be undone, the last one first: what was handed on goes back, what
//! was made since stays, unless it lies below something that goes back.

mod children;
mod clashes;
mod mergeable;
mod moving;
mod parting;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use children::named;
pub use routes::routes;
pub use rules::LIFECYCLE;
