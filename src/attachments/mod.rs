//! Attachments: files that belong to a record: photos, signed forms, papers of a referral.
//!
//! Who may read a record may read its files, and whoever writes or answers for it may add some: `attachable`
//! has a row for each kind of record that can have files. A file is sent as it is, and taken for what it holds,
//! not for what it is called; what a phone writes into a photo (where, when, with what) is not kept. It lies
//! in the store before its row is made, so that every row has its file; what no row names is swept. A deleted
//! one is out of sight at once, and its file is gone some days later; what some evidence names stays.

mod attachable;
mod body;
mod content;
mod download;
mod following;
mod jobs;
mod payloads;
mod readable;
mod routes;
mod rules;
mod steps;
mod store;

pub use following::READER;
pub use jobs::{PURGE, SWEEP};
pub use routes::routes;
