//! Queries on `outcomes`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Cause, Course, Outcome, OutcomeFields, OutcomeFilter, Status};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::outcomes},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{BusinessId, OutcomeId, UserId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// Those of the businesses that are shared with the caller.
pub fn visible_to(reach: Reach) -> Visible<outcomes::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "outcomes.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(outcomes => Outcome);

impl Gathered for Outcome {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[OutcomeId]) -> Result<Vec<Self>> {
        let query = outcomes::table.filter(visible_to(reach)).filter(outcomes::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: OutcomeId) -> Result<Rc<Outcome>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<OutcomeFilter>) -> Result<Page<Outcome>> {
    let rows = || {
        let mut query = outcomes::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => outcomes: business_id, kind, status, change);
        if let Some(from) = filter.occurred_on_from {
            query = query.filter(outcomes::occurred_on.ge(from));
        }
        if let Some(to) = filter.occurred_on_to {
            query = query.filter(outcomes::occurred_on.le(to));
        }
        query
    };
    page!(access, window, rows(), Outcome)
}

/// `None` where the cause has led to one of this kind before.
pub async fn insert(
    tx: &Tx<'_>,
    business: BusinessId,
    fields: &OutcomeFields,
    cause: Option<&Cause>,
    claimed_by: UserId,
) -> Result<Option<Rc<Outcome>>> {
    let new = (
        outcomes::id.eq(OutcomeId::generate()),
        outcomes::business_id.eq(business),
        outcomes::cause.eq(cause),
        outcomes::claimed_by.eq(claimed_by),
        outcomes::status.eq(Status::Claimed),
        outcomes::created_at.eq(tx.now),
        outcomes::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(outcomes::table).values(new).on_conflict_do_nothing();
    let made = insert.returning(Outcome::as_returning()).get_result(&mut tx.sql()).await.optional()?;
    Ok(made.map(Rc::new))
}

/// Reads an outcome and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: OutcomeId) -> Result<Outcome> {
    let query = outcomes::table.find(id).filter(visible_to(reach)).select(Outcome::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: OutcomeId, fields: &OutcomeFields) -> Result<Rc<Outcome>> {
    let change = (fields, outcomes::version.eq(outcomes::version + 1), outcomes::updated_at.eq(tx.now));
    let update = diesel::update(outcomes::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Outcome::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn advance(tx: &Tx<'_>, id: OutcomeId, course: &Course) -> Result<Rc<Outcome>> {
    let change = (course, outcomes::version.eq(outcomes::version + 1), outcomes::updated_at.eq(tx.now));
    let update = diesel::update(outcomes::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Outcome::as_returning()).get_result(&mut tx.sql()).await?))
}
