//! Persons: owners of businesses, members of cooperatives, whoever else has a part in one.
//!
//! Who has the same NIK is the same person. Numbers, ways to reach someone and disability are sealed with
//! the person's own key; NIK and NPWP are shown masked to everyone. Whoever knows one of a person's values
//! may look the person up by it, and that is recorded. A disability is kept only while the person consents
//! to it, and never enters the log, not even sealed: withdrawing that consent erases it.

mod consents;
mod duplicates;
mod intake;
mod lookup;
mod payloads;
mod routes;
mod rules;
mod sealed;
mod store;

pub use consents::{LIFECYCLE as CONSENT_LIFECYCLE, Purpose, by_id as consent_by_id, consent};
pub use intake::{create_as, flaws};
pub use payloads::{Person, PersonFields};
pub use routes::routes;
pub use rules::has_nik;
pub use store::{NOW_IN_BUSINESSES, businesses_of, lock, lock_even_merged};
