//! Who somebody is in a business. History is kept when it is sold or inherited: a new owner ends the
//! former's role in the same write, so that there is never more than one. Owners, and the contact on the
//! board of a cooperative, see the business as long as they are that.

mod claims;
mod payloads;
mod routes;
mod rules;
mod steps;
mod store;

pub use claims::{claim_name, claim_nib};
pub use payloads::{BusinessRole, Role, RoleFields};
pub use routes::routes;
pub use store::{acts_for, insert, owner_of};
