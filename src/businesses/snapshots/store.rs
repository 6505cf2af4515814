//! Queries on `snapshots`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Snapshot, SnapshotFields, SnapshotFilter};
use crate::{
    access::{Access, Reach, Visible},
    businesses::business::store as businesses,
    db::{Every, Nothing, schema::snapshots},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{BusinessId, SnapshotId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, or those of businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<snapshots::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "snapshots.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(snapshots => Snapshot);

impl Gathered for Snapshot {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[SnapshotId]) -> Result<Vec<Self>> {
        let query = snapshots::table.filter(visible_to(reach)).filter(snapshots::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, business: BusinessId, id: SnapshotId) -> Result<Rc<Snapshot>> {
    let found = gather::one::<Snapshot>(access, id).await?;
    if found.business_id == business { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    business: BusinessId,
    Query { filter, window }: Query<SnapshotFilter>,
) -> Result<Page<Snapshot>> {
    let rows = || {
        let of_business = snapshots::table.filter(snapshots::business_id.eq(business));
        let mut query = of_business.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => snapshots: source);
        query
    };
    page!(access, window, rows(), Snapshot)
}

pub async fn insert(tx: &Tx<'_>, business: BusinessId, fields: &SnapshotFields) -> Result<Rc<Snapshot>> {
    let new = (
        snapshots::id.eq(SnapshotId::generate()),
        snapshots::business_id.eq(business),
        snapshots::created_at.eq(tx.now),
        snapshots::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(snapshots::table).values(new);
    Ok(Rc::new(insert.returning(Snapshot::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The same for who has not locked the business.
pub async fn take(tx: &Tx<'_>, business: BusinessId, fields: &SnapshotFields) -> Result<Rc<Snapshot>> {
    businesses::lock(tx, Reach::All, business).await?;
    insert(tx, business, fields).await
}

/// All of the business, the earliest first.
pub async fn all_of(access: &Access, reach: Reach, business: BusinessId) -> Result<Vec<Snapshot>> {
    let of_business = snapshots::table.filter(snapshots::business_id.eq(business)).filter(visible_to(reach));
    let rows = of_business.order((snapshots::taken_on.asc(), snapshots::id.asc()));
    Ok(rows.select(Snapshot::as_select()).load(&mut &*access.worker.db.reader().await?).await?)
}

/// The one that counts: of those taken on the last day, the last that was entered.
pub async fn latest(tx: &Tx<'_>, business: BusinessId) -> Result<Option<Snapshot>> {
    let of_business = snapshots::table.filter(snapshots::business_id.eq(business));
    let newest = of_business.order((snapshots::taken_on.desc(), snapshots::id.desc()));
    Ok(newest.select(Snapshot::as_select()).first(&mut tx.sql()).await.optional()?)
}
