//! Queries on `calendar_links`. A user sees his own, whatever he is signed in as.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{CalendarLink, CalendarLinkFields, CalendarLinkFilter};
use crate::{
    access::Access,
    db::schema::calendar_links,
    error::Result,
    http::{Page, Query, page},
    ids::{CalendarLinkId, UserId},
    records::Tx,
    worker::Worker,
};

pub async fn list(access: &Access, list: Query<CalendarLinkFilter>) -> Result<Page<CalendarLink>> {
    let rows = || calendar_links::table.filter(calendar_links::user_id.eq(access.actor.user)).into_boxed();
    page!(access, list.window, rows(), CalendarLink)
}

pub async fn find(access: &Access, id: CalendarLinkId) -> Result<CalendarLink> {
    let own = calendar_links::table.find(id).filter(calendar_links::user_id.eq(access.actor.user));
    Ok(own.select(CalendarLink::as_select()).first(&mut &*access.worker.db.reader().await?).await?)
}

/// Reads a link and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, id: CalendarLinkId) -> Result<CalendarLink> {
    let own = calendar_links::table.find(id).filter(calendar_links::user_id.eq(tx.actor.user));
    Ok(own.select(CalendarLink::as_select()).for_update().first(&mut tx.sql()).await?)
}

pub async fn of_user(tx: &Tx<'_>, user: UserId) -> Result<Vec<CalendarLinkId>> {
    let own = calendar_links::table.filter(calendar_links::user_id.eq(user)).select(calendar_links::id);
    Ok(own.load(&mut tx.sql()).await?)
}

pub async fn insert(tx: &Tx<'_>, fields: &CalendarLinkFields, link: &[u8]) -> Result<CalendarLink> {
    let new = (
        calendar_links::id.eq(CalendarLinkId::generate()),
        calendar_links::user_id.eq(tx.actor.user),
        calendar_links::role.eq(tx.actor.role),
        calendar_links::subject_id.eq(tx.actor.subject),
        calendar_links::language.eq(fields.language),
        calendar_links::link.eq(link),
        calendar_links::created_at.eq(tx.now),
        calendar_links::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(calendar_links::table).values(new);
    Ok(insert.returning(CalendarLink::as_returning()).get_result(&mut tx.sql()).await?)
}

pub async fn delete(tx: &Tx<'_>, id: CalendarLinkId) -> Result<()> {
    diesel::delete(calendar_links::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// What the address leads to.
pub async fn linked(worker: &Worker, link: &[u8]) -> Result<CalendarLink> {
    let one = calendar_links::table.filter(calendar_links::link.eq(link)).select(CalendarLink::as_select());
    Ok(one.first(&mut &*worker.db.reader().await?).await?)
}
