//! Queries on `cooperatives`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Cooperative, CooperativeFields, CooperativeFilter, Status};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::cooperatives},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page, query::containing},
    ids::CooperativeId,
    records::{Gathered, Tx, gather, whole},
    worker::Worker,
};

/// All of them, or for a board its own.
fn visible_to(reach: Reach) -> Visible<cooperatives::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Cooperative(id)) => Box::new(cooperatives::id.eq(id)),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

whole!(cooperatives => Cooperative);

impl Gathered for Cooperative {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[CooperativeId]) -> Result<Vec<Self>> {
        let query = cooperatives::table.filter(visible_to(reach)).filter(cooperatives::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: CooperativeId) -> Result<Rc<Cooperative>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<CooperativeFilter>,
) -> Result<Page<Cooperative>> {
    let rows = || {
        let mut query = cooperatives::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => cooperatives: status, kind, village_code);
        if let Some(numbers) = &filter.cooperative_number {
            query = query.filter(cooperatives::cooperative_number.eq_any(&numbers.0));
        }
        if let Some(villages) = &filter.service_area {
            let everywhere = cooperatives::service_area.eq(Vec::<String>::new());
            query = query.filter(cooperatives::service_area.overlaps_with(&villages.0).or(everywhere));
        }
        if let Some(q) = &filter.q {
            query = query.filter(cooperatives::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Cooperative)
}

pub async fn insert(tx: &Tx<'_>, id: CooperativeId, fields: &CooperativeFields) -> Result<Rc<Cooperative>> {
    let new = (
        cooperatives::id.eq(id),
        cooperatives::status.eq(Status::Active),
        cooperatives::created_at.eq(tx.now),
        cooperatives::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(cooperatives::table).values(new);
    Ok(Rc::new(insert.returning(Cooperative::as_returning()).get_result(&mut tx.sql()).await?))
}

/// # Errors
/// `Duplicate` when another cooperative has one of them.
pub async fn assign_external_ids(tx: &Tx<'_>, id: CooperativeId, fields: &CooperativeFields) -> Result<()> {
    match fields.external_ids.assign(tx, "cooperative", id).await? {
        None => Ok(()),
        // Whoever registers cooperatives sees them all.
        Some(other) => Err(ApiError::Duplicate {
            what: "external_ids".into(),
            of: Some(format!("/v1/cooperatives/{other}")),
        }),
    }
}

/// Reads a cooperative and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: CooperativeId) -> Result<Cooperative> {
    let query = cooperatives::table.find(id).filter(visible_to(reach)).select(Cooperative::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: CooperativeId, fields: &CooperativeFields) -> Result<Rc<Cooperative>> {
    let change =
        (fields, cooperatives::version.eq(cooperatives::version + 1), cooperatives::updated_at.eq(tx.now));
    let update = diesel::update(cooperatives::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Cooperative::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn advance(tx: &Tx<'_>, id: CooperativeId, status: Status) -> Result<Rc<Cooperative>> {
    let change = (
        cooperatives::status.eq(status),
        cooperatives::version.eq(cooperatives::version + 1),
        cooperatives::updated_at.eq(tx.now),
    );
    let update = diesel::update(cooperatives::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Cooperative::as_returning()).get_result(&mut tx.sql()).await?))
}
