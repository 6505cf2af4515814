//! Machine clients: a university's system, a lender's, another municipal one.
//!
//! Each has a role with its subject, and some of the scopes that the role can have. Of its secrets the
//! newest two are good, so that a new one can be put in place before the old one is gone.

mod create;
mod payloads;
mod routes;
mod rules;
mod store;

pub use create::make_client;
pub use payloads::{ClientFields, NewClient, Status};
pub use routes::routes;
pub use rules::{all_scopes, offered};
pub use store::{by_client_id, name_of, note_use};
