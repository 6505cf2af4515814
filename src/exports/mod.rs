//! Exports: all records of a kind that the caller may read, at one moment, for a copy or a table.
//!
//! They are written as they are read, from one snapshot of the database, so that a city of a million businesses
//! takes no more memory than one of ten. Whoever is to keep the copy in step takes a place in the feed of changes
//! first (`/v1/changes/start`), and can prove it by `/v1/changes/digest`.

mod csv;
mod kinds;
mod routes;
mod writing;

pub use kinds::KINDS;
pub use routes::routes;
pub use writing::snapshot;
