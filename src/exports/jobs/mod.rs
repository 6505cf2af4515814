//! Exports that a job writes into the store of files, to be fetched from there, in pieces and again.
//!
//! A job is a row; whichever replica is free takes it up and moves a time ahead of itself for as long as it writes.
//! When it no longer does, another begins anew, with a file of its own: what is shown is one file of one moment, or
//! none. What is written is what the asker may read at that time; it is served for a day, to the asker, or to
//! whoever has a link that it gave away, and to nobody once the asker could not sign in any more.

mod link;
mod payloads;
mod routes;
mod serving;
mod store;
mod sweep;
mod work;

pub use routes::{exported, routes};
pub use sweep::{EXPIRE, SWEEP};
pub use work::work;
