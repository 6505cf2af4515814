//! Mentors: practitioners, and lecturers of partner universities, who coach.
//!
//! Two keep a mentor's record. What he is and offers is the institution's to say, in part also his own; how
//! much he may be given and what he is trusted with, the programme's. Who has no institution is the
//! programme's altogether. An e-mail address belongs to one mentor, unless he has ended.
//! His qualifications are watched for their end, and who has an interest in a business is not proposed to it.

mod bulk;
mod duplicates;
mod intake;
mod interests;
mod load;
mod leaving;
mod payloads;
mod qualifications;
mod routes;
mod rules;
mod sealed;
mod store;
mod sync;
mod upsert;

pub use interests::interested_in;
pub use leaving::READER as LEAVING;
pub use payloads::{Expertise, Mentor, Status};
pub use qualifications::EXPIRY as QUALIFICATION_EXPIRY;
pub use routes::routes;
pub use rules::{LIFECYCLE, keepers};
pub use store::{coached_by, find, load, lock, lock_even_merged};
pub use sync::Mentors;
