//! The figures of a business on one day: the only way in which they change. A figure that nobody asked for
//! is null, which is not zero.

mod payloads;
mod routes;
mod rules;
mod store;

pub use payloads::{PeriodKind, Snapshot, SnapshotFields};
pub use routes::routes;
pub use rules::flaws;
pub use store::{insert, latest};
