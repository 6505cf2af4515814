//! Queries on `businesses`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    npwp::{self, SealedNpwp},
    payloads::{Business, BusinessFields, BusinessFilter, Status},
};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::businesses},
    error::Result,
    http::{Page, Query, narrow, page, query::containing},
    ids::BusinessId,
    records::{Gathered, Tx, gather, shared_with},
    worker::Worker,
};

/// All, or those that are shared with the caller.
pub fn visible_to(reach: Reach) -> Visible<businesses::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "businesses.id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

impl Gathered for Business {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[BusinessId]) -> Result<Vec<Self>> {
        let query = businesses::table.filter(visible_to(reach)).filter(businesses::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: BusinessId) -> Result<Rc<Business>> {
    gather::one(access, id).await
}

/// Reads a business and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: BusinessId) -> Result<Business> {
    let query = businesses::table.find(id).filter(visible_to(reach)).select(Business::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    id: BusinessId,
    number: String,
    fields: &BusinessFields,
) -> Result<Rc<Business>> {
    let mut fields = fields.clone();
    let npwp = npwp::seal(tx, id, &mut fields).await?;
    let new = (
        businesses::id.eq(id),
        businesses::number.eq(number),
        businesses::created_at.eq(tx.now),
        businesses::updated_at.eq(tx.now),
        npwp,
        fields,
    );
    let insert = diesel::insert_into(businesses::table).values(new);
    Ok(Rc::new(insert.returning(Business::as_returning()).get_result(&mut tx.sql()).await?))
}

/// With `npwp` where that changes too; without, `fields` holds the masked one that it had.
pub async fn update(
    tx: &Tx<'_>,
    id: BusinessId,
    fields: &BusinessFields,
    npwp: Option<SealedNpwp>,
) -> Result<Rc<Business>> {
    let change =
        (fields, npwp, businesses::version.eq(businesses::version + 1), businesses::updated_at.eq(tx.now));
    let update = diesel::update(businesses::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Business::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn set_status(tx: &Tx<'_>, id: BusinessId, status: Status) -> Result<Rc<Business>> {
    let change = (
        businesses::status.eq(status),
        businesses::version.eq(businesses::version + 1),
        businesses::updated_at.eq(tx.now),
    );
    let update = diesel::update(businesses::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Business::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<BusinessFilter>,
) -> Result<Page<Business>> {
    let rows = || {
        let mut query = businesses::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => businesses: number, kind, subsector, district_code, village_code, status);
        query = match filter.nib.as_ref().map(|values| values.0.as_slice()) {
            None => query,
            Some(some) => query.filter(businesses::nib.assume_not_null().eq_any(some.to_vec())),
        };
        if let Some(q) = &filter.q {
            query = query.filter(businesses::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Business)
}
