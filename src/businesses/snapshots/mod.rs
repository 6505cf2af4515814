//! The figures of a business on one day: the only way in which they change. A figure that nobody asked for
//! is null, which is not zero.

pub mod payloads;
mod routes;
pub mod rules;
pub mod store;

pub use payloads::{PeriodKind, Snapshot, SnapshotFields};
pub use routes::routes;
pub use rules::flaws;
pub use store::{insert, latest};
