//! Where a business stands: the figures of its latest snapshot and what the law calls its size. A record of
//! its own, kept by a reader of the log, so that a new figure makes no change to the business stale.

pub mod payloads;
mod reader;
mod routes;
pub mod rules;
mod store;

pub use payloads::{Level, SizeClass, Standing};
pub use reader::READER;
pub use routes::routes;
pub use store::{of, size_class, size_class_in};
