//! What an account may still have, whatever a token of it once said: for what is done later than it was asked for.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Session, clients, grants::Grant, users};
use crate::{
    access::{Role, token::Actor},
    db::schema::{clients as client_rows, user_grants, users as user_rows},
    error::Result,
    ids::UserId,
    worker::Worker,
};

/// Who asked, with the rights that a token would give now; none where there would be none.
pub async fn still(worker: &Worker, mut session: Session) -> Result<Option<Actor>> {
    let Some(held) = scopes_held(worker, session.user, &session.grant).await? else { return Ok(None) };
    let kept = session.scope.split(' ').filter(|scope| held.iter().any(|one| one == scope));
    session.scope = kept.collect::<Vec<_>>().join(" ");
    Ok(Actor::of(session.claims(worker, worker.clock.now())))
}

/// The scopes that it has with a grant; none where it is disabled, or may no longer be that.
async fn scopes_held(worker: &Worker, account: UserId, grant: &Grant) -> Result<Option<Vec<String>>> {
    let client = client_rows::table
        .find(account)
        .filter(client_rows::status.eq(clients::Status::Active))
        .filter(client_rows::role.eq(grant.role))
        .filter(client_rows::subject_id.is_not_distinct_from(grant.subject_id))
        .select(client_rows::scopes);
    let of_client: Option<Vec<String>> = client.first(&mut &*worker.db.reader().await?).await.optional()?;
    if of_client.is_some() {
        return Ok(of_client);
    }
    let user = user_rows::table
        .inner_join(user_grants::table.on(user_grants::user_id.eq(user_rows::id)))
        .filter(user_rows::id.eq(account).and(user_rows::status.eq(users::Status::Active)))
        .filter(user_grants::role.eq(grant.role))
        .filter(user_grants::subject_id.is_not_distinct_from(grant.subject_id))
        .select(user_grants::role);
    let role: Option<Role> = user.first(&mut &*worker.db.reader().await?).await.optional()?;
    Ok(role.map(|role| role.scopes().into_iter().map(str::to_owned).collect()))
}
