//! Mentors: practitioners, and lecturers of partner universities, who coach.
//!
//! Two keep a mentor's record. What he is and offers is the institution's to say, in part also his own; how
//! much he may be given and what he is trusted with, the programme's. Who has no institution is the
//! programme's altogether. An e-mail address belongs to one mentor, unless he has ended.

mod intake;
mod load;
mod leaving;
mod payloads;
mod routes;
mod rules;
mod sealed;
mod store;

pub use leaving::READER as LEAVING;
pub use payloads::{Expertise, Mentor, Status};
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::{load, lock};
