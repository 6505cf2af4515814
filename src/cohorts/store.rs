//! Queries on `cohorts`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Cohort, CohortFields, CohortFilter, Status};
use crate::{
    access::{Access, Permission, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{cohorts, mentorships},
    },
    error::Result,
    http::{Page, Query, narrow, page, query::containing},
    ids::{CohortId, InstrumentId, MentorshipId},
    records::{Gathered, Tx, gather, whole},
    worker::Worker,
};

/// Who may read cohorts may read all of them.
fn visible_to(reach: Reach) -> Visible<cohorts::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

whole!(cohorts => Cohort);

impl Gathered for Cohort {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[CohortId]) -> Result<Vec<Self>> {
        let query = cohorts::table.filter(visible_to(reach)).filter(cohorts::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: CohortId) -> Result<Rc<Cohort>> {
    gather::one(access, id).await
}

/// For what is asked of a cohort's participants: 404 where the caller sees no such cohort.
pub async fn must_be_seen(access: &Access, id: CohortId) -> Result<()> {
    let reach = access.reach_of(Permission::ReadCohorts)?;
    let seen = cohorts::table.find(id).filter(visible_to(reach)).select(cohorts::id);
    let _: CohortId = seen.first(&mut &*access.worker.db.reader().await?).await?;
    Ok(())
}

pub async fn list(access: &Access, Query { filter, window }: Query<CohortFilter>) -> Result<Page<Cohort>> {
    let rows = || {
        let mut query = cohorts::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => cohorts: code, status);
        if let Some(q) = &filter.q {
            query = query.filter(cohorts::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Cohort)
}

/// Reads a cohort and holds its row until the transaction ends: who takes part is decided one by one.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: CohortId) -> Result<Cohort> {
    let query = cohorts::table.find(id).filter(visible_to(reach)).select(Cohort::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn insert(tx: &Tx<'_>, fields: &CohortFields) -> Result<Rc<Cohort>> {
    let new = (
        cohorts::id.eq(CohortId::generate()),
        cohorts::created_at.eq(tx.now),
        cohorts::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(cohorts::table).values(new);
    Ok(Rc::new(insert.returning(Cohort::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn update(tx: &Tx<'_>, id: CohortId, fields: &CohortFields) -> Result<Rc<Cohort>> {
    let change = (fields, cohorts::version.eq(cohorts::version + 1), cohorts::updated_at.eq(tx.now));
    let update = diesel::update(cohorts::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Cohort::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn set_status(tx: &Tx<'_>, id: CohortId, status: Status) -> Result<Rc<Cohort>> {
    let change = (
        cohorts::status.eq(status),
        cohorts::version.eq(cohorts::version + 1),
        cohorts::updated_at.eq(tx.now),
    );
    let update = diesel::update(cohorts::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Cohort::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Its mentorships that have not ended; no new one begins while the cohort is locked.
pub async fn open_mentorships(tx: &Tx<'_>, id: CohortId) -> Result<Vec<MentorshipId>> {
    let open = mentorships::table.filter(mentorships::cohort_id.eq(id)).filter(mentorships::is_open);
    Ok(open.order(mentorships::id).select(mentorships::id).load(&mut tx.sql()).await?)
}

/// The instrument that the cohort has chosen.
pub async fn instrument_of(tx: &Tx<'_>, id: CohortId) -> Result<Option<InstrumentId>> {
    Ok(cohorts::table.find(id).select(cohorts::instrument_id).first(&mut tx.sql()).await?)
}
