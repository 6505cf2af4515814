//! Sessions: meetings of a mentor with a business. The mentor plans and reports them, the owner confirms what
//! was reported; until then a report can be mended by reporting again. What counts as coaching is decided
//! by a dated rule, and a session that does not count says why.

mod code_letters;
mod codes;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use payloads::{Session, Status};
pub use routes::routes;
pub use rules::{LIFECYCLE, REPORT_DAYS};
pub use store::{any_held, by_id, pass_on, visible_to};
