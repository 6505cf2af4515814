//! Signing in: by password, by a client's secret, by the code of an invitation. All end in the same two
//! tokens: one to ask with for 15 minutes, and for people one to get the next two with.
//!
//! Which of several wrong things was wrong is not said, and takes the same time to find out.

mod accept;
mod discovery;
mod log_in;
mod me;
mod payloads;
mod routes;
mod store;
mod token_request;
mod tokens;

pub use discovery::open_routes;
pub use routes::routes;
pub use store::FORGET_REFRESH_TOKENS;
pub use tokens::Session;
