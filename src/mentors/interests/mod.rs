//! Businesses with which a mentor has a conflict of interest: he owns a part of it, is related to its owner,
//! sells to it. He is never proposed to one.
//!
//! He declares them himself, by name where he does not see the business; the programme then says which one it
//! is. Only the two see them.

mod payloads;
mod routes;
mod rules;
mod store;

pub use routes::routes;
pub use store::interested_in;
