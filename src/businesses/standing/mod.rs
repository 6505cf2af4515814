//! Where a business stands: the figures of its latest snapshot, what the law calls its size, and how far it
//! has come. A record of its own, kept by readers of the log, so that a new figure makes no change to the
//! business stale.

pub mod payloads;
mod reader;
mod routes;
pub mod rules;
mod stages;
mod store;

pub use payloads::{Level, SizeClass, Stage, Standing};
pub use reader::{READER, clear};
pub use routes::routes;
pub use stages::{READER as STAGES, clear as clear_stages};
pub use store::{of, size_class, size_class_in};
