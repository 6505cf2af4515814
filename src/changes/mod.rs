//! The change feed: what has changed, for systems that keep a copy.
//!
//! Each event whose audience names the caller comes once, in order for each record, and none is left out: a
//! cursor is a number of the log, which is dense and final. What the caller no longer sees comes as a
//! tombstone. Whoever has nothing yet takes a place at `start`, fetches what there is, and follows from there.

mod cursor;
mod digest;
mod payloads;
mod routes;
mod types;

pub use payloads::Change;
pub use routes::routes;
pub use types::wanted;
