//! Sessions: meetings of a mentor with a business. The mentor plans and reports them, the owner confirms what
//! was reported; until then a report can be mended by reporting again. What counts as coaching is decided
//! by a dated rule, and a session that does not count says why.

mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::{any_held, by_id};
