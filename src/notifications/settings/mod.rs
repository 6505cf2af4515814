//! What a user wants to be told by e-mail, and in which language.

mod payloads;
mod routes;
mod store;

pub use routes::routes;
pub use store::mail_language;
