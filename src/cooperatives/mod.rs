//! Cooperatives: whom a coached business's owner may join, so that a thousand businesses stand behind one.
//!
//! Everyone may know them but lenders, whom they do not concern; a board knows its own. The Cooperatives
//! division keeps the registry. What is dissolved stays in it, and takes no members any more: a reader of
//! the log in `enrollments` ends the memberships. Its number is the Nomor Induk Koperasi, never called
//! `nik` here.

mod payloads;
mod routes;
mod rules;
mod store;
mod sync;

pub use payloads::{Cooperative, Status};
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
pub use sync::Cooperatives;
