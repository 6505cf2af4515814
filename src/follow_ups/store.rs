//! Queries on `follow_up_waves` and `follow_ups`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Course, FollowUp, FollowUpFilter, FollowUpWave, FollowUpWaveFilter, Status};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{follow_up_links, follow_up_waves, follow_ups, mentorships},
    },
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{BusinessId, CohortId, FollowUpId, FollowUpWaveId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// Those of the businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<follow_ups::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "follow_ups.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(follow_ups => FollowUp);

impl Gathered for FollowUp {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[FollowUpId]) -> Result<Vec<Self>> {
        let query = follow_ups::table.filter(visible_to(reach)).filter(follow_ups::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: FollowUpId) -> Result<Rc<FollowUp>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<FollowUpFilter>,
) -> Result<Page<FollowUp>> {
    let rows = || {
        let mut query = follow_ups::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => follow_ups: wave_id, business_id, status);
        if let Some(from) = filter.due_on_from {
            query = query.filter(follow_ups::due_on.ge(from));
        }
        if let Some(to) = filter.due_on_to {
            query = query.filter(follow_ups::due_on.le(to));
        }
        query
    };
    page!(access, window, rows(), FollowUp)
}

/// Waves name no business: who may read them reads all.
pub async fn wave(access: &Access, id: FollowUpWaveId) -> Result<Rc<FollowUpWave>> {
    let wave = follow_up_waves::table.find(id).select(FollowUpWave::as_select());
    Ok(Rc::new(wave.first(&mut &*access.worker.db.reader().await?).await?))
}

pub async fn waves(
    access: &Access,
    Query { filter, window }: Query<FollowUpWaveFilter>,
) -> Result<Page<FollowUpWave>> {
    let rows = || {
        let mut query = follow_up_waves::table.into_boxed();
        narrow!(query by filter => follow_up_waves: cohort_id);
        query
    };
    page!(access, window, rows(), FollowUpWave)
}

/// `None` where it is there already.
pub async fn insert_wave(
    tx: &Tx<'_>,
    cohort: CohortId,
    months: i32,
    due_on: NaiveDate,
) -> Result<Option<FollowUpWave>> {
    let new = (
        follow_up_waves::id.eq(FollowUpWaveId::generate()),
        follow_up_waves::cohort_id.eq(cohort),
        follow_up_waves::months.eq(months),
        follow_up_waves::due_on.eq(due_on),
        follow_up_waves::created_at.eq(tx.now),
        follow_up_waves::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(follow_up_waves::table).values(new).on_conflict_do_nothing();
    Ok(insert.returning(FollowUpWave::as_returning()).get_result(&mut tx.sql()).await.optional()?)
}

/// The businesses that were coached in the cohort.
pub async fn coached_in(tx: &Tx<'_>, cohort: CohortId) -> Result<Vec<BusinessId>> {
    let begun = mentorships::table.filter(mentorships::cohort_id.eq(cohort));
    let begun = begun.filter(mentorships::starts_on.is_not_null()).select(mentorships::business_id);
    Ok(begun.distinct().order(mentorships::business_id).load(&mut tx.sql()).await?)
}

pub async fn insert(tx: &Tx<'_>, wave: &FollowUpWave, business: BusinessId) -> Result<FollowUp> {
    let new = (
        follow_ups::id.eq(FollowUpId::generate()),
        follow_ups::wave_id.eq(wave.id),
        follow_ups::business_id.eq(business),
        follow_ups::due_on.eq(wave.due_on),
        follow_ups::status.eq(Status::Due),
        follow_ups::created_at.eq(tx.now),
        follow_ups::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(follow_ups::table).values(new);
    Ok(insert.returning(FollowUp::as_returning()).get_result(&mut tx.sql()).await?)
}

/// Reads a follow-up and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: FollowUpId) -> Result<FollowUp> {
    let query = follow_ups::table.find(id).filter(visible_to(reach)).select(FollowUp::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn advance(tx: &Tx<'_>, id: FollowUpId, course: &Course) -> Result<Rc<FollowUp>> {
    let change = (course, follow_ups::version.eq(follow_ups::version + 1), follow_ups::updated_at.eq(tx.now));
    let update = diesel::update(follow_ups::table.find(id)).set(change);
    Ok(Rc::new(update.returning(FollowUp::as_returning()).get_result(&mut tx.sql()).await?))
}

/// In the place of an earlier link.
pub async fn replace_link(tx: &Tx<'_>, of: FollowUpId, link: &[u8], expires_at: DateTime<Utc>) -> Result<()> {
    drop_link(tx, of).await?;
    let row = (
        follow_up_links::link.eq(link),
        follow_up_links::follow_up_id.eq(of),
        follow_up_links::expires_at.eq(expires_at),
    );
    diesel::insert_into(follow_up_links::table).values(row).execute(&mut tx.sql()).await?;
    Ok(())
}

pub async fn drop_link(tx: &Tx<'_>, of: FollowUpId) -> Result<()> {
    let link = follow_up_links::table.filter(follow_up_links::follow_up_id.eq(of));
    diesel::delete(link).execute(&mut tx.sql()).await?;
    Ok(())
}

/// What the link leads to, while it is good.
pub async fn linked(tx: &Tx<'_>, link: &[u8]) -> Result<Option<FollowUpId>> {
    let good = follow_up_links::table.find(link).filter(follow_up_links::expires_at.gt(tx.now));
    Ok(good.select(follow_up_links::follow_up_id).first(&mut tx.sql()).await.optional()?)
}
