//! Exports: all records of a kind that the caller may read, at one moment, for a copy or a table.
//!
//! They are written as they are read, from one snapshot of the database, so that a city of a million businesses
//! takes no more memory than one of ten: to the caller at once, or by a job to the store of files, from which they
//! can be fetched in pieces. Whoever is to keep the copy in step takes a place in the feed of changes first
//! (`/v1/changes/start`), and can prove it by `/v1/changes/digest`.

mod columns;
mod csv;
mod form;
mod jobs;
mod kinds;
mod routes;
mod writing;
mod xlsx;

pub use csv::{as_stored, harmless};
pub use form::ExportDelimiter;
pub use jobs::{EXPIRE, SWEEP, exported, work};
pub use kinds::KINDS;
pub use routes::routes;
pub use writing::snapshot;
