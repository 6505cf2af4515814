//! Queries on `capital_referrals` and their disbursements. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::NaiveDate;
use diesel::{
    QueryResult,
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Jsonb,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    documents::Documents,
    payloads::{Course, Referral, ReferralFields, ReferralFilter, Status, Suggestion},
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{capital_referrals, disbursements},
    },
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{InstitutionId, ReferralId, UserId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, those that were forwarded to a lender, or those of the businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<capital_referrals::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Lender(id)) => {
            let forwarded = capital_referrals::status.eq_any(Status::WITH_THE_LENDER);
            Box::new(capital_referrals::lender_id.assume_not_null().eq(id).and(forwarded))
        }
        Reach::Shared(party) => Box::new(shared_with(party, "capital_referrals.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

/// The disbursements of a referral's row, as one value.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct PaidOut;

impl QueryFragment<Pg> for PaidOut {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "(select coalesce(jsonb_agg(jsonb_build_object('amount_idr', d.amount_idr, 'disbursed_on', \
             d.disbursed_on) order by d.disbursed_on, d.id), '[]') from disbursements d where d.referral_id = \
             capital_referrals.id)",
        );
        Ok(())
    }
}

impl Expression for PaidOut {
    type SqlType = Jsonb;
}
impl AppearsOnTable<capital_referrals::table> for PaidOut {}
impl SelectableExpression<capital_referrals::table> for PaidOut {}
impl ValidGrouping<()> for PaidOut {
    type IsAggregate = is_aggregate::No;
}

whole!(capital_referrals => Referral);

impl Gathered for Referral {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[ReferralId]) -> Result<Vec<Self>> {
        let query =
            capital_referrals::table.filter(visible_to(reach)).filter(capital_referrals::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: ReferralId) -> Result<Rc<Referral>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<ReferralFilter>,
) -> Result<Page<Referral>> {
    let rows = || {
        let mut query = capital_referrals::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => capital_referrals: status, business_id, purpose);
        if let Some(ids) = &filter.hand_over_id {
            query = query.filter(capital_referrals::hand_over_id.eq_any(&ids.0));
        }
        if let Some(ids) = &filter.lender_id {
            query = query.filter(capital_referrals::lender_id.eq_any(&ids.0));
        }
        if let Some(number) = &filter.number {
            query = query.filter(capital_referrals::number.eq(number));
        }
        if let Some(from) = filter.due_on_from {
            query = query.filter(capital_referrals::due_on.ge(from));
        }
        if let Some(to) = filter.due_on_to {
            query = query.filter(capital_referrals::due_on.le(to));
        }
        query
    };
    page!(access, window, rows(), Referral)
}

pub async fn insert(
    tx: &Tx<'_>,
    fields: &ReferralFields,
    suggestion: &Suggestion,
    documents: &Documents,
) -> Result<Rc<Referral>> {
    let new = (
        capital_referrals::id.eq(ReferralId::generate()),
        capital_referrals::number.eq(tx.next_number("RJK").await?),
        capital_referrals::suggestion.eq(suggestion),
        capital_referrals::documents.eq(documents),
        capital_referrals::writer_ids.eq(vec![tx.actor.user]),
        capital_referrals::status.eq(Status::Draft),
        capital_referrals::submitter_ids.eq(Vec::<UserId>::new()),
        capital_referrals::disbursed_idr.eq(0_i64),
        capital_referrals::created_at.eq(tx.now),
        capital_referrals::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(capital_referrals::table).values(new);
    Ok(Rc::new(insert.returning(Referral::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a referral and holds its row until the transaction ends, so that two cannot decide at once.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: ReferralId) -> Result<Referral> {
    let query = capital_referrals::table.find(id).filter(visible_to(reach)).select(Referral::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// Changes what its writers may.
pub async fn update(
    tx: &Tx<'_>,
    id: ReferralId,
    fields: &ReferralFields,
    suggestion: &Suggestion,
    documents: &Documents,
    writers: &[UserId],
) -> Result<Rc<Referral>> {
    let change = (
        fields,
        capital_referrals::suggestion.eq(suggestion),
        capital_referrals::documents.eq(documents),
        capital_referrals::writer_ids.eq(writers),
        capital_referrals::version.eq(capital_referrals::version + 1),
        capital_referrals::updated_at.eq(tx.now),
    );
    let update = diesel::update(capital_referrals::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Referral::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Changes what its actions do.
pub async fn advance(
    tx: &Tx<'_>,
    id: ReferralId,
    course: &Course,
    documents: &Documents,
) -> Result<Rc<Referral>> {
    let change = (
        course,
        capital_referrals::documents.eq(documents),
        capital_referrals::version.eq(capital_referrals::version + 1),
        capital_referrals::updated_at.eq(tx.now),
    );
    let update = diesel::update(capital_referrals::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Referral::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn pay_out(tx: &Tx<'_>, id: ReferralId, amount_idr: i64, disbursed_on: NaiveDate) -> Result<()> {
    let row = (
        disbursements::id.eq(Uuid::now_v7()),
        disbursements::referral_id.eq(id),
        disbursements::amount_idr.eq(amount_idr),
        disbursements::disbursed_on.eq(disbursed_on),
        disbursements::created_at.eq(tx.now),
    );
    diesel::insert_into(disbursements::table).values(row).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Those that wait for the lender's answer; held until the transaction ends.
pub async fn lock_forwarded_to(tx: &Tx<'_>, lender: InstitutionId) -> Result<Vec<Referral>> {
    let waiting = capital_referrals::table
        .filter(capital_referrals::lender_id.assume_not_null().eq(lender))
        .filter(capital_referrals::status.eq(Status::Forwarded))
        .order(capital_referrals::id);
    Ok(waiting.select(Referral::as_select()).for_update().load(&mut tx.sql()).await?)
}
