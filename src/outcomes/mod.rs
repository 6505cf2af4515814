//! Outcomes: what became of a business, claimed, attributed and proven.
//!
//! Figures that change, capital, certificates and memberships propose outcomes by themselves; anyone who
//! works with the business may claim others. A change is an `impact`, or only a `correction` of what was
//! known, which never counts. The owner says how much of it the coaching brought about, and someone other
//! than who claimed it verifies it with evidence. Figures show each level apart.

mod payloads;
mod proposals;
mod proposing;
mod routes;
mod rules;
mod store;

pub use payloads::{Kind, Outcome, Share, Status, Unit};
pub use proposing::READER;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
