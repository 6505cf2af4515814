//! Consents: what a person agreed to, in which words, and until when.
//!
//! What the department does itself rests on its public duty; what leaves it, or is about health, needs the
//! person's consent. It is given by the person's own account, or on a signed form that the programme
//! records. What rests on a consent ends when it is withdrawn: readers of the log see to that, and a
//! disability is erased at once.

mod giving;
mod payloads;
mod routes;
mod rules;
mod store;

pub use payloads::Purpose;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::{by_id, consent};
