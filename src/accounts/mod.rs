//! Accounts: who may sign in, and as what.
//!
//! A user has grants, each a role and whom it acts for, and every token is for one of them. Users come by
//! an invitation, whose code is on paper, or from the administrator; machine clients from the administrator
//! alone. Passwords are kept as Argon2id; codes, client secrets and refresh tokens as their HMAC: none can
//! be read back.

mod attempts;
mod clients;
mod grants;
mod held;
mod invitations;
mod marks;
mod passwords;
mod sign_in;
mod store;
mod users;

pub use attempts::Attempts;
pub use clients::{ClientFields, NewClient, Status as ClientStatus, make_client};
pub use grants::Grant;
pub use held::still;
pub use sign_in::{FORGET_REFRESH_TOKENS, Session, open_routes};
pub use users::{
    NewUser, Status as UserStatus, User, UserFields, acts_for, any_user, find as user, make_user, may_act_as,
    speaking_for,
};

use utoipa_actix_web::service_config::ServiceConfig;

/// What stands below `/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    sign_in::routes(config);
    users::routes(config);
    clients::routes(config);
    invitations::routes(config);
}
