//! The sandbox: a service for partners to try things on, that any of them may put back to its beginning.
//!
//! Its database is its own from the first start on, marked, so that no service with real people ever opens it, and
//! none with real people becomes one. At that first start the pilot is told, once for each scenario, and what comes of
//! it is kept in a schema beside; to begin a scenario is to put its rows back, in one transaction. So log-ins and
//! ids are the same after each reset, and it takes no longer than writing the rows.

mod claiming;
mod kept;
mod routes;

pub use claiming::{Claim, claim, is_sandbox};
pub use kept::{NOTHING, Scenario, is_prepared, keep, prepared, restore, same_log_ins};
pub use routes::routes;
