//! Invitations: a one-time code, on paper or sent by whoever invites, that makes an account or extends one.

mod payloads;
mod routes;
mod rules;
mod store;

pub use payloads::Invitation;
pub use routes::routes;
pub use store::{by_code, lock_open, use_up};
