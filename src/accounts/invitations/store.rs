//! Queries on `invitations`. Who made one sees it, and the programme and the administrator all.

use std::rc::Rc;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Invitation, InvitationFields, InvitationFilter};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::invitations},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::InvitationId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

const LIFE: Duration = Duration::days(7);

fn visible_to(reach: Reach) -> Visible<invitations::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(party) => Box::new(invitations::invited_by.eq(party.to_string())),
        Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Invitation {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[InvitationId]) -> Result<Vec<Self>> {
        let query = invitations::table.filter(visible_to(reach)).filter(invitations::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: InvitationId) -> Result<Rc<Invitation>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<InvitationFilter>,
) -> Result<Page<Invitation>> {
    let rows = || {
        let mut query = invitations::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => invitations: role, subject_id);
        query
    };
    page!(access, window, rows(), Invitation)
}

pub async fn insert(tx: &Tx<'_>, fields: InvitationFields, code_mac: Vec<u8>) -> Result<Invitation> {
    let new = (
        invitations::id.eq(InvitationId::generate()),
        invitations::role.eq(fields.role),
        invitations::subject_id.eq(fields.subject_id),
        invitations::code_mac.eq(code_mac),
        invitations::invited_by.eq(tx.actor.party.to_string()),
        invitations::expires_at.eq(tx.now + LIFE),
        invitations::used_at.eq(None::<DateTime<Utc>>),
        invitations::created_at.eq(tx.now),
        invitations::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(invitations::table).values(new);
    Ok(insert.returning(Invitation::as_returning()).get_result(&mut tx.sql()).await?)
}

/// Reads an invitation and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: InvitationId) -> Result<Invitation> {
    let query = invitations::table.find(id).filter(visible_to(reach)).select(Invitation::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn delete(tx: &Tx<'_>, id: InvitationId) -> Result<()> {
    diesel::delete(invitations::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

pub async fn by_code(worker: &Worker, code_mac: &[u8]) -> Result<Option<Invitation>> {
    let query = invitations::table.filter(invitations::code_mac.eq(code_mac));
    let query = query.select(Invitation::as_select());
    Ok(query.first(&mut &*worker.db.reader().await?).await.optional()?)
}

/// The invitation for who uses its code: `None` when it was used, ran out or was deleted meanwhile.
pub async fn lock_open(tx: &Tx<'_>, id: InvitationId) -> Result<Option<Invitation>> {
    let query = invitations::table.find(id).select(Invitation::as_select()).for_update();
    let found: Option<Invitation> = query.first(&mut tx.sql()).await.optional()?;
    Ok(found.filter(|invitation| invitation.is_open(tx.now)))
}

pub async fn use_up(tx: &Tx<'_>, id: InvitationId) -> Result<Invitation> {
    let change = (
        invitations::used_at.eq(tx.now),
        invitations::version.eq(invitations::version + 1),
        invitations::updated_at.eq(tx.now),
    );
    let update = diesel::update(invitations::table.find(id)).set(change);
    Ok(update.returning(Invitation::as_returning()).get_result(&mut tx.sql()).await?)
}
