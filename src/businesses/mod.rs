//! Businesses (UMKM) of the programme, and cooperatives that are coached like them.
//!
//! A business has people, of whom one owns it; figures, which only change by a new snapshot; and a
//! standing, which follows from the latest of them. It is shared with who owns it, coaches it, or has it
//! handed over. The same owner has no two of one name, and a NIB has one owner, who may have several
//! outlets under it.

mod business;
mod change;
mod duplicates;
mod filter;
mod open_work;
mod people;
mod registration;
mod routes;
mod shown;
mod snapshots;
mod standing;
mod store;
mod sync;

pub use business::{
    payloads::{Business, Kind, Status},
    rules::{LIFECYCLE, is_same_name},
    store::{find, lock, lock_even_merged},
};
pub use change::claim_again;
pub use people::{BusinessRole, acts_for, owner_of};
pub use routes::{most_asked, routes};
pub use snapshots::{
    payloads::{Period, PeriodKind, Snapshot, SnapshotFields, Source as SnapshotSource},
    rules::flaws as snapshot_flaws,
    store::{all_of as snapshots_of, take as take_snapshot},
};
pub use standing::{
    READER, STAGES, SizeClass, clear as clear_standings, clear_stages, rules::size_by, size_class,
    size_class_in,
};
pub use sync::Businesses;
