//! Queries on `certifications`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Certification, CertificationFields, CertificationFilter, Course, Expiry, Status},
    requirements::Requirements,
    rules::PLANNED,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::certifications, word},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{BusinessId, CertificationId, ProductId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, or those of businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<certifications::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "certifications.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(certifications => Certification);

impl Gathered for Certification {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[CertificationId]) -> Result<Vec<Self>> {
        let query = certifications::table.filter(visible_to(reach)).filter(certifications::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: CertificationId) -> Result<Rc<Certification>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<CertificationFilter>,
) -> Result<Page<Certification>> {
    let rows = || {
        let mut query = certifications::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => certifications: status, business_id, kind);
        if let Some(products) = &filter.product_id {
            query = query.filter(certifications::product_id.eq_any(&products.0));
        }
        if let Some(told) = &filter.expiry {
            query = query.filter(certifications::expiry.eq_any(&told.0));
        }
        if let Some(from) = filter.expires_on_from {
            query = query.filter(certifications::expires_on.ge(from));
        }
        if let Some(to) = filter.expires_on_to {
            query = query.filter(certifications::expires_on.le(to));
        }
        query
    };
    page!(access, window, rows(), Certification)
}

/// Those of a product and of its business as a whole, the earliest first: they are few.
pub async fn concerning(
    access: &Access,
    business: BusinessId,
    product: ProductId,
) -> Result<Vec<Certification>> {
    let query = certifications::table.filter(visible_to(access.reach));
    let query = query.filter(certifications::business_id.eq(business));
    let query = query.filter(certifications::product_id.eq(product).or(certifications::product_id.is_null()));
    let query = query.order((certifications::created_at, certifications::id));
    Ok(query.select(Certification::as_select()).load(&mut &*access.worker.db.reader().await?).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    fields: &CertificationFields,
    requirements: &Requirements,
) -> Result<Rc<Certification>> {
    let new = (
        certifications::id.eq(CertificationId::generate()),
        certifications::requirements.eq(requirements),
        certifications::status.eq(PLANNED.status),
        certifications::created_at.eq(tx.now),
        certifications::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(certifications::table).values(new);
    Ok(Rc::new(insert.returning(Certification::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a certification and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: CertificationId) -> Result<Certification> {
    let query = certifications::table.find(id).filter(visible_to(reach)).select(Certification::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(
    tx: &Tx<'_>,
    id: CertificationId,
    fields: &CertificationFields,
    course: &Course,
) -> Result<Rc<Certification>> {
    let change = (
        fields,
        course,
        certifications::version.eq(certifications::version + 1),
        certifications::updated_at.eq(tx.now),
    );
    let update = diesel::update(certifications::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Certification::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn set_requirements(
    tx: &Tx<'_>,
    id: CertificationId,
    requirements: &Requirements,
) -> Result<Rc<Certification>> {
    let change = (
        certifications::requirements.eq(requirements),
        certifications::version.eq(certifications::version + 1),
        certifications::updated_at.eq(tx.now),
    );
    let update = diesel::update(certifications::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Certification::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn delete(tx: &Tx<'_>, id: CertificationId) -> Result<()> {
    diesel::delete(certifications::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// The last of the same kind for the same product that was not revoked, of a business whose row is held.
pub async fn latest(tx: &Tx<'_>, fields: &CertificationFields) -> Result<Option<Certification>> {
    let same = certifications::table
        .filter(certifications::business_id.eq(fields.business_id))
        .filter(certifications::product_id.is_not_distinct_from(fields.product_id))
        .filter(certifications::kind.eq(&fields.kind))
        .filter(certifications::status.ne(Status::Revoked))
        .order((certifications::created_at.desc(), certifications::id.desc()));
    Ok(same.select(Certification::as_select()).first(&mut tx.sql()).await.optional()?)
}

/// Some of those about whose end there is something to tell; held until the transaction ends.
pub async fn lock_running_out(tx: &Tx<'_>) -> Result<Vec<Certification>> {
    let ended = certifications::expiry
        .assume_not_null()
        .eq(word(Expiry::Expiring))
        .and(certifications::expires_on.lt(tx.today()));
    let some = certifications::table
        .filter(certifications::status.eq(word(Status::Granted)))
        .filter(certifications::renew_from.le(tx.today()))
        .filter(certifications::expiry.is_null().or(ended))
        .order((certifications::renew_from, certifications::id))
        .limit(200);
    Ok(some.select(Certification::as_select()).for_update().load(&mut tx.sql()).await?)
}
