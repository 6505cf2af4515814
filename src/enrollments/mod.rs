//! Enrollments: the owner of a coached business becomes a member of a cooperative.
//!
//! By law the person is the member, not the business. The owner applies, or the Cooperatives division for
//! him; the division verifies; the board admits, or the division with the board's minutes. Applying needs
//! the NIK, and the owner's consent to that cooperative, which sees the business from then on until the
//! application or the membership is over. A person has one open or active enrollment in a cooperative.

mod gates;
mod payloads;
mod readers;
mod routes;
mod rules;
mod steps;
mod store;

pub use payloads::Enrollment;
pub use readers::READER;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
