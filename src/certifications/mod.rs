//! Certifications: permits, standards and registrations of a product, or of a business as a whole.
//!
//! The owner plans one, the mentor who coaches him, or the standards desk, which from then on sees the
//! business. Each kind brings a checklist, whose items are provided with evidence and verified by the desk;
//! the desk also records what the issuer decides. A product has one of a kind, until another renews it. What
//! is granted is watched: the log says when it is time to renew and when it has run out, and both open a
//! hand-over to the desk. The pipeline of a product says which kinds concern it and how far each is.

mod expiry;
mod payloads;
mod pipeline;
mod requirements;
mod routes;
mod rules;
mod steps;
mod store;

pub use expiry::JOB as EXPIRY;
pub use payloads::Certification;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
