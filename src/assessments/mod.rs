//! Assessments: what an instrument makes of the answers about one business.
//!
//! The owner assesses himself; the mentor who coaches the business assesses it, and again to see what
//! became of it. When an assessment is submitted, the facts about the business are frozen in it, and the
//! instrument that it began with gives scores, class and recommendations. It is reviewed by someone
//! else: a self-assessment by the mentor, the others by the programme. Of a kind, a business has one that
//! is open, in each mentorship.

mod drafting;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
