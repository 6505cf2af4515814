//! What a business is, apart from its people and its figures.

mod npwp;
pub mod payloads;
pub mod rules;
pub mod store;

pub use npwp::{is_of as is_npwp_of, seal as seal_npwp};
