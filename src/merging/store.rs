//! Queries on `merges`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    payloads::{Merge, MergeFields, MergeFilter, Status},
    rules::TIME_TO_UNDO,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::merges},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::MergeId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// The programme alone knows of them.
fn visible_to(reach: Reach) -> Visible<merges::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Merge {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[MergeId]) -> Result<Vec<Self>> {
        let query = merges::table.filter(visible_to(reach)).filter(merges::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: MergeId) -> Result<Rc<Merge>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<MergeFilter>) -> Result<Page<Merge>> {
    let rows = || {
        let mut query = merges::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => merges: resource, from_id, into_id, status);
        query
    };
    page!(access, window, rows(), Merge)
}

/// `was_status` is what the duplicate was before, where it has a status for being merged.
pub async fn insert(
    tx: &Tx<'_>,
    id: MergeId,
    fields: &MergeFields,
    was_status: Option<&str>,
) -> Result<Rc<Merge>> {
    let new = (
        merges::id.eq(id),
        merges::status.eq(Status::Done),
        merges::was_status.eq(was_status),
        merges::merged_by.eq(tx.actor.user),
        merges::undo_until.eq(tx.now + TIME_TO_UNDO),
        merges::created_at.eq(tx.now),
        merges::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(merges::table).values(new);
    Ok(Rc::new(insert.returning(Merge::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a merge and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: MergeId) -> Result<Merge> {
    let query = merges::table.find(id).filter(visible_to(reach)).select(Merge::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn was_status(tx: &Tx<'_>, id: MergeId) -> Result<Option<String>> {
    Ok(merges::table.find(id).select(merges::was_status).first(&mut tx.sql()).await?)
}

/// Of those into a record that were done after one, and are not undone.
pub async fn later_into(tx: &Tx<'_>, record: Uuid, than: &Merge) -> Result<Vec<MergeId>> {
    let into = merges::table.filter(merges::into_id.eq(record)).filter(merges::status.eq(Status::Done));
    let later = into.filter(merges::id.gt(than.id)).order(merges::id).select(merges::id);
    Ok(later.load(&mut tx.sql()).await?)
}

pub async fn undo(tx: &Tx<'_>, id: MergeId) -> Result<Rc<Merge>> {
    let change = (
        merges::status.eq(Status::Undone),
        merges::undone_at.eq(tx.now),
        merges::version.eq(merges::version + 1),
        merges::updated_at.eq(tx.now),
    );
    let update = diesel::update(merges::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Merge::as_returning()).get_result(&mut tx.sql()).await?))
}
