//! What a mentor is certified in, by which scheme. The log says when a certificate is about to run out, and
//! when it has.

mod expiry;
mod payloads;
mod routes;
mod rules;
mod store;

pub use expiry::JOB as EXPIRY;
pub use routes::routes;
