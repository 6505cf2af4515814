//! Who somebody is in a business. History is kept when it is sold or inherited: a new owner ends the
//! former in the same write, so that there is never more than one.

pub mod payloads;
pub mod store;

pub use store::owner_of;
