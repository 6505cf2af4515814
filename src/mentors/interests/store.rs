//! Queries on `mentor_interests`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Interest, InterestFields, InterestFilter};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::mentor_interests},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{BusinessId, InterestId, MentorId},
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// A mentor's own.
fn visible_to(reach: Reach) -> Visible<mentor_interests::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(mentor_interests::mentor_id.eq(id)),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Interest {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[InterestId]) -> Result<Vec<Self>> {
        let query = mentor_interests::table.filter(visible_to(reach));
        let query = query.filter(mentor_interests::id.eq_any(ids)).select(Self::as_select());
        Ok(query.load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, of: MentorId, id: InterestId) -> Result<Rc<Interest>> {
    let found = gather::one::<Interest>(access, id).await?;
    if found.mentor_id == of { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    of: MentorId,
    Query { filter, window }: Query<InterestFilter>,
) -> Result<Page<Interest>> {
    let rows = || {
        let of_mentor = mentor_interests::table.filter(mentor_interests::mentor_id.eq(of));
        let mut query = of_mentor.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => mentor_interests: ground);
        if let Some(ids) = &filter.business_id {
            query = query.filter(mentor_interests::business_id.eq_any(&ids.0));
        }
        query
    };
    page!(access, window, rows(), Interest)
}

pub async fn insert(tx: &Tx<'_>, of: MentorId, fields: &InterestFields) -> Result<Rc<Interest>> {
    let new = (
        mentor_interests::id.eq(InterestId::generate()),
        mentor_interests::mentor_id.eq(of),
        mentor_interests::created_at.eq(tx.now),
        mentor_interests::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(mentor_interests::table).values(new);
    Ok(Rc::new(insert.returning(Interest::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads an interest and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, of: MentorId, id: InterestId) -> Result<Interest> {
    let query = mentor_interests::table.find(id).filter(visible_to(tx.reach));
    let query = query.filter(mentor_interests::mentor_id.eq(of)).select(Interest::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: InterestId, fields: &InterestFields) -> Result<Rc<Interest>> {
    let change = (
        fields,
        mentor_interests::version.eq(mentor_interests::version + 1),
        mentor_interests::updated_at.eq(tx.now),
    );
    let update = diesel::update(mentor_interests::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Interest::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The mentors who are not to be proposed to the business.
pub async fn interested_in(tx: &Tx<'_>, business: BusinessId) -> Result<Vec<MentorId>> {
    let current = mentor_interests::table.filter(mentor_interests::business_id.eq(business));
    let lasts = mentor_interests::ended_on.is_null().or(mentor_interests::ended_on.ge(tx.today()));
    let mentors = current.filter(lasts).select(mentor_interests::mentor_id).distinct();
    Ok(mentors.order(mentor_interests::mentor_id).load(&mut tx.sql()).await?)
}
