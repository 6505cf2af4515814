//! Queries on `hand_overs` and their causes. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Cause, Causes, Course, HandOver, HandOverFilter, Status};
use crate::{
    access::{Access, Division, Party, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{enrollments, hand_over_causes, hand_overs},
    },
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{BusinessId, HandOverId, PersonId, UserId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, a division's own, or those of the businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<hand_overs::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Division(division)) => Box::new(hand_overs::division.eq(division)),
        Reach::Shared(party) => Box::new(shared_with(party, "hand_overs.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(hand_overs => HandOver);

impl Gathered for HandOver {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[HandOverId]) -> Result<Vec<Self>> {
        let query = hand_overs::table.filter(visible_to(reach)).filter(hand_overs::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: HandOverId) -> Result<Rc<HandOver>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<HandOverFilter>,
) -> Result<Page<HandOver>> {
    let rows = || {
        let mut query = hand_overs::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => hand_overs: status, division, business_id);
        if let Some(users) = &filter.taken_by {
            query = query.filter(hand_overs::taken_by.eq_any(&users.0));
        }
        if let Some(from) = filter.due_on_from {
            query = query.filter(hand_overs::due_on.ge(from));
        }
        if let Some(to) = filter.due_on_to {
            query = query.filter(hand_overs::due_on.le(to));
        }
        query
    };
    page!(access, window, rows(), HandOver)
}

/// Reads a hand-over and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: HandOverId) -> Result<HandOver> {
    let query = hand_overs::table.find(id).filter(visible_to(reach)).select(HandOver::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn advance(tx: &Tx<'_>, id: HandOverId, course: &Course) -> Result<Rc<HandOver>> {
    let change = (course, hand_overs::version.eq(hand_overs::version + 1), hand_overs::updated_at.eq(tx.now));
    let update = diesel::update(hand_overs::table.find(id)).set(change);
    Ok(Rc::new(update.returning(HandOver::as_returning()).get_result(&mut tx.sql()).await?))
}

/// What the division has open or taken for the business; held until the transaction ends.
pub async fn lock_unfinished(
    tx: &Tx<'_>,
    business: BusinessId,
    division: Division,
) -> Result<Option<HandOver>> {
    let unfinished = hand_overs::table
        .filter(hand_overs::business_id.eq(business))
        .filter(hand_overs::division.eq(division))
        .filter(hand_overs::status.eq_any([Status::Open, Status::Taken]));
    Ok(unfinished.select(HandOver::as_select()).for_update().first(&mut tx.sql()).await.optional()?)
}

/// All that is open or taken for the business.
pub async fn lock_all_unfinished(tx: &Tx<'_>, business: BusinessId) -> Result<Vec<HandOver>> {
    let unfinished = hand_overs::table
        .filter(hand_overs::business_id.eq(business))
        .filter(hand_overs::status.eq_any([Status::Open, Status::Taken]));
    Ok(unfinished.select(HandOver::as_select()).for_update().load(&mut tx.sql()).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    division: Division,
    business: BusinessId,
    causes: &Causes,
    due_on: NaiveDate,
) -> Result<HandOver> {
    let new = (
        hand_overs::id.eq(HandOverId::generate()),
        hand_overs::division.eq(division),
        hand_overs::business_id.eq(business),
        hand_overs::causes.eq(causes),
        hand_overs::due_on.eq(due_on),
        hand_overs::status.eq(Status::Open),
        hand_overs::taken_by.eq(None::<UserId>),
        hand_overs::created_at.eq(tx.now),
        hand_overs::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(hand_overs::table).values(new);
    Ok(insert.returning(HandOver::as_returning()).get_result(&mut tx.sql()).await?)
}

pub async fn add_causes(tx: &Tx<'_>, id: HandOverId, causes: &Causes) -> Result<HandOver> {
    let change = (
        hand_overs::causes.eq(causes),
        hand_overs::version.eq(hand_overs::version + 1),
        hand_overs::updated_at.eq(tx.now),
    );
    let update = diesel::update(hand_overs::table.find(id)).set(change);
    Ok(update.returning(HandOver::as_returning()).get_result(&mut tx.sql()).await?)
}

/// Whether the cause has led to a hand-over before.
pub async fn is_answered(tx: &Tx<'_>, cause: &Cause, business: BusinessId) -> Result<bool> {
    let known = hand_over_causes::table.find((cause.event_id, &cause.rule, business));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(&mut tx.sql()).await?)
}

pub async fn mark_answered(tx: &Tx<'_>, causes: &[Cause], by: &HandOver) -> Result<()> {
    let row = |cause: &Cause| {
        (
            hand_over_causes::event_id.eq(cause.event_id),
            hand_over_causes::rule.eq(cause.rule.clone()),
            hand_over_causes::hand_over_id.eq(by.id),
            hand_over_causes::business_id.eq(by.business_id),
        )
    };
    let rows: Vec<_> = causes.iter().map(row).collect();
    diesel::insert_into(hand_over_causes::table).values(rows).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Whether the person is in a cooperative, as far as the programme knows.
pub async fn is_member(tx: &Tx<'_>, person: PersonId) -> Result<bool> {
    let active = enrollments::table.filter(enrollments::person_id.eq(person));
    let active = active.filter(enrollments::status.eq("active"));
    Ok(diesel::select(diesel::dsl::exists(active)).get_result(&mut tx.sql()).await?)
}
