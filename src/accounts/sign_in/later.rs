//! Who asked for something that is done later.

use super::tokens::Session;
use crate::{
    access::token::Actor,
    accounts::{clients, users},
    error::Result,
    records::Tx,
};

/// The same, with the rights that a token would give now; none for whom there would be none.
pub async fn still(tx: &Tx<'_>, mut session: Session) -> Result<Option<Actor>> {
    let grant = (session.grant.role, session.grant.subject_id);
    if !users::acts_for(tx, session.user, grant).await? {
        let Some(left) = clients::scopes_of(tx, session.user).await? else { return Ok(None) };
        let kept = session.scope.split(' ').filter(|scope| left.iter().any(|one| one == scope));
        session.scope = kept.collect::<Vec<_>>().join(" ");
    }
    Ok(Actor::of(session.claims(&tx.worker, tx.now)))
}
