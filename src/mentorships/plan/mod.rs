//! The plan: what the business will do, by when and with which money. The owner writes it with the mentor and
//! submits it, the mentor accepts it or says what is missing. An accepted plan is revised by opening its
//! next version; the earlier ones are kept as they were.

mod changes;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::pass_on;
