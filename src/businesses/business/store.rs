//! Queries on `businesses`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    npwp::{self, SealedNpwp},
    payloads::{Business, BusinessFields, Status},
};
use crate::{
    access::{Access, Permission, Reach, Visible},
    db::{Every, Nothing, schema::businesses},
    error::{ApiError, Result},
    ids::BusinessId,
    records::{Gathered, Tx, gather, merged, shared_with, unmerged, whole},
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

whole!(businesses => Business);

impl Gathered for Business {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[BusinessId]) -> Result<Vec<Self>> {
        let query = businesses::table.filter(visible_to(reach)).filter(businesses::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: BusinessId) -> Result<Rc<Business>> {
    unmerged(access, id).await
}

/// Also one that was merged: what happened to it is its own history.
pub async fn find_even_merged(access: &Access, id: BusinessId) -> Result<Rc<Business>> {
    gather::one(access, id).await
}

/// Reads a business and holds its row until the transaction ends.
///
/// # Errors
/// `Duplicate` for one that was merged: nothing of it changes any more.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: BusinessId) -> Result<Business> {
    let business = lock_even_merged(tx, reach, id).await?;
    let Some(into) = business.merged_into else { return Ok(business) };
    let seen = match tx.reach_of(Permission::ReadBusinesses) {
        Ok(reach) => is_seen(tx, reach, into).await?,
        Err(_) => false,
    };
    Err(merged::refused(seen.then(|| format!("/v1/businesses/{into}"))))
}

pub async fn lock_even_merged(tx: &Tx<'_>, reach: Reach, id: BusinessId) -> Result<Business> {
    let query = businesses::table.find(id).filter(visible_to(reach)).select(Business::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn is_seen(tx: &Tx<'_>, reach: Reach, id: BusinessId) -> Result<bool> {
    let seen = businesses::table.find(id).filter(visible_to(reach));
    Ok(diesel::select(diesel::dsl::exists(seen)).get_result(&mut tx.sql()).await?)
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

/// Makes the ids that partners gave it those of `fields`, unless another business has one of them.
pub async fn assign_external_ids(tx: &Tx<'_>, id: BusinessId, fields: &BusinessFields) -> Result<()> {
    let Some(other) = fields.external_ids.assign(tx, "business", id).await? else { return Ok(()) };
    let seen = is_seen(tx, tx.reach_of(Permission::ReadBusinesses)?, BusinessId(other)).await?;
    Err(ApiError::Duplicate {
        what: "external_ids".into(),
        of: seen.then(|| format!("/v1/businesses/{other}")),
    })
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
