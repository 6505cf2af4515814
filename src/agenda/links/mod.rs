//! Links to a calendar: addresses that need no log-in, and that their user can revoke.

pub mod payloads;
pub mod routes;
pub mod secret;
pub mod store;
