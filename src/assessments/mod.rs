//! Assessments: what an instrument makes of the answers about one business.
//!
//! The owner assesses himself; the mentor who coaches the business assesses it, and again to see what
//! became of it. When an assessment is submitted, the facts about the business are frozen in it, and the
//! instrument that it began with gives scores, class and recommendations. It is reviewed by someone
//! else: a self-assessment by the mentor, the others by the programme. Of a kind, a business has one that
//! is open, in each mentorship.
//!
//! The class that the answers gave never changes. The programme may override it with a reason; the owner,
//! or the mentor for him, may object within 30 days, and a person who had no part in it decides in 10
//! working days: nobody is bound by a decision that a machine alone has made about him (Law 27/2022 on
//! personal data, article 10).

mod drafting;
mod payloads;
mod progress;
mod report;
mod routes;
mod rules;
mod simulation;
mod steps;
mod store;
mod verdict;

pub use payloads::Assessment;
pub use routes::{routes, routes_below_others};
pub use rules::LIFECYCLE;
pub use store::lock;
