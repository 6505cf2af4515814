//! Hand-overs: a business for which another division is to do something, and what came of it.
//!
//! Nobody makes one by hand. A reader of the log opens them by rule: for the referrals that a reviewed
//! assessment recommends, for a plan that needs capital, for a coached owner who is in no cooperative, for a
//! certification that is about to expire, and back to the programme when a division declines. A division
//! has at most one open or taken for a business; what comes later is added to it. The division sees the
//! business as long as it has not declined. When one is first taken, the records that it rests on are
//! pinned, with a hash: the dossier.

mod dossier;
mod opening;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use opening::READER;
pub use payloads::HandOver;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
