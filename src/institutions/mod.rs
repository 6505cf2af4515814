//! Institutions: partner universities, networks of practitioners, lenders, authorities.
//!
//! Everyone may know them, since a mentor belongs to one and a lender is chosen; how to reach them is for
//! the department. The programme keeps them. `code` is also the `source` of the ids that a partner gives
//! its own records.

mod payloads;
mod routes;
mod store;

pub use payloads::{Institution, Kind, Status};
pub use routes::routes;
pub use store::{code_of, hold, lock};
