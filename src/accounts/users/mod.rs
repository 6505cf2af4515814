//! Users: people who sign in. The administrator keeps them; an invitation makes or extends one.

mod create;
mod payloads;
mod routes;
mod store;

pub use create::make_user;
pub use payloads::{NewUser, Status, User, UserFields};
pub use routes::routes;
pub use store::{
    Contact, Credentials, acts_for, any_user, by_contact, find, insert, lock, may_act_as, replace_password,
    speaking_for, update,
};
