//! Queries on `institutions`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Institution, InstitutionFields, InstitutionFilter};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::institutions},
    error::Result,
    http::{Page, Query, narrow, page, query::containing},
    ids::InstitutionId,
    records::{Gathered, Tx, gather, whole},
    worker::Worker,
};

/// Everyone may know all of them.
fn visible_to(reach: Reach) -> Visible<institutions::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

whole!(institutions => Institution);

impl Gathered for Institution {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[InstitutionId]) -> Result<Vec<Self>> {
        let query = institutions::table.filter(visible_to(reach)).filter(institutions::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: InstitutionId) -> Result<Rc<Institution>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<InstitutionFilter>,
) -> Result<Page<Institution>> {
    let rows = || {
        let mut query = institutions::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => institutions: code, kind, status);
        if let Some(q) = &filter.q {
            query = query.filter(institutions::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Institution)
}

pub async fn insert(tx: &Tx<'_>, fields: &InstitutionFields) -> Result<Rc<Institution>> {
    let new = (
        institutions::id.eq(InstitutionId::generate()),
        institutions::created_at.eq(tx.now),
        institutions::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(institutions::table).values(new);
    Ok(Rc::new(insert.returning(Institution::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads an institution and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: InstitutionId) -> Result<Institution> {
    let query = institutions::table.find(id).filter(visible_to(reach)).select(Institution::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// Reads some, and keeps them from being changed until the transaction ends; others may, too.
pub async fn hold(tx: &Tx<'_>, reach: Reach, ids: &[InstitutionId]) -> Result<Vec<Institution>> {
    let query = institutions::table.filter(institutions::id.eq_any(ids)).filter(visible_to(reach));
    let query = query.order(institutions::id).select(Institution::as_select());
    Ok(query.for_share().load(&mut tx.sql()).await?)
}

/// The code of an institution, by which it names its own ids.
pub async fn code_of(access: &Access, id: InstitutionId) -> Result<String> {
    let code = institutions::table.find(id).select(institutions::code);
    Ok(code.first(&mut &*access.worker.db.reader().await?).await?)
}

pub async fn update(tx: &Tx<'_>, id: InstitutionId, fields: &InstitutionFields) -> Result<Rc<Institution>> {
    let change =
        (fields, institutions::version.eq(institutions::version + 1), institutions::updated_at.eq(tx.now));
    let update = diesel::update(institutions::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Institution::as_returning()).get_result(&mut tx.sql()).await?))
}
